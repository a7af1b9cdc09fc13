"""Entering a raffle: the rule's period is part of the record's key, so one conditional write decides who entered."""

import hashlib
import hmac
import secrets
from datetime import datetime, time, timedelta
from typing import Any

from pynamodb.exceptions import PutError, TransactWriteError

from chalicelib import clock, email
from chalicelib.collect.conversation import Conversation, local
from chalicelib.collect.event_types import Event, Participation
from chalicelib.collect.results import Result, of_record
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.settings import settings
from chalicelib.store import alive, keys, records
from chalicelib.store.failures import failed_conditions, is_condition, retrying
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Activity, Guard
from chalicelib.store.tenancy import Row, Transaction

KIND = KINDS["participations"]
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another

Giveaway = dict[str, Any]


def check(talk: Conversation, events: tuple[Event, ...]) -> None:
    """Each entry names a giveaway of its experience, or there is only one."""
    for place, event in enumerate(events):
        if isinstance(event, Participation):
            _giveaway(talk, event, f"/events/{place}" if len(events) > 1 else "")


def enter(talk: Conversation, event: Participation, call: Call | None) -> Result:
    giveaway = _giveaway(talk, event, "")
    person = talk.active(event)
    closed = _when_not(giveaway, talk.moment(event))
    if closed:
        return {"outcome": closed, **_about(talk, event, giveaway)}
    row = _row(talk, event, giveaway, person, call)
    written = _write(talk, event, giveaway, person, row)
    if written is None:
        return {"outcome": "entered", **_answer(talk, event, giveaway, row)}
    ours = bool(call and call.wrote(written.get("idem")))
    outcome = "entered" if ours else "already_entered"
    return {"outcome": outcome, "replayed": ours, **_answer(talk, event, giveaway, written)}


def period(rule: str, moment: datetime, unlimited: str) -> str:
    """What an entry is unique in, in the tenant's time zone (ISO 8601 weeks); `unlimited` is unique by itself."""
    year, week, _ = moment.isocalendar()
    return {
        "once": "once",
        "daily": moment.date().isoformat(),
        "weekly": f"{year}-W{week:02d}",
        "unlimited": unlimited,
    }[rule]


def next_entry(rule: str, moment: datetime) -> datetime | None:
    """When the same person may enter again; None for never."""
    if rule == "once":
        return None
    if rule == "unlimited":
        return moment
    days = 1 if rule == "daily" else 7 - moment.weekday()
    return datetime.combine(moment.date() + timedelta(days=days), time(), moment.tzinfo)


def ticket() -> str:
    """`T7Q4-9KXM-2F`: random, so it names nobody; 30¹⁰ of them."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(10))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def _giveaway(talk: Conversation, event: Participation, at: str) -> Giveaway:
    experience = talk.experiences[event.experience]
    all_of_it = experience.document.get("giveaways", [])
    if event.giveaway is None and len(all_of_it) != 1:
        code = "giveaway_ambiguous" if all_of_it else "giveaway_unknown"
        raise Problem.of(code, errors=[FieldError(f"{at}/giveaway", "missing")])
    found = experience.part("giveaways", event.giveaway) if event.giveaway else all_of_it[0]
    if found is None:
        raise Problem.of("giveaway_unknown", errors=[FieldError(f"{at}/giveaway", "invalid")])
    return found


def _when_not(giveaway: Giveaway, at: int) -> str | None:
    opens, closes = (giveaway.get(name) for name in ("opens_at", "closes_at"))
    if opens and at < clock.milliseconds(datetime.fromisoformat(opens)):
        return "not_open"
    return "closed" if closes and at >= clock.milliseconds(datetime.fromisoformat(closes)) else None


def _row(talk: Conversation, event: Participation, giveaway: Giveaway, person: Row, call: Call | None) -> Activity:
    created_at = talk.moment(event)
    at = records.new_position(created_at)
    unique = period(giveaway["rule"], local(created_at, talk.zone), call.key if call else at)
    data = {"giveaway": giveaway["id"], "ticket": ticket(), "terms_version": event.terms_version}
    row: Activity = records.prepared(
        talk.store,
        KIND,
        talk.store.key(keys.customer(person["customer_id"])),
        f"participations#{event.experience}#{giveaway['id']}#{unique}",
        created_at,
        event.experience,
        data | {"channel": event.channel, "fields": event.fields or {}},
        at=at,
        module=giveaway["id"],
    )
    row.person, row.idem, row.process_instance = (
        person["customer_id"],
        call.mark if call else None,
        event.process_instance,
    )
    return row


def _write(talk: Conversation, event: Participation, giveaway: Giveaway, person: Row, row: Activity) -> Row | None:
    """None after it was written, else the entry that was there already."""
    free = alive.free_or_dead(Activity, KIND, talk.cleared, event.experience)
    transaction = Transaction(puts=[(row, free)])
    guard = _guard(talk, giveaway, person, row) if giveaway.get("ignore_plus_and_dots") else None
    if guard:
        transaction.put(guard, alive.free_or_dead(Guard, KIND, talk.cleared, event.experience))
    try:
        retrying(lambda: talk.store.write(transaction))
    except PutError as error:
        if not is_condition(error):
            raise
    except TransactWriteError as error:
        if not failed_conditions(error):
            raise
    else:
        return None
    return _already(talk, row, guard)


def _already(talk: Conversation, row: Activity, guard: Guard | None) -> Row | None:
    """A repeated write of our own, whose answer was lost, has our position: then it was us who entered."""
    there = talk.store.get("Activity", row.pk, row.sk)
    if there is None and guard:
        kept = talk.store.get("Activity", guard.pk, guard.sk)
        there = kept and talk.store.get("Activity", kept["entry_pk"], kept["entry_sk"])
    if there is None:
        raise Problem.of("in_progress")
    return None if there["at"] == row.at else there


def _guard(talk: Conversation, giveaway: Giveaway, person: Row, row: Activity) -> Guard:
    """Who differs in dots and plus tags only shares it; it names them by a keyed hash."""
    key = email.person_key(person["identity"], ignore_plus_and_dots=True)
    digest = hmac.new(settings().sealing_keys[0], f"{talk.store.tenant}\n{key}".encode(), hashlib.sha256).hexdigest()
    guard = Guard(talk.store.key(f"e#{row.experience}#{giveaway['id']}#{digest[:32]}"), row.sk.rpartition("#")[2])
    guard.created_at, guard.expires_at = row.created_at, row.expires_at
    guard.entry_pk, guard.entry_sk = row.pk, row.sk
    return guard


def _answer(talk: Conversation, event: Participation, giveaway: Giveaway, row: Activity | Row) -> Result:
    data = row["data"] if isinstance(row, dict) else row.data
    found = of_record(talk.store, "participations", row)
    return {**found, "ticket": data["ticket"], **_about(talk, event, giveaway)}


def _about(talk: Conversation, event: Participation, giveaway: Giveaway) -> Result:
    again = next_entry(giveaway["rule"], local(talk.moment(event), talk.zone))
    return {
        "giveaway": giveaway["id"],
        "next_entry_at": clock.rfc3339(clock.milliseconds(again)) if again else None,
        "draw_at": giveaway.get("draw_by"),
    }
