"""Finding customers by e-mail: an entry for the whole address (the identity) and one for each later part of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib import email
from chalicelib.store import keys
from chalicelib.store.tables import Found
from chalicelib.store.tenancy import Access, Page, Row, Span, Store, in_parallel

ENTRIES = Access("Customers")


@dataclass(frozen=True)
class Match:
    """`position` is where the search goes on after this match."""

    position: str
    customer_id: str


def whole(store: Store, identity: str) -> tuple[str, str]:
    """The key of an address's one entry; whoever holds it is the customer of that address."""
    return store.key(f"find#{identity[:2]}"), identity


def parts(store: Store, identity: str, customer_id: str) -> list[tuple[str, str]]:
    """The keys of the other entries. Domains are what many share, so they go over the shards."""
    found = email.search_parts(identity)
    return [(store.key(_partition(part, customer_id)), f"{part}#{customer_id}") for part in found]


def entries(store: Store, identity: str, customer_id: str, created_at: int, expires_at: int) -> list[Found]:
    """The identity first, then the parts."""
    places = [whole(store, identity), *parts(store, identity, customer_id)]
    return [Found(pk, sk, customer_id=customer_id, created_at=created_at, expires_at=expires_at) for pk, sk in places]


def find(store: Store, text: str, after: str | None, limit: int) -> tuple[list[Match], bool]:
    """Entries that begin with `text` (≥ 2 characters, folded as addresses are), in their order; the flag says whether
    there may be more. A customer who matches twice comes twice: see `is_first`."""
    span = Span.prefix(text) if after is None else Span(after + "\x00", Span.prefix(text).high)
    partitions = [store.key(f"find#{text[:2]}")] + [
        store.key(f"find#{text[:2]}#{shard}") for shard in range(keys.SHARDS) if "@" not in text
    ]
    pages = in_parallel(lambda pk: store.query(ENTRIES, pk, span, limit=limit, descending=False), partitions)
    rows = sorted(_certain(pages), key=lambda row: row["sk"])
    matches = [Match(row["sk"], row["customer_id"]) for row in rows[:limit]]
    return matches, len(rows) > limit or any(page.more for page in pages)


def is_first(match: Match, identity: str, text: str) -> bool:
    """Whether it is the first of this customer's entries that begin with the text: so nobody is listed twice."""
    others = [identity, *(f"{part}#{match.customer_id}" for part in email.search_parts(identity))]
    return match.position == min((sk for sk in others if sk.startswith(text)), default=None)


def _partition(part: str, customer_id: str) -> str:
    return f"find#{part[:2]}" + ("" if "@" in part else f"#{keys.shard(customer_id)}")


def _certain(pages: list[Page]) -> Iterator[Row]:
    known_to = min((page.rows[-1]["sk"] for page in pages if page.more and page.rows), default=None)
    for page in pages:
        yield from (row for row in page.rows if known_to is None or row["sk"] <= known_to)
