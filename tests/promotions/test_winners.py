"""Drawn participations: winner, mark on the entry and the customer's note of it come together."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.promotions import winners
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.winners import Place
from chalicelib.store import customers
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row
from tests import faults
from tests.promotions.conftest import Shop

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def draw(shop: Shop, entry: Row, slot: int = 0) -> Outcome:
    return winners.record(shop.store, entry, Place("draw-1", slot, "E-Bike", 1_900_000_000_000), shop.cleared)


def test_a_winner_has_the_entrys_data_and_the_customer_knows_of_it(shop: Shop) -> None:
    anna = shop.customer()
    entry = shop.entry(anna)
    outcome = draw(shop, entry)
    assert outcome.name == "drawn"
    [row] = shop.rows("winners", anna)
    assert row == outcome.row
    assert row["data"] == {
        "giveaway": "bike",
        "draw_id": "draw-1",
        "slot": 0,
        "prize": "E-Bike",
        "state": "drawn",
        "ticket": entry["data"]["ticket"],
        "participated_at": entry["created_at"],
        "respond_by": 1_900_000_000_000,
        "fields": {"city": "Köln"},
    }
    assert shop.now("Activity", entry["pk"], entry["sk"])["data"]["drawn"] is True
    [win] = shop.person(anna)["wins"].values()
    assert (win["prize"], win["respond_by"], win["expires_at"]) == ("E-Bike", 1_900_000_000_000, row["expires_at"])


def test_an_entry_is_drawn_once(shop: Shop) -> None:
    anna = shop.customer()
    entry = shop.entry(anna)
    first, again, other = draw(shop, entry), draw(shop, entry), draw(shop, entry, slot=1)
    assert [first.name, again.name, other.name] == ["drawn", "drawn", "not_drawn"]
    assert (first.repeated, again.repeated, again.row) == (False, True, first.row)
    assert len(shop.rows("winners", anna)) == len(shop.person(anna)["wins"]) == 1


def test_trouble_at_any_call_neither_loses_nor_doubles_a_winner(shop: Shop) -> None:
    slots = iter(range(1000))

    def check(world: tuple[str, Row, int]) -> None:
        assert len(shop.rows("winners", world[0])) == len(shop.person(world[0])["wins"]) == 1

    def prepare() -> tuple[str, Row, int]:
        anna = shop.customer()
        return anna, shop.entry(anna), next(slots)

    struck = faults.everywhere(prepare, lambda world: draw(shop, *world[1:]), check)
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)


def test_an_entry_is_drawn_until_the_last_second_of_its_60_days(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer()
    first, second = shop.entry(anna), shop.entry(anna)
    clock.move_to(START + timedelta(days=60, seconds=-1))
    assert draw(shop, first, 0).name == "drawn"
    clock.move_to(START + timedelta(days=60))
    assert draw(shop, second, 1).name == "not_drawn"
    clock.move_to(START + timedelta(days=120, seconds=-2))
    assert len(shop.rows("winners", anna)) == 1
    clock.move_to(START + timedelta(days=120, seconds=-1))
    assert shop.rows("winners", anna) == []


@pytest.mark.parametrize("experience", [None, "summer"])
def test_a_cleared_entry_is_not_drawn(shop: Shop, clock: time_machine.Traveller, experience: str | None) -> None:
    entry = shop.entry(shop.customer())
    shop.clear("participations", experience)
    clock.shift(1)
    assert draw(shop, entry).name == "not_drawn"


def test_nobody_who_is_gone_wins(shop: Shop, clock: time_machine.Traveller) -> None:
    entry = shop.entry(shop.customer())
    shop.clear("customers")
    clock.shift(1)
    with pytest.raises(customers.Gone):
        draw(shop, entry)


def test_a_customer_erased_between_reading_and_writing_does_not_come_back_as_a_winner(shop: Shop) -> None:
    anna = shop.customer()
    entry = shop.entry(anna)
    item = customers.reference(shop.store, anna)
    with faults.before("TransactWriteItems", lambda: shop.store.delete(item)), pytest.raises(customers.Gone):
        draw(shop, entry)
    assert shop.store.get("Customers", item.pk, item.sk) is None
    assert shop.rows("winners", anna) == []


def test_an_entry_deleted_and_entered_anew_is_another_one(shop: Shop) -> None:
    anna = shop.customer()
    entry = shop.entry(anna)
    shop.store.update(Activity(entry["pk"], entry["sk"]), [Activity.at.set("0" * 32)])
    assert draw(shop, entry).name == "not_drawn"


def test_wins_long_past_leave_the_customer(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer()
    draw(shop, shop.entry(anna), 0)
    clock.shift(timedelta(days=61))
    draw(shop, shop.entry(anna), 1)
    assert len(shop.person(anna)["wins"]) == 1
