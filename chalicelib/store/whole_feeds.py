"""A feed from its newest row to its oldest: shards read ahead, merged, and no row read twice."""

from dataclasses import dataclass, field
from operator import itemgetter

from chalicelib.store import keys
from chalicelib.store.feeds import Feed, whole
from chalicelib.store.tenancy import Row, Span, Store, in_parallel

PAGE = 300  # rows of one query: their typed JSON is what takes most memory
# What a row shows beside its key; keys of indexes are left out, which spares a third of the decoding.
SHOWN = ("at", "created_at", "expires_at", "experience", "process_instance", "customer_id", "data")


@dataclass
class _Shard:
    partition: str
    span: Span  # what is still to be read
    rows: list[Row] = field(default_factory=list)
    more: bool = True

    def end(self, by: str) -> str:
        """Down to here all is known."""
        return str(self.rows[-1][by]) if self.rows else self.span.high


class WholeFeed:
    """Pages of one feed within a span, each newest first and all of it older than the page before."""

    def __init__(self, store: Store, feed: Feed, span: Span) -> None:
        self._store, self._feed, self._by = store, feed, feed.access.range
        self._shards = [_Shard(partition, span) for partition in feed.partitions]

    @property
    def ended(self) -> bool:
        return not any(shard.more or shard.rows for shard in self._shards)

    def page(self) -> tuple[list[Row], str | None]:
        """Rows, and the sort key before which a reading goes on; None if nothing was found."""
        in_parallel(self._fill, [one for one in self._shards if one.more and len(one.rows) <= PAGE // 2])
        known_to = max((one.end(self._by) for one in self._shards if one.more), default="")
        keys_only = [row for shard in self._shards for row in self._taken(shard, known_to)]
        keys_only.sort(key=itemgetter(self._by), reverse=True)
        reached = str(keys_only[-1][self._by]) if keys_only else None
        return whole(self._store, self._feed, keys_only, SHOWN), reached

    def _fill(self, shard: _Shard) -> None:
        only = () if self._feed.thin else ("pk", "sk", *SHOWN)
        page = self._store.query(self._feed.access, shard.partition, shard.span, limit=PAGE, only=only)
        shard.rows += page.rows
        shard.more = page.more
        if page.rows:
            shard.span = Span(shard.span.low, keys.before(page.rows[-1][self._by]))

    def _taken(self, shard: _Shard, known_to: str) -> list[Row]:
        certain = next((place for place, row in enumerate(shard.rows) if row[self._by] < known_to), len(shard.rows))
        taken, shard.rows = shard.rows[:certain], shard.rows[certain:]
        return taken
