"""What an erasure costs: at most eight queries, a write unit a record and index, and nothing of other people's read."""

from collections import Counter
from typing import Any

import pytest
import time_machine

from chalicelib.settings import settings
from chalicelib.store import erasure, wire
from chalicelib.store.images import Images
from chalicelib.store.metering import Units, metered
from chalicelib.store.tenancy import Store
from tests import faults
from tests.erasure import everything as stored
from tests.erasure.people import erase, whole_guest
from tests.pumping import delete_all, finished, pump
from tests.seeds import guest, plant
from tests.world import World

STORE = Store("acme")
BOB = "bob@example.org"


def floor(before: dict[Any, Any], after: dict[Any, Any]) -> int:
    """A write unit for each item that went or changed, and one for each index that it was in."""
    images = Images(wire.client())
    units = 0
    for place, item in before.items():
        if after.get(place) != item:
            indexes = images.definition(place[0]).indexes
            units += 1 + sum(index.entry(item) is not None for index in indexes)
    return units


def of_person() -> dict[Any, Any]:
    control = settings().tables["Control"]
    return {place: item for place, item in stored.all_items().items() if place[0] != control}


def pass_of(world: World, person: str, clock: time_machine.Traveller) -> tuple[Units, Counter[str]]:
    """The slice of the job that removes, counted."""
    job = erase(world, person)
    pump()
    clock.shift(61)
    calls: Counter[str] = Counter()
    with metered(wire.client()) as units, faults.at(10**9, "lost") as seen:
        assert finished(job, clock).state == "done"
    calls.update(seen.calls)
    return units, calls


def test_asking_costs_six_write_units_and_two_more_with_a_key(world: World) -> None:
    person = guest(world)
    with metered(wire.client()) as units:
        erase(world, person)
    assert (units.read, units.write) == (1, 6)  # the customer; the job 2 + 1, the mark 2, the audit log 1
    guest(world, BOB)
    with metered(wire.client()) as units:
        world.collect("erasures", "k", email=BOB).ok()
    assert units.write == 8


def test_the_removal_is_eight_queries_and_a_write_unit_a_record_and_index(
    world: World, clock: time_machine.Traveller
) -> None:
    for place in range(5):
        whole_guest(world, f"guest{place}@example.com", instance=f"pi-{place}")
    person = whole_guest(world)
    before = of_person()
    units, calls = pass_of(world, person, clock)
    least = floor(before, of_person())
    marks = 6  # calls of this day that are answered with `erased` from now on
    winners = (3 + 4) + (
        3 + 3
    )  # written anew in a transaction: twice 2 and their indexes, of which a winner has a fourth
    of_the_job = units.by_table[settings().tables["Control"]].write - marks
    assert calls["Query"] <= 8
    assert least > 40
    logged = 2  # that the job is done, and the index of its trace
    assert units.write - of_the_job - marks - winners - logged == least
    assert of_the_job <= 30  # leases, the count, the end, the receipt


def test_what_is_read_does_not_grow_with_other_people(world: World, clock: time_machine.Traveller) -> None:
    person = whole_guest(world)
    with metered(wire.client()) as alone:
        erasure.find(STORE, person)
    for place in range(8):
        whole_guest(world, f"guest{place}@example.com", instance=f"pi-{place}")
    with metered(wire.client()) as among_others:
        erasure.find(STORE, person)
    assert among_others.read == alone.read <= 12


@pytest.mark.slow
def test_clearing_all_customers_costs_a_write_unit_a_row_and_index(world: World, clock: time_machine.Traveller) -> None:
    for place in range(20):
        person = guest(world, f"guest{place}@example.com", fields={"letter": "x" * 600})
        world.collect("consents", consent="news", status="granted", text="Ja.", customer_id=person).ok()
        plant("transactions", person)
        plant("coupons", person)
    before = of_person()
    job = delete_all(world, "customers")
    with metered(wire.client()) as units:
        pump()
    first = units.read
    with metered(wire.client()) as second:
        assert finished(job, clock).state == "done"
    control = settings().tables["Control"]
    written = sum(of.write - of.by_table[control].write for of in (units, second))
    assert written <= 1.05 * floor(before, of_person())
    assert written > 200
    assert first - units.by_table[control].read <= 20 * (4 + 1) + 40  # a customer and a coupon each; the feeds
    assert units.by_table[control].write + second.by_table[control].write <= 120  # 44 partitions, looked at twice


@pytest.mark.parametrize("rows", [40])
def test_rows_of_one_kind_cost_what_a_purge_costs(world: World, clock: time_machine.Traveller, rows: int) -> None:
    person = guest(world)
    for _ in range(rows):
        plant("transactions", person)
    before = of_person()
    found = erasure.find(STORE, person)
    with metered(wire.client()) as units:
        erasure.remove(STORE, found)
    assert units.write == floor(before, of_person())
    assert units.read == 0
