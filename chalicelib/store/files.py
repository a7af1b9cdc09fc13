"""Uploaded files: a record that names the object in the files bucket, and the object itself.

A record waits in no list for its object (`checking`, for a day at most); once the object came and was looked at, it is
listed until 60 days after it was announced.
"""

import re
from dataclasses import dataclass
from typing import Literal

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import alive, belongings, idempotency, keys, objects, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Key, Row, Store, Transaction

KIND = KINDS["files"]
OBJECT = "object"  # where `data` keeps the object's key: no column of that name, so no list shows it
AWAITED_S = idempotency.KEPT_S  # as long as a repeated call is answered with a form
OURS = re.compile(r"t/([a-z0-9-]{1,64})/([A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class Upload:
    """What the chat says of a file. It belongs to the customer or, before a sign-in, to the process instance."""

    experience: str
    name: str
    content_type: str
    size: int
    sha256: str | None = None
    variable: str | None = None
    customer_id: str | None = None
    process_instance: str | None = None


@dataclass(frozen=True)
class Finding:
    """What came: `etag` names the very content that was looked at."""

    state: Literal["ready", "refused"]
    size: int
    etag: str
    sha256: str | None = None
    reason: str | None = None


def awaited(store: Store, upload: Upload, at: str, idem: str | None = None) -> Activity:
    """The record of a file that is about to come, not yet written: one write unit, as it is in no index."""
    pk, sk = records.partition_of(store, upload.customer_id, upload.process_instance, at), f"{KIND.name}#{at}"
    data = {name: getattr(upload, name) for name in ("name", "content_type", "size", "sha256", "variable")}
    data |= {"state": alive.AWAITED, OBJECT: object_key(store, pk, sk)}
    row: Activity = records.prepared(store, KIND, pk, sk, keys.time_of(at), upload.experience, data, at=at)
    row.feed = row.by_experience = None
    row.expires_at = min(row.expires_at, clock.now_s() + AWAITED_S)
    row.process_instance, row.idem = upload.process_instance, idem
    return row


def settle(store: Store, row: Row, finding: Finding, cleared: Horizons, variable: Activity | None = None) -> bool:
    """Lists the record with what was found, and sets the variable in the same breath. False if the record is gone, or
    somebody settled it since `row` was read. Three write units; with a variable nine."""
    listed = keys.shard(row["at"])
    told = {name: value for name, value in vars(finding).items() if value is not None}
    actions = [
        Activity.feed.set(store.key(keys.feed(KIND.name, listed))),
        Activity.by_experience.set(store.key(keys.of_experience(KIND.name, row["experience"], listed))),
        Activity.expires_at.set(alive.expiry(KIND, row["created_at"])),
        *(Activity.data[name].set(value) for name, value in told.items()),
    ]
    as_seen = Activity.data["state"] == row["data"]["state"]
    if "etag" in row["data"]:
        as_seen &= Activity.data["etag"] == row["data"]["etag"]
    transaction = Transaction(puts=[(variable, None)] if variable else [])
    kept = alive.still_alive(Activity, KIND, cleared, row["experience"])
    transaction.update(Activity(row["pk"], row["sk"]), actions, kept & as_seen)
    return accepted(lambda: store.write(transaction))


def object_key(store: Store, pk: str, sk: str) -> str:
    """`t/<tenant>/<id of the record>`: an object that arrives names its record, and no person. It is kept with the
    record, too: after a change of the sealing keys the same record would give another one."""
    return f"t/{store.tenant}/{records.id_of(store, KIND, {'pk': pk, 'sk': sk})}"


def place_of(key: str) -> tuple[Store, Key] | None:
    """Where the record of an object lies; None for an object that we cannot have asked for."""
    ours = OURS.fullmatch(key)
    if ours is None:
        return None
    store = Store(ours[1])
    place = records.place_of(store, KIND, ours[2])
    return (store, place) if place else None


def read(store: Store, file_id: str, cleared: Horizons) -> Row | None:
    """A file that came or is awaited; whether its customer lives is asked elsewhere."""
    place = records.place_of(store, KIND, file_id)
    row = store.get("Activity", *place) if place else None
    return row if alive.is_kept(row, KIND, cleared) else None


def owner_of(store: Store, row: Row) -> str | None:
    """The customer whose file it is: by where it lies, or who signed in there since. That customer may be dead."""
    customer_id, instance = records.owner_of(store, row)
    if instance:
        return belongings.customers_of(store, [instance]).get(instance)
    return customer_id


def is_orphaned(store: Store, row: Row, cleared: Horizons) -> bool:
    """Its customer is gone; a file of nobody is not. Half a read unit or one, strongly read."""
    owner = owner_of(store, row)
    return owner is not None and not alive.customers(store, [owner], cleared, consistent=True)


def is_untouched(row: Row) -> bool:
    """Whether the object is still what was looked at: the form may be used again while it lasts, and what came then is
    about to be looked at."""
    key = row["data"].get(OBJECT)
    return key is not None and objects.etag(settings().files_bucket, key) == row["data"].get("etag")


def remove_object(row: Row) -> None:
    """Delete the object of a record that is gone. Safe to repeat."""
    key = row["data"].get(OBJECT)
    if key:
        objects.delete(settings().files_bucket, key)
