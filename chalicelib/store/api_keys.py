"""Named keys as they are stored: by id in their tenant's partition, the secret as SHA-256 only."""

from dataclasses import asdict
from typing import Any

from chalicelib import clock
from chalicelib.named_keys import StoredKey
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store

PARTITION = "keys"
USE_NOTED_EVERY_S = 3600


def find(tenant: str, key_id: str) -> StoredKey | None:
    """For whoever verifies a key; notes its use once an hour."""
    store = Store(tenant)
    row = store.get("Control", store.key(PARTITION), key_id)
    if row is None:
        return None
    key = _key(row)
    if (key.last_used_at or 0) + USE_NOTED_EVERY_S <= clock.now_s():
        _note_use(store, key)
    return key


def save(store: Store, key: StoredKey) -> None:
    item = Control(store.key(PARTITION), key.id, data=asdict(key))
    item.expires_at = key.expires_at
    store.put(item)


def all_of(store: Store) -> list[StoredKey]:
    rows = store.query_all(Access("Control"), store.key(PARTITION), Span(), consistent=True)
    return [_key(row) for row in rows if (row.get("expires_at") or clock.now_s() + 1) > clock.now_s()]


def revoke(store: Store, key_id: str) -> None:
    """Processes that saw the key before forget it within 30 seconds. Safe to repeat."""
    store.delete(Control(store.key(PARTITION), key_id))


def _note_use(store: Store, key: StoredKey) -> None:
    item = Control(store.key(PARTITION), key.id)
    data: Any = {**asdict(key), "last_used_at": clock.now_s()}
    store.update(item, [Control.data.set(data)], Control.pk.exists())


def _key(row: Row) -> StoredKey:
    return StoredKey(**row["data"])
