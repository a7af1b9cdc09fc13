"""The query of a list: which filters a kind has, what they mean, and the cursor that continues this very question."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib import clock, cursors, email
from chalicelib.access import Caller
from chalicelib.collect.values import ID
from chalicelib.kinds import Kind
from chalicelib.problems import FieldError, Problem, invalid
from chalicelib.roles import VIEWERS, named
from chalicelib.store import keys

COMMON = ("limit", "cursor", "from", "to")
STATES = {
    "coupons": ("free", "issued"),
    "codes": ("free", "redeemed"),
    "consents": ("requested", "granted", "declined", "withdrawn"),
    "winners": ("drawn", "notified", "accepted", "declined", "disqualified", "replaced"),
}
LEVELS = ("debug", "info", "warning", "error")
FORMS = {
    **dict.fromkeys(("experience", "giveaway", "instant_win", "reward"), ID),
    "name": r"^[A-Za-z0-9_]{1,64}$",
    "consent": r"^[a-z0-9_]{1,64}$",
    "trace_id": r"^[0-9a-fA-F]{32}$",
}
WITHIN_EXPERIENCE = ("giveaway", "instant_win", "reward", "name")  # ids that are unique within an experience only
MEANINGS = {
    "limit": "rows a page, 1 to 100 (50)",
    "cursor": "`next` of the page before",
    "from": "RFC 3339; rows from this time on, by the time the list is sorted by",
    "to": "RFC 3339; rows before this time",
    "experience": "id of an experience",
    "email": "beginning of the address or of a part of it, at least 2 characters; a whole address finds that one only",
    "customer_id": "rows of this customer",
    "active_days": "customers active in so many days, 1 to 180 (60); ignored when searching",
    "giveaway": "id of a giveaway, with experience",
    "instant_win": "id of an instant win, with experience",
    "reward": "id of a reward, with experience",
    "draw": "id of a draw",
    "state": "state of the record",
    "consent": "type of consent",
    "level": "this level and above",
    "event": "name of the event",
    "trace_id": "trace id, 32 hex digits",
    "text": "words of the message",
    "name": "name of the variable, with experience",
}


@dataclass(frozen=True)
class Question:
    """A list that was asked for. Times in ms, `until` excluded; `after` is where the page before ended."""

    values: Mapping[str, str]
    limit: int = 50
    since: int = 0
    until: int | None = None
    after: str | None = None
    active_days: int = 60
    exact: bool = False  # a person is found by the whole address only

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def covers(self, at: int) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def parse(kind: Kind, query: Mapping[str, str], caller: Caller) -> Question:
    unknown = [name for name in query if name not in COMMON and name not in kind.filters]
    if unknown:
        errors = [FieldError(name, "unknown_member") for name in unknown]
        raise Problem.of("filter_unknown", errors=errors, filter=", ".join(unknown))
    values = {name: value for name, value in query.items() if name not in COMMON}
    _check(kind, values, caller)
    after = _open(query["cursor"], kind, query, caller) if "cursor" in query else None
    return replace(asked(query), after=after, exact=caller.masked)


def asked(query: Mapping[str, str]) -> Question:
    """The question of a query that was checked before; times and numbers are checked here."""
    return Question(
        {name: value for name, value in query.items() if name not in COMMON},
        limit=_whole(query, "limit", 50, 100),
        since=_time(query, "from") or 0,
        until=_time(query, "to"),
        active_days=_whole(query, "active_days", 60, 180),
    )


def seal(position: str, kind: Kind, query: Mapping[str, str], caller: Caller) -> str:
    """A cursor for the same question of the same tenant; whoever asks another question cannot use it."""
    return cursors.seal(position, caller.tenant, "list", kind.name, _fingerprint(query))


def _open(cursor: str, kind: Kind, query: Mapping[str, str], caller: Caller) -> str:
    try:
        return cursors.unseal(cursor, caller.tenant, "list", kind.name, _fingerprint(query))
    except cursors.Unsealable:
        raise Problem.of("cursor_invalid", errors=[FieldError("cursor", "invalid")]) from None


def _fingerprint(query: Mapping[str, str]) -> str:
    asked = sorted((name, value) for name, value in query.items() if name not in ("cursor", "limit"))
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _check(kind: Kind, values: Mapping[str, str], caller: Caller) -> None:
    for name, value in values.items():
        if not value or len(value) > 300:
            raise invalid(name, "invalid")
        if name in FORMS and not re.fullmatch(FORMS[name], value):
            raise invalid(name, "wrong_format", pattern=FORMS[name])
    _among(values, "state", STATES.get(kind.name, ()))
    _among(values, "level", LEVELS)
    if "state" in values and kind.name == "consents" and "consent" not in values:
        raise invalid("consent", "missing", "is required with state")
    narrow = [name for name in values if name in WITHIN_EXPERIENCE]
    if narrow and "experience" not in values:
        raise invalid("experience", "missing", f"is required with {narrow[0]}")
    if "customer_id" in values and not keys.is_customer_id(values["customer_id"]):
        raise invalid("customer_id", "not_a_uuid")
    if "email" in values and "customer_id" in values:
        raise invalid("customer_id", "not_here", reason="email names the customer")
    if "email" in values:
        _check_search(values["email"], caller)


def _check_search(text: str, caller: Caller) -> None:
    """Who may not see addresses may not find out their beginnings either."""
    if len(email.search_text(text)) < 2:
        raise invalid("email", "too_short", min_length=2)
    if caller.masked and whole_address(text) is None:
        error = FieldError("email", "invalid", "must be a whole address")
        raise Problem.of("role_missing", role=named(VIEWERS), errors=[error])


def whole_address(text: str) -> str | None:
    try:
        return email.normalise(text)
    except email.AddressError:
        return None


def _among(values: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> None:
    if allowed and name in values and values[name] not in allowed:
        raise invalid(name, "not_allowed", expected=", ".join(allowed))


def _whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise invalid(name, "not_a_whole_number")
    if not 1 <= int(text[:9]) <= most:
        raise invalid(name, "invalid", f"must be from 1 to {most}")
    return int(text)


def _time(query: Mapping[str, str], name: str) -> int | None:
    if name not in query:
        return None
    try:
        # An unescaped + of an offset arrives as a blank.
        moment: Any = datetime.fromisoformat(query[name].replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError
        return clock.milliseconds(moment)
    except (ValueError, OverflowError):
        raise invalid(name, "not_a_time") from None
