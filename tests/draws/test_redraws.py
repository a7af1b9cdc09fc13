"""A slot never has two winners: redraws under trouble, at the same time, and while the winner answers."""

from contextlib import suppress
from typing import Any

import pytest
import time_machine

from chalicelib.promotions import redraws, winner_states
from chalicelib.promotions.draws import Draw
from chalicelib.promotions.winners import KIND
from chalicelib.store import alive, records
from chalicelib.store.tenancy import Row
from tests import faults
from tests.draws import planted
from tests.promotions.conftest import Shop

TROUBLE: tuple[faults.Kind, ...] = ("conflict", "lost", "broken")
WRITES = (*faults.WRITES, "TransactWriteItems")


def done(shop: Shop, clock: time_machine.Traveller, entrants: list[str], **asked: Any) -> tuple[Draw, list[Row]]:
    """A draw of two, and its winners."""
    clock.shift(5)
    job = planted.started(shop.store, planted.giveaway(shop, entrants), **asked)
    draw = planted.drawn(shop.store, planted.ended(shop.store, job.id, clock))
    clock.shift(5)
    return draw, planted.winners(shop.store, draw)


def redraw(shop: Shop, draw: Draw, winner: Row) -> Row:
    return redraws.redraw(shop.store, draw, records.id_of(shop.store, KIND, winner), "moved away")


def check(shop: Shop, draw: Draw, replaced: Row) -> None:
    present = planted.read(shop.store, draw)
    certificate = planted.verified(shop.store, present)
    in_first = [one["label"] for one in certificate["drawn"] if one["slot"] == 1]
    rows = [row for row in planted.winners(shop.store, draw) if row["data"]["slot"] == 1]
    by_ticket = {row["data"]["ticket"]: row["data"] for row in rows}
    assert list(by_ticket) and set(by_ticket) == set(in_first) and len(rows) == len(in_first) == 2
    assert by_ticket[in_first[0]]["state"] == "disqualified"
    assert by_ticket[in_first[1]]["state"] == "drawn"
    old = shop.person(replaced["pk"].split("#")[-1])["wins"]
    assert records.id_of(shop.store, KIND, replaced) not in old


@pytest.mark.slow
@pytest.mark.parametrize("alternates", [0, 1])
def test_trouble_at_any_write_leaves_one_winner_in_the_slot(
    shop: Shop, clock: time_machine.Traveller, alternates: int
) -> None:
    entrants = planted.people(shop, 5)
    draw, rows = done(shop, clock, entrants, alternates=alternates)
    with faults.at(10_000, "broken") as fault:
        redraw(shop, draw, rows[0])
    writes = [place for place, operation in enumerate(fault.calls, 1) if operation in WRITES]
    assert "TransactWriteItems" in fault.calls
    for place in writes:
        for kind in TROUBLE:
            draw, rows = done(shop, clock, entrants, alternates=alternates)
            with faults.at(place, kind), suppress(*faults.TROUBLE):
                redraw(shop, draw, rows[0])
            clock.shift(31)
            first, again = redraw(shop, draw, rows[0]), redraw(shop, draw, rows[0])
            assert first["data"]["ticket"] == again["data"]["ticket"]
            check(shop, draw, rows[0])


def test_an_answer_that_comes_first_is_seen(shop: Shop, clock: time_machine.Traveller) -> None:
    """Who declines while being disqualified is replaced as who declined."""
    draw, rows = done(shop, clock, planted.people(shop, 5))

    def decline() -> None:
        winner_states.answer(shop.store, KIND, rows[0], "declined", {}, alive.horizons(shop.store), None)

    with faults.before("TransactWriteItems", decline):
        new = redraw(shop, draw, rows[0])
    present = planted.read(shop.store, draw)
    assert [one["reason"] for one in planted.verified(shop.store, present)["drawn"]][-1] == "declined"
    assert [row["data"]["state"] for row in planted.winners(shop.store, draw)].count("replaced") == 1
    assert new["data"]["slot"] == 1


def test_a_second_redraw_of_the_slot_meanwhile_is_the_same(shop: Shop, clock: time_machine.Traveller) -> None:
    """Even if the first one lost its turn."""
    draw, rows = done(shop, clock, planted.people(shop, 6))
    made: list[Row] = []

    def meanwhile() -> None:
        clock.shift(31)
        made.append(redraw(shop, draw, rows[0]))

    with faults.before("TransactWriteItems", meanwhile):
        new = redraw(shop, draw, rows[0])
    assert new["data"]["ticket"] == made[0]["data"]["ticket"]
    check(shop, draw, rows[0])
