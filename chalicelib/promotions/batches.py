"""Imports as they are remembered for as long as what they brought in is kept, and the one write that opens a batch:
before it, none of its coupons is issued and none of its codes redeemed."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib import clock
from chalicelib.kinds import CODES
from chalicelib.store import keys
from chalicelib.store.failures import is_condition
from chalicelib.store.horizons import Contended, Document, change_document, unchanged
from chalicelib.store.jobs import ID
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store

PARTITION = "imports"
KEPT_DAYS = CODES.days + 30  # an upload may wait, and its rows count from when they were added
ATTEMPTS = 8


@dataclass(frozen=True)
class Batch:
    """An import. Its id is that of the job that brings it in. `state`: `open` until that job has ended well, then
    `ready` or, without anything written, `checked`; `taking_back` and `taken_back`."""

    id: str
    kind: str
    experience: str
    file_name: str
    by: str
    created_at: int
    dry_run: bool = False
    state: str = "open"
    rows_at: int | None = None  # the moment (ms) that all its rows were created at
    result: dict[str, Any] | None = None
    taken_by: str | None = None  # the job that takes it back
    removed: int | None = None
    given: int | None = None
    version: int = 0


def save(store: Store, batch: Batch) -> Batch:
    """Raises Contended if somebody else changed it since it was read."""
    saved = replace(batch, version=batch.version + 1)
    item = Control(store.key(PARTITION), batch.id, data=asdict(saved), version=saved.version)
    item.expires_at = expiry(batch)
    try:
        store.put(item, unchanged(batch.version))
    except PutError as error:
        if is_condition(error):
            raise Contended(batch.id) from None
        raise
    return saved


def expiry(batch: Batch) -> int:
    """Epoch seconds at which it is forgotten: not before all that it brought in."""
    return batch.created_at // 1000 + KEPT_DAYS * clock.DAY_S


def change(store: Store, id: str, **members: Any) -> Batch | None:
    """Sets these members, whatever the others are. Raises Contended."""
    for _ in range(ATTEMPTS):
        batch = read(store, id)
        if batch is None or all(getattr(batch, name) == value for name, value in members.items()):
            return batch
        try:
            return save(store, replace(batch, **members))
        except Contended:
            continue
    raise Contended(id)


def read(store: Store, id: str) -> Batch | None:
    row = store.get("Control", store.key(PARTITION), id) if ID.fullmatch(id) else None
    return _batch(row) if row and row["expires_at"] > clock.now_s() else None


def newest_first(store: Store, after: str | None, limit: int) -> tuple[list[Batch], str | None]:
    span = Span(high=keys.before(after)) if after else Span()
    page = store.query(Access("Control"), store.key(PARTITION), span, limit=limit, consistent=True)
    living = [_batch(row) for row in page.rows if row["expires_at"] > clock.now_s()]
    return living, page.rows[-1]["sk"] if page.more and page.rows else None


def hold(store: Store, batch: Batch, at: int) -> None:
    """None of the batch's codes can be redeemed from now on, a moment of index lag aside. Safe to repeat."""
    if batch.kind == "codes":
        _mark(store, batch.experience, lambda pending: pending.setdefault(batch.id, at))


def open_up(store: Store, batch: Batch, count: int, rows_at: int) -> None:
    """One write, and all of the batch can be issued or redeemed. Safe to repeat."""
    if batch.kind == "codes":
        _mark(store, batch.experience, lambda pending: pending.pop(batch.id, None))
    elif count:
        from chalicelib.promotions import tickets

        tickets.add_batch(store, batch.experience, batch.id, count, rows_at)


def close(store: Store, batch: Batch) -> None:
    """From now on none of the batch is issued or redeemed. Safe to repeat."""
    if batch.kind == "codes":
        hold(store, batch, clock.now_ms())
    else:
        from chalicelib.promotions import tickets

        tickets.remove_batch(store, batch.experience, batch.id)


def forget(store: Store, batch: Batch) -> None:
    """After the removal: what is left of its codes was redeemed."""
    if batch.kind == "codes":
        _mark(store, batch.experience, lambda pending: pending.pop(batch.id, None))


def _mark(store: Store, experience: str, mark: Any) -> None:
    """Marks older than all codes are dropped on the way."""
    oldest = clock.now_ms() - KEPT_DAYS * clock.DAY_MS

    def change(document: Document) -> None:
        pending = document.get("pending", {})
        mark(pending)
        document["pending"] = {id: at for id, at in pending.items() if at > oldest}

    change_document(store, store.key(f"x#{experience}"), "experience", change)


def _batch(row: Row) -> Batch:
    known = Batch.__dataclass_fields__
    return Batch(**{name: value for name, value in row["data"].items() if name in known})
