"""What imports cost in read and write units."""

import pytest
import time_machine

from chalicelib.store import wire
from chalicelib.store.metering import metered
from tests.imports.importing import announce, bring_in, counts, upload
from tests.pumping import finished
from tests.world import World

ROWS = 600
FILE = "".join(f"CODE-{n:06}\n" for n in range(ROWS))


@pytest.mark.parametrize(("kind", "units"), [("coupons", 4), ("codes", 3)])
def test_new_rows_cost_hardly_more_than_themselves(
    world: World, clock: time_machine.Traveller, kind: str, units: int
) -> None:
    answer = announce(world, kind)
    upload(answer, FILE.encode())
    with metered(wire.client()) as cost:
        job = finished(answer["job"], clock)
    assert counts(job) == (ROWS, ROWS, 0, 0, 0)
    assert cost.write <= 1.05 * units * ROWS
    assert cost.read <= 0.55 * ROWS


@pytest.mark.slow
def test_rows_that_are_there_and_dry_runs_write_next_to_nothing(world: World, clock: time_machine.Traveller) -> None:
    bring_in(world, clock, FILE)
    for dry_run in (False, True):
        answer = announce(world, dry_run=dry_run)
        upload(answer, FILE.encode())
        with metered(wire.client()) as cost:
            job = finished(answer["job"], clock)
        assert counts(job) == (ROWS, 0, ROWS, 0, 0)
        assert cost.write <= 0.03 * ROWS
        assert cost.read <= 0.55 * ROWS


def test_an_announcement_and_a_page_of_the_history_are_small(world: World) -> None:
    with metered(wire.client()) as cost:
        announce(world)
    assert (cost.read, cost.write) <= (1, 6)
    with metered(wire.client()) as cost:
        world.get("/v1/imports").ok()
    assert cost.read <= 3


@pytest.mark.slow
def test_taking_back_costs_each_row_its_removal(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, FILE)
    id = world.request("DELETE", f"/v1/imports/{job.id}").ok()["job"]
    with metered(wire.client()) as cost:
        assert finished(id, clock).result == {"removed": ROWS, "given": 0}
    assert cost.write <= 1.05 * 4 * ROWS
    assert cost.read <= 0.15 * ROWS
