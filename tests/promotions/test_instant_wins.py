"""Instant wins: one play a period, and a prize only with the play that won it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.promotions import instant_wins
from chalicelib.promotions.instant_wins import Play
from chalicelib.promotions.outcome import Outcome
from chalicelib.store import customers
from tests import faults
from tests.promotions.conftest import Shop

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def play(shop: Shop, customer_id: str, prize: str | None = None, unique: str = "once", idem: str = "") -> Outcome:
    wanted = Play("summer", "wheel", unique, "T7Q4", prize, idem=idem or None)
    return instant_wins.play(shop.store, customer_id, wanted, shop.cleared)


def test_a_play_that_wins_has_a_winner_and_the_customer_knows_of_it(shop: Shop) -> None:
    anna = shop.customer()
    outcome = play(shop, anna, "Tasse")
    [row], [winner] = shop.rows("instant_win_participations", anna), shop.rows("instant_win_winners", anna)
    assert (outcome.name, outcome.row, row["data"]["won"]) == ("won", row, True)
    assert (winner["data"]["prize"], winner["data"]["participated_at"]) == ("Tasse", row["created_at"])
    assert instant_wins.winner_of(shop.store, row) == winner
    assert [win["prize"] for win in shop.person(anna)["wins"].values()] == ["Tasse"]


def test_a_play_that_wins_nothing_leaves_only_itself(shop: Shop) -> None:
    anna = shop.customer()
    assert play(shop, anna).name == "not_won"
    assert shop.rows("instant_win_winners", anna) == []
    assert shop.person(anna)["wins"] == {}


def test_a_second_play_of_a_period_wins_nothing_and_answers_with_the_first(shop: Shop) -> None:
    anna = shop.customer()
    first = play(shop, anna)
    again = play(shop, anna, "Tasse")
    assert (again.name, again.row) == ("already_played", first.row)
    assert shop.rows("instant_win_winners", anna) == []
    assert play(shop, anna, "Tasse", unique="2026-03-11").name == "won"


def test_a_lost_answer_is_no_lost_prize(shop: Shop) -> None:
    anna = shop.customer()
    play(shop, anna, "Tasse", idem="call:1")
    again = play(shop, anna, idem="call:1")
    assert (again.name, again.repeated) == ("won", True)
    assert again.row and instant_wins.winner_of(shop.store, again.row)


@pytest.mark.parametrize("prize", ["Tasse", None])
def test_trouble_at_any_call_neither_loses_nor_doubles_a_prize(shop: Shop, prize: str | None) -> None:
    def check(anna: str) -> None:
        assert len(shop.rows("instant_win_participations", anna)) == 1
        assert len(shop.rows("instant_win_winners", anna)) == len(shop.person(anna)["wins"]) == bool(prize)

    struck = faults.everywhere(shop.customer, lambda anna: play(shop, anna, prize), check)
    assert any(one.startswith("lost") for one in struck)


@pytest.mark.parametrize("prize", ["Tasse", None])
def test_a_write_sent_twice_by_the_client_is_not_already_played(shop: Shop, prize: str | None) -> None:
    anna = shop.customer()
    with faults.repeated("TransactWriteItems"), faults.repeated("PutItem"):
        assert play(shop, anna, prize).name == ("won" if prize else "not_won")


def test_a_play_counts_until_the_last_second_of_its_60_days(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer()
    play(shop, anna)
    clock.move_to(START + timedelta(days=60, seconds=-1))
    assert play(shop, anna).name == "already_played"
    clock.move_to(START + timedelta(days=60))
    assert play(shop, anna).name == "not_won"


@pytest.mark.parametrize("experience", [None, "summer"])
def test_after_a_clearing_everybody_may_play_anew(
    shop: Shop, clock: time_machine.Traveller, experience: str | None
) -> None:
    anna = shop.customer()
    play(shop, anna)
    shop.clear("instant_win_participations", experience)
    clock.shift(1)
    assert play(shop, anna, "Tasse").name == "won"


def test_nobody_who_is_gone_wins_a_prize(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer()
    clock.move_to(datetime(2026, 3, 10, tzinfo=UTC) + timedelta(days=181))
    with pytest.raises(customers.Gone):
        play(shop, anna, "Tasse")
    assert shop.rows("instant_win_participations", anna) == []
