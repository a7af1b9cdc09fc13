"""Deleting records of any kind with what belongs to them: one, a page behind a horizon, and what a customer leaves."""

from functools import partial

from pynamodb.exceptions import DeleteError, UpdateError
from pynamodb.expressions.operand import Path

from chalicelib.kinds import Kind
from chalicelib.store import guards, records, suppression
from chalicelib.store.failures import is_condition
from chalicelib.store.records import MODELS
from chalicelib.store.tables import Consent, Customer
from chalicelib.store.tenancy import Access, Row, Span, Store, in_parallel

WINNERS = ("winners", "instant_win_winners")


def delete_one(store: Store, kind: Kind, record_id: str) -> bool:
    """Whether that id is one of ours; deleting again what is gone is fine. Customers are erased, by a job."""
    place = records.place_of(store, kind, record_id)
    if place is None:
        return False
    if kind.name == "consents":
        _delete_consent(store, place)
    else:
        _delete(store, kind, place)
    if kind.name in WINNERS:
        _forget_win(store, place, record_id)
    return True


def remove_behind(store: Store, kind: Kind, rows: list[Row], horizon: int, whole: Kind) -> int:
    """Remove those of a feed's records (of any kind but customers) that were created up to the horizon (ms); answers
    how many. `whole` is the kind that is being cleared: with the customers go log entries that name one."""
    rows = [row for row in rows if row["created_at"] <= horizon]
    if kind.name == "log" and whole.name == "customers":
        rows = [row for row in rows if "customer_id" in row]
    removed = in_parallel(lambda row: _remove_one_behind(store, kind, row, horizon), rows)
    if kind.name == "consents" and whole.name == "consents":
        in_parallel(partial(forget_state_of, store), rows)
    return sum(removed)


def _delete(store: Store, kind: Kind, place: tuple[str, str]) -> None:
    """An entry's guard goes before it, or nothing would lead there."""
    suppression.record(store, kind.promise.table, place)
    entry = store.get("Activity", *place) if kind.name == "participations" else None
    if entry:
        guards.remove(store, entry)
    records.remove(store, kind, place)


def _delete_consent(store: Store, place: tuple[str, str]) -> None:
    """The whole history of that type goes, so that deleting a withdrawal never revives a grant."""
    row = store.get("Customers", *place)
    if row is None:
        return
    consent = row["data"]["consent"]
    suppression.consent(store, row["pk"], consent)
    _forget_state(store, row["pk"], consent)
    history = store.query_all(Access("Customers"), row["pk"], Span.prefix("consents#"), consistent=True)
    same = [Consent(past["pk"], past["sk"]) for past in history if past["data"]["consent"] == consent]
    in_parallel(store.delete, same)


def _forget_win(store: Store, place: tuple[str, str], winner_id: str) -> None:
    """The customer's own note of it; winners lie with their customers."""
    try:
        store.update(Customer(place[0], "customer"), [Path(["wins", winner_id]).remove()], Customer.pk.exists())
    except UpdateError as error:
        if not is_condition(error):
            raise


def _remove_one_behind(store: Store, kind: Kind, row: Row, horizon: int) -> bool:
    """The index may lag and the natural key may have been taken again: what is there now decides."""
    model = MODELS[kind.promise.table]
    if kind.name == "participations":
        guards.remove(store, row)
    try:
        store.delete(model(row["pk"], row["sk"]), model.created_at <= horizon)
    except DeleteError as error:
        if not is_condition(error):
            raise
        return False
    return True


def forget_state_of(store: Store, row: Row) -> None:
    """The customer's state of that consent, if this is the record it came from."""
    _forget_state(store, row["pk"], row["data"]["consent"], of=row["at"])


def _forget_state(store: Store, pk: str, consent: str, of: str | None = None) -> None:
    """Remove the state of a consent; with `of` only if that record decided it."""
    state = Customer.consents[consent]
    condition = Customer.pk.exists() if of is None else state["id"] == of
    try:
        store.update(Customer(pk, "customer"), [state.remove(), Customer.version.add(1)], condition)
    except UpdateError as error:
        if not is_condition(error):
            raise
