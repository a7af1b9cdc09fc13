"""Whether the next in order may win: is the entry still there, and did its person win before?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.promotions.draws import Draw
from chalicelib.promotions.labels import label
from chalicelib.promotions.winners import ENTRIES, KIND
from chalicelib.store import alive, customers, feeds, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Access, Row, Span, Store, in_parallel

GONE = "gone"  # deleted, expired or cleared since the cut-off, or its customer was
WON_BEFORE = "won_before"
SAME_PERSON = "same_person"  # as somebody drawn before in this draw


@dataclass(frozen=True)
class Candidate:
    """`entry` if it can be drawn; `wins` are the winners' records of the same customer."""

    at: str
    entry: Row | None = None
    person: str = ""
    wins: list[Row] = field(default_factory=list)


def look(store: Store, draw: Draw, ats: Iterable[str], cleared: Horizons) -> list[Candidate]:
    """Strongly read: four and a half read units each."""
    return in_parallel(lambda at: _look(store, draw, at, cleared), list(ats))


def winning_persons(store: Store, draw: Draw, draw_id: str, cleared: Horizons) -> tuple[set[str], set[str]]:
    """Who won in this giveaway: in this draw, in others. For giveaways in which one person may be several customers."""
    feed = feeds.of_modules(store, KIND, draw.experience, [draw.giveaway])
    span = Span(keys.time_prefix(cleared.alive_since(KIND, draw.experience)))
    found = in_parallel(lambda pk: store.query_all(feed.access, pk, span), feed.partitions)
    rows = [row for part in found for row in part if row.get("person")]
    here = {row["person"] for row in rows if row["sk"].startswith(f"{KIND.name}#{draw_id}#")}
    return here, {row["person"] for row in rows} - here


def refused(candidate: Candidate, draw: Draw, draw_id: str, here: set[str], before: set[str]) -> str | None:
    """Why the candidate may not win, or None."""
    entry = candidate.entry
    if is_recorded(candidate, draw_id):
        return None
    if entry is None:
        return GONE
    in_draw = [win for win in candidate.wins if win["data"]["draw_id"] == draw_id]
    if in_draw or candidate.person in here:
        return SAME_PERSON
    if entry["data"].get("drawn"):
        return WON_BEFORE
    elsewhere = draw.exclude == "tenant" and candidate.wins
    return WON_BEFORE if elsewhere or (draw.exclude != "none" and _won_here(candidate, draw, before)) else None


def is_recorded(candidate: Candidate, draw_id: str) -> bool:
    """Whether an earlier attempt at this draw recorded it as a winner."""
    of = (draw_id, label(candidate.at))
    return any((win["data"]["draw_id"], win["data"]["ticket"]) == of for win in candidate.wins)


def _won_here(candidate: Candidate, draw: Draw, before: set[str]) -> bool:
    where = (draw.experience, draw.giveaway)
    same = [win for win in candidate.wins if (win["experience"], win["data"]["giveaway"]) == where]
    return bool(same) or candidate.person in before


def _look(store: Store, draw: Draw, at: str, cleared: Horizons) -> Candidate:
    entry = entry_at(store, draw, at)
    if entry is None or not alive.is_alive(entry, ENTRIES, cleared):
        return Candidate(at)
    customer_id = str(records.owner_of(store, entry)[0])
    if customers.by_id(store, customer_id, cleared) is None:
        return Candidate(at)
    wins = store.query_all(Access("Activity"), entry["pk"], Span.prefix(f"{KIND.name}#"), consistent=True)
    living = [win for win in wins if alive.is_alive(win, KIND, cleared)]
    return Candidate(at, entry, entry.get("person", customer_id), living)


def entry_at(store: Store, draw: Draw, at: str) -> Row | None:
    """The entry as it is now: the index says where it lies."""
    place = keys.of_module(ENTRIES.name, draw.experience, draw.giveaway, keys.shard(at))
    found = store.query(Access("Activity", "module", "by_module", "at"), store.key(place), Span(at, at)).rows
    row = store.get("Activity", found[0]["pk"], found[0]["sk"]) if found else None
    return row if row and row["at"] == at else None


def winner_in(store: Store, draw_id: str, slot: int) -> Row | None:
    """The winner's record of a slot, wherever it lies: in its customer's partition, or nameless in nobody's."""
    sk = f"{KIND.name}#{draw_id}#{slot:06d}"
    found = store.query_all(Access("Activity", "draw", "by_draw", "at"), store.key(keys.of_draw(draw_id)), Span())
    places = [(row["pk"], row["sk"]) for row in found if row["sk"] == sk]
    rows = store.get_many("Activity", places, consistent=True).values()
    return max(rows, key=records.position, default=None)
