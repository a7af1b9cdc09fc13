"""Codes that a guest types in: whatever the spelling, redeemed once, and not guessed for long."""

from typing import Any

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.promotion_types import CodeRedemption
from chalicelib.collect.results import Result, of_record, problems
from chalicelib.promotions import codes, guesses, points
from chalicelib.promotions.outcome import Outcome
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row

MOST_BYTES = 1024  # of a code in its normal form, as part of a key
TRIES = 10


def redeem(talk: Conversation, event: CodeRedemption, call: Call | None) -> Result:
    person = talk.active(event)
    talk.check_erased(event, person, call)
    who, settings = person["customer_id"], talk.experiences[event.experience].document.get("codes", {})
    most = settings.get("tries_per_hour", TRIES)
    code = _code(talk, event, settings)
    outcome = codes.as_it_is(code, who)
    if outcome and outcome.name == "already_yours":  # whatever was guessed since: no answer is lost
        return _answer(talk, outcome, person, call)
    if wait := guesses.wait(talk.store, who, event.experience, most):
        return {"outcome": "slow_down", "retry_after_s": wait}
    if outcome is None and code:
        at, mark = talk.position(clock.now_ms()), call.mark if call else None
        with problems():
            outcome = codes.redeem(talk.store, code, who, talk.cleared, mark, seen=person, at=at)
        talk.keep({**person, **outcome.left})
    if outcome and outcome.row:
        return _answer(talk, outcome, person, call)
    wait = guesses.count(talk.store, who, event.experience, most)
    if wait:
        return {"outcome": "slow_down", "retry_after_s": wait}
    return {"outcome": outcome.name if outcome else "unknown"}


def _code(talk: Conversation, event: CodeRedemption, settings: dict[str, Any]) -> Row | None:
    """The living code, unless its batch is still being brought in or taken back."""
    spelling = {name: settings[name] for name in ("fold_case", "ignore") if name in settings}
    key = codes.normalised(event.code, **spelling)
    if not key or len(key.encode()) > MOST_BYTES:
        return None
    row = codes.read(talk.store, event.experience, key, talk.cleared)
    pending = talk.experiences[event.experience].pending
    redeemable = row is None or row["data"]["state"] != "free" or row["data"]["import_id"] not in pending
    return row if redeemable else None


def _answer(talk: Conversation, outcome: Outcome, person: Row, call: Call | None) -> Result:
    row: Row = outcome.row or {}
    ours = outcome.name == "already_yours" and call is not None and call.wrote(row.get("idem"))
    data = row["data"]
    return {
        "outcome": "redeemed" if ours else outcome.name,
        "replayed": False if outcome.name == "redeemed" else ours or None,
        **of_record(talk.store, "codes", row),
        "points": data["points"],
        "win": data["win"],
        "balance": _balance(talk, outcome, row, person) if ours or outcome.name == "redeemed" else person["points"],
    }


def _balance(talk: Conversation, outcome: Outcome, row: Row, person: Row) -> int:
    """After the redemption, also when that is answered again."""
    if outcome.balance is not None:
        return outcome.balance
    booking = codes.booking_of(row)
    booked = points.earlier(talk.store, person["customer_id"], booking, "", talk.cleared) if booking.amount else None
    return int(booked["data"]["balance_after"] if booked else person["points"])
