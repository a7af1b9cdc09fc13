"""Points: earned, spent and taken back; the key of the call is part of the transaction's key, so it is booked once."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event
from chalicelib.collect.promotion_types import Points
from chalicelib.collect.results import Result, of_record, problems
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions import points
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.points import Booking, OriginalGone
from chalicelib.store import records
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row

KIND = KINDS["transactions"]
USES = 50  # of one key while its transactions are kept, each after the 24 hours of the one before


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """What is to be reversed is one of the customer's own transactions."""
    for place, event in enumerate(events):
        if isinstance(event, Points) and event.reverses:
            row, person = records.read(talk.store, KIND, event.reverses, talk.cleared), talk.person(event)
            if row is None or person is None or records.owner_of(talk.store, row)[0] != person["customer_id"]:
                raise Problem.of("transaction_unknown", errors=[FieldError(talk.pointer(place, "reverses"), "invalid")])
            talk.checked[event.reverses] = row


def book(talk: Conversation, event: Points, call: Call | None) -> Result:
    if call is None:
        raise Problem.of("idempotency_key_missing")
    person = talk.active(event)
    talk.check_erased(event, person, call)
    outcome = once(call, lambda unique: _booked(talk, event, person, call, unique))
    talk.keep({**person, **outcome.left})
    row = outcome.row
    ours = outcome.repeated or (outcome.name == "already_reversed" and row is not None and call.wrote(row.get("idem")))
    return {
        "outcome": "reversed" if ours and outcome.name == "already_reversed" else outcome.name,
        "replayed": (ours or False) if row and outcome.name != "already_reversed" else ours or None,
        **(of_record(talk.store, KIND.name, row) if row else {}),
        "amount": row["data"]["amount"] if row else event.amount,
        "balance": _balance(outcome, person, ours),
    }


def once(call: Call, work: Callable[[str], Outcome]) -> Outcome:
    """Work whose record's key ends in the call's key. A key that was used more than 24 hours ago is free again, though
    what it wrote is still kept: then the next number is taken. Raises KeyReused."""
    for number in range(USES):
        outcome = work(f"{call.name}.{number}" if number else call.name)
        if not outcome.repeated or outcome.row is None or call.wrote(outcome.row.get("idem")):
            return outcome
    raise Problem.of("in_progress")


def _booked(talk: Conversation, event: Points, person: Row, call: Call, unique: str) -> Outcome:
    who, mark, at = person["customer_id"], call.mark, talk.position(clock.now_ms())
    with problems():
        if event.reverses is None:
            booking = replace(_booking(event, event.amount or 0, "collect"), unique=unique, idem=mark, at=at)
            return points.book(talk.store, who, booking, talk.cleared, seen=person)
        original = talk.checked[event.reverses]
        booking = _booking(event, -original["data"]["amount"], "reversal")
        booking = replace(booking, unique=unique, idem=mark, at=at)
        try:
            return points.reverse(talk.store, original, booking, talk.cleared, seen=person)
        except OriginalGone:
            raise Problem.of("transaction_unknown") from None


def _booking(event: Points, amount: int, source: points.Source) -> Booking:
    instance, reverses = event.process_instance, event.reverses
    return Booking(amount, event.experience, event.reason or "", source, reverses=reverses, process_instance=instance)


def _balance(outcome: Outcome, person: Row, ours: bool) -> int:
    if outcome.balance is not None:
        return outcome.balance
    told = outcome.row["data"]["balance_after"] if ours and outcome.row else person["points"]
    return int(told)
