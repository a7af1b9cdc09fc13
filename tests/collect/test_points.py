"""Points through the API: booked once, taken back once, never below zero."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from tests import faults
from tests.collect import stored
from tests.collect.offers import guest, numbers
from tests.collect.threads import at_once, collect
from tests.pumping import finished
from tests.world import Reply, World

ANNA = "anna@example.com"


def send(world: World, who: str, key: str | None = None, **told: Any) -> Reply:
    told = {"reason": "visit", **told} if "amount" in told else told
    return world.collect("points", key or f"key-{next(numbers)}", customer_id=who, **told)


def book(world: World, who: str, amount: int, key: str | None = None) -> Any:
    return send(world, who, key, amount=amount).ok()


def said(answer: Any) -> tuple[Any, ...]:
    return answer["outcome"], answer["amount"], answer["balance"]


def test_points_are_earned_and_spent_with_the_balance_after_each(clock: Traveller, world: World) -> None:
    anna = guest(world, ANNA)
    assert said(book(world, anna, 30)) == ("booked", 30, 30)
    clock.shift(1)
    assert said(book(world, anna, -10)) == ("booked", -10, 20)
    assert said(book(world, anna, -21)) == ("insufficient", -21, 20)
    rows = [(row["amount"], row["balance_after"], row["reason"], row["source"]) for row in world.rows("transactions")]
    assert rows == [(-10, 20, "visit", "collect"), (30, 30, "visit", "collect")]
    assert world.collect("state", customer_id=anna).ok()["points"] == 20


def test_the_key_is_needed_and_books_once(clock: Traveller, world: World) -> None:
    anna = guest(world)
    world.collect("points", customer_id=anna, amount=1, reason="x").problem(400, "idempotency_key_missing")
    first = send(world, anna, "k", amount=30)
    book(world, anna, -30)
    clock.shift(timedelta(hours=23, minutes=59))
    again = send(world, anna, "k", amount=30)
    assert (again.ok(), again.headers["Idempotent-Replayed"]) == (first.ok(), "true")
    send(world, anna, "k", amount=31).problem(422, "idempotency_key_reused")
    assert len(world.rows("transactions")) == 2


def test_a_key_is_free_again_after_24_hours_though_its_transaction_is_kept(clock: Traveller, world: World) -> None:
    anna = guest(world)
    for day in range(3):
        assert book(world, anna, 10, "k")["balance"] == 10 * (day + 1)
        clock.shift(60)
        again = send(world, anna, "k", amount=10)
        assert (again.ok()["balance"], again.headers["Idempotent-Replayed"]) == (10 * (day + 1), "true")
        clock.shift(timedelta(hours=24))
    assert len(world.rows("transactions")) == 3


def test_a_transaction_is_taken_back_once(clock: Traveller, world: World) -> None:
    anna = guest(world)
    spent = book(world, anna, 30)["id"] and book(world, anna, -20)["id"]
    clock.shift(1)
    first = send(world, anna, "r", reverses=spent)
    assert said(first.ok()) == ("reversed", 20, 30)
    again = send(world, anna, "r", reverses=spent)
    assert (again.ok(), again.headers["Idempotent-Replayed"]) == (first.ok(), "true")
    other = send(world, anna, reverses=spent)
    assert other.ok() == {**first.ok(), "outcome": "already_reversed"}
    [row, *_] = world.rows("transactions")
    assert (row["source"], row["reverses"], row["balance_after"]) == ("reversal", spent, 30)


def test_what_was_earned_and_spent_since_cannot_be_taken_back(world: World) -> None:
    anna = guest(world)
    earned = book(world, anna, 30)["id"]
    book(world, anna, -1)
    assert said(send(world, anna, reverses=earned).ok()) == ("insufficient", None, 29)


def test_only_own_living_transactions_are_taken_back(clock: Traveller, world: World) -> None:
    anna, ben = guest(world), guest(world)
    earned = book(world, anna, 30)["id"]
    with stored.nothing_written():
        for who, id in ((ben, earned), (anna, "nonsense"), (anna, anna)):
            problem = send(world, who, reverses=id).problem(404, "transaction_unknown")
            assert problem["errors"][0]["pointer"] == "/reverses"
    clock.shift(timedelta(days=60))
    send(world, anna, reverses=earned).problem(404, "transaction_unknown")


@pytest.mark.parametrize(
    ("told", "pointer", "code"),
    [
        ({"amount": 2**53, "reason": "x"}, "/amount", "too_big"),
        ({"amount": 10**9 + 1, "reason": "x"}, "/amount", "too_big"),
        ({"amount": -(10**9) - 1, "reason": "x"}, "/amount", "too_small"),
        ({"amount": 1.5, "reason": "x"}, "/amount", "not_a_whole_number"),
        ({"amount": 1e3, "reason": "x"}, "/amount", "not_a_whole_number"),
        ({"amount": "5", "reason": "x"}, "/amount", "not_a_whole_number"),
        ({"amount": True, "reason": "x"}, "/amount", "not_a_whole_number"),
        ({"amount": 0, "reason": "x"}, "/amount", "not_zero"),
        ({"amount": 5}, "/reason", "missing"),
        ({"amount": 5, "reason": "x" * 201}, "/reason", "too_long"),
        ({"amount": 5, "reason": "x", "reverses": "id"}, "", "one_of"),
        ({}, "", "one_of"),
    ],
)
def test_amounts_that_are_none_are_refused_by_name(
    clock: Traveller, world: World, told: dict[str, Any], pointer: str, code: str
) -> None:
    anna = guest(world)
    with stored.nothing_written():
        [error] = world.collect("points", "k", customer_id=anna, **told).problem(422, "validation")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_the_largest_amounts_are_exact(world: World) -> None:
    anna = guest(world)
    assert [book(world, anna, 10**9)["balance"] for _ in range(2)] == [10**9, 2 * 10**9]
    assert book(world, anna, -(10**9))["balance"] == 10**9


def test_points_deleted_or_expired_leave_the_balance(clock: Traveller, world: World) -> None:
    anna = guest(world)
    first = book(world, anna, 30)["id"]
    world.request("DELETE", f"/v1/records/transactions/{first}").ok()
    assert book(world, anna, -10)["balance"] == 20
    clock.shift(timedelta(days=60))
    assert world.rows("transactions") == []
    assert book(world, anna, -20)["balance"] == 0


def test_many_who_spend_at_once_spend_to_exactly_zero(world: World) -> None:
    anna = guest(world)
    book(world, anna, 6)

    def spend(i: int) -> dict[str, Any]:
        while (answer := collect("points", f"k{i}", customer_id=anna, amount=-1, reason="x")).get("problem"):
            assert answer["problem"] == "in_progress"
        return answer

    answers = at_once(12, spend)
    assert sorted(answer["outcome"] for answer in answers) == ["booked"] * 6 + ["insufficient"] * 6
    assert sorted(answer["balance"] for answer in answers if answer["outcome"] == "booked") == list(range(6))


def test_several_in_one_call_follow_each_other(world: World) -> None:
    events = [{"type": "points", "amount": amount, "reason": "x"} for amount in (10, -4, -7, 1)]
    for email in (ANNA, "ben@example.com"):
        first = world.call({"type": "sign-ins"}, *events, key=email, email=email)
        results = first.ok()["results"][1:]
        assert [said(result) for result in results] == [
            ("booked", 10, 10),
            ("booked", -4, 6),
            ("insufficient", -7, 6),
            ("booked", 1, 7),
        ]
        rows = world.rows("transactions", email=email)
        assert [row["balance_after"] for row in rows] == [7, 6, 10]


def test_after_an_erasure_a_repeated_booking_gives_the_returning_guest_nothing(clock: Traveller, world: World) -> None:
    anna = guest(world, ANNA)
    told: dict[str, Any] = {"email": ANNA, "amount": 5, "reason": "x"}
    world.collect("points", "k", **told).ok()
    finished(world.request("DELETE", f"/v1/records/customers/{anna}").ok()["job"], clock)
    guest(world, ANNA)
    world.collect("points", "k", **told).problem(410, "erased")
    assert world.collect("points", "new", **told).ok()["balance"] == 5


@pytest.mark.slow
@pytest.mark.parametrize("what", ["earn", "spend", "reverse"])
def test_trouble_at_any_call_books_once(clock: Traveller, world: World, what: str) -> None:
    def prepare() -> tuple[str, dict[str, Any]]:
        stored.forget()
        anna = guest(world)
        earned = book(world, anna, 5)["id"]
        told: dict[str, dict[str, Any]] = {"earn": {"amount": 5}, "spend": {"amount": -5}}
        return anna, told.get(what, {"reverses": earned})

    def work(it: tuple[str, dict[str, Any]]) -> None:
        assert send(world, it[0], "k", **it[1]).status in (200, 409, 429, 503)

    def check(it: tuple[str, dict[str, Any]]) -> None:
        balance = 10 if what == "earn" else 0
        answer = send(world, it[0], "k", **it[1]).ok()
        assert (answer["outcome"], answer["balance"]) == ("reversed" if what == "reverse" else "booked", balance)
        assert [row["points"] for row in world.rows("customers")] == [balance]
        assert sorted(row["balance_after"] for row in world.rows("transactions")) == sorted([balance, 5])

    struck = faults.everywhere(prepare, work, check)
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)
