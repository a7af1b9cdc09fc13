"""Merging shards: whatever lies in which shard, and however short the pages, every row comes once, newest first."""

from collections.abc import Iterator
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.store import keys
from chalicelib.store.feeds import BUDGET, Feed, Sift, newest_first
from chalicelib.store.tenancy import Access, Page, Span, Store

ROWS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from("abcd")), unique_by=lambda row: row[0], min_size=1, max_size=120
)


class Shards:
    """Partitions in memory that answer as DynamoDB does: a full page says that there may be more."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        self.rows = [{"at": f"{moment:012x}{shard}", "pk": shard} for moment, shard in rows]
        self.read = 0

    def query(self, access: Access, pk: str, span: Span, limit: int) -> Page:
        found = [row for row in self.rows if row["pk"] == pk and span.low <= row["at"] <= span.high]
        part = sorted(found, key=lambda row: row["at"], reverse=True)[:limit]
        self.read += len(part)
        return Page(cast(Any, part), len(part) == limit)


def pages(shards: Shards, limit: int, sift: Sift | None = None) -> Iterator[list[str]]:
    feed, span = Feed(Access("Activity", "feed", "feed", "at"), tuple("abcd")), Span()
    while True:
        part = newest_first(cast(Store, shards), feed, span, limit, sift)
        yield [row["at"] for row in part.rows]
        if part.next is None:
            return
        span = Span(span.low, keys.before(part.next))


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, limit=st.integers(1, 40))
def test_every_row_comes_once_and_newest_first_even_if_one_shard_has_them_all(
    rows: list[tuple[int, str]], limit: int
) -> None:
    shards = Shards(rows)
    found = list(pages(shards, limit))
    assert [at for page in found for at in page] == sorted((row["at"] for row in shards.rows), reverse=True)
    assert all(len(page) <= limit for page in found)


def test_a_shard_that_goes_on_hides_what_is_older_than_its_end() -> None:
    """One shard has all the newest, another many older ones: both go on behind their share of a page."""
    shards = Shards([(1000 + moment, "a") for moment in range(60)] + [(moment, "b") for moment in range(60)])
    found = [at for page in pages(shards, 40) for at in page]
    assert found == sorted((row["at"] for row in shards.rows), reverse=True)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, limit=st.integers(1, 40), every=st.integers(1, 9), rare=st.booleans())
def test_a_sift_drops_what_it_says_and_nothing_twice(
    rows: list[tuple[int, str]], limit: int, every: int, rare: bool
) -> None:
    shards = Shards(rows)

    def wanted(row: Any) -> bool:
        return int(row["at"][:12], 16) % every == 0

    found = [at for page in pages(shards, limit, Sift(wanted, rare)) for at in page]
    assert found == sorted((row["at"] for row in shards.rows if wanted(row)), reverse=True)


def test_a_page_in_which_nothing_passes_ends_with_its_budget_and_goes_on() -> None:
    shards = Shards([(moment, "abcd"[moment % 4]) for moment in range(4 * BUDGET)])
    first = next(pages(shards, 10, Sift(lambda row: False, rare=True)))
    assert first == []
    assert shards.read <= 2 * BUDGET
