"""Draws as they are stored: one document each in Control, without a person, side by side in the experience's history
for good."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib import cursors
from chalicelib.promotions.labels import label
from chalicelib.store import keys
from chalicelib.store.failures import is_condition
from chalicelib.store.horizons import unchanged
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction

PURPOSE = "draw"
MOST = 1000  # places of one draw, alternates included
FINAL = ("done", "failed")


class Changed(Exception):
    """Somebody else changed the draw since it was read."""


@dataclass(frozen=True)
class Place:
    """An entry that was drawn. An alternate has no slot. `replaces` is the label that had the slot before."""

    at: str
    slot: int | None = None
    replaces: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Draw:
    """Times in ms. Entries are known by their time-ordered ids, `at`: labels follow from them, persons do not.

    `drawn` and `skipped` are together the first of the order, `order` the next of it. `recorded` of the drawn have
    their winner's record. `number` sorts the draws of an experience by time."""

    experience: str
    number: str
    giveaway: str
    by: str
    created_at: int
    since: int
    until: int  # the cut-off: entries made before it
    count: int
    prizes: list[str | None]  # by slot
    alternates: int = 0
    exclude: str = "none"
    allow_fewer: bool = False
    dry_run: bool = False
    asked: dict[str, Any] = field(default_factory=dict)  # `from` and `to` as they were given
    respond_days: int | None = None
    state: str = "reading"  # waiting (for public randomness), drawing, done, failed
    job: str = ""
    randomness: dict[str, Any] | None = None
    files: int = 0
    labels: dict[str, Any] | None = None
    commitment: dict[str, Any] | None = None
    code: str = ""  # sealed until the draw is done
    order: list[str] | None = None
    drawn: list[Place] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    recorded: int = 0
    drawn_at: int = 0
    error: str | None = None
    version: int = 0

    @property
    def taken(self) -> int:
        """How many of the order were taken from the list."""
        return len(self.drawn) + len(self.skipped) + len(self.order or ())

    def prize(self, slot: int) -> str | None:
        return self.prizes[slot - 1]

    def holder(self, slot: int) -> Place | None:
        """Who has the slot now."""
        return next((place for place in reversed(self.drawn) if place.slot == slot), None)

    def place_of(self, ticket: str) -> Place | None:
        return next((place for place in self.drawn if label(place.at) == ticket), None)


def new_number(created_at: int) -> str:
    """Time and 40 random bits: shorter than our other ids, since it is part of the ids that people see."""
    id = keys.time_ordered_id(created_at)
    return id[:12] + id[22:]


def id_of(store: Store, experience: str, number: str) -> str:
    """Names tenant and experience, sealed, since certificates are public."""
    return cursors.seal(f"{store.tenant}\n{experience}\n{number}", PURPOSE)


def find(draw_id: str, tenant: str | None = None) -> tuple[Store, Draw] | None:
    """The draw with that id, of that tenant or, where anybody may ask, of any."""
    try:
        of, experience, number = cursors.unseal(draw_id, PURPOSE).split("\n")
    except cursors.Unsealable:
        return None
    if tenant not in (None, of):
        return None
    draw = read(Store(of), experience, number)
    return (Store(of), draw) if draw else None


def read(store: Store, experience: str, number: str) -> Draw | None:
    row = store.get("Control", *_place(store, experience, number))
    return of_document(row["data"]) if row else None


def save(store: Store, draw: Draw) -> Draw:
    """Raises Changed."""
    saved, item = _prepared(store, draw)
    try:
        store.put(item, unchanged(draw.version))
    except PutError as error:
        if not is_condition(error):
            raise
        return _as_saved(store, saved)
    return saved


def add(store: Store, transaction: Transaction, draw: Draw) -> Draw:
    """The same as part of a transaction."""
    saved, item = _prepared(store, draw)
    transaction.put(item, unchanged(draw.version))
    return saved


def newest_first(store: Store, experience: str, after: str | None, limit: int) -> tuple[list[Draw], str | None]:
    span = Span(high=keys.before(after)) if after else Span()
    page = store.query(Access("Control"), store.key(f"draws#{experience}"), span, limit=limit, consistent=True)
    return [of_document(row["data"]) for row in page.rows], page.rows[-1]["sk"] if page.more else None


def of_document(data: Row) -> Draw:
    draw = Draw(**data)
    return replace(draw, drawn=[Place(**place) for place in data["drawn"]])


def document(draw: Draw) -> Row:
    found = asdict(draw)
    found["drawn"] = [{name: value for name, value in place.items() if value is not None} for place in found["drawn"]]
    return found


def _prepared(store: Store, draw: Draw) -> tuple[Draw, Control]:
    saved = replace(draw, version=draw.version + 1)
    place = _place(store, draw.experience, draw.number)
    return saved, Control(*place, data=document(saved), version=saved.version)


def _as_saved(store: Store, saved: Draw) -> Draw:
    """A write of ours that was sent twice finds itself."""
    if read(store, saved.experience, saved.number) == saved:
        return saved
    raise Changed(saved.number)


def _place(store: Store, experience: str, number: str) -> tuple[str, str]:
    return store.key(f"draws#{experience}"), number
