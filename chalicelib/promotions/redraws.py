"""Somebody else instead of a winner: the first alternate, or the next in order. The new winner, the old one's state and
the draw's document are written together, so that a slot never has two."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.promotions import candidates, drawing, draws, turns, winners, wins
from chalicelib.promotions.candidates import GONE, Candidate
from chalicelib.promotions.drawing import Picking
from chalicelib.promotions.draws import Draw, Place
from chalicelib.promotions.labels import label
from chalicelib.promotions.winner_states import is_overdue, state_is
from chalicelib.store import alive, records
from chalicelib.store.customers import Gone
from chalicelib.store.horizons import Contended
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store, Transaction

TURN_MS = 30_000  # as long as a request may take
PATIENCE_MS = 5_000
ATTEMPTS = 50


class NotTheWinner(Exception):
    """That id is of no winner of this draw, or of one whose slot is somebody else's for another reason."""


class NobodyLeft(Exception):
    """Everybody in the order was drawn or skipped."""


@dataclass(frozen=True)
class Old:
    """Who is replaced, in which slot. `row` is None or lies in nobody's partition once the person is gone."""

    id: str
    slot: int
    ticket: str
    row: Row | None
    is_nameless: bool

    @property
    def outcome(self) -> tuple[str, str]:
        """The old winner's state, and why in the certificate, which must name no person: never what was typed."""
        if self.row is None or self.is_nameless:
            return "replaced", GONE
        if self.row["data"]["state"] == "declined":
            return "replaced", "declined"
        return ("replaced", "no_answer") if is_overdue(self.row["data"]) else ("disqualified", "disqualified")


def redraw(store: Store, draw: Draw, winner_id: str, reason: str) -> Row:
    """The record of the new winner. Asked again for the same winner, it is the same one. Raises NotTheWinner,
    NobodyLeft, turns.Busy and Contended."""
    with _turn(store):
        for _ in range(ATTEMPTS):
            draw = draws.read(store, draw.experience, draw.number) or draw
            work = _opened(store, draw)
            old = _old(work, draw, winner_id)
            if there := _replaced_before(work, draw, old):
                return there
            draw, candidate = _next(work, draw)
            if candidate is None or candidate.entry is None:
                raise NobodyLeft
            if row := _written(work, draw, candidate.entry, old, reason):
                return row
    raise Contended(draw.number)


@contextmanager
def _turn(store: Store) -> Iterator[None]:
    holder = secrets.token_hex(8)
    turns.wait(store, holder, TURN_MS, PATIENCE_MS)
    try:
        yield
    finally:
        turns.leave(store, holder)


def _opened(store: Store, draw: Draw) -> Picking:
    draw_id, cleared = draws.id_of(store, draw.experience, draw.number), alive.horizons(store)
    here, before = candidates.winning_persons(store, draw, draw_id, cleared)
    return Picking(store, draw_id, cleared, lambda draw: draws.save(store, draw), here, before)


def _old(work: Picking, draw: Draw, winner_id: str) -> Old:
    place = records.place_of(work.store, winners.KIND, winner_id)
    kind, draw_id, slot = [*(place[1] if place else "").split("#"), "", ""][:3]
    is_ours = (kind, draw_id) == (winners.KIND.name, work.draw_id) and slot.isdigit()
    holder = draw.holder(int(slot)) if is_ours else None
    if place is None or holder is None:
        raise NotTheWinner
    row = work.store.get("Activity", *place)
    if row:
        return Old(winner_id, int(slot), row["data"]["ticket"], row, not _is_somebodys(work, row))
    there = candidates.winner_in(work.store, work.draw_id, int(slot))
    if there and _is_somebodys(work, there):
        raise NotTheWinner  # the slot is somebody's, and not theirs whom the id named
    return Old(winner_id, int(slot), label(holder.at), there, True)


def _is_somebodys(work: Picking, row: Row) -> bool:
    return work.store.partition(row["pk"]).startswith("c#")


def _replaced_before(work: Picking, draw: Draw, old: Old) -> Row | None:
    """Who got the slot after the old winner, if somebody did."""
    holder = draw.holder(old.slot)
    if holder and label(holder.at) == old.ticket:
        return None
    _forget(work, old)
    after = next((one for one in draw.drawn if (one.slot, one.replaces) == (old.slot, old.ticket)), None)
    row = candidates.winner_in(work.store, work.draw_id, old.slot)
    if after is None or row is None or row["data"]["ticket"] != label(after.at):
        raise NotTheWinner
    return row


def _next(work: Picking, draw: Draw) -> tuple[Draw, Candidate | None]:
    """The first alternate who may still win, else the next in order. Who may not is skipped."""
    while alternate := next((place for place in draw.drawn if place.slot is None), None):
        [candidate] = candidates.look(work.store, draw, [alternate.at], work.cleared)
        why_not = candidates.refused(candidate, draw, work.draw_id, work.here, work.before)
        if why_not is None:
            return draw, candidate
        draw = _without(draw, alternate, why_not)
    more = drawing.one_more(work, draw)
    if len(more.drawn) == len(draw.drawn):
        if more != draw:
            work.save(more)
        return more, None
    [candidate] = candidates.look(work.store, more, [more.drawn[-1].at], work.cleared)
    return more, candidate


def _written(work: Picking, draw: Draw, entry: Row, old: Old, reason: str) -> Row | None:
    """None if something changed meanwhile: the entry, the old winner or the draw."""
    state, published = old.outcome
    prize = draw.prize(old.slot)
    respond_by = clock.now_ms() + draw.respond_days * clock.DAY_MS if draw.respond_days else None
    won = winners.Place(work.draw_id, old.slot, prize, respond_by, old.id)
    after = _in_slot(draw, entry["at"], Place(entry["at"], old.slot, old.ticket, published))

    def also(transaction: Transaction) -> None:
        draws.add(work.store, transaction, after)
        if old.row:
            told: list[Action] = [Activity.data["state"].set(state), Activity.data["reason"].set(reason)]
            told += records.traced(Activity)
            as_read = (Activity.at == old.row["at"]) & state_is(old.row["data"]["state"])
            transaction.update(Activity(old.row["pk"], old.row["sk"]), told, as_read)

    try:
        outcome = winners.record(work.store, entry, won, work.cleared, also)
    except Gone:
        return None
    if outcome.name != "drawn" or outcome.row is None:
        return None
    _forget(work, old)
    return outcome.row


def _forget(work: Picking, old: Old) -> None:
    if old.row and not old.is_nameless:
        wins.forget(work.store, old.row, old.id)


def _in_slot(draw: Draw, at: str, place: Place) -> Draw:
    return replace(draw, drawn=[place if one.at == at else one for one in draw.drawn])


def _without(draw: Draw, place: Place, reason: str) -> Draw:
    drawn = [one for one in draw.drawn if one.at != place.at]
    return replace(draw, drawn=drawn, skipped=[*draw.skipped, {"at": place.at, "reason": reason}])
