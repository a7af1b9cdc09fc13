"""Coupons: nobody gets two, none goes to two, and what is dead is given to nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib import clock as now
from chalicelib.promotions import coupons
from chalicelib.promotions.coupons import Wish
from chalicelib.promotions.outcome import Outcome
from chalicelib.store.tables import Code
from chalicelib.store.tenancy import Row
from tests import faults
from tests.promotions.conftest import Shop, untraced

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def issue(shop: Shop, coupon: Row, customer_id: str) -> Outcome:
    return coupons.issue(shop.store, coupon, Wish("summer", customer_id), shop.cleared)


def code_of(outcome: Outcome) -> str:
    assert outcome.row
    return str(outcome.row["data"]["code"])


def test_a_coupon_is_issued_with_its_time_and_without_an_address(shop: Shop) -> None:
    anna, coupon = shop.customer(), shop.coupon()
    outcome = issue(shop, coupon, anna)
    assert outcome.name == "issued"
    assert outcome.row == untraced(shop.now("Codes", coupon["pk"], coupon["sk"]))
    assert (outcome.row["data"]["state"], outcome.row["customer_id"]) == ("issued", anna)
    assert "@" not in str(outcome.row)
    assert [row["data"]["code"] for row in shop.rows("coupons", anna)] == [coupon["data"]["code"]]


def test_who_has_a_coupon_gets_the_same_one_again(shop: Shop) -> None:
    anna, first, second = shop.customer(), shop.coupon(), shop.coupon()
    issue(shop, first, anna)
    again = issue(shop, second, anna)
    assert (again.name, code_of(again)) == ("already_issued", first["data"]["code"])
    assert shop.now("Codes", second["pk"], second["sk"])["data"]["state"] == "free"


def test_an_issued_coupon_goes_to_nobody_else(shop: Shop) -> None:
    anna, ben, coupon = shop.customer(), shop.customer(), shop.coupon()
    issue(shop, coupon, anna)
    with pytest.raises(coupons.NotFree):
        issue(shop, coupon, ben)
    assert coupons.held(shop.store, Wish("summer", ben), shop.cleared) is None


def test_of_many_who_want_one_coupon_one_gets_it(shop: Shop) -> None:
    coupon, people = shop.coupon(), [shop.customer() for _ in range(6)]

    def wants(customer_id: str) -> str | None:
        try:
            return issue(shop, coupon, customer_id).name
        except coupons.NotFree:
            return None

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(wants, people))
    assert outcomes.count("issued") == 1
    assert outcomes.count(None) == 5


def test_trouble_at_any_call_neither_loses_nor_doubles_a_coupon(shop: Shop) -> None:
    struck = faults.everywhere(
        lambda: (shop.customer(), [shop.coupon(), shop.coupon()]),
        lambda world: _claims(shop, *world),
        lambda world: _assert_one_is_issued(shop, *world),
    )
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)


def _claims(shop: Shop, anna: str, free: list[Row]) -> None:
    for coupon in free:
        try:
            issue(shop, coupon, anna)
        except coupons.NotFree:
            continue
        return


def _assert_one_is_issued(shop: Shop, anna: str, free: list[Row]) -> None:
    [held] = shop.rows("coupons", anna)
    states = [shop.now("Codes", coupon["pk"], coupon["sk"])["data"]["state"] for coupon in free]
    assert sorted(states) == ["free", "issued"]
    assert held["customer_id"] == anna


def test_a_write_sent_twice_by_the_client_is_issued_and_not_already_issued(shop: Shop) -> None:
    anna, coupon = shop.customer(), shop.coupon()
    with faults.repeated("TransactWriteItems"):
        assert issue(shop, coupon, anna).name == "issued"


def test_a_coupon_can_be_issued_until_the_last_second_of_720_days(shop: Shop, clock: time_machine.Traveller) -> None:
    first, second = shop.coupon(), shop.coupon()
    clock.move_to(START + timedelta(days=720, seconds=-1))
    assert issue(shop, first, shop.customer()).name == "issued"
    clock.move_to(START + timedelta(days=720))
    with pytest.raises(coupons.NotFree):
        issue(shop, second, shop.customer())


@pytest.mark.parametrize("experience", [None, "summer"])
def test_a_cleared_coupon_is_issued_to_nobody(
    shop: Shop, clock: time_machine.Traveller, experience: str | None
) -> None:
    coupon = shop.coupon()
    shop.clear("coupons", experience)
    clock.shift(1)
    with pytest.raises(coupons.NotFree):
        issue(shop, coupon, shop.customer())


def test_clearing_another_experience_or_the_customers_leaves_coupons_free(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    coupon = shop.coupon()
    shop.clear("coupons", "winter")
    shop.clear("customers")
    clock.shift(1)
    assert issue(shop, coupon, shop.customer()).name == "issued"


def test_after_a_clearing_or_the_end_of_a_coupon_its_customer_can_have_another(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    anna = shop.customer()
    issue(shop, shop.coupon(), anna)
    shop.clear("coupons")
    clock.shift(1)
    second = issue(shop, shop.coupon(created_at=now.now_ms()), anna)
    assert second.name == "issued"
    clock.shift(timedelta(days=720))
    third = issue(shop, shop.coupon(), anna)
    assert third.name == "issued"
    assert [row["data"]["code"] for row in shop.rows("coupons", anna)] == [code_of(third)]


def test_after_a_coupon_was_deleted_its_customer_can_have_another(shop: Shop) -> None:
    anna, first = shop.customer(), shop.coupon("ONE")
    issue(shop, first, anna)
    shop.store.delete(Code(first["pk"], first["sk"]))
    assert code_of(issue(shop, shop.coupon("TWO"), anna)) == "TWO"


def test_a_deleted_coupon_that_is_brought_in_again_is_nobodys(shop: Shop) -> None:
    anna, first = shop.customer(), shop.coupon("ONE")
    issue(shop, first, anna)
    shop.store.delete(Code(first["pk"], first["sk"]))
    again = shop.coupon("ONE")
    assert shop.rows("coupons", anna) == []
    assert issue(shop, again, shop.customer()).name == "issued"


def test_a_code_is_brought_in_once_while_it_is_alive(shop: Shop, clock: time_machine.Traveller) -> None:
    def add(import_id: str) -> Outcome:
        return coupons.add(shop.store, "summer", "ONE", import_id, 0, now.now_ms(), shop.cleared)

    assert [add("a").name, add("b").name] == ["added", "already_there"]
    assert add("a").repeated
    clock.shift(timedelta(days=720, seconds=-1))
    assert add("b").name == "already_there"
    clock.shift(1)
    assert add("b").name == "added"


def test_what_is_issued_is_never_overwritten_by_an_import(shop: Shop) -> None:
    anna = shop.customer()
    issue(shop, shop.coupon("ONE"), anna)
    shop.coupon("ONE")
    assert [row["data"]["code"] for row in shop.rows("coupons", anna)] == ["ONE"]


def test_a_coupon_is_found_by_its_number_in_the_import(shop: Shop) -> None:
    for number in (0, 16, 32):
        coupons.add(shop.store, "summer", f"C{number}", "batch", number, now.now_ms(), shop.cleared)
    found = coupons.find(shop.store, "summer", "batch", 16)
    assert found and found["data"]["code"] == "C16"
    assert coupons.find(shop.store, "summer", "batch", 48) is None
