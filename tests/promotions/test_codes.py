"""Codes: redeemed once, by one customer, together with the points they are worth."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.promotions import codes
from chalicelib.promotions.outcome import Outcome
from chalicelib.store import customers
from chalicelib.store.tables import Code
from chalicelib.store.tenancy import Row
from tests import faults
from tests.promotions.conftest import Shop, untraced

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def redeem(shop: Shop, code: Row, customer_id: str) -> Outcome:
    return codes.redeem(shop.store, code, customer_id, shop.cleared)


def test_a_code_is_redeemed_with_its_points(shop: Shop) -> None:
    anna, code = shop.customer(points=5), shop.code(worth=10)
    outcome = redeem(shop, code, anna)
    assert (outcome.name, outcome.balance, shop.person(anna)["points"]) == ("redeemed", 15, 15)
    assert outcome.row == untraced(shop.now("Codes", code["pk"], code["sk"]))
    assert [row["data"]["source"] for row in shop.transactions(anna)] == ["code", "collect"]
    assert [row["data"]["code"] for row in shop.rows("codes", anna)] == [code["data"]["code"]]


def test_a_code_without_points_books_none(shop: Shop) -> None:
    anna = shop.customer()
    assert redeem(shop, shop.code(worth=0), anna).name == "redeemed"
    assert shop.transactions(anna) == []


def test_a_redeemed_code_is_the_customers_own_and_taken_for_others(shop: Shop) -> None:
    anna, ben, code = shop.customer(), shop.customer(), shop.code()
    redeem(shop, code, anna)
    assert redeem(shop, code, anna).name == "already_yours"
    taken = redeem(shop, code, ben)
    assert (taken.name, taken.row) == ("taken", None)
    now = shop.now("Codes", code["pk"], code["sk"])
    assert [redeem(shop, now, who).name for who in (anna, ben)] == ["already_yours", "taken"]
    assert (shop.person(anna)["points"], shop.person(ben)["points"]) == (10, 0)


def test_of_many_who_type_one_code_one_redeems_it(shop: Shop) -> None:
    code, people = shop.code(), [shop.customer() for _ in range(6)]
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda id: redeem(shop, code, id).name, people))
    assert sorted(outcomes) == ["redeemed"] + ["taken"] * 5
    assert sum(shop.person(id)["points"] for id in people) == 10


def test_trouble_at_any_call_neither_loses_nor_doubles_points(shop: Shop) -> None:
    struck = faults.everywhere(
        lambda: (shop.customer(), shop.code()),
        lambda world: redeem(shop, world[1], world[0]),
        lambda world: _assert_redeemed_once(shop, *world),
    )
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)


def _assert_redeemed_once(shop: Shop, anna: str, code: Row) -> None:
    assert shop.person(anna)["points"] == 10
    assert len(shop.transactions(anna)) == 1
    assert shop.now("Codes", code["pk"], code["sk"])["customer_id"] == anna


def test_a_write_sent_twice_by_the_client_is_redeemed_and_not_already_yours(shop: Shop) -> None:
    anna, code = shop.customer(), shop.code()
    with faults.repeated("TransactWriteItems"):
        assert redeem(shop, code, anna).name == "redeemed"
    assert shop.person(anna)["points"] == 10


def test_a_code_is_redeemed_until_the_last_second_of_720_days(shop: Shop, clock: time_machine.Traveller) -> None:
    first, second = shop.code(), shop.code()
    clock.move_to(START + timedelta(days=720, seconds=-1))
    anna = shop.customer()
    assert redeem(shop, first, anna).name == "redeemed"
    clock.move_to(START + timedelta(days=720))
    assert redeem(shop, second, anna).name == "unknown"


def test_a_code_that_expires_between_reading_and_writing_is_unknown(shop: Shop, clock: time_machine.Traveller) -> None:
    code = shop.code()
    clock.move_to(START + timedelta(days=720, seconds=-1))
    anna = shop.customer()
    with faults.before("GetItem", lambda: clock.shift(1)):
        assert redeem(shop, code, anna).name == "unknown"
    assert shop.person(anna)["points"] == 0


@pytest.mark.parametrize("experience", [None, "summer"])
def test_a_cleared_code_is_unknown_and_can_be_brought_in_again(
    shop: Shop, clock: time_machine.Traveller, experience: str | None
) -> None:
    anna, code = shop.customer(), shop.code(key="one")
    redeem(shop, code, anna)
    shop.clear("codes", experience)
    clock.shift(1)
    assert codes.read(shop.store, "summer", "one", shop.cleared) is None
    assert redeem(shop, code, anna).name == "unknown"
    assert redeem(shop, shop.code(key="one"), anna).balance == 20


def test_a_code_deleted_meanwhile_is_unknown(shop: Shop) -> None:
    anna, code = shop.customer(), shop.code()
    with faults.before("TransactWriteItems", lambda: shop.store.delete(Code(code["pk"], code["sk"]))):
        assert redeem(shop, code, anna).name == "unknown"
    assert shop.person(anna)["points"] == 0


def test_nobody_who_is_gone_redeems_a_code(shop: Shop, clock: time_machine.Traveller) -> None:
    anna, code = shop.customer(), shop.code()
    clock.move_to(datetime(2026, 3, 10, tzinfo=UTC) + timedelta(days=181))
    with pytest.raises(customers.Gone):
        redeem(shop, code, anna)
    assert shop.now("Codes", code["pk"], code["sk"])["data"]["state"] == "free"


def test_spellings_of_a_code_are_one() -> None:
    assert {codes.normalised(text) for text in ("AB-12 ß", "ab12SS", "ＡＢ１２ß")} == {"ab12ss"}
    assert codes.normalised("Ab-1", fold_case=False, ignore="") == "Ab-1"
