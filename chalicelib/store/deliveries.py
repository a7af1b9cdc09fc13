"""Calls of webhooks as they are stored: an outbox that knows ids only, kept for seven days whatever came of them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.settings import settings
from chalicelib.store import keys, wire
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import unchanged
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store, in_parallel

KEPT_DAYS = 7
LATE_MS = 60_000  # after which a message counts as lost
DUE_SHARDS = "0123456789abcdef"  # one partition of the index takes a thousand writes a second
AT_ONCE = 250  # that are sent again of each shard
BUDGET = 1000  # rows that one request reads to find a state
STATES = ("waiting", "delivered", "failed")


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one webhook. `kind` of the record that `data["id"]` names, where its fields may be asked
    for; `trace` of what led to it (trace_context.packed). Times in ms, `took` too. A worker holds it until
    `leased_until`."""

    webhook: str
    id: str  # the webhook-id: the same at each attempt
    type: str
    happened_at: int
    data: dict[str, Any]
    kind: str | None = None
    trace: list[str] | None = None
    state: str = "waiting"
    attempts: int = 0
    next_at: int = 0
    leased_until: int = 0
    tried_at: int | None = None
    status: int | None = None
    error: str | None = None
    took: int | None = None
    version: int = 1


def id_of(store: Store, webhook: str, told_at: int, unique: str) -> str:
    """The same event for the same webhook has one id, however often a stream tells of it."""
    return keys.time_prefix(told_at) + store.keyed_hash(f"{webhook}\n{unique}".encode())[:20]


def item(store: Store, delivery: Delivery) -> Control:
    """As it is stored, with the moment at which its message counts as lost. One write unit, and one for the index when
    that moment changes."""
    stored = Control(_partition(store, delivery.webhook, delivery.id), delivery.id, data=asdict(delivery))
    stored.version = delivery.version
    stored.expires_at = keys.time_of(delivery.id) // 1000 + KEPT_DAYS * clock.DAY_S
    if delivery.state == "waiting":
        stored.due, stored.due_at = f"delivery#{delivery.id[-1]}", f"{keys.time_prefix(delivery.next_at)}#{delivery.id}"
    return stored


def add(store: Store, delivery: Delivery) -> bool:
    """Whether it is new."""
    return accepted(lambda: store.put(item(store, delivery), unchanged(0)))


def save(store: Store, delivery: Delivery) -> Delivery | None:
    """With its new version; None if it was changed since it was read."""
    saved = replace(delivery, version=delivery.version + 1)
    return saved if accepted(lambda: store.put(item(store, saved), unchanged(delivery.version))) else None


def read(store: Store, webhook: str, id: str) -> Delivery | None:
    if not keys.is_time_ordered_id(id):
        return None
    row = store.get("Control", _partition(store, webhook, id), id)
    return _delivery(row) if row and row["expires_at"] > clock.now_s() else None


def newest_first(
    store: Store, webhook: str, after: str | None, limit: int, state: str | None = None
) -> tuple[list[Delivery], str | None]:
    """A page, which may be short, and where to go on. A state is looked for among 1,000 rows."""
    span = Span(high=keys.before(after)) if after else Span()
    ahead = BUDGET // keys.SHARDS if state else (limit + 1) // 2
    partitions = [_partition(store, webhook, str(shard)) for shard in range(keys.SHARDS)]
    pages = in_parallel(lambda pk: store.query(Access("Control"), pk, span, limit=ahead, consistent=True), partitions)
    floor = max((page.rows[-1]["sk"] for page in pages if page.more), default="")
    rows = sorted((row for page in pages for row in page.rows if row["sk"] >= floor), key=_id, reverse=True)
    living = [_delivery(row) for row in rows if row["expires_at"] > clock.now_s()]
    found = [delivery for delivery in living if state in (None, delivery.state)]
    return found[:limit], found[limit - 1].id if len(found) > limit else floor or None


def overdue() -> Iterator[tuple[str, str, str]]:
    """(tenant, webhook, id) of what should have been tried a minute ago: its message was lost, or waits in a long
    queue. A read across tenants that sees keys only."""
    for items in in_parallel(_overdue, DUE_SHARDS):
        for found in items:
            tenant, _, webhook, _ = found["pk"]["S"].split("#")
            yield tenant, webhook, found["sk"]["S"]


def _overdue(shard: str) -> list[dict[str, Any]]:
    late = keys.time_prefix(clock.now_ms() - LATE_MS)
    answer = wire.client().query(
        TableName=settings().tables["Control"],
        IndexName="due",
        KeyConditionExpression="due = :due AND due_at < :late",
        ExpressionAttributeValues={":due": {"S": f"delivery#{shard}"}, ":late": {"S": late}},
        Limit=AT_ONCE,
    )
    return list(answer["Items"])


def _partition(store: Store, webhook: str, id: str) -> str:
    return store.key(f"deliveries#{webhook}#{keys.shard(id)}")


def _id(row: Row) -> str:
    return str(row["sk"])


def _delivery(row: Row) -> Delivery:
    known = Delivery.__dataclass_fields__
    return Delivery(**{name: value for name, value in row["data"].items() if name in known})
