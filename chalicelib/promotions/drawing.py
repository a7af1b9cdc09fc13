"""Picking: from the order to the places, and from the places to the winners' records. Whoever cannot win is skipped
with the reason, and all behind move up."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chalicelib import clock, cursors
from chalicelib.promotions import candidates, draws, entrants, order, winners
from chalicelib.promotions.candidates import GONE
from chalicelib.promotions.certificates import randomness_of
from chalicelib.promotions.draws import Draw, Place
from chalicelib.promotions.labels import label
from chalicelib.promotions.outcome import Outcome
from chalicelib.store import alive
from chalicelib.store.alive import Horizons
from chalicelib.store.customers import Gone
from chalicelib.store.tenancy import Store

SAVED_EVERY = 25  # winners between two notes of how many there are


@dataclass(frozen=True)
class Picking:
    """One slice of a draw, or a redraw: which persons have a place (by entry), who won in this draw and before it.
    `save` keeps the draw as it is by then."""

    store: Store
    draw_id: str
    cleared: Horizons
    save: Callable[[Draw], Draw]
    here: set[str]
    before: set[str]
    placed: dict[str, str] = field(default_factory=dict)


def opened(store: Store, draw: Draw, save: Callable[[Draw], Draw]) -> Picking:
    draw_id, cleared = draws.id_of(store, draw.experience, draw.number), alive.horizons(store)
    here, before = candidates.winning_persons(store, draw, draw_id, cleared)
    unrecorded = [place.at for place in draw.drawn[draw.recorded :]]
    placed = {one.at: one.person for one in candidates.look(store, draw, unrecorded, cleared)}
    return Picking(store, draw_id, cleared, save, here, before, placed)


def key_of(store: Store, draw: Draw) -> bytes:
    return order.key_of(code_of(store, draw), randomness_of(draw))


def code_of(store: Store, draw: Draw) -> bytes:
    return bytes.fromhex(cursors.unseal(draw.code, *code_purpose(store, draw)))


def code_purpose(store: Store, draw: Draw) -> tuple[str, ...]:
    return store.tenant, "code", draw.experience, draw.number


def ordered(store: Store, draw: Draw) -> Draw:
    """With as many of the order as are wanted, and as many again in case that some are skipped."""
    wanted = 2 * (draw.count + draw.alternates) + 50
    return entrants.more(store, draw, key_of(store, draw), wanted)


def undecided(draw: Draw) -> Draw:
    """Those without a record go back to the order: since they were chosen others may have picked."""
    back = [place.at for place in draw.drawn[draw.recorded :]]
    return replace(draw, drawn=draw.drawn[: draw.recorded], order=[*back, *(draw.order or ())])


def chosen(work: Picking, draw: Draw) -> Draw:
    """All places filled, as far as there are entrants: slots first, then alternates."""
    wanted = draw.count + draw.alternates
    while len(draw.drawn) < wanted:
        before = draw.taken
        draw = _next(work, draw, wanted - len(draw.drawn))
        if not draw.order:
            draw = entrants.more(work.store, draw, key_of(work.store, draw), wanted + 50)
            if draw.taken == before:
                break
    return _in_slots(draw)


def one_more(work: Picking, draw: Draw) -> Draw:
    """With the next entrant who may win as the last of the drawn; unchanged in number if there is none."""
    wanted = len(draw.drawn) + 1
    while len(draw.drawn) < wanted:
        if not draw.order:
            before = draw.taken
            draw = entrants.more(work.store, draw, key_of(work.store, draw), 50)
            if draw.taken == before:
                break
        draw = _next(work, draw, 1)
    return draw


def _next(work: Picking, draw: Draw, count: int) -> Draw:
    """Looks at so many more of the order."""
    ahead, rest = (draw.order or [])[:count], (draw.order or [])[count:]
    drawn, skipped = list(draw.drawn), list(draw.skipped)
    for candidate in candidates.look(work.store, draw, ahead, work.cleared):
        here = work.here | set(work.placed.values())
        reason = candidates.refused(candidate, draw, work.draw_id, here, work.before)
        if reason:
            skipped.append({"at": candidate.at, "reason": reason})
        else:
            drawn.append(Place(candidate.at))
            work.placed[candidate.at] = candidate.person
    return replace(draw, drawn=drawn, skipped=skipped, order=rest)


def _in_slots(draw: Draw) -> Draw:
    slots = [n if n <= draw.count else None for n in range(1, len(draw.drawn) + 1)]
    return replace(draw, drawn=[replace(place, slot=slot) for place, slot in zip(draw.drawn, slots, strict=True)])


def recorded(work: Picking, draw: Draw, is_late: Callable[[], bool]) -> Draw:
    """A winner's record for each slot, until time is up."""
    while draw.recorded < min(draw.count, len(draw.drawn)):
        slot = draw.recorded + 1
        place = draw.drawn[draw.recorded]
        if _record(work, draw, place).name == "drawn":
            draw = replace(draw, recorded=slot)
            if slot % SAVED_EVERY == 0:
                draw = work.save(draw)
        else:
            draw = work.save(chosen(work, _skipping(work, draw, place)))
        if is_late():
            break
    return draw


def _record(work: Picking, draw: Draw, place: Place) -> Outcome:
    slot = place.slot or 0
    respond_by = draw.drawn_at + draw.respond_days * clock.DAY_MS if draw.respond_days else None
    won = winners.Place(work.draw_id, slot, draw.prize(slot), respond_by)
    entry = candidates.entry_at(work.store, draw, place.at)
    try:
        outcome = winners.record(work.store, entry, won, work.cleared) if entry else Outcome("not_drawn")
    except Gone:
        outcome = Outcome("not_drawn")
    if outcome.name == "drawn":
        return outcome
    # Recorded by an attempt that was cut short, and gone since: the slot has its winner, though without a name.
    there = candidates.winner_in(work.store, work.draw_id, slot)
    return Outcome("drawn", there) if there and there["data"]["ticket"] == label(place.at) else outcome


def _skipping(work: Picking, draw: Draw, place: Place) -> Draw:
    work.placed.pop(place.at, None)
    drawn = [one for one in draw.drawn if one.at != place.at]
    return replace(draw, drawn=drawn, skipped=[*draw.skipped, {"at": place.at, "reason": GONE}])
