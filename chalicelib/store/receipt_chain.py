"""Walking the chain of receipts from the oldest to the newest, page by page, to see whether it is whole."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.store.receipts import CHAIN, head_of, position
from chalicelib.store.tenancy import Access, Page, Row, Span, Store
from chalicelib.verify_receipts import FIRST, digest, fault

PAGE = 500  # receipts that one request walks


@dataclass(frozen=True)
class Walk:
    """How far it got: `count` receipts from number `first` to `last`, whose digest is `digest`."""

    count: int = 0
    first: int = 0
    last: int = 0
    digest: str = FIRST
    broken_at: int | None = None
    reason: str | None = None
    done: bool = False


def walk(store: Store, walked: Walk) -> Walk:
    """Goes on for one page. Rows are read before the head: none may lie beyond it. What was issued in between is read
    once more."""
    page = _page(store, walked.last)
    head = head_of(store)
    walked = _through(walked, page.rows, head["number"])
    if walked.broken_at or page.more:
        return walked
    if walked.last < head["number"]:
        later = [row for row in _page(store, walked.last).rows if row["sk"] <= position(head["number"])]
        walked = _through(walked, later, head["number"])
    return replace(walked if walked.broken_at else _ended(walked, head), done=True)


def _page(store: Store, last: int) -> Page:
    span = Span(position(last) + "\x00", "r#~")
    return store.query(Access("Control"), store.key(CHAIN), span, limit=PAGE, descending=False, consistent=True)


def _through(walked: Walk, rows: Iterable[Row], newest: int) -> Walk:
    for row in rows:
        walked = _step(walked, row, newest)
        if walked.broken_at:
            return replace(walked, done=True)
    return walked


def _step(walked: Walk, row: Row, newest: int) -> Walk:
    entry, number = row["data"], walked.last + 1
    found = fault(entry, number, walked.digest)
    if found is None and (row["sk"] != position(number) or number > newest):
        found = f"receipt {number} does not lie where it should"
    if found is None:
        return replace(
            walked, count=walked.count + 1, first=walked.first or number, last=number, digest=entry["digest"]
        )
    if _may_begin(row, newest):
        return Walk(1, entry["number"], entry["number"], entry["digest"])
    return replace(walked, broken_at=number, reason=found)


def _may_begin(row: Row, newest: int) -> bool:
    """Whether all receipts before this sound one had their time, so that they may be gone in any order."""
    entry = row["data"]
    number, before = entry.get("number"), entry.get("previous_kept_until")
    is_sound = entry.get("digest") == digest(entry) and isinstance(number, int) and number <= newest
    return is_sound and row["sk"] == position(number) and before is not None and _is_past(before)


def _ended(walked: Walk, head: Row) -> Walk:
    if head["kept_until"] <= clock.now_s() or (walked.last, walked.digest) == (head["number"], head["digest"]):
        return walked
    reason = "the newest receipts are missing or were changed, or the head was"
    return replace(walked, broken_at=min(walked.last + 1, head["number"]), reason=reason)


def _is_past(time: str) -> bool:
    return clock.milliseconds(clock.parsed(time)) <= clock.now_ms()
