"""Points: the balance and its transactions never part, however often and under whatever trouble a booking is sent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.promotions import points
from chalicelib.promotions.points import Booking
from chalicelib.store import customers, keys
from chalicelib.store.customers import Gone
from chalicelib.store.tenancy import Row
from tests import faults
from tests.promotions.conftest import Shop

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_a_booking_changes_the_balance_and_is_kept_as_a_transaction(shop: Shop) -> None:
    anna = shop.customer()
    first, second = shop.book(anna, 30), shop.book(anna, -10)
    assert (first.name, first.balance, second.name, second.balance) == ("booked", 30, "booked", 20)
    assert shop.person(anna)["points"] == 20
    assert sorted(row["data"]["balance_after"] for row in shop.transactions(anna)) == [20, 30]


def test_nobody_spends_more_than_there_is(shop: Shop) -> None:
    anna = shop.customer(points=10)
    outcome = shop.book(anna, -11)
    assert (outcome.name, outcome.balance, outcome.row) == ("insufficient", 10, None)
    assert shop.book(anna, -10).balance == 0
    assert len(shop.transactions(anna)) == 2


def test_the_same_id_is_booked_once_and_answers_with_the_first_transaction(shop: Shop) -> None:
    anna = shop.customer()
    first = shop.book(anna, 30, "visit")
    again = shop.book(anna, 30, "visit")
    assert (first.repeated, again.repeated, again.name) == (False, True, "booked")
    assert again.row and first.row and again.row["sk"] == first.row["sk"]
    assert shop.person(anna)["points"] == 30


def test_a_repeated_spending_is_answered_though_the_points_are_gone(shop: Shop) -> None:
    anna = shop.customer(points=10)
    shop.book(anna, -10, "mug")
    again = shop.book(anna, -10, "mug")
    assert (again.name, again.repeated, again.balance) == ("booked", True, 0)


def test_trouble_at_any_call_neither_loses_nor_doubles_a_booking(shop: Shop) -> None:
    struck = faults.everywhere(
        lambda: shop.customer(points=5),
        lambda anna: shop.book(anna, -5, "mug"),
        lambda anna: _assert_spent_once(shop, anna),
    )
    assert {"conflict TransactWriteItems", "lost TransactWriteItems", "broken GetItem"} <= set(struck)


def _assert_spent_once(shop: Shop, anna: str) -> None:
    assert shop.person(anna)["points"] == 0
    assert sorted(row["data"]["amount"] for row in shop.transactions(anna)) == [-5, 5]


def test_a_write_sent_twice_by_the_client_is_our_own_and_no_repetition(shop: Shop) -> None:
    anna = shop.customer()
    with faults.repeated("TransactWriteItems"):
        outcome = shop.book(anna, 7, "visit")
    assert (outcome.name, outcome.repeated, outcome.balance) == ("booked", False, 7)
    assert shop.person(anna)["points"] == 7


def test_bookings_at_the_same_time_all_count(shop: Shop) -> None:
    anna = shop.customer(points=3)
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda _: shop.book(anna, -1), range(6)))
    assert sorted(outcome.name for outcome in outcomes) == ["booked"] * 3 + ["insufficient"] * 3
    assert shop.person(anna)["points"] == 0


def test_a_reversal_gives_the_points_back_once(shop: Shop) -> None:
    anna = shop.customer(points=10)
    spent = shop.book(anna, -4).row
    assert spent
    back = Booking(4, "summer", "returned", "reversal", reverses="the id")
    first = points.reverse(shop.store, spent, back, shop.cleared)
    again = points.reverse(shop.store, spent, back, shop.cleared)
    assert (first.name, first.balance, again.name) == ("reversed", 10, "already_reversed")
    assert again.row and first.row and again.row["sk"] == first.row["sk"]
    assert shop.person(anna)["points"] == 10


@pytest.mark.slow
def test_trouble_at_any_call_neither_loses_nor_doubles_a_reversal(shop: Shop) -> None:
    def prepare() -> tuple[str, Row]:
        anna = shop.customer(points=10)
        row = shop.book(anna, -4).row
        assert row
        return anna, row

    back = Booking(4, "summer", "returned", "reversal")
    faults.everywhere(
        prepare,
        lambda both: points.reverse(shop.store, both[1], back, shop.cleared),
        lambda both: _assert_points(shop, both[0], 10, 3),
    )


def _assert_points(shop: Shop, anna: str, balance: int, transactions: int) -> None:
    assert shop.person(anna)["points"] == balance
    assert len(shop.transactions(anna)) == transactions


def test_a_transaction_that_is_gone_cannot_be_reversed(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer(points=10)
    [row] = shop.transactions(anna)
    back = Booking(-10, "summer", "taken back", "reversal")
    clock.move_to(START + timedelta(days=60))
    with pytest.raises(points.OriginalGone):
        points.reverse(shop.store, row, back, shop.cleared)
    clock.move_to(START + timedelta(days=60, seconds=-1))
    assert points.reverse(shop.store, row, back, shop.cleared).name == "reversed"


def test_a_customer_can_book_until_the_last_second_of_the_180th_utc_day(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    anna = shop.customer()
    last = datetime(2026, 3, 10, tzinfo=UTC) + timedelta(days=181)
    clock.move_to(last - timedelta(seconds=1))
    assert shop.book(anna, 1).name == "booked"
    clock.move_to(last)
    with pytest.raises(Gone):
        shop.book(anna, 1)


def test_an_id_can_be_booked_anew_when_its_transaction_is_expired(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer()
    shop.book(anna, 5, "visit")
    clock.move_to(START + timedelta(days=60, seconds=-1))
    assert shop.book(anna, 5, "visit").repeated
    clock.move_to(START + timedelta(days=60))
    assert not shop.book(anna, 5, "visit").repeated
    assert shop.person(anna)["points"] == 10


@pytest.mark.parametrize("experience", [None, "summer"])
def test_cleared_transactions_leave_the_balance_and_stand_in_nobodys_way(
    shop: Shop, clock: time_machine.Traveller, experience: str | None
) -> None:
    anna = shop.customer()
    shop.book(anna, 5, "visit")
    shop.clear("transactions", experience)
    clock.shift(1)
    assert shop.transactions(anna) == []
    assert shop.book(anna, 5, "visit").balance == 10


def test_a_cleared_customer_books_nothing(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer(points=5)
    clock.shift(1)
    before = shop.cleared
    shop.clear("customers")
    clock.shift(1)
    with pytest.raises(Gone):
        shop.book(anna, 1)
    assert before.of(customers.KIND) == 0
    assert shop.person(anna)["points"] == 5


def test_a_customer_who_dies_between_reading_and_writing_books_nothing(shop: Shop) -> None:
    anna = shop.customer(points=5)

    def erased() -> None:
        shop.store.delete(customers.reference(shop.store, anna))

    with faults.before("TransactWriteItems", erased), pytest.raises(Gone):
        shop.book(anna, 1)
    assert shop.store.get("Customers", shop.store.key(keys.customer(anna)), "customer") is None
