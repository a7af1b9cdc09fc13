"""What should be gone by now and is still stored, for DynamoDB's TTL may take days: read at the old ends of feeds."""

from collections import Counter
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.store import alive, feeds, jobs, keys
from chalicelib.store.tenancy import Access, Page, Span, Store, in_parallel

MOST = 25  # overdue rows that are counted in each shard
TABLES = tuple(dict.fromkeys(kind.promise.table for kind in KINDS.values()))


@dataclass(frozen=True)
class Overdue:
    """`oldest` (ms) by the time that its retention counts from; `more` rows are overdue than were counted."""

    oldest: int | None = None
    count: int = 0
    more: bool = False


def of_kinds(store: Store) -> dict[str, Overdue]:
    """Four queries of one row a kind, all in parallel; 25 rows more of each shard that has something overdue."""
    lists = [(kind, feeds.of_tenant(store, kind)) for kind in KINDS.values()]
    asked = [(kind, feed.access, partition) for kind, feed in lists for partition in feed.partitions]
    found = in_parallel(lambda one: _of_shard(store, *one), asked)
    by_kind: dict[str, list[Overdue]] = {kind: [] for kind in KINDS}
    for (kind, _, _), shard in zip(asked, found, strict=True):
        by_kind[kind.name].append(shard)
    return {kind: _together(shards) for kind, shards in by_kind.items()}


def of_tables(store: Store, grace_ms: int) -> Counter[str]:
    """How many records of each table had to be gone so long ago (ms) and are not, counted to 25 a kind and shard: a
    query of half a read unit each while there are none. Of Control the jobs, which all tenants have."""
    lists = [(kind, feeds.of_tenant(store, kind)) for kind in KINDS.values()]
    asked = [
        (kind.promise.table, feed.access, partition, _kept_since(kind) - grace_ms)
        for kind, feed in lists
        for partition in feed.partitions
        if kind.name != "consents"
    ]
    jobs_since = clock.now_ms() - jobs.KEPT_DAYS * clock.DAY_MS - grace_ms
    asked.append(("Control", Access("Control"), store.key("jobs"), jobs_since))
    found = in_parallel(lambda one: _due(store, *one[1:]), asked)
    counts = Counter(dict.fromkeys((*TABLES, "Control"), 0))
    for (table, *_), page in zip(asked, found, strict=True):
        counts[table] += len(page.rows)
    return counts


def _of_shard(store: Store, kind: Kind, access: Access, partition: str) -> Overdue:
    rows = store.query(access, partition, Span(), limit=1, descending=False).rows
    if not rows:
        return Overdue()
    oldest = keys.time_of(rows[0][access.range])
    if oldest >= _kept_since(kind):
        return Overdue(oldest)
    page = _due(store, access, partition, _kept_since(kind))
    return Overdue(oldest, len(page.rows), page.more)


def _due(store: Store, access: Access, partition: str, since: int) -> Page:
    """The oldest of those whose time was before."""
    due = Span(high=keys.before(keys.time_prefix(since)))
    return store.query(access, partition, due, limit=MOST, descending=False)


def _together(shards: list[Overdue]) -> Overdue:
    oldest = [shard.oldest for shard in shards if shard.oldest is not None]
    return Overdue(min(oldest, default=None), sum(s.count for s in shards), any(s.more for s in shards))


def _kept_since(kind: Kind) -> int:
    """Records of an earlier time (ms) are overdue. Consents have no time of their own to be gone: they go with their
    customer, and what their feed is sorted by does not say when."""
    if kind.name == "consents":
        return 0
    if kind.promise.since == "creation":
        return alive.retained_since(kind)
    return (clock.day(clock.now_ms()) - kind.days) * clock.DAY_MS
