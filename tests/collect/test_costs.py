"""What collecting costs, in units by the published rules: a regression of cost fails like any other."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.settings import settings
from chalicelib.store import wire
from chalicelib.store.metering import Units, metered
from tests.world import World

ANNA = "anna.schmidt@example.com"
THREE = "anna.schmidt@mail.example.com"  # found by three parts: schmidt@…, mail.example.com, example.com
POSTAL = {
    "firstname": "Anna",
    "lastname": "Schmidt",
    "street": "Hauptstr. 1",
    "postal_code": "01067",
    "city": "Dresden",
}


def cost(world: World, type: str, key: str | None = None, **event: Any) -> Units:
    with metered(wire.client()) as units:
        world.collect(type, key, **event).ok()
    return units


def of_table(units: Units, name: str) -> float:
    return units.by_table[settings().tables[name]].write


def test_a_known_customer_on_the_same_day_costs_three_reads_and_no_write(clock: Traveller, world: World) -> None:
    id = world.collect("sign-ins", email=ANNA, fields=POSTAL).ok()["id"]
    units = cost(world, "sign-ins", email=ANNA, fields=POSTAL)
    assert (units.read, units.write) == (3, 0)  # horizons 1, experience ½, address ½, customer 1
    units = cost(world, "state", customer_id=id)
    assert units.read <= 5 and units.write == 0


def test_the_first_activity_of_a_day_costs_three_writes_and_a_renewal_only_weekly(
    clock: Traveller, world: World
) -> None:
    world.collect("sign-ins", email=THREE, fields=POSTAL).ok()
    for _ in range(6):
        clock.shift(timedelta(days=1))
        units = cost(world, "sign-ins", email=THREE)
        assert (units.read, units.write) == (3, 3)
    clock.shift(timedelta(days=1))
    units = cost(world, "sign-ins", email=THREE)
    assert (units.read, units.write) == (4, 3 + 4)  # four search entries


@pytest.mark.parametrize(("key", "memory"), [(None, 0), ("k", 2)])
def test_a_new_customer_costs_two_reads_and_13_writes_in_its_table(
    clock: Traveller, world: World, key: str | None, memory: float
) -> None:
    units = cost(world, "sign-ins", key, email=THREE, fields={"street": "x" * 500})
    assert units.read == 2  # horizons 1, experience ½, address ½
    assert of_table(units, "Customers") == 13
    assert of_table(units, "Activity") == 5  # the system variable email: 2, and three indexes
    assert of_table(units, "Control") == memory
    small = cost(world, "sign-ins", email="anna.schmidt@post.example.com", fields={"firstname": "Anna"})
    assert of_table(small, "Customers") == 11


@pytest.mark.parametrize("giveaway", ["bike", "daily", "weekly", "often"])
@pytest.mark.parametrize("key", [None, "k"])
def test_an_entry_costs_three_reads_and_four_writes(
    clock: Traveller, world: World, giveaway: str, key: str | None
) -> None:
    id = world.collect("sign-ins", email=ANNA).ok()["id"]
    units = cost(world, "participations", key, customer_id=id, giveaway=giveaway, fields=POSTAL)
    assert units.read <= 3
    assert units.write == 4
    by_email = cost(world, "participations", "another", email=ANNA, giveaway="person", fields=POSTAL)
    assert by_email.read <= 4
    assert by_email.write == 2 * 2 + 3  # the entry and the person's guard, and three indexes


def test_the_other_types_cost_what_is_documented(clock: Traveller, world: World) -> None:
    id = world.collect("sign-ins", email=ANNA).ok()["id"]
    told = {"customer_id": id, "consent": "news", "status": "granted", "text": "Yes"}
    assert cost(world, "consents", "k1", **told).write <= 16
    assert (cost(world, "consents", **told).write, cost(world, "consents", "k2", **told).write) == (0, 1)
    one = {"customer_id": id, "variables": [{"name": "a", "value": 1, "persist": True}]}
    assert cost(world, "variables", **one).write == 4
    assert cost(world, "variables", **one).write == 0
    assert cost(world, "log-entries", level="info", message="x").write <= 3
