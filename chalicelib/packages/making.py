"""Making a package: everything of one person, streamed as a ZIP into the exports bucket, whole or not at all."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib import privacy
from chalicelib.packages import Purpose, contents, page, provided
from chalicelib.packages.archive import Archive
from chalicelib.packages.cards import Reader
from chalicelib.packages.contents import Contents, File, Order
from chalicelib.settings import settings
from chalicelib.store import alive, experiences, objects, tenants, webhooks
from chalicelib.store.tenancy import Store

FORMAT: Final = "afterchat-access"
VERSION: Final = 1


def make(store: Store, order: Order, key: str) -> dict[str, Any]:
    """Writes the object and tells about it. Raises contents.Gone, and then there is no object."""
    found = contents.read(store, order)
    with objects.Writer(settings().exports_bucket, key, "application/zip") as to:
        archive = Archive(to, datetime.fromtimestamp(order.asked_at / 1000, UTC))
        files = [archive.file(file) for file in found.files]
        _WRITERS[order.purpose](store, archive, found, files, order)
        archive.close()
        contents.check(store, order)  # now or never: leaving the block puts the object there
    return {
        "purpose": order.purpose,
        "locale": order.locale,
        "rows": found.count,
        "files": sum(not file.lack for file in files),
        "files_left_out": sum(bool(file.lack) for file in files),
        "bytes": to.size,
        "sha256": archive.sha256,
    }


def _access(store: Store, archive: Archive, found: Contents, files: list[File], order: Order) -> None:
    cleared = alive.horizons(store)
    tenant = tenants.read(store, cleared)
    notice = privacy.notice(tenant, order.locale, webhooks.recipients(store, cleared))
    titles = {one["id"]: one["title"] for one in experiences.all_of(store)}
    reader = Reader(order.locale, ZoneInfo(tenant.time_zone), titles)
    archive.text("data.json", _document(found, files, order, notice))
    archive.text("index.html", page.page(found, files, reader, order.made_at, notice))


def _document(found: Contents, files: list[File], order: Order, notice: dict[str, Any]) -> Iterator[str]:
    records = dict(found.records)
    records["files"] = [{**file.row, **provided.located(file)} for file in files]
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": order.made_at,
        "records": records,
        "process_instances": found.instances,
        "consent_proofs": found.proofs,
        "notice": notice,
    }
    yield json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _portability(store: Store, archive: Archive, found: Contents, files: list[File], order: Order) -> None:
    rows = provided.records(found, files)
    archive.text("data.json", [provided.document(rows, order.made_at)])
    for kind, of_kind in rows.items():
        if of_kind:
            archive.text(f"{kind}.csv", provided.table(of_kind))


_WRITERS: dict[Purpose, Callable[[Store, Archive, Contents, list[File], Order], None]] = {
    "access": _access,
    "portability": _portability,
}
