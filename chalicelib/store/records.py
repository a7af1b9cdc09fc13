"""Records by their keys: how one is named to the outside, read, and made ready to be written."""

from typing import Any

from pynamodb.expressions.update import Action

from chalicelib import clock, cursors, telemetry
from chalicelib.kinds import Kind
from chalicelib.store import alive, keys
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Activity, Code, Consent, FeedRecord, LogEntry, Record
from chalicelib.store.tenancy import Row, Store
from chalicelib.trace_context import packed

MODELS: dict[str, type[Record]] = {"Customers": Consent, "Activity": Activity, "Codes": Code, "RuntimeLog": LogEntry}


def id_of(store: Store, kind: Kind, row: Row) -> str:
    """Opaque and stable; it carries the key, so no index by id is needed. A customer's id is itself."""
    if kind.name == "customers":
        return str(row["customer_id"])
    return cursors.seal(f"{store.partition(row['pk'])}\n{row['sk']}", store.tenant, kind.name)


def place_of(store: Store, kind: Kind, record_id: str) -> tuple[str, str] | None:
    """The key that an id carries; None for an id that is not ours, or not of this tenant and kind."""
    if kind.name == "customers":
        known = keys.is_customer_id(record_id)
        return (store.key(keys.customer(record_id)), "customer") if known else None
    try:
        partition, _, sk = cursors.unseal(record_id, store.tenant, kind.name).partition("\n")
    except cursors.Unsealable:
        return None
    return store.key(partition), sk


def read(store: Store, kind: Kind, record_id: str, cleared: Horizons) -> Row | None:
    """The living record; whether its customer lives is asked elsewhere."""
    place = place_of(store, kind, record_id)
    row = store.get(kind.promise.table, *place) if place else None
    return row if alive.is_alive(row, kind, cleared) else None


def remove(store: Store, kind: Kind, place: tuple[str, str]) -> None:
    """Safe to repeat."""
    store.delete(MODELS[kind.promise.table](*place))


def position(row: Row) -> str:
    """The sort key of a row in its feeds; the log's own key is its position."""
    return str(row.get("at") or row["sk"])


def owner_of(store: Store, row: Row) -> tuple[str | None, str | None]:
    """(customer id, process instance): at most one is given, from where the row lies or what it names."""
    if "customer_id" in row:
        return row["customer_id"], None
    kind, _, name = store.partition(row["pk"]).partition("#")
    return (name, None) if kind == "c" else (None, row.get("process_instance"))


def partition_of(store: Store, customer_id: str | None, process_instance: str | None, at: str) -> str:
    """Where a row of that owner lies: with its customer, else with its process instance, else anywhere."""
    if customer_id:
        return store.key(keys.customer(customer_id))
    return store.key(keys.instance(process_instance) if process_instance else f"a#{at[-2:]}")


def prepared(
    store: Store,
    kind: Kind,
    pk: str,
    sk: str,
    created_at: int,
    experience: str | None,
    data: dict[str, Any],
    *,
    at: str,
    module: str | None = None,
    expires_at: int | None = None,
) -> Any:
    """A record with the keys of its feeds; `at` is its time-ordered id, `module` what its thin index groups by."""
    record: Any = MODELS[kind.promise.table](pk, sk)
    record.created_at, record.experience = created_at, experience
    record.expires_at = expires_at or alive.expiry(kind, created_at)
    record.data = {name: value for name, value in data.items() if value is not None}
    shard = keys.shard(at)
    if experience:
        record.by_experience = store.key(keys.of_experience(kind.name, experience, shard))
    if isinstance(record, FeedRecord):
        record.at, record.feed = at, store.key(keys.feed(kind.name, shard))
    if experience and module:
        record.by_module = store.key(keys.of_module(kind.name, experience, module, shard))
    return record


def present_trace() -> list[str]:
    """What a record keeps of the call that writes it, for the runtime log and for webhooks that are called about it: 90
    bytes, and no write unit of a row below 1 KB."""
    return packed(telemetry.current())


def traced(model: type[Activity] | type[Code]) -> list[Action]:
    """The same for a record that is changed."""
    return [model.trace.set(packed(telemetry.current()))]


def new_position(created_at: int | None = None) -> str:
    return keys.time_ordered_id(clock.now_ms() if created_at is None else created_at)
