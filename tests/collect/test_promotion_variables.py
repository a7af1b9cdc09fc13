"""The system variables that promotions change: every chat of the tenant finds them, a moment after the prize."""

from typing import Any

from time_machine import Traveller

from chalicelib.jobs import changes
from tests import faults
from tests.collect.offers import code, fill, guest
from tests.erasure import everything
from tests.webhooks import calling
from tests.world import World

NAMES = ("coupon_code", "code", "code_value", "loyalty_balance")


def kept(world: World, **query: Any) -> list[tuple[str, Any, str]]:
    """Oldest first."""
    rows = [row for row in world.rows("variables", **query) if row["name"] in NAMES]
    assert all(row["system"] for row in rows)
    return [(row["name"], row["value"], row["scope"]) for row in reversed(rows)]


def book(world: World, who: str, amount: int) -> None:
    world.collect("points", f"{who}{amount}", customer_id=who, amount=amount, reason="visit").ok()


def test_a_coupon_and_a_code_are_kept_with_their_experience_the_balance_everywhere(
    clock: Traveller, world: World
) -> None:
    anna, [coupon] = guest(world), fill(1)
    world.collect("coupon-claims", customer_id=anna).ok()
    clock.shift(1)
    world.collect("code-redemptions", customer_id=anna, code=code("LUCKY", points=50)).ok()
    assert calling.stream() == []
    [first, *others] = kept(world)
    assert first == ("coupon_code", coupon, "experience")
    assert sorted(others) == [
        ("code", "LUCKY", "experience"),
        ("code_value", 50, "experience"),
        ("loyalty_balance", 50, "tenant"),
    ]


def test_the_last_booking_is_the_balance(clock: Traveller, world: World) -> None:
    anna = guest(world)
    for amount in (30, -10, 5):
        book(world, anna, amount)
        clock.shift(0.001)
    assert calling.stream() == []
    assert [value for _, value, _ in kept(world)] == [30, 20, 25]


def test_changes_that_come_again_or_meet_trouble_are_kept_once(clock: Traveller, world: World) -> None:
    anna = guest(world)
    book(world, anna, 30)
    [records] = [one["Records"] for one in calling.changes(handed=True) if "transactions#" in str(one)]

    def work(_: None) -> None:
        changes.on_changes({"Records": records})

    def check(_: None) -> None:
        assert kept(world) == [("loyalty_balance", 30, "tenant")]

    assert "lost PutItem" in faults.everywhere(lambda: None, work, check)


def test_whoever_is_being_erased_gets_nothing_new(clock: Traveller, world: World) -> None:
    anna = guest(world)
    book(world, anna, 30)
    world.request("DELETE", f"/v1/records/customers/{anna}").ok()
    assert calling.stream() == []
    assert not [place for place in everything.of_tenant("acme") if "#loyalty_balance#" in place[2]]
