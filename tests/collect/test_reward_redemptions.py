"""Rewards through the API: paid, in stock, and as often as one customer may."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as now
from chalicelib.kinds import KINDS
from chalicelib.store import horizons
from tests import faults
from tests.collect import stored
from tests.collect.offers import MUG, STORE, guest, numbers, offer, pay, stock
from tests.collect.threads import at_once, collect
from tests.pumping import finished
from tests.world import Reply, World

ANNA = "anna@example.com"


def send(world: World, who: str, key: str | None = None, reward: str = "mug", **told: Any) -> Reply:
    return world.collect("reward-redemptions", key or f"key-{next(numbers)}", customer_id=who, reward=reward, **told)


def redeem(world: World, who: str, reward: str = "mug") -> tuple[str, int]:
    answer = send(world, who, reward=reward).ok()
    return answer["outcome"], answer["balance"]


@pytest.fixture
def anna(clock: Traveller, world: World) -> str:
    offer(world)
    anna = guest(world, ANNA)
    pay(world, anna, 100)
    return anna


def test_a_reward_costs_points_and_a_piece_of_the_stock(clock: Traveller, world: World, anna: str) -> None:
    clock.shift(1)
    answer = send(world, anna, fields={"city": "Köln"}).ok()
    assert (answer["outcome"], answer["cost"], answer["balance"]) == ("redeemed", 30, 70)
    row = world.get(f"/v1/records/redemptions/{answer['id']}").ok()
    assert (row["email"], row["reward_title"], row["fields"]) == (ANNA, "Becher", {"city": "Köln"})
    assert "balance_after" not in row
    assert [row["source"] for row in world.rows("transactions")] == ["reward", "collect"]
    assert stock(world)["rewards"] == {"mug": 1}
    assert world.rows("redemptions", experience="summer", reward="mug") == [row]
    assert world.rows("redemptions", experience="summer", reward="pen") == []


def test_each_no_is_an_answer(clock: Traveller, world: World, anna: str) -> None:
    ben, cem, dora = (guest(world) for _ in range(3))
    assert redeem(world, ben) == ("insufficient", 0)
    assert redeem(world, anna) == ("redeemed", 70)
    assert redeem(world, anna) == ("limit_reached", 70)
    for who in (cem, dora):
        pay(world, who, 50)
    assert [redeem(world, cem), redeem(world, dora)] == [("redeemed", 20), ("out_of_stock", 50)]
    assert len(world.rows("redemptions")) == 2
    offer(world, rewards=[MUG | {"stock": 3}])
    assert redeem(world, dora) == ("redeemed", 20)
    offer(world, rewards=[MUG | {"stock": 0, "per_customer": 9}])
    assert redeem(world, anna) == ("out_of_stock", 70)


def test_rewards_without_cost_stock_or_limit(clock: Traveller, world: World, anna: str) -> None:
    assert [redeem(world, anna, "thanks") for _ in range(2)] == [("redeemed", 100)] * 2
    assert [redeem(world, anna, "pen") for _ in range(3)] == [("redeemed", 99), ("redeemed", 98), ("redeemed", 97)]
    assert len(world.rows("transactions")) == 4
    send(world, anna, reward="nope").problem(404, "reward_unknown")
    world.collect("reward-redemptions", customer_id=anna, reward="pen").problem(400, "idempotency_key_missing")


def test_a_lost_answer_is_answered_again_though_all_is_spent(clock: Traveller, world: World, anna: str) -> None:
    first = send(world, anna, "k")
    pay(world, anna, -70)
    again = send(world, anna, "k")
    assert (again.ok(), again.headers["Idempotent-Replayed"]) == (first.ok(), "true")
    send(world, anna, "k", fields={"a": 1}).problem(422, "idempotency_key_reused")
    world.request("DELETE", f"/v1/records/redemptions/{first.ok()['id']}").ok()
    deleted = send(world, anna, "k").ok()
    assert (deleted["outcome"], deleted["balance"]) == ("redeemed", 70)
    assert world.rows("redemptions") == []


def test_the_limit_starts_anew_after_60_days_or_a_clearing_but_not_after_deleting_one(
    clock: Traveller, world: World, anna: str
) -> None:
    offer(world, rewards=[MUG | {"cost": 1, "stock": None}])
    send(world, anna).ok()
    [row] = world.rows("redemptions")
    world.request("DELETE", f"/v1/records/redemptions/{row['id']}").ok()
    assert redeem(world, anna)[0] == "limit_reached"
    clock.shift(timedelta(days=60, seconds=-1))
    assert redeem(world, anna)[0] == "limit_reached"
    clock.shift(1)
    assert redeem(world, anna)[0] == "redeemed"
    clock.shift(1)
    horizons.clear(STORE, KINDS["redemptions"], "summer", now.now_ms())
    clock.shift(1)
    assert redeem(world, anna)[0] == "redeemed"


def test_the_last_piece_goes_to_one_of_many(clock: Traveller, world: World, anna: str) -> None:
    offer(world, rewards=[MUG | {"stock": 1}])
    people = [guest(world) for _ in range(8)]
    for who in people:
        pay(world, who, 30)

    def want(i: int) -> str:
        while (answer := collect("reward-redemptions", f"k{i}", customer_id=people[i], reward="mug")).get("problem"):
            assert answer["problem"] == "in_progress"
        return str(answer["outcome"])

    assert sorted(at_once(8, want)) == ["out_of_stock"] * 7 + ["redeemed"]
    assert sorted(row["points"] for row in world.rows("customers")) == [0] + [30] * 7 + [100]


def test_one_who_redeems_everywhere_at_once_stays_within_the_limit(clock: Traveller, world: World, anna: str) -> None:
    offer(world, rewards=[MUG | {"stock": 50, "cost": 1, "per_customer": 2}])

    def want(i: int) -> str:
        while (answer := collect("reward-redemptions", f"k{i}", customer_id=anna, reward="mug")).get("problem"):
            assert answer["problem"] == "in_progress"
        return str(answer["outcome"])

    assert sorted(at_once(6, want)) == ["limit_reached"] * 4 + ["redeemed"] * 2
    assert stock(world)["rewards"] == {"mug": 48}


def test_after_an_erasure_a_repeated_redemption_gives_the_returning_guest_nothing(
    clock: Traveller, world: World, anna: str
) -> None:
    told = {"email": ANNA, "reward": "thanks"}
    world.collect("reward-redemptions", "k", **told).ok()
    finished(world.request("DELETE", f"/v1/records/customers/{anna}").ok()["job"], clock)
    guest(world, ANNA)
    world.collect("reward-redemptions", "k", **told).problem(410, "erased")


@pytest.mark.slow
@pytest.mark.parametrize("reward", ["mug", "thanks"])
def test_trouble_at_any_call_redeems_once(clock: Traveller, world: World, anna: str, reward: str) -> None:
    offer(world, rewards=[MUG | {"stock": 1000}, {"id": "thanks", "title": "Danke", "cost": 0, "stock": 1000}])
    before = [0]

    def prepare() -> str:
        stored.forget()
        before[0] = stock(world)["rewards"][reward]
        who = guest(world)
        pay(world, who, 30)
        return who

    def work(who: str) -> None:
        assert send(world, who, "k", reward).status in (200, 409, 429, 503)

    def check(who: str) -> None:
        cost = 30 if reward == "mug" else 0
        answer = send(world, who, "k", reward).ok()
        assert (answer["outcome"], answer["balance"]) == ("redeemed", 30 - cost)
        assert [row["points"] for row in world.rows("customers")] == [30 - cost]
        assert len(world.rows("redemptions")) == before[0] - stock(world)["rewards"][reward] == 1

    struck = faults.everywhere(prepare, work, check)
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)
