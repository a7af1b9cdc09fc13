"""The customer: who has which address, registering, sliding with activity, being forgotten.

Only the customer item slides. What lies around it (search entries, large personal fields, consents) expires up to a
week later and is renewed at most weekly, so a day's first activity costs three write units.
"""

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.store import alive, keys, records, search
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Customer, Found, Item
from chalicelib.store.tenancy import Access, Row, Span, Store, in_parallel

KIND = KINDS["customers"]
RENEWAL_DAYS = 7
AROUND = Access("Customers")


class Gone(Exception):
    """The customer was erased, cleared or expired while we were at it."""


def by_id(store: Store, customer_id: str, cleared: Horizons, consistent: bool = True) -> Row | None:
    """The living customer with all personal fields: one strong read unit up to 4 KB, or half a one of a moment ago."""
    span = Span("customer", "fields")
    found = store.query(AROUND, store.key(keys.customer(customer_id)), span, consistent=consistent).rows
    rows = {row["sk"]: row for row in found}
    row = rows.get("customer")
    if row is None or not alive.is_alive(row, KIND, cleared):
        return None
    beside = rows["fields"]["fields"] if row.get("beside") and "fields" in rows else {}
    return {**alive.with_living_consents(row, cleared), "fields": row.get("fields", beside)}


def id_of(store: Store, identity: str, consistent: bool = False) -> str | None:
    """Whose address it is; that customer may be dead."""
    entry = store.get("Customers", *search.whole(store, identity), consistent=consistent)
    return entry["customer_id"] if entry else None


def by_address(store: Store, identity: str, cleared: Horizons, consistent: bool = False) -> Row | None:
    customer_id = id_of(store, identity, consistent)
    return by_id(store, customer_id, cleared) if customer_id else None


def touch(store: Store, row: Row, at: int, cleared: Horizons) -> Row:
    """Count an activity at `at` (ms). Writes on the first of a UTC day only, and never moves back. Raises Gone."""
    if clock.day(at) <= clock.day(row["active_at"]):
        return row
    renewed_day = row["renewed_day"]
    if clock.day(at) - renewed_day >= RENEWAL_DAYS:
        _renew(store, row, at)
        renewed_day = clock.day(at)
    changed: Row = {"active_at": at, "expires_at": alive.customer_expiry(at), "renewed_day": renewed_day}
    changed |= {"at": position(at, row["customer_id"]), "trace": records.present_trace()}
    actions = [getattr(Customer, name).set(value) for name, value in changed.items()]
    condition = alive.still_alive(Customer, KIND, cleared) & (Customer.active_at < at)
    if accepted(lambda: store.update(reference(store, row["customer_id"]), actions, condition)):
        return {**row, **changed}
    return _as_others_left_it(store, row, cleared)


def reference(store: Store, customer_id: str) -> Customer:
    return Customer(store.key(keys.customer(customer_id)), "customer")


def position(at: int, customer_id: str) -> str:
    """The sort key in the feed of customers: the latest activity, then who."""
    return keys.time_prefix(at) + customer_id.replace("-", "")[-20:]


def expiry_around(active_at: int) -> int:
    """Of what lies around a customer: never before the customer, however late the weekly renewal is."""
    return alive.customer_expiry(active_at) + RENEWAL_DAYS * clock.DAY_S


def _as_others_left_it(store: Store, row: Row, cleared: Horizons) -> Row:
    now = by_id(store, row["customer_id"], cleared)
    if now is None:
        raise Gone(row["customer_id"])
    return now


def _renew(store: Store, row: Row, at: int) -> None:
    """Before the customer's own item, so that a crash in between only means renewing again. Strongly read, or a record
    that was just written would be left out until the next week."""
    places = [search.whole(store, row["identity"]), *search.parts(store, row["identity"], row["customer_id"])]
    pk = store.key(keys.customer(row["customer_id"]))
    around = [r for r in store.query_all(AROUND, pk, Span(), consistent=True) if r["sk"] != "customer"]
    items: list[Item] = [Found(*place) for place in [*places, *((r["pk"], r["sk"]) for r in around)]]
    expires_at = expiry_around(at)
    in_parallel(lambda item: _renew_one(store, item, expires_at), items)


def _renew_one(store: Store, item: Item, expires_at: int) -> None:
    """Never earlier than it is: somebody may have renewed it for a later activity meanwhile."""
    accepted(lambda: store.update(item, [Item.expires_at.set(expires_at)], Item.expires_at < expires_at))


def remove_entry(store: Store, entry: Found, customer_id: str) -> None:
    """A search entry, unless the address is somebody else's by now."""
    accepted(lambda: store.delete(entry, Found.customer_id == customer_id))
