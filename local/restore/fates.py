"""What becomes of a row of a restored table: None, or why it cannot stay and what is done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pynamodb.expressions.operand import Path

from chalicelib.kinds import KINDS
from chalicelib.store import deletion, nameless, records
from chalicelib.store.failures import accepted
from chalicelib.store.records import MODELS
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Row, Store
from local.restore.gone import Gone, instance, owner


@dataclass(frozen=True)
class Fate:
    why: str
    act: Callable[[], object]


def of_customers(gone: Gone, row: Row) -> Fate | None:
    """Search entries name their customer; all else lies in the customer's partition."""
    id, at = row.get("customer_id") or owner(gone.store, row["pk"]), row["created_at"]
    if gone.customer(id):
        return Fate("erased", _deletion(gone.store, "Customers", row))
    if gone.with_customers(at):
        return Fate("cleared", _deletion(gone.store, "Customers", row))
    if row["sk"].startswith("consents#"):
        return _of_consent(gone, row)
    return _of_wins(gone, row) if row["sk"] == "customer" else None


def of_activity(gone: Gone, row: Row) -> Fate | None:
    store, at, kind = gone.store, row["created_at"], row["sk"].partition("#")[0]
    if gone.customer(row.get("customer_id") or owner(store, row["pk"])):
        act = partial(nameless.winner, store, row) if kind in deletion.WINNERS else _deletion(store, "Activity", row)
        return Fate("erased", act)
    name = instance(store, row["pk"])
    if name is not None and gone.instance(name, at):
        return Fate("erased", _deletion(store, "Activity", row))
    if "entry_pk" in row:
        return Fate("deleted", _deletion(store, "Activity", row)) if gone.guard(row) else None
    if kind not in KINDS:  # links of process instances
        return Fate("cleared", _deletion(store, "Activity", row)) if gone.with_customers(at) else None
    return _of_record(gone, "Activity", kind, row)


def of_codes(gone: Gone, row: Row) -> Fate | None:
    """Coupons and codes stay spent, without a name."""
    store, kind = gone.store, _kind_of_code(gone.store, row)
    if kind == "claim":
        is_gone = gone.customer(owner(store, row["pk"])) or gone.with_customers(row["created_at"])
        return Fate("erased", _deletion(store, "Codes", row)) if is_gone else None
    if fate := _of_record(gone, "Codes", kind, row):
        return fate
    data = row["data"]
    if data["state"] == "free":
        is_taken = data.get("import_id") in gone.imports
        return Fate("taken back", _deletion(store, "Codes", row)) if is_taken else None
    id, spent_at = row.get("customer_id"), data.get("issued_at") or data.get("redeemed_at") or 0
    if id and (gone.customer(id) or gone.with_customers(spent_at)):
        return Fate("nameless", partial(nameless.spent, store, row, id))
    return None


def of_log(gone: Gone, row: Row) -> Fate | None:
    store, by = gone.store, row.get("by_customer")
    id = row.get("customer_id") or (owner(store, by) if by else None)
    name = instance(store, by) if by else None
    if gone.customer(id) or (name is not None and gone.instance(name, row["created_at"])):
        return Fate("erased", _deletion(store, "RuntimeLog", row))
    return _of_record(gone, "RuntimeLog", "log", row)


FATES: dict[str, Callable[[Gone, Row], Fate | None]] = {
    "Customers": of_customers,
    "Activity": of_activity,
    "Codes": of_codes,
    "RuntimeLog": of_log,
}


def _kind_of_code(store: Store, row: Row) -> str:
    """`coupons` or `codes`, as its feed says; claims are in none."""
    return store.partition(row["feed"]).partition("#")[0] if "feed" in row else "claim"


def _of_record(gone: Gone, table: str, kind: str, row: Row) -> Fate | None:
    if gone.cleared_row(kind, row):
        return Fate("cleared", _deletion(gone.store, table, row))
    if gone.record(table, (row["pk"], row["sk"]), row["created_at"]):
        return Fate("deleted", _deletion(gone.store, table, row))
    return None


def _of_consent(gone: Gone, row: Row) -> Fate | None:
    """The customer's state of that consent goes before the record that decided it."""
    is_cleared = gone.cleared_row("consents", row)
    if not is_cleared and not gone.consent(row["pk"], row["data"]["consent"], row["created_at"]):
        return None

    def act() -> None:
        deletion.forget_state_of(gone.store, row)
        _deletion(gone.store, "Customers", row)()

    return Fate("cleared" if is_cleared else "deleted", act)


def _of_wins(gone: Gone, row: Row) -> Fate | None:
    """A winner that was deleted is forgotten by the customer's own item, too."""
    lost = [id for id in row.get("wins", {}) if _is_lost(gone, id, row["created_at"])]
    if not lost:
        return None
    actions = [Path(["wins", id]).remove() for id in lost]
    item = Customer(row["pk"], row["sk"])
    return Fate("deleted", lambda: accepted(lambda: gone.store.update(item, actions, Customer.pk.exists())))


def _is_lost(gone: Gone, winner_id: str, created_at: int) -> bool:
    places = [records.place_of(gone.store, KINDS[kind], winner_id) for kind in deletion.WINNERS]
    return any(place is not None and gone.record("Activity", place, created_at) for place in places)


def _deletion(store: Store, table: str, row: Row) -> Callable[[], object]:
    """Of what was read, and not of what somebody put there since."""
    item: Any = MODELS[table](row["pk"], row["sk"])
    return lambda: accepted(lambda: store.delete(item, Path("created_at") == row["created_at"]))
