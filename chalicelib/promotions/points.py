"""Points: a balance kept with the customer, and a transaction for each change of it, written together or not at all."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action

from chalicelib.kinds import KINDS
from chalicelib.promotions import wins
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.store import alive, customers, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import failed_conditions, retrying
from chalicelib.store.horizons import Contended
from chalicelib.store.tables import Activity, Customer
from chalicelib.store.tenancy import Row, Store, Transaction

KIND = KINDS["transactions"]
ATTEMPTS = 8

Source = Literal["collect", "code", "reward", "reversal"]


@dataclass(frozen=True)
class Booking:
    """A change of points. `unique` makes a repeated booking the same one; without it every booking is one of its own.
    `idem` is what the row remembers of the call (idempotency.Call.mark), `at` its time-ordered id, where the order
    within a millisecond matters."""

    amount: int
    experience: str
    reason: str
    source: Source
    unique: str | None = None
    reverses: str | None = None
    idem: str | None = None
    process_instance: str | None = None
    at: str | None = None


@dataclass
class Change:
    """A change of one customer's points that is about to be written: the customer as read, the balance afterwards, and
    what else changes with it, on the customer's own item and beside it."""

    person: Row
    balance: int
    transaction: Transaction = field(default_factory=Transaction)
    actions: list[Action] = field(default_factory=list)
    left: dict[str, Any] = field(default_factory=dict)


def book(store: Store, customer_id: str, booking: Booking, cleared: Horizons, seen: Row | None = None) -> Outcome:
    """`booked` with the transaction, or `insufficient`: the balance is never below zero. A repeated id answers with the
    earlier transaction. Six write units; one read unit without `seen`. Raises Gone and Contended."""
    at = booking.at or records.new_position()

    def write(change: Change) -> Outcome:
        row = add(store, change, customer_id, booking, at, cleared)
        return Outcome("booked", row_of(row), change.balance)

    def found() -> Outcome | None:
        row = earlier(store, customer_id, booking, at, cleared)
        return Outcome("booked", row, row["data"]["balance_after"], repeated=row["at"] != at) if row else None

    return change(store, customer_id, booking.amount, cleared, write, found, seen=seen)


def reverse(store: Store, original: Row, booking: Booking, cleared: Horizons, seen: Row | None = None) -> Outcome:
    """`reversed`, `insufficient`, or `already_reversed` with the transaction that did it, None if that was deleted. The
    booking has the opposite amount; the original is marked, so it cannot be reversed twice. Raises Gone, Contended and
    OriginalGone."""
    customer_id = str(records.owner_of(store, original)[0])
    at = booking.at or records.new_position()
    mark = Activity.data["reversed"]

    def write(change: Change) -> Outcome:
        row = add(store, change, customer_id, booking, at, cleared)
        condition = alive.still_alive(Activity, KIND, cleared, original["experience"]) & mark.does_not_exist()
        change.transaction.update(Activity(original["pk"], original["sk"]), [mark.set(row.sk)], condition)
        return Outcome("reversed", row_of(row), change.balance)

    def found() -> Outcome | None:
        row = earlier(store, customer_id, booking, at, cleared)
        if row:
            return Outcome("reversed", row, row["data"]["balance_after"], repeated=row["at"] != at)
        now = store.get("Activity", original["pk"], original["sk"])
        if now is None or not alive.is_alive(now, KIND, cleared) or now["at"] != original["at"]:
            raise OriginalGone
        sk = now["data"].get("reversed")
        return Outcome("already_reversed", store.get("Activity", now["pk"], sk)) if sk else None

    return change(store, customer_id, booking.amount, cleared, write, found, seen=seen)


class OriginalGone(Exception):
    """The transaction that was to be reversed is not there any more."""


def change(
    store: Store,
    customer_id: str,
    amount: int,
    cleared: Horizons,
    write: Callable[[Change], Outcome],
    found: Callable[[], Outcome | None],
    *,
    refused: Callable[[Row], Outcome | None] = lambda person: None,
    seen: Row | None = None,
) -> Outcome:
    """One transaction of the customer's new balance and of what `write` adds to the change; its answer is ours.

    `seen` is the customer as read a moment ago: good enough to write with, since the write has its condition, but a
    "no" is only said after a strong look. `found` is asked when a condition failed, and before a "no": the outcome that
    is there already, or None if only the customer was changed meanwhile, which is tried again. Raises Gone and
    Contended."""
    for attempt in range(ATTEMPTS):
        person = seen or wins.living(store, customer_id, cleared)
        outcome = _refusal(person, amount, refused)
        if outcome is None:
            outcome = _written(store, Change(person, person["points"] + amount), write, cleared) or found()
        elif seen is None:
            outcome = found() or outcome
        else:
            outcome = None
        if outcome:
            return outcome
        seen = None
        time.sleep(random.uniform(0, 0.005 * attempt))
    raise Contended(customer_id)


def add(store: Store, change: Change, customer_id: str, booking: Booking, at: str, cleared: Horizons) -> Activity:
    """The row of a booking, added to the change of the balance."""
    data = {"amount": booking.amount, "balance_after": change.balance, "reason": booking.reason}
    data |= {"source": booking.source, "reverses": booking.reverses}
    pk, sk = place(store, customer_id, booking, at)
    row: Activity = records.prepared(store, KIND, pk, sk, keys.time_of(at), booking.experience, data, at=at)
    row.idem, row.process_instance = booking.idem, booking.process_instance
    row.trace = records.present_trace()
    change.transaction.put(row, alive.free_or_dead(Activity, KIND, cleared, booking.experience))
    return row


def earlier(store: Store, customer_id: str, booking: Booking, at: str, cleared: Horizons) -> Row | None:
    """The living row of this booking, whoever wrote it."""
    row = store.get("Activity", *place(store, customer_id, booking, at))
    return row if alive.is_alive(row, KIND, cleared) else None


def place(store: Store, customer_id: str, booking: Booking, at: str) -> tuple[str, str]:
    return store.key(keys.customer(customer_id)), f"{KIND.name}#{booking.unique or at}"


def _refusal(person: Row, amount: int, refused: Callable[[Row], Outcome | None]) -> Outcome | None:
    short = person["points"] + amount < 0
    return refused(person) or (Outcome("insufficient", balance=person["points"]) if short else None)


def _written(store: Store, change: Change, write: Callable[[Change], Outcome], cleared: Horizons) -> Outcome | None:
    """None if a condition did not hold."""
    outcome = write(change)
    _set_balance(store, change, cleared)
    try:
        retrying(lambda: store.write(change.transaction))
    except TransactWriteError as error:
        if not failed_conditions(error):
            raise
        return None
    left = {"points": change.balance, "seq": change.person["seq"] + 1, **change.left}
    return replace(outcome, left=left)


def _set_balance(store: Store, change: Change, cleared: Horizons) -> None:
    person = change.person
    unchanged = (Customer.seq == person["seq"]) & (Customer.points == person["points"])
    condition = alive.still_alive(Customer, customers.KIND, cleared) & unchanged
    actions = [Customer.points.set(change.balance), Customer.seq.set(person["seq"] + 1), *change.actions]
    change.transaction.update(customers.reference(store, person["customer_id"]), actions, condition)
