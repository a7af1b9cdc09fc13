"""Points: a balance kept with the customer, and a transaction for each change of it, written together or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pynamodb.exceptions import TransactWriteError

from chalicelib.kinds import KINDS
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.store import alive, customers, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.customers import Gone
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
    `idem` is what the row remembers of the call (idempotency.Call.mark)."""

    amount: int
    experience: str
    reason: str
    source: Source
    unique: str | None = None
    reverses: str | None = None
    idem: str | None = None


def book(store: Store, customer_id: str, booking: Booking, cleared: Horizons) -> Outcome:
    """`booked` with the transaction, or `insufficient`: the balance is never below zero. A repeated id answers with the
    earlier transaction. Two reads, six write units. Raises Gone and Contended."""
    at = records.new_position()

    def write(balance: int, transaction: Transaction) -> Outcome:
        return Outcome("booked", row_of(add(store, transaction, customer_id, booking, balance, at, cleared)), balance)

    def found() -> Outcome | None:
        row = earlier(store, customer_id, booking, at, cleared)
        return Outcome("booked", row, row["data"]["balance_after"], repeated=row["at"] != at) if row else None

    return change(store, customer_id, booking.amount, cleared, write, found)


def reverse(store: Store, original: Row, booking: Booking, cleared: Horizons) -> Outcome:
    """`reversed`, `insufficient`, or `already_reversed` with the transaction that did it, None if that was deleted. The
    booking has the opposite amount; the original is marked, so it cannot be reversed twice. Raises Gone, Contended."""
    customer_id = str(records.owner_of(store, original)[0])
    at = records.new_position()
    mark = Activity.data["reversed"]

    def write(balance: int, transaction: Transaction) -> Outcome:
        row = add(store, transaction, customer_id, booking, balance, at, cleared)
        condition = alive.still_alive(Activity, KIND, cleared, original["experience"]) & mark.does_not_exist()
        transaction.update(Activity(original["pk"], original["sk"]), [mark.set(row.sk)], condition)
        return Outcome("reversed", row_of(row), balance)

    def found() -> Outcome | None:
        row = earlier(store, customer_id, booking, at, cleared)
        if row:
            return Outcome("reversed", row, row["data"]["balance_after"], repeated=row["at"] != at)
        now = store.get("Activity", original["pk"], original["sk"])
        if now is None or not alive.is_alive(now, KIND, cleared):
            raise OriginalGone
        sk = now["data"].get("reversed")
        return Outcome("already_reversed", store.get("Activity", now["pk"], sk)) if sk else None

    return change(store, customer_id, booking.amount, cleared, write, found)


class OriginalGone(Exception):
    """The transaction that was to be reversed is not there any more."""


def change(
    store: Store,
    customer_id: str,
    amount: int,
    cleared: Horizons,
    write: Callable[[int, Transaction], Outcome],
    found: Callable[[], Outcome | None],
) -> Outcome:
    """One transaction of the customer's new balance and of what `write` adds, knowing that balance; its answer is ours.

    `found` is asked when a condition failed: the outcome that is there already, or None if only the customer was
    changed meanwhile, which is tried again. Raises Gone and Contended."""
    for _ in range(ATTEMPTS):
        person = store.get("Customers", store.key(keys.customer(customer_id)), "customer")
        if person is None or not alive.is_alive(person, customers.KIND, cleared):
            raise Gone(customer_id)
        balance, transaction = person["points"] + amount, Transaction()
        if balance < 0:
            return found() or Outcome("insufficient", balance=person["points"])
        outcome = write(balance, transaction)
        _set_balance(store, transaction, person, balance, cleared)
        if _is_written(store, transaction):
            return outcome
        if (there := found()) is not None:
            return there
    raise Contended(customer_id)


def add(
    store: Store, transaction: Transaction, customer_id: str, booking: Booking, balance: int, at: str, cleared: Horizons
) -> Activity:
    """The row of a booking, added to the transaction that also sets the balance."""
    data = {"amount": booking.amount, "balance_after": balance, "reason": booking.reason}
    data |= {"source": booking.source, "reverses": booking.reverses}
    pk, sk = place(store, customer_id, booking, at)
    row: Activity = records.prepared(store, KIND, pk, sk, keys.time_of(at), booking.experience, data, at=at)
    row.idem = booking.idem
    transaction.put(row, alive.free_or_dead(Activity, KIND, cleared, booking.experience))
    return row


def earlier(store: Store, customer_id: str, booking: Booking, at: str, cleared: Horizons) -> Row | None:
    """The living row of this booking, whoever wrote it."""
    row = store.get("Activity", *place(store, customer_id, booking, at))
    return row if alive.is_alive(row, KIND, cleared) else None


def place(store: Store, customer_id: str, booking: Booking, at: str) -> tuple[str, str]:
    return store.key(keys.customer(customer_id)), f"{KIND.name}#{booking.unique or at}"


def _set_balance(store: Store, transaction: Transaction, person: Row, balance: int, cleared: Horizons) -> None:
    unchanged = (Customer.seq == person["seq"]) & (Customer.points == person["points"])
    condition = alive.still_alive(Customer, customers.KIND, cleared) & unchanged
    actions = [Customer.points.set(balance), Customer.seq.set(person["seq"] + 1)]
    transaction.update(customers.reference(store, person["customer_id"]), actions, condition)


def _is_written(store: Store, transaction: Transaction) -> bool:
    try:
        retrying(lambda: store.write(transaction))
    except TransactWriteError as error:
        if not failed_conditions(error):
            raise
        return False
    return True
