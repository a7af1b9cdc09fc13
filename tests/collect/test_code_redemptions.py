"""Codes through the API: one guest redeems one, in whatever spelling, and guesses not for long."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.store import experiences
from chalicelib.store.horizons import change_document
from tests import faults
from tests.collect import stored
from tests.collect.offers import STORE, code, guest, offer, pay
from tests.collect.threads import at_once, collect
from tests.pumping import finished
from tests.world import World

ANNA = "anna@example.com"


def redeem(world: World, who: str, text: str, key: str | None = None) -> Any:
    return world.collect("code-redemptions", key, customer_id=who, code=text).ok()


def told(answer: Any) -> tuple[Any, ...]:
    return tuple(answer.get(name) for name in ("outcome", "points", "win", "balance"))


def test_a_code_brings_its_points_and_says_whether_it_wins(clock: Traveller, world: World) -> None:
    anna = guest(world, ANNA)
    pay(world, anna, 5)
    answer = redeem(world, anna, code("LUCKY-0815", points=50, win=True))
    assert told(answer) == ("redeemed", 50, True, 55)
    row = world.get(f"/v1/records/codes/{answer['id']}").ok()
    assert (row["email"], row["redeemed_at"], row["state"]) == (ANNA, "2030-05-21T08:00:00.000Z", "redeemed")
    [booked] = [row for row in world.rows("transactions") if row["source"] == "code"]
    assert (booked["amount"], booked["balance_after"]) == (50, 55)


def test_a_code_is_the_same_in_other_spellings_unless_the_experience_says_no(world: World) -> None:
    anna = guest(world)
    code("LUCKY-0815")
    assert redeem(world, anna, " lucky 08-15")["outcome"] == "redeemed"
    assert redeem(world, anna, "LUCKY0815")["outcome"] == "already_yours"
    offer(world, codes={"fold_case": False, "ignore": ""})
    assert redeem(world, anna, "LUCKY0815")["outcome"] == "unknown"


def test_what_was_redeemed_is_yours_or_taken(clock: Traveller, world: World) -> None:
    anna, ben, lucky = guest(world), guest(world), code("LUCKY")
    first = redeem(world, anna, lucky)
    pay(world, anna, 7)
    assert redeem(world, anna, lucky) == {**first, "outcome": "already_yours", "balance": 17}
    assert redeem(world, ben, lucky) == {"type": "code-redemptions", "outcome": "taken"}
    assert redeem(world, ben, "nonsense") == {"type": "code-redemptions", "outcome": "unknown"}


def test_a_lost_answer_is_answered_again_under_its_key(clock: Traveller, world: World) -> None:
    anna = guest(world)
    code("LUCKY")
    first = world.collect("code-redemptions", "k", customer_id=anna, code="LUCKY")
    pay(world, anna, 7)
    again = world.collect("code-redemptions", "k", customer_id=anna, code="LUCKY")
    assert (again.ok(), again.headers["Idempotent-Replayed"]) == (first.ok(), "true")
    other = world.collect("code-redemptions", "k", customer_id=anna, code="lucky")
    other.problem(422, "idempotency_key_reused")


def test_who_guesses_is_slowed_down_until_the_hour_is_over(clock: Traveller, world: World) -> None:
    anna, ben = guest(world), guest(world)
    offer(world)
    mine, theirs, right = code("MINE"), code("THEIRS"), code("RIGHT")
    redeem(world, anna, mine)
    redeem(world, ben, theirs)
    clock.shift(timedelta(minutes=50))
    assert [redeem(world, anna, text)["outcome"] for text in ("a", theirs, "b")] == ["unknown", "taken", "unknown"]
    for text in ("c", right):
        with stored.nothing_written():
            answer = redeem(world, anna, text)
        assert answer == {"type": "code-redemptions", "outcome": "slow_down", "retry_after_s": 600}
    assert redeem(world, anna, mine)["outcome"] == "already_yours"  # no answer is lost
    assert redeem(world, ben, "c")["outcome"] == "unknown"
    clock.shift(timedelta(minutes=10))
    assert redeem(world, anna, right)["outcome"] == "redeemed"
    assert not [item for item in stored.items("Control") if anna in str(item)]


def test_many_wrong_guesses_at_once_count(clock: Traveller, world: World) -> None:
    anna = guest(world)
    offer(world)
    answers = at_once(12, lambda i: collect("code-redemptions", customer_id=anna, code=f"guess {i}"))
    assert [answer["outcome"] for answer in answers].count("unknown") == 3
    assert redeem(world, anna, "x")["outcome"] == "slow_down"


def test_a_code_is_redeemed_until_its_last_second(clock: Traveller, world: World) -> None:
    first, second = code("FIRST"), code("SECOND")
    clock.shift(timedelta(days=720, seconds=-1))
    world.tokens.clear()
    anna = guest(world)
    assert redeem(world, anna, first)["outcome"] == "redeemed"
    clock.shift(1)
    assert redeem(world, anna, second)["outcome"] == "unknown"


def test_a_code_of_a_batch_that_is_not_ready_is_unknown(world: World) -> None:
    anna, early = guest(world), code("EARLY", import_id="import-9")

    def mark(pending: dict[str, int]) -> None:
        change_document(STORE, STORE.key("x#summer"), "experience", lambda data: data.update(pending=pending))

    mark({"import-9": 1})
    assert redeem(world, anna, early)["outcome"] == "unknown"
    mark({})
    assert redeem(world, anna, early)["outcome"] == "redeemed"
    mark({"import-9": 1})
    assert redeem(world, anna, early)["outcome"] == "already_yours"
    stored_now = experiences.read(STORE, "summer")
    assert stored_now and stored_now.pending == {"import-9": 1}


def test_a_code_brought_in_anew_with_other_points_meanwhile_is_not_paid_as_the_old_one(world: World) -> None:
    anna = guest(world)
    code("LUCKY", points=1000)

    def anew() -> None:
        [row] = world.rows("codes")
        world.request("DELETE", f"/v1/records/codes/{row['id']}").ok()
        code("LUCKY", points=1)

    with faults.before("TransactWriteItems", anew):
        world.collect("code-redemptions", customer_id=anna, code="LUCKY").problem(409, "in_progress")
    assert redeem(world, anna, "LUCKY")["balance"] == 1


@pytest.mark.parametrize("text", ["- -", "\ufdfa" * 128, "x" * 128])
def test_codes_that_are_nothing_or_very_long_are_unknown(world: World, text: str) -> None:
    assert redeem(world, guest(world), text)["outcome"] == "unknown"


def test_codes_too_long_or_missing_are_refused_by_name(world: World) -> None:
    anna = guest(world)
    for text, error in (("", "too_short"), ("x" * 129, "too_long"), (5, "not_a_string"), (None, "not_a_string")):
        [found] = world.collect("code-redemptions", customer_id=anna, code=text).problem(422, "validation")["errors"]
        assert (found["pointer"], found["code"]) == ("/code", error)


def test_of_many_who_type_one_code_at_once_one_redeems_it(world: World) -> None:
    people = [guest(world) for _ in range(10)]
    code("LUCKY")
    answers = at_once(10, lambda i: collect("code-redemptions", customer_id=people[i], code="LUCKY"))
    assert sorted(answer["outcome"] for answer in answers) == ["redeemed", *["taken"] * 9]
    assert [row["points"] for row in world.rows("customers")].count(10) == 1


def test_after_an_erasure_a_repeated_redemption_gives_the_returning_guest_nothing(
    clock: Traveller, world: World
) -> None:
    anna = guest(world, ANNA)
    code("LUCKY")
    world.collect("code-redemptions", "k", email=ANNA, code="LUCKY").ok()
    finished(world.request("DELETE", f"/v1/records/customers/{anna}").ok()["job"], clock)
    guest(world, ANNA)
    world.collect("code-redemptions", "k", email=ANNA, code="LUCKY").problem(410, "erased")
    assert world.collect("code-redemptions", "new", email=ANNA, code="LUCKY").ok()["outcome"] == "taken"


@pytest.mark.slow
@pytest.mark.parametrize("key", [None, "k"])
def test_trouble_at_any_call_redeems_once(clock: Traveller, world: World, key: str | None) -> None:
    def prepare() -> str:
        stored.forget()
        code("LUCKY")
        return guest(world)

    def work(who: str) -> None:
        assert world.collect("code-redemptions", key, customer_id=who, code="LUCKY").status in (200, 409, 429, 503)

    def check(who: str) -> None:
        assert redeem(world, who, "LUCKY", key)["outcome"] == ("redeemed" if key else "already_yours")
        assert [row["points"] for row in world.rows("customers")] == [10]
        assert len(world.rows("transactions")) == len(world.rows("codes", state="redeemed")) == 1

    struck = faults.everywhere(prepare, work, check)
    assert {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)
