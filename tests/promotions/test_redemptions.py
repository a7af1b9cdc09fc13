"""Rewards: paid with points that are there, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.promotions import redemptions
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.redemptions import Redemption
from chalicelib.store import customers
from tests import faults
from tests.promotions.conftest import Shop

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def redeem(shop: Shop, customer_id: str, unique: str | None = None, cost: int = 30) -> Outcome:
    wanted = Redemption("summer", "mug", "Becher", cost, {"city": "Köln"}, unique)
    return redemptions.redeem(shop.store, customer_id, wanted, shop.cleared)


def test_a_reward_costs_its_points(shop: Shop) -> None:
    anna = shop.customer(points=40)
    outcome = redeem(shop, anna)
    assert (outcome.name, outcome.balance, shop.person(anna)["points"]) == ("redeemed", 10, 10)
    [row] = shop.rows("redemptions", anna)
    assert row == outcome.row
    assert row["data"] == {"reward": "mug", "reward_title": "Becher", "cost": 30} | {
        "fields": {"city": "Köln"},
        "balance_after": 10,
    }
    assert sorted(row["data"]["amount"] for row in shop.transactions(anna)) == [-30, 40]


def test_without_enough_points_there_is_no_reward(shop: Shop) -> None:
    anna = shop.customer(points=29)
    assert redeem(shop, anna).name == "insufficient"
    assert shop.rows("redemptions", anna) == []


def test_a_free_reward_books_no_points(shop: Shop) -> None:
    anna = shop.customer()
    assert redeem(shop, anna, cost=0).name == "redeemed"
    assert (shop.transactions(anna), len(shop.rows("redemptions", anna))) == ([], 1)


@pytest.mark.parametrize("cost", [30, 0])
def test_trouble_at_any_call_neither_loses_nor_doubles_a_reward(shop: Shop, cost: int) -> None:
    def check(anna: str) -> None:
        assert shop.person(anna)["points"] == 40 - cost
        assert len(shop.rows("redemptions", anna)) == 1

    struck = faults.everywhere(lambda: shop.customer(points=40), lambda anna: redeem(shop, anna, "id", cost), check)
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)


def test_the_same_id_answers_with_the_first_redemption_even_when_the_points_are_spent(shop: Shop) -> None:
    anna = shop.customer(points=30)
    first, again = redeem(shop, anna, "id"), redeem(shop, anna, "id")
    assert (again.name, again.repeated, again.row) == ("redeemed", True, first.row)


def test_a_redemption_is_there_until_the_last_second_of_60_days(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer(points=60)
    redeem(shop, anna, "id")
    clock.move_to(START + timedelta(days=60, seconds=-1))
    assert redeem(shop, anna, "id").repeated
    clock.move_to(START + timedelta(days=60))
    assert shop.rows("redemptions", anna) == []
    assert not redeem(shop, anna, "id").repeated
    assert shop.person(anna)["points"] == 0


def test_nobody_who_is_gone_gets_a_reward(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer(points=30)
    clock.move_to(datetime(2026, 3, 10, tzinfo=UTC) + timedelta(days=181))
    with pytest.raises(customers.Gone):
        redeem(shop, anna)


@pytest.mark.parametrize("experience", [None, "summer"])
def test_clearing_redemptions_gives_no_points_back(
    shop: Shop, clock: time_machine.Traveller, experience: str | None
) -> None:
    anna = shop.customer(points=30)
    redeem(shop, anna)
    shop.clear("redemptions", experience)
    clock.shift(1)
    assert shop.rows("redemptions", anna) == []
    assert redeem(shop, anna).name == "insufficient"
