"""Deleting one record, of any kind, with what belongs to it."""

from pynamodb.exceptions import UpdateError

from chalicelib.kinds import Kind
from chalicelib.store import customers, keys, records
from chalicelib.store.failures import is_condition
from chalicelib.store.tables import Consent, Customer
from chalicelib.store.tenancy import Access, Row, Span, Store, in_parallel


def delete_one(store: Store, kind: Kind, record_id: str) -> bool:
    """Whether that id is one of ours; deleting again what is gone is fine."""
    place = records.place_of(store, kind, record_id)
    if place is None:
        return False
    if kind.name == "customers":
        return _delete_customer(store, record_id)
    if kind.name == "consents":
        _delete_consent(store, place)
    else:
        records.remove(store, kind, place)
    return True


def _delete_customer(store: Store, customer_id: str) -> bool:
    row = store.get("Customers", store.key(keys.customer(customer_id)), "customer")
    if row is not None:
        customers.forget(store, row)
    return row is not None


def _delete_consent(store: Store, place: tuple[str, str]) -> None:
    """The whole history of that type goes, so that deleting a withdrawal never revives a grant."""
    row = store.get("Customers", *place)
    if row is None:
        return
    consent = row["data"]["consent"]
    _forget_state(store, row, consent)
    history = store.query_all(Access("Customers"), row["pk"], Span.prefix("consents#"), consistent=True)
    same = [Consent(past["pk"], past["sk"]) for past in history if past["data"]["consent"] == consent]
    in_parallel(store.delete, same)


def _forget_state(store: Store, row: Row, consent: str) -> None:
    try:
        state = Customer.consents[consent]
        store.update(Customer(row["pk"], "customer"), [state.remove(), Customer.version.add(1)], Customer.pk.exists())
    except UpdateError as error:
        if not is_condition(error):
            raise
