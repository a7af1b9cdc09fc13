"""The wins that a customer's own item knows, so that a chat sees them without another read."""

from typing import Any

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.kinds import Kind
from chalicelib.promotions.outcome import row_of
from chalicelib.store import alive, customers, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.customers import Gone
from chalicelib.store.failures import accepted
from chalicelib.store.plain import typed
from chalicelib.store.tables import Activity, Customer
from chalicelib.store.tenancy import Row, Store, Transaction


def living(store: Store, customer_id: str, cleared: Horizons) -> Row:
    """One strong read unit. Raises Gone."""
    person = store.get("Customers", store.key(keys.customer(customer_id)), "customer")
    if person is None or not alive.is_alive(person, customers.KIND, cleared):
        raise Gone(customer_id)
    return person


def note(store: Store, transaction: Transaction, person: Row, kind: Kind, winner: Activity, cleared: Horizons) -> None:
    """Add to the transaction that the customer won, provided the customer still lives. Wins long past are left out."""
    data = winner.data
    win: dict[str, Any] = {name: data.get(name) for name in ("prize", "respond_by")}
    win |= {"kind": kind.name, "experience": winner.experience}
    win |= {"created_at": winner.created_at, "expires_at": winner.expires_at}
    winner_id = records.id_of(store, kind, row_of(winner))
    past = [id for id, known in person["wins"].items() if known["expires_at"] <= clock.now_s() and id != winner_id]
    actions: list[Action] = [Path(["wins", winner_id]).set(typed(win)), *(Path(["wins", id]).remove() for id in past)]
    item = customers.reference(store, person["customer_id"])
    transaction.update(item, actions, alive.still_alive(Customer, customers.KIND, cleared))


def forget(store: Store, row: Row, winner_id: str) -> None:
    """The customer's item no longer tells of it. Safe to repeat; winners lie with their customers."""
    _change(store, row, winner_id, Path(["wins", winner_id]).remove())


def remind(store: Store, row: Row, winner_id: str, respond_by: int) -> None:
    """The customer's item tells until when to answer now (ms)."""
    _change(store, row, winner_id, Path(["wins", winner_id, "respond_by"]).set(typed(respond_by)))


def _change(store: Store, row: Row, winner_id: str, action: Action) -> None:
    noted = Path(["wins", winner_id]).exists()
    accepted(lambda: store.update(Customer(row["pk"], "customer"), [action], noted))
