"""What Afterchat itself writes into a tenant's runtime log: refusals, failed and slow calls, what was done, jobs. One
put an entry; what comes often and is alike becomes one entry with `times`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Literal

from chalicelib import clock, telemetry
from chalicelib.kinds import KINDS
from chalicelib.redaction import redact, redacted
from chalicelib.store import keys, records
from chalicelib.store.tables import LogEntry
from chalicelib.store.tenancy import Row, Store
from chalicelib.telemetry import Span, log
from chalicelib.trace_context import TraceContext

Level = Literal["debug", "info", "warning", "error"]
MOST_MESSAGE, MOST_EVENT, MOST_VALUE, MOST_ATTRIBUTES = 2048, 64, 256, 20  # bytes, bytes, bytes, how many
ALONE = 5  # alike in a minute that have entries of their own, and so their own traces
EXACT = 16  # so many more are counted one by one, the rest in steps of a sixteenth


def write(
    store: Store,
    level: Level,
    event: str,
    message: str,
    *,
    experience: str | None = None,
    customer_id: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    context: TraceContext | None = None,
    span: Span | None = None,
    times: int = 1,
    at: str | None = None,
) -> None:
    """One entry of kind `log`, redacted and cut to size: a write unit, and one for each of its three to five indexes.
    Never raises. It belongs to `span`, to `context`, or else to the current span; of a span that has ended the trace
    page shows name, kind, when, how long and how it failed. With `at`, a time-ordered id, it is safe to repeat."""
    try:
        span = span or (None if context else telemetry.current_span())
        belongs = span.context if span else context or telemetry.current()
        data: dict[str, Any] = {
            "level": level,
            "event": _cut(event, MOST_EVENT),
            "message": _cut(message, MOST_MESSAGE),
        }
        data |= {"attributes": _attributes(attributes), "trace_id": belongs.trace_id, "span": _span(belongs, span)}
        if at is None:
            _write_or_fold(store, data, experience, customer_id, times)
        else:
            store.put(entry(store, at, keys.time_of(at), data, experience, customer_id))
    except Exception:
        log.exception("an entry of the runtime log was not written")


def entry(
    store: Store,
    at: str,
    created_at: int,
    data: dict[str, Any],
    experience: str | None = None,
    customer_id: str | None = None,
    process_instance: str | None = None,
) -> LogEntry:
    """The row with the keys of its indexes, for entries of ours and of chats; `at` is its time-ordered id."""
    shard = keys.shard(at)
    pk = store.key(keys.feed("log", shard))
    row: LogEntry = records.prepared(store, KINDS["log"], pk, at, created_at, experience, data, at=at)
    row.customer_id, row.process_instance = customer_id, process_instance
    row.by_trace = store.key(keys.of_trace(data["trace_id"]))
    if customer_id or process_instance:
        row.by_customer = store.key(
            keys.customer(customer_id) if customer_id else keys.instance(process_instance or "")
        )
    if data["level"] in ("warning", "error"):
        row.by_level = store.key(keys.of_level(data["level"], shard))
    return row


def span_of(row: Row) -> Row | None:
    """{id, parent, name, kind, at (ms), ms, error} of the span that an entry belongs to, as far as it is known; None of
    what a chat wrote."""
    told: Row | None = row["data"].get("span")
    return told


def ids(row: Row) -> Row:
    """The same as attributes of the entry: what the other side of a call has in its log."""
    names = {"id": "span_id", "parent": "parent_id", "ms": "duration_ms"}
    told = span_of(row) or {}
    return {shown: told[name] for name, shown in names.items() if name in told}


@dataclass
class _Flood:
    """Entries of one minute that are alike, as this process has written them."""

    minute: int
    seen: int = 0
    folded: int = 0
    written: int = 0
    row: LogEntry | None = None  # the entry of all those that have none of their own


_lock = Lock()


@cache
def floods() -> dict[tuple[Any, ...], _Flood]:
    return {}


def _write_or_fold(
    store: Store, data: dict[str, Any], experience: str | None, customer_id: str | None, times: int
) -> None:
    now = clock.now_ms()
    alike = (store.tenant, experience, data["level"], data["event"], data["message"])
    with _lock:
        flood = _flood(alike, now // 60_000)
        flood.seen += 1
        if flood.seen > ALONE:
            row = _folded(store, flood, now, data, experience, times)
        else:
            data |= {"times": times} if times > 1 else {}
            row = entry(store, keys.time_ordered_id(now), now, data, experience, customer_id)
    if row is not None:
        store.put(row)


def _flood(alike: tuple[Any, ...], minute: int) -> _Flood:
    known = floods()
    if any(flood.minute != minute for flood in known.values()):
        known.clear()
    return known.setdefault(alike, _Flood(minute))


def _folded(
    store: Store, flood: _Flood, now: int, data: dict[str, Any], experience: str | None, times: int
) -> LogEntry | None:
    """The one entry with its new count, if that is worth a write. It has the trace of its first, and names nobody."""
    flood.folded += times
    if flood.row is None:
        flood.row = entry(store, keys.time_ordered_id(now), now, data, experience)
    step = max(1, flood.written // EXACT)
    if flood.folded - flood.written < step:
        return None
    flood.written = flood.folded
    flood.row.data = {**flood.row.data, "times": flood.folded}
    return flood.row


def _span(context: TraceContext, span: Span | None) -> Row:
    told: dict[str, Any] = {"id": context.span_id, "parent": context.parent_id}
    if span:
        told |= {"name": _cut(span.name, MOST_VALUE), "kind": span.kind, "error": span.error and _cut(span.error, 256)}
        told |= {"at": span.started_ns // 1_000_000, "ms": span.ms}
    return {name: value for name, value in told.items() if value is not None}


def _attributes(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """At most twenty, texts of at most 256 bytes; what is no text, number or flag is left out."""
    plain = {name: value for name, value in (given or {}).items() if isinstance(value, (str, int, float))}
    kept = dict(list(plain.items())[:MOST_ATTRIBUTES])
    return {
        name: _cut(value, MOST_VALUE) if isinstance(value, str) else value for name, value in redacted(kept).items()
    }


def _cut(text: str, most: int) -> str:
    """Redacted first, or half an address would be left at the end."""
    whole = redact(text).replace("\x00", "")
    raw = whole.encode("utf-8", "replace")
    return whole if len(raw) <= most else raw[: most - 3].decode("utf-8", "ignore") + "…"
