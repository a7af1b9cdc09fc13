"""A whole feed: every row once, newest first, however the pages fall and wherever a reading goes on."""

from typing import Any

import pytest

from chalicelib.kinds import KINDS
from chalicelib.store import feeds, keys, whole_feeds
from chalicelib.store.tenancy import Span, Store
from chalicelib.store.whole_feeds import WholeFeed
from tests.seeds import plant
from tests.world import World

STORE = Store("acme")
KIND = KINDS["participations"]


def read(after: str | None = None, at_most: int = 1000) -> tuple[list[Any], str | None]:
    """Rows of so many pages, and where the reading ended."""
    feed = WholeFeed(STORE, feeds.of_tenant(STORE, KIND), Span(high=keys.before(after)) if after else Span())
    rows: list[Any] = []
    while not feed.ended and at_most:
        page, reached = feed.page()
        rows, after, at_most = rows + page, reached or after, at_most - 1
    return rows, after


@pytest.mark.parametrize("size", [1, 2, 3, 7, 500])
def test_every_row_is_read_once_and_newest_first(world: World, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(whole_feeds, "PAGE", size)
    for _ in range(25):
        plant("participations", None)
    at = [row["at"] for row in read()[0]]
    assert len(set(at)) == 25
    assert at == sorted(at, reverse=True)


def test_a_reading_goes_on_where_another_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_feeds, "PAGE", 2)
    for _ in range(20):
        plant("participations", None)
    whole = [row["at"] for row in read()[0]]
    found: list[str] = []
    after: str | None = None
    while len(found) < 20:
        part, after = read(after, at_most=1)
        assert part
        found += [row["at"] for row in part]
    assert found == whole


def test_what_a_row_shows_is_read_and_no_keys_of_indexes(world: World) -> None:
    plant("participations", None)
    [row] = read()[0]
    assert "by_experience" not in row and "feed" not in row
    assert row["data"]["fields"]["postal_code"] == "01067"
