"""Instant wins: one play a period, and a prize only with the play that won it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.promotions import instant_wins, stock
from chalicelib.promotions.chance import Game, Prize
from chalicelib.promotions.instant_wins import Play
from chalicelib.promotions.outcome import Outcome
from chalicelib.store import customers
from tests import faults
from tests.promotions.conftest import WHEEL, Shop

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
HOUR_MS = 3_600_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def play(shop: Shop, customer_id: str, lucky: bool = False, unique: str = "once", game: Game = WHEEL) -> Outcome:
    return instant_wins.play(shop.store, customer_id, Play("summer", game, unique), shop.cleared, lambda game: lucky)


def given(shop: Shop) -> int:
    row = stock.of_win(shop.store, "summer", "wheel")
    return row.total if row else 0


def test_a_play_that_wins_has_a_winner_and_takes_a_piece_of_the_stock(shop: Shop) -> None:
    anna = shop.customer()
    outcome = play(shop, anna, lucky=True)
    [row], [winner] = shop.rows("instant_win_participations", anna), shop.rows("instant_win_winners", anna)
    assert (outcome.name, outcome.row, row["data"]["won"]) == ("won", row, True)
    assert row["data"]["prize"] == {"id": "cup", "name": "Tasse"}
    assert (winner["data"]["prize"], winner["data"]["participated_at"]) == ("Tasse", row["created_at"])
    assert winner["data"]["ticket"] == row["data"]["ticket"]
    assert stock.of_win(shop.store, "summer", "wheel").prizes == {"cup": 1}  # type: ignore[union-attr]


def test_a_play_that_wins_nothing_leaves_only_itself(shop: Shop) -> None:
    anna = shop.customer()
    assert play(shop, anna).name == "not_won"
    assert shop.rows("instant_win_winners", anna) == []
    assert given(shop) == 0


def test_a_second_play_of_a_period_wins_nothing_and_answers_with_the_first(shop: Shop) -> None:
    anna = shop.customer()
    first = play(shop, anna)
    again = play(shop, anna, lucky=True)
    assert (again.name, again.row) == ("already_played", first.row)
    assert (shop.rows("instant_win_winners", anna), given(shop)) == ([], 0)
    assert play(shop, anna, lucky=True, unique="2026-03-11").name == "won"


@pytest.mark.parametrize("lucky", [True, False])
def test_trouble_at_any_call_neither_loses_nor_doubles_a_prize(shop: Shop, lucky: bool) -> None:
    before = [0]

    def prepare() -> str:
        before[0] = given(shop)
        return shop.customer()

    def check(anna: str) -> None:
        assert len(shop.rows("instant_win_participations", anna)) == 1
        assert len(shop.rows("instant_win_winners", anna)) == given(shop) - before[0] == lucky

    struck = faults.everywhere(prepare, lambda anna: play(shop, anna, lucky), check)
    assert any(one.startswith("lost") for one in struck)
    assert not lucky or {"conflict TransactWriteItems", "lost TransactWriteItems"} <= set(struck)


@pytest.mark.parametrize("lucky", [True, False])
def test_a_write_sent_twice_by_the_client_is_not_already_played(shop: Shop, lucky: bool) -> None:
    anna = shop.customer()
    with faults.repeated("TransactWriteItems"), faults.repeated("PutItem"):
        assert play(shop, anna, lucky).name == ("won" if lucky else "not_won")
    assert given(shop) == lucky


def test_no_more_is_won_than_there_is_however_many_play_at_once(shop: Shop) -> None:
    scarce, people = replace(WHEEL, prizes=(Prize("cup", "Tasse", 2), Prize("car", "Auto", 1))), range(8)
    ids = [shop.customer() for _ in people]
    with ThreadPoolExecutor(4) as threads:
        names = list(threads.map(lambda id: play(shop, id, lucky=True, game=scarce).name, ids))
    assert sorted(names) == ["not_won"] * 5 + ["won"] * 3
    won = [row["data"]["prize"] for id in ids for row in shop.rows("instant_win_winners", id)]
    assert sorted(won) == ["Auto", "Tasse", "Tasse"]


def test_a_customer_wins_no_more_often_than_allowed(shop: Shop) -> None:
    anna, twice = shop.customer(), replace(WHEEL, wins_per_customer=2)
    names = [play(shop, anna, lucky=True, unique=str(day), game=twice).name for day in range(4)]
    assert names == ["won", "won", "not_won", "not_won"]
    assert given(shop) == 2


def test_two_plays_at_once_of_one_customer_do_not_win_twice(shop: Shop) -> None:
    anna = shop.customer()
    with faults.before("TransactWriteItems", lambda: play(shop, anna, lucky=True, unique="a")):
        assert play(shop, anna, lucky=True, unique="b").name == "not_won"
    assert (len(shop.rows("instant_win_winners", anna)), given(shop)) == (1, 1)


@pytest.mark.slow
def test_a_winning_moment_is_won_by_the_first_play_after_it(shop: Shop, clock: time_machine.Traveller) -> None:
    opens = int(START.timestamp() * 1000)
    game = replace(WHEEL, mode="moments", prizes=(Prize("cup", "Tasse", 4),), opens=opens, closes=opens + 4 * HOUR_MS)
    won = []
    for minute in range(240):
        clock.move_to(START + timedelta(minutes=minute, seconds=30))
        won += [minute // 60] if play(shop, shop.customer(), lucky=True, game=game).name == "won" else []
    clock.move_to(START + timedelta(hours=4))
    won += [4] if play(shop, shop.customer(), lucky=True, game=game).name == "won" else []
    assert len(won) == 4
    assert all(hour in (place, place + 1) for place, hour in enumerate(won))  # each in its own hour, or just after


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
    assert play(shop, anna, lucky=True).name == "won"


def test_nobody_who_is_gone_wins_a_prize(shop: Shop, clock: time_machine.Traveller) -> None:
    anna = shop.customer()
    clock.move_to(datetime(2026, 3, 10, tzinfo=UTC) + timedelta(days=181))
    with pytest.raises(customers.Gone):
        play(shop, anna, lucky=True)
    assert shop.rows("instant_win_participations", anna) == []
