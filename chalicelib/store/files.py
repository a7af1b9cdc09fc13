"""Uploaded files: a record that names the object in the files bucket, and the object itself."""

import secrets
from dataclasses import dataclass
from typing import Literal

from pynamodb.exceptions import UpdateError

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import alive, keys, objects, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import is_condition
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store

KIND = KINDS["files"]
OBJECT = "object"  # where `data` keeps the object's key: no column of that name, so no list shows it

State = Literal["checking", "ready", "refused"]


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


def add(store: Store, upload: Upload, *, created_at: int | None = None, idem: str | None = None) -> Activity:
    """The record of a file that is about to come, in state `checking`. Three write units."""
    at = records.new_position(clock.now_ms() if created_at is None else created_at)
    pk = records.partition_of(store, upload.customer_id, upload.process_instance, at)
    data = {name: getattr(upload, name) for name in ("name", "content_type", "size", "sha256", "variable")}
    data |= {"state": "checking", OBJECT: new_object(store)}
    row: Activity = records.prepared(
        store, KIND, pk, f"{KIND.name}#{at}", keys.time_of(at), upload.experience, data, at=at
    )
    row.process_instance, row.idem = upload.process_instance, idem
    store.put(row)
    return row


def settle(store: Store, row: Row, state: State, cleared: Horizons, *, size: int, sha256: str) -> bool:
    """After the object was looked at: `ready` or `refused`, with its real size and digest. False if the record is gone
    or was settled already."""
    told = {"state": state, "size": size, "sha256": sha256}
    actions = [Activity.data[name].set(value) for name, value in told.items()]
    waiting = alive.still_alive(Activity, KIND, cleared, row["experience"]) & (Activity.data["state"] == "checking")
    try:
        store.update(Activity(row["pk"], row["sk"]), actions, waiting)
    except UpdateError as error:
        if not is_condition(error):
            raise
        return False
    return True


def new_object(store: Store) -> str:
    """`t/<tenant>/<random>`: no name, no person; nobody guesses it."""
    return f"t/{store.tenant}/{secrets.token_urlsafe(24)}"


def remove_object(row: Row) -> None:
    """Delete the object of a record that is gone. Safe to repeat."""
    key = row["data"].get(OBJECT)
    if key:
        objects.delete(settings().files_bucket, key)
