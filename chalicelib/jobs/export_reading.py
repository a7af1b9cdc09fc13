"""The first phase of an export: rows as the list shows them, page by page, each page a chunk in the exports bucket."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from chalicelib import clock
from chalicelib.exports import columns, delimited, instances, sheet
from chalicelib.jobs.export_state import Asked, Phase, Reached, at, chunk_key
from chalicelib.kinds import Kind
from chalicelib.settings import settings
from chalicelib.store import alive, jobs, keys, objects
from chalicelib.store.alive import Horizons
from chalicelib.store.feeds import Sift
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Row, Span, Store
from chalicelib.store.whole_feeds import WholeFeed
from chalicelib.tabs import filters, lists, rows
from chalicelib.tabs.filters import Question

REMEMBERED = 4000  # customers


@dataclass
class Reading:
    """What one slice remembers between its pages. Alive is what was alive at `as_of` and is behind no horizon."""

    store: Store
    asked: Asked
    cleared: Horizons
    as_of: int
    people: dict[str, Row | None] = field(default_factory=dict)  # None for who is dead or gone
    feed: WholeFeed | None = None
    sift: Sift | None = None

    @property
    def kind(self) -> Kind:
        return self.asked.of

    @property
    def question(self) -> Question:
        return filters.asked(self.asked.filters)

    def page(self, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """Rows as the list shows them, and where the next page begins; no rows and None at the end."""
        if self.feed is None:
            source, self.sift = lists.source(self.store, self.kind, self.question, self.cleared)
            self.feed = WholeFeed(self.store, source, self.span(after))
        while not self.feed.ended:
            found, reached = self.feed.page()
            if reached is not None:
                return self.shown([row for row in found if self.sift is None or self.sift.keep(row)]), reached
        return [], None

    def span(self, after: str | None) -> Span:
        asked, low = self.question, self.low
        high = self.as_of + 1 if asked.until is None else min(self.as_of + 1, asked.until)
        return Span(keys.time_prefix(low), keys.before(after) if after else keys.time_prefix(high))

    @property
    def low(self) -> int:
        asked, kind = self.question, self.kind
        low = max(asked.since, self.cleared.alive_since(kind, asked.get("experience"), self.as_of // 1000))
        if kind.name == "customers":  # sorted by activity, which no horizon bounds
            return max(asked.since, (clock.day(self.as_of) - asked.active_days) * clock.DAY_MS)
        return low

    def shown(self, found: list[Row]) -> list[dict[str, Any]]:
        if self.kind.name == "customers":
            ids = [self.store.partition(row["pk"]).removeprefix("c#") for row in found]
            people = alive.customers(self.store, ids, self.cleared, now_s=self.as_of // 1000)
            whole = rows.whole(self.store, [people[id] for id in ids if id in people])
            return [rows.customer_row(row) for row in whole if row["created_at"] <= self.as_of]
        owners = rows.owners_of(self.store, found)
        self._look_up({id for id in owners if id})
        return rows.named(self.store, self.kind, found, owners, self.people, ids=self.asked.with_ids)

    def _look_up(self, ids: set[str]) -> None:
        if len(self.people) > REMEMBERED:
            self.people.clear()
        only, unknown = rows.naming(self.kind), ids - self.people.keys()
        self.people |= alive.known(self.store, unknown, self.cleared, only=only, now_s=self.as_of // 1000)


def step(reading: Reading, job: Job, reached: Reached) -> Job:
    """One page. Raises Failed."""
    page, after = reading.page(reached.after)
    if after is None:
        return at(job, replace(reached, phase=_following(reading.asked)))
    return at(job, kept(reading, job, replace(reached, after=after), page))


def _following(asked: Asked) -> Phase:
    if asked.by_instance:
        return "merge"
    return "tail" if asked.kind == "customers" else "write"


def kept(reading: Reading, job: Job, reached: Reached, page: list[dict[str, Any]]) -> Reached:
    """With this page as one more chunk."""
    if not page:
        return reached
    if reading.asked.format == "xlsx" and not reading.asked.by_instance and reached.rows + len(page) > sheet.MOST_ROWS:
        raise jobs.Failed("too_many_rows")
    reached = reached if reading.asked.format == "jsonl" else reached.with_names(_names(reading.asked, page))
    key = chunk_key(reading.store, job, reached, reached.chunks)
    objects.put(settings().exports_bucket, key, _chunk(reading.asked, reached, page))
    return replace(reached, rows=reached.rows + len(page), chunks=reached.chunks + 1)


def _chunk(asked: Asked, reached: Reached, page: list[dict[str, Any]]) -> bytes:
    """As near to the file as can be while columns may still be added."""
    if asked.by_instance:
        return instances.run(page, reached.rows)
    if asked.format == "csv":
        return delimited.Delimited(columns.of_kind(asked.of, reached.names), asked.separator).chunk(page)
    return b"".join(map(_line, page))


def _line(row: dict[str, Any]) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _names(asked: Asked, page: list[dict[str, Any]]) -> dict[str, set[str]]:
    if asked.by_instance:
        return {instances.NAMES: {row["name"] for row in page}}
    return {column: set().union(*(row[column] for row in page)) for column in columns.maps_of(asked.of)}
