"""The entrants of a draw: read once from the thin index, kept in S3 in the order in which they entered, ordered by the
draw's key. Memory for a page and for those wanted, however many there are."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain

from chalicelib.kinds import KINDS
from chalicelib.promotions import order
from chalicelib.promotions.draws import Draw
from chalicelib.promotions.labels import label
from chalicelib.settings import settings
from chalicelib.store import feeds, keys, objects
from chalicelib.store.feeds import Feed
from chalicelib.store.tenancy import Span, Store, in_parallel

KIND = KINDS["participations"]
AT = 32  # letters of a time-ordered id
BLOCK = 8192  # labels written at once


def feed(store: Store, draw: Draw) -> Feed:
    return feeds.of_modules(store, KIND, draw.experience, [draw.giveaway])


def pages(store: Store, draw: Draw, after: str = "") -> Iterator[list[str]]:
    """The entries alive at the cut-off as time-ordered ids, ascending, some thousand at a time. A thirtieth of a read
    unit each."""
    entries, high = feed(store, draw), keys.before(keys.time_prefix(draw.until))
    spans = dict.fromkeys(entries.partitions, Span(after + "\x00" if after else keys.time_prefix(draw.since), high))
    held: list[str] = []
    while spans:
        asked = list(spans.items())
        read = in_parallel(lambda part: store.query(entries.access, *part, descending=False, only=["at"]), asked)
        ends = [page.rows[-1]["at"] for page in read if page.more and page.rows]
        held = sorted(chain(held, (row["at"] for page in read for row in page.rows)))
        known_to = min(ends, default=high)
        spans = {pk: _rest(page.rows[-1]["at"], high) for pk, page in zip(spans, read, strict=True) if page.more}
        certain = [at for at in held if at <= known_to]
        held = held[len(certain) :]
        yield certain


def _rest(after: str, high: str) -> Span:
    return Span(after + "\x00", high)


def keep(
    store: Store, draw: Draw, number: int, entries: Iterable[list[str]], is_late: Callable[[], bool]
) -> tuple[int, str]:
    """Writes one file of entries, until time is up; answers how many, and the last one, or nothing when all are
    written."""
    count, last = 0, ""
    with objects.Writer(settings().exports_bucket, _entries(store, draw, number), "text/plain") as file:
        for page in entries:
            file.write("".join(f"{at}\n" for at in page).encode())
            count, last = count + len(page), page[-1] if page else last
            if last and is_late():
                return count, last
    return count, ""


def kept(store: Store, draw: Draw) -> Iterator[str]:
    """All entries again, in the order in which they entered."""
    for number in range(draw.files):
        rest = b""
        for chunk in objects.read(settings().exports_bucket, _entries(store, draw, number)):
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            yield from (line.decode() for line in lines)


def publish(store: Store, draw: Draw) -> tuple[int, str]:
    """Writes the list of labels, one a line; answers how many there are and the list's SHA-256."""
    digest, count = sha256(), 0
    with objects.Writer(settings().exports_bucket, labels_key(store, draw), "text/plain") as file:
        for block in _blocks(kept(store, draw)):
            content = "".join(f"{label(at)}\n" for at in block).encode()
            digest.update(content)
            count += len(block)
            file.write(content)
    return count, digest.hexdigest()


def first(entries: Iterable[str], key: bytes, count: int) -> list[str]:
    """The first so many of the order."""
    position = order.position
    return [at for _, at in heapq.nsmallest(count, ((position(key, label(at)), at) for at in entries))]


def more(store: Store, draw: Draw, key: bytes, count: int) -> Draw:
    """With so many more of the order at hand, if there are; reads the kept entries anew."""
    ahead = first(kept(store, draw), key, draw.taken + count)
    return replace(draw, order=[*(draw.order or ()), *ahead[draw.taken :]])


def discard(store: Store, draw: Draw) -> None:
    """All files of the draw. Safe to repeat."""
    for key in list(objects.keys(settings().exports_bucket, _folder(store, draw))):
        objects.delete(settings().exports_bucket, key)


def labels_key(store: Store, draw: Draw) -> str:
    return f"{_folder(store, draw)}labels.txt"


def _entries(store: Store, draw: Draw, number: int) -> str:
    return f"{_folder(store, draw)}entries-{number:05d}.txt"


def _folder(store: Store, draw: Draw) -> str:
    """Of a test draw where leftovers of jobs are looked for."""
    return f"e/{store.tenant}/{draw.job}/" if draw.dry_run else f"d/{store.tenant}/{draw.number}/"


def _blocks(entries: Iterator[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for at in entries:
        block.append(at)
        if len(block) == BLOCK:
            yield block
            block = []
    yield block
