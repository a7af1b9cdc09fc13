"""What collecting costs, in units by the published rules: a regression of cost fails like any other."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.promotions import claims, tickets
from chalicelib.settings import settings
from chalicelib.store import alive, wire
from chalicelib.store.metering import Units, metered
from chalicelib.store.tables import Control
from tests.collect.offers import STORE, code, fill, guest, offer
from tests.world import World

LOGGED = 4  # what a "no" adds: its entry in the log, and three indexes: experience, trace, customer
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


@pytest.fixture
def shopper(clock: Traveller, world: World) -> str:
    """Of yesterday: with the first activity of this day counted, and no memory of an erasure to be looked for."""
    offer(world)
    id = str(world.collect("sign-ins", email=ANNA, fields=POSTAL).ok()["customer_id"])
    clock.shift(timedelta(days=1))
    world.collect("points", "pay", customer_id=id, amount=100, reason="visit").ok()
    return id


@pytest.mark.parametrize("key", [None, "k"])
def test_a_claim_costs_four_reads_and_seven_writes(
    clock: Traveller, world: World, shopper: str, key: str | None
) -> None:
    fill(3)
    units = cost(world, "coupon-claims", key, customer_id=shopper)
    assert (units.read, units.write) == (3, 7)  # horizons 1, experience, customer, claim and pool ½ each
    units = cost(world, "coupon-claims", customer_id=shopper)
    assert (units.read, units.write) == (3.5, 0)
    for _ in range(3):  # the last of them looks after all tickets and finds none
        cost(world, "coupon-claims", customer_id=guest(world))
    units = cost(world, "coupon-claims", customer_id=guest(world))
    assert (units.read, units.write) == (4.5, 1 + LOGGED)


def test_a_claim_by_e_mail_costs_one_read_more_at_most(clock: Traveller, world: World, shopper: str) -> None:
    fill(3)
    units = cost(world, "coupon-claims", "k", email=ANNA)
    assert (units.read, units.write) == (3.5, 7)


def test_a_code_costs_four_reads_and_eleven_writes(clock: Traveller, world: World, shopper: str) -> None:
    units = cost(world, "code-redemptions", "k", customer_id=shopper, code=code("LUCKY"))
    assert (units.read, units.write) == (4, 11)  # horizons 1, code 1, wrong guesses 1, experience and customer ½
    units = cost(world, "code-redemptions", customer_id=shopper, code="nonsense")
    assert (units.read, units.write) == (4, 1 + LOGGED)


@pytest.mark.parametrize("amount", [50, -50])
def test_earning_and_spending_cost_two_reads_and_six_writes(
    clock: Traveller, world: World, shopper: str, amount: int
) -> None:
    units = cost(world, "points", "k", customer_id=shopper, amount=amount, reason="a reason of some length")
    assert (units.read, units.write) == (2, 6)  # horizons 1, experience and customer ½


def test_a_reward_costs_four_reads_and_twelve_writes(clock: Traveller, world: World, shopper: str) -> None:
    units = cost(world, "reward-redemptions", "k", customer_id=shopper, reward="mug", fields=POSTAL)
    assert (units.read, units.write) == (2, 12)
    units = cost(world, "reward-redemptions", "k2", customer_id=shopper, reward="pen", fields=POSTAL)
    assert (units.read, units.write) == (2, 10)


def test_an_instant_win_costs_ten_writes_and_no_win_three(clock: Traveller, world: World, shopper: str) -> None:
    cost(world, "instant-wins", "first", customer_id=guest(world))
    units = cost(world, "instant-wins", "k", customer_id=shopper, fields=POSTAL)
    assert units.write == 10
    assert units.read <= 6  # midnight's repetition, what is given, own wins, and whether the customer still lives
    units = cost(world, "instant-wins", "k", customer_id=guest(world))
    assert units.write == 3


@pytest.mark.slow
def test_looking_after_a_block_costs_a_claim_half_a_read(clock: Traveller, world: World, shopper: str) -> None:
    names = fill(1000)
    tickets.add_batch(STORE, "summer", "more", 2000, 1)
    update = tickets.reference(STORE, "summer")
    STORE.update(update, [Control.data["taken"].set(1999)])
    with metered(wire.client()) as units:
        pool = tickets.Pool(2000, 3000, 0, False, tickets.read(STORE, "summer").batches, 1)
        claims.look_after(STORE, "summer", pool, alive.horizons(STORE))
    assert units.read / len(names) <= 0.6
