"""The suppression list: what was removed on purpose, as keyed hashes, for a day longer than backups reach back. Whoever
restores a table from a backup finds with it what must not come back; nobody finds a person with it."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.store import keys
from chalicelib.store.audit import customer_hash
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Key, Row, Span, Store

PARTITION = "suppressed"
KEPT_DAYS = 36  # DynamoDB restores to any second of 35 days
CHUNK = 500  # hashes a row


def customer(store: Store, customer_id: str, instances: Sequence[str] = ()) -> None:
    """Before a customer is removed, with the process instances that are removed along: nothing else would tell later
    that what lay in them was this person's. One write unit, and one for about 25 instances."""
    hashed = [store.keyed_hash(_instance(instance)) for instance in instances]
    chunks = [hashed[start : start + CHUNK] for start in range(0, len(hashed), CHUNK)] or [[]]
    for chunk in chunks:
        _note(store, {"customer": customer_hash(store, customer_id), **({"instances": chunk} if chunk else {})})


def record(store: Store, table: str, place: Key) -> None:
    """Before one record is deleted. One write unit."""
    _note(store, {"record": store.keyed_hash(_record(store, table, place))})


def consent(store: Store, pk: str, name: str) -> None:
    """Before all of a customer's history of one consent is deleted. One write unit."""
    _note(store, {"consent": store.keyed_hash(_consent(store, pk, name))})


def entries(store: Store) -> Iterator[tuple[int, Row]]:
    """(when, what) of the whole list, the oldest first."""
    since = keys.time_prefix(clock.now_ms() - KEPT_DAYS * clock.DAY_MS)
    for row in store.query_all(Access("Control"), store.key(PARTITION), Span(since), consistent=True):
        yield keys.time_of(row["sk"]), row["data"]


def instance_hashes(store: Store, instance: str) -> list[str]:
    """As each of our keys would have it in the list; so do the others."""
    return store.keyed_hashes(_instance(instance))


def customer_hashes(store: Store, customer_id: str) -> list[str]:
    return store.keyed_hashes(b"customer\n" + customer_id.encode())


def record_hashes(store: Store, table: str, place: Key) -> list[str]:
    return store.keyed_hashes(_record(store, table, place))


def consent_hashes(store: Store, pk: str, name: str) -> list[str]:
    return store.keyed_hashes(_consent(store, pk, name))


def _note(store: Store, data: dict[str, Any]) -> None:
    now = clock.now_ms()
    row = Control(store.key(PARTITION), keys.time_ordered_id(now), data=data)
    row.expires_at = now // 1000 + KEPT_DAYS * clock.DAY_S
    store.put(row)


def _instance(instance: str) -> bytes:
    return b"instance\n" + instance.encode()


def _record(store: Store, table: str, place: Key) -> bytes:
    return "\n".join(("record", table, store.partition(place[0]), place[1])).encode()


def _consent(store: Store, pk: str, name: str) -> bytes:
    return "\n".join(("consent", store.partition(pk), name)).encode()
