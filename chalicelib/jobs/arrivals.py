"""Uploads that arrived: S3 says so on the jobs queue, perhaps twice, late, or of what is gone by now. The object is
looked at; then its record is listed, or says why it was refused and the object is deleted."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_plus

from chalicelib import media_types
from chalicelib.collect.system_variables import prefix
from chalicelib.jobs import imports
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import alive, files, keys, objects, records
from chalicelib.store.alive import Horizons
from chalicelib.store.files import Finding
from chalicelib.store.objects import Found
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Key, Row, Store
from chalicelib.telemetry import log

ATTEMPTS = 4
VARIABLES = KINDS["variables"]


class Contended(Exception):
    """Others settled the same file again and again; the message comes back."""


def on_upload(event: dict[str, Any]) -> None:
    """An S3 event: `Records`, or the test event that S3 sends when it is told where to send them."""
    for key in _arrived(event.get("Records", ())):
        if key.startswith(imports.PREFIX):
            imports.arrived(key)
        else:
            look(key)


def look(key: str) -> None:
    """Settles the file whose object this is. Safe to repeat. An object that we cannot have asked for is left to the
    bucket's lifecycle: it might be one whose sealing key was lost."""
    named = files.place_of(key)
    if named is None:
        log.warning("an object of no record came to the files bucket")
        return
    for _ in range(ATTEMPTS):
        if _is_settled(*named, key):
            return
    raise Contended


def _arrived(told: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The keys, which S3 encodes as in a query; of our bucket only."""
    for record in told:
        thing = record.get("s3", {})
        created = str(record.get("eventName", "")).removeprefix("s3:").startswith("ObjectCreated:")
        if created and thing["bucket"]["name"] == settings().files_bucket:
            yield unquote_plus(thing["object"]["key"])


def _is_settled(store: Store, place: Key, key: str) -> bool:
    """False if the record was changed meanwhile. The record is written before the object goes, and looked at last: who
    was erased while a large file was read, gets nothing written."""
    row = store.get("Activity", *place)
    if not row or not alive.is_kept(row, files.KIND, alive.horizons(store)) or row["data"]["state"] == "refused":
        objects.delete(settings().files_bucket, key)
        return True
    found = objects.find(settings().files_bucket, key)
    if found is None or found.etag == row["data"].get("etag"):
        return True
    finding, cleared = _looked_at(row["data"], found), alive.horizons(store)
    if files.is_orphaned(store, row, cleared):
        objects.delete(settings().files_bucket, key)
        return True
    return _settled(store, row, finding, cleared, key)


def _settled(store: Store, row: Row, finding: Finding, cleared: Horizons, key: str) -> bool:
    sets = finding.state == "ready" and alive.is_awaited(row) and "variable" in row["data"]
    settled = files.settle(store, row, finding, cleared, _variable(store, row) if sets else None)
    if settled and finding.state == "refused":
        objects.delete(settings().files_bucket, key)
    return settled


def _looked_at(told: dict[str, Any], found: Found) -> Finding:
    """The form may be used again while it lasts: what came after a file had passed must be that same file."""
    head, digest = _read(found.chunks) if found.size <= told["size"] else (None, None)
    reason = "too_large" if head is None else _reason(told, head, digest)
    if reason and told["state"] != alive.AWAITED:
        reason = "replaced"
    return Finding("refused" if reason else "ready", found.size, found.etag, digest, reason)


def _reason(told: dict[str, Any], head: bytes, digest: str | None) -> str | None:
    if not media_types.fits(told["content_type"], head):
        return "wrong_type"
    return "wrong_sha256" if told.get("sha256") not in (None, digest) else None


def _read(chunks: Iterable[bytes]) -> tuple[bytes, str]:
    """How it begins, and the SHA-256 of all of it."""
    head, digest = b"", hashlib.sha256()
    for chunk in chunks:
        head += chunk[: media_types.HEAD - len(head)]
        digest.update(chunk)
    return head, digest.hexdigest()


def _variable(store: Store, row: Row) -> Activity:
    """Set at this moment: what the chat sets while the file is under way is older."""
    experience, name, at = row["experience"], row["data"]["variable"], records.new_position()
    url = f"/v1/files/{records.id_of(store, files.KIND, row)}/content"
    data = {"name": name, "scope": "experience", "system": False, "file_url": url}
    sk = f"{prefix(experience, 'experience', name)}{at}"
    variable: Activity = records.prepared(
        store, VARIABLES, row["pk"], sk, keys.time_of(at), experience, data, at=at, module=name
    )
    variable.process_instance = row.get("process_instance")
    return variable
