"""Lists over shards: partitions read in parallel and merged newest first, continued by one value, the last sort key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from chalicelib.kinds import Kind
from chalicelib.store import keys
from chalicelib.store.tenancy import Access, Page, Row, Span, Store, in_parallel

BUDGET = 1000  # rows that one request may read to fill a page


@dataclass(frozen=True)
class Feed:
    """Where the rows of a list lie. `thin`: the index has only keys, so the rows are fetched by them."""

    access: Access
    partitions: tuple[str, ...]
    thin: bool = False


@dataclass(frozen=True)
class Sift:
    """A condition that no key answers, asked of rows already read. `rare`: few rows will pass, so read far ahead."""

    keep: Callable[[Row], bool]
    rare: bool = False


@dataclass(frozen=True)
class Slice:
    """Rows newest first; `next` is the sort key after which the list goes on, or None at its end."""

    rows: list[Row]
    next: str | None


def of_tenant(store: Store, kind: Kind) -> Feed:
    access = Access("RuntimeLog") if kind.name == "log" else Access(kind.promise.table, "feed", "feed", "at")
    return Feed(access, tuple(store.key(keys.feed(kind.name, shard)) for shard in range(keys.SHARDS)))


def of_experience(store: Store, kind: Kind, experience: str) -> Feed:
    access = Access(kind.promise.table, "experience", "by_experience", "sk" if kind.name == "log" else "at")
    shards = range(keys.SHARDS)
    return Feed(access, tuple(store.key(keys.of_experience(kind.name, experience, shard)) for shard in shards))


def of_modules(store: Store, kind: Kind, experience: str, modules: Sequence[str]) -> Feed:
    """Of some giveaways, rewards, variable names … of one experience."""
    partitions = tuple(
        store.key(keys.of_module(kind.name, experience, module, shard))
        for module in modules
        for shard in range(keys.SHARDS)
    )
    return Feed(Access(kind.promise.table, "module", "by_module", "at"), partitions, thin=True)


def newest_first(store: Store, feed: Feed, span: Span, limit: int, sift: Sift | None = None) -> Slice:
    """At most `limit` rows with sort keys in `span`, newest first. One round of parallel queries; with a sift more,
    while it drops rows and the budget lasts: then a page may be short or empty while `next` is given."""
    ahead = BUDGET if sift and sift.rare else limit
    rows: list[Row] = []
    read = 0
    while True:
        pages = _round(store, feed, span, ahead)
        read += sum(len(page.rows) for page in pages)
        part = merge(pages, feed.access.range, ahead)
        kept = [row for row in whole(store, feed, part.rows) if sift is None or sift.keep(row)]
        wanted = limit - len(rows)
        rows += kept[:wanted]
        if len(kept) > wanted:
            return Slice(rows, rows[-1][feed.access.range])
        if part.next is None or len(rows) == limit or read >= BUDGET:
            return Slice(rows, part.next)
        span = Span(span.low, keys.before(part.next))


def _round(store: Store, feed: Feed, span: Span, ahead: int) -> list[Page]:
    share = _share(ahead, len(feed.partitions))
    return in_parallel(lambda pk: store.query(feed.access, pk, span, limit=share), feed.partitions)


def merge(pages: Sequence[Page], by: str, limit: int) -> Slice:
    """What is certainly newest. A partition that goes on hides rows older than its last one, so nothing older than the
    newest such end may be shown yet."""
    ends = [page.rows[-1][by] for page in pages if page.more and page.rows]
    known_to = max(ends, default="")
    certain = [row for page in pages for row in page.rows if row[by] >= known_to]
    rows = sorted(certain, key=lambda row: row[by], reverse=True)
    if len(rows) > limit:
        return Slice(rows[:limit], rows[limit - 1][by])
    return Slice(rows, known_to or None)


def _share(limit: int, partitions: int) -> int:
    """Rows to ask of each partition. Ids spread evenly, so a partition has its share of a page plus five standard
    deviations; asking each for the whole page would read four times what is shown. Should it not suffice, the page is
    shorter."""
    even = limit / partitions
    return min(limit, ceil(even + 5 * sqrt(even * (1 - 1 / partitions)))) if partitions > 1 else limit


def whole(store: Store, feed: Feed, read: list[Row], only: Sequence[str] = ()) -> list[Row]:
    """The rows themselves, where the index has only their keys."""
    if not feed.thin:
        return read
    places = [(row["pk"], row["sk"]) for row in read]
    rows = store.get_many(feed.access.table, places, only=only)
    return [rows[place] for place in places if place in rows]
