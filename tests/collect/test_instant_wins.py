"""Instant wins through the API: one play a period, and no prize twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.promotions import chance
from chalicelib.promotions.chance import Game, Prize
from tests import faults
from tests.collect import stored
from tests.collect.offers import WHEEL, guest, numbers, offer, stock
from tests.collect.threads import at_once, collect
from tests.pumping import finished
from tests.world import Reply, World

ANNA = "anna@example.com"
CUP = {"id": "cup", "name": "Tasse"}


def send(world: World, who: str, key: str | None = None, **told: Any) -> Reply:
    return world.collect("instant-wins", key or f"key-{next(numbers)}", customer_id=who, **told)


@pytest.fixture
def anna(clock: Traveller, world: World) -> str:
    offer(world)
    return guest(world, ANNA)


def test_who_wins_hears_of_the_prize_and_appears_among_the_winners(clock: Traveller, world: World, anna: str) -> None:
    answer = send(world, anna, fields={"city": "Köln"}).ok()
    assert (answer["outcome"], answer["prize"], answer["instant_win"]) == ("won", CUP, "wheel")
    assert answer["next_try_at"] == "2030-05-21T22:00:00Z"
    [play], [winner] = world.rows("instant_win_participations"), world.rows("instant_win_winners")
    assert (play["id"], play["won"], play["ticket"]) == (answer["id"], True, answer["ticket"])
    assert (winner["email"], winner["prize"], winner["ticket"]) == (ANNA, "Tasse", answer["ticket"])
    assert (winner["state"], winner["fields"]) == ("drawn", {"city": "Köln"})
    assert stock(world)["instant_wins"] == {"wheel": {"cup": 1}}
    state = world.collect("state", customer_id=anna).ok()
    assert state["wins"] == [{"winner_id": winner["id"], "prize": "Tasse", "respond_by": None}]
    for kind in ("instant_win_participations", "instant_win_winners"):
        assert len(world.rows(kind, experience="summer", instant_win="wheel")) == 1
        assert world.rows(kind, experience="summer", instant_win="other") == []


def test_a_second_play_of_the_day_answers_with_the_first_and_its_prize(
    clock: Traveller, world: World, anna: str
) -> None:
    first = send(world, anna, "k")
    clock.shift(60)
    with stored.nothing_written():
        assert send(world, anna).ok() == {**first.ok(), "outcome": "already_played"}
        again = send(world, anna, "k")
        assert (again.ok(), again.headers["Idempotent-Replayed"]) == (first.ok(), "true")
        send(world, anna, "k", fields={"a": 1}).problem(422, "idempotency_key_reused")
    clock.move_to(datetime(2030, 5, 21, 22, 0, 1, tzinfo=UTC))
    assert send(world, anna, "k").ok() == first.ok()  # midnight in between makes it no second play
    second = send(world, anna).ok()
    assert (second["outcome"], second["prize"]) == ("not_won", None)  # one win a customer


def test_no_more_is_won_than_there_is(clock: Traveller, world: World, anna: str) -> None:
    outcomes = [send(world, guest(world)).ok()["outcome"] for _ in range(4)]
    assert outcomes == ["won", "won", "not_won", "not_won"]
    assert len(world.rows("instant_win_winners")) == 2


def test_unlimited_plays_are_told_apart_by_their_keys(clock: Traveller, world: World, anna: str) -> None:
    offer(world, instant_wins=[WHEEL | {"rule": "unlimited", "wins_per_customer": 2, "per_mille": 1000}])
    answers = [send(world, anna, f"k{i}").ok() for i in (1, 2, 3)]
    assert [answer["outcome"] for answer in answers] == ["won", "won", "not_won"]
    clock.shift(timedelta(hours=23))
    again = [send(world, anna, f"k{i}").ok() for i in (1, 2, 3)]
    assert [answer["ticket"] for answer in again] == [answer["ticket"] for answer in answers]
    assert len(world.rows("instant_win_participations")) == 3


def test_what_is_not_open_or_unknown(clock: Traveller, world: World, anna: str) -> None:
    times = {"opens_at": "2030-05-22T00:00:00+02:00", "closes_at": "2030-05-23T00:00:00+02:00"}
    offer(world, instant_wins=[WHEEL | times])
    assert send(world, anna).ok() | {"type": ""} == {
        "type": "",
        "outcome": "not_open",
        "instant_win": "wheel",
        "prize": None,
        "next_try_at": "2030-05-21T22:00:00Z",
    }
    clock.move_to(datetime(2030, 5, 22, 22, tzinfo=UTC))
    assert send(world, anna).ok()["outcome"] == "closed"
    send(world, anna, instant_win="nope").problem(404, "instant_win_unknown")
    world.collect("instant-wins", customer_id=anna).problem(400, "idempotency_key_missing")
    offer(world, instant_wins=[WHEEL, WHEEL | {"id": "drum"}])
    send(world, anna).problem(422, "validation")
    assert send(world, anna, instant_win="drum").ok()["outcome"] == "won"
    offer(world, instant_wins=[])
    send(world, anna).problem(404, "instant_win_unknown")


def test_odds_are_met_over_many_plays() -> None:
    game = Game("wheel", "odds", 250, (Prize("a", "A", 1),), 1)
    lucky = sum(chance.is_lucky(game) for _ in range(4000))
    assert 850 < lucky < 1150  # 5.5 standard deviations
    assert not chance.is_lucky(Game("wheel", "odds", 1000, (), 1))
    assert not any(chance.is_lucky(Game("wheel", "odds", 0, game.prizes, 1)) for _ in range(100))


def test_winning_moments_need_their_times_and_give_their_prizes_over_the_whole_time(
    clock: Traveller, world: World, anna: str
) -> None:
    moments = WHEEL | {"mode": "moments", "rule": "once", "prizes": [{"id": "cup", "name": "Tasse", "stock": 3}]}
    seen = world.get("/v1/experiences/summer").headers["ETag"]
    document = {"title": "x", "instant_wins": [moments]}
    refused = world.request("PUT", "/v1/experiences/summer", document, headers={"If-Match": seen})
    assert refused.problem(422, "validation")["errors"][0]["pointer"] == "/instant_wins/0/opens_at"
    offer(world, instant_wins=[moments | {"opens_at": "2030-05-21T08:00:00Z", "closes_at": "2030-05-21T11:00:00Z"}])
    won = []
    for minute in range(0, 180, 10):
        clock.move_to(datetime(2030, 5, 21, 8, 1, tzinfo=UTC) + timedelta(minutes=minute))
        won += [minute] if send(world, guest(world)).ok()["outcome"] == "won" else []
    assert 2 <= len(won) <= 3
    assert all(hour * 60 - 10 <= minute < hour * 60 + 80 for hour, minute in enumerate(won))
    assert "seed" not in world.get("/v1/experiences/summer").text


def test_the_last_prize_goes_to_one_of_many_who_play_at_once(clock: Traveller, world: World, anna: str) -> None:
    offer(world, instant_wins=[WHEEL | {"prizes": [{"id": "cup", "name": "Tasse", "stock": 1}]}])
    people = [guest(world) for _ in range(8)]

    def play(i: int) -> str:
        while (answer := collect("instant-wins", f"k{i}", customer_id=people[i])).get("problem"):
            assert answer["problem"] == "in_progress"
        return str(answer["outcome"])

    assert sorted(at_once(8, play)) == ["not_won"] * 7 + ["won"]
    assert len(world.rows("instant_win_winners")) == 1


def test_after_an_erasure_a_repeated_play_is_none_of_the_returning_guest(
    clock: Traveller, world: World, anna: str
) -> None:
    world.collect("instant-wins", "k", email=ANNA).ok()
    finished(world.request("DELETE", f"/v1/records/customers/{anna}").ok()["job"], clock)
    guest(world, ANNA)
    world.collect("instant-wins", "k", email=ANNA).problem(410, "erased")
    assert stock(world)["instant_wins"] == {"wheel": {"cup": 1}}


@pytest.mark.slow
@pytest.mark.parametrize("per_mille", [1000, 0])
def test_trouble_at_any_call_plays_once(clock: Traveller, world: World, anna: str, per_mille: int) -> None:
    offer(world, instant_wins=[WHEEL | {"per_mille": per_mille, "prizes": [{"id": "c", "name": "C", "stock": 1000}]}])
    before = [0]

    def prepare() -> str:
        stored.forget()
        before[0] = stock(world)["instant_wins"]["wheel"]["c"]
        return guest(world)

    def work(who: str) -> None:
        assert send(world, who, "k").status in (200, 409, 429, 503)

    def check(who: str) -> None:
        assert send(world, who, "k").ok()["outcome"] == ("won" if per_mille else "not_won")
        assert len(world.rows("instant_win_participations")) == 1
        given = before[0] - stock(world)["instant_wins"]["wheel"]["c"]
        assert len(world.rows("instant_win_winners")) == given == bool(per_mille)

    struck = faults.everywhere(prepare, work, check)
    assert any(one.startswith("lost") for one in struck)
