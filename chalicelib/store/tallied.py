"""What the tallies say: how many records were made on which day and are there still, and how many will be gone when.
What is behind a horizon counts nothing, whether or not it was removed by now."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.store import tallies
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Access, Row, Span, Store

CAUSES = ("ttl", "deleted")
GIVEAWAYS = {"entries": "participations", "winners": "winners", "unanswered": "winners"}  # counter → its kind


@dataclass(frozen=True)
class Tallied:
    """Rows by day (since 1970, in the tenant's zone) of the tenant or of one experience."""

    rows: dict[int, Row]
    cleared: Horizons
    experience: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleared.time_zone)

    @property
    def today(self) -> int:
        return clock.day_in(clock.now_ms(), self.zone)

    def made(self, kind: Kind, first: int, last: int) -> dict[int, int]:
        """{day: records made on it that are there still}"""
        return dict(self._counted(kind.name, kind, first, last))

    def of_giveaway(self, counter: str, giveaway: str) -> dict[int, int]:
        """The same of the `entries`, `winners` or `unanswered` winners of one giveaway."""
        kind = KINDS[GIVEAWAYS[counter]]
        return dict(self._counted(f"{counter}_{giveaway}", kind, self.today - kind.days + 1, self.today))

    def due(self, kind: Kind, days: int) -> dict[int, int]:
        """{day: how many go on it}, from today on. Consents go with their customers."""
        if kind.promise.since == "creation":
            made = self.made(kind, self.today - kind.days, self.today - kind.days + days - 1)
            return {day + kind.days: n for day, n in made.items()}
        if kind.name != "customers":
            return {}
        going = ((day, _whole(self.rows.get(day), "due_customers")) for day in range(self.today, self.today + days))
        return {day: n for day, n in going if n}

    def kept(self, kind: Kind) -> int:
        """How many there are of a kind that counts from its creation, or of customers."""
        if kind.name == "customers":
            return sum(self.due(kind, kind.days + 2).values())
        return sum(self.made(kind, self.today - kind.days + 1, self.today).values())

    def _counted(self, name: str, kind: Kind, first: int, last: int) -> Iterator[tuple[int, int]]:
        horizon = self.cleared.of(kind, self.experience)
        since = clock.day_in(horizon, self.zone) if horizon else first
        for day in range(max(first, since), last + 1):
            if n := _whole(self.rows.get(day), name):
                yield day, n


def read(store: Store, cleared: Horizons, first: int, last: int, experience: str | None = None) -> Tallied:
    """One row a day."""
    span = Span(f"{max(first, 0):06}", f"{max(last, 0):06}")
    rows = store.query_all(Access("Control"), store.key(tallies.partition(experience)), span)
    return Tallied({int(row["sk"]): row for row in rows}, cleared, experience)


def removed(found: Tallied, kind: Kind) -> dict[str, dict[str, int]]:
    """{day: {ttl: n, deleted: n}}: what the streams saw go, whenever it was made."""
    days = {}
    for day, row in found.rows.items():
        counts = {cause: row[f"{cause}_{kind.name}"] for cause in CAUSES if f"{cause}_{kind.name}" in row}
        if counts:
            days[clock.date_of(day)] = counts
    return days


def _whole(row: Row | None, name: str) -> int:
    """Never below nothing: what was removed may have been made before there were tallies."""
    return max(0, row.get(name, 0)) if row else 0
