"""What a draw may be asked for, and what is refused before anything happens."""

from datetime import timedelta
from typing import Any

import pytest

from tests.draws.conftest import CLOSES, START, Raffle
from tests.seeds import moment, ms

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"count": 0}, "/count", "too_small"),
    ({"count": -1}, "/count", "too_small"),
    ({"count": 1.5}, "/count", "not_a_whole_number"),
    ({"count": "3"}, "/count", "not_a_whole_number"),
    ({"count": 1001}, "/count", "too_big"),
    ({"count": None}, "/count", "one_of"),
    ({"count": 1, "prizes": [{"name": "Cup"}]}, "/count", "one_of"),
    ({"prizes": []}, "/prizes", "too_few"),
    ({"prizes": [{"name": "Cup", "count": 1001}]}, "/prizes", "too_many"),
    ({"prizes": [{"name": ""}]}, "/prizes/0/name", "too_short"),
    ({"count": 600, "alternates": 500}, "/alternates", "too_big"),
    ({"alternates": -1}, "/alternates", "too_small"),
    ({"exclude": "all"}, "/exclude", "not_allowed"),
    ({"from": "yesterday"}, "/from", "not_a_time"),
    ({"from": "2026-06-03T00:00:00Z", "to": "2026-06-02T00:00:00Z"}, "/to", "not_after"),
    ({"public_randomness": {"source": ""}}, "/public_randomness/source", "too_short"),
    ({"public_randomness": "lotto"}, "/public_randomness", "not_an_object"),
    ({"dry_run": True, "public_randomness": {"source": "lotto"}}, "/public_randomness", "not_here"),
    ({"giveaway": "A B"}, "/giveaway", "wrong_format"),
    ({"winners": 3}, "/winners", "unknown_member"),
]


def test_wrong_values_are_named(raffle: Raffle) -> None:
    raffle.enter("anna")
    raffle.close()
    for asked, pointer, code in WRONG:
        problem = raffle.ask(**asked).problem(422, "validation")
        assert (pointer, code) in [(error["pointer"], error["code"]) for error in problem["errors"]], asked
    assert raffle.world.get("/v1/experiences/summer/draws").ok()["items"] == []


def test_an_open_giveaway_is_not_drawn_from_but_for_a_test_or_a_time_that_is_over(raffle: Raffle) -> None:
    raffle.enter("anna")
    raffle.ask().problem(409, "still_open")
    raffle.ask(to=CLOSES.isoformat()).problem(409, "still_open")
    raffle.clock.shift(timedelta(days=2))
    over = (START + timedelta(days=1)).isoformat()
    assert raffle.ask(to=over).status == raffle.ask(dry_run=True).status == 202


def test_a_giveaway_without_an_end_is_drawn_from_once_its_experience_is_closed(raffle: Raffle) -> None:
    giveaway = {"id": "bike", "title": "Bike"}
    etag = raffle.world.get("/v1/experiences/summer").headers["ETag"]
    saved = {"title": "Raffle", "giveaways": [giveaway]}
    raffle.world.request("PUT", "/v1/experiences/summer", saved, headers={"If-Match": etag}).ok()
    raffle.enter("anna")
    raffle.ask().problem(409, "still_open")
    raffle.world.request("DELETE", "/v1/experiences/summer").ok()
    assert len(raffle.winners(raffle.draw()["id"])) == 1


@pytest.mark.parametrize("allow_fewer", [False, True])
def test_an_empty_giveaway_has_too_few_entrants(raffle: Raffle, allow_fewer: bool) -> None:
    raffle.close()
    problem = raffle.ask(allow_fewer=allow_fewer).problem(422, "too_few_entrants")
    assert problem["detail"].startswith("0 ")


def test_more_winners_than_entrants_are_refused_unless_fewer_are_allowed(raffle: Raffle) -> None:
    for name in ("anna", "ben"):
        raffle.enter(name)
    raffle.close()
    assert raffle.ask(count=3).problem(422, "too_few_entrants")["detail"].startswith("2 ")
    draw = raffle.draw(count=3, alternates=5, allow_fewer=True)
    assert len(raffle.winners(draw["id"])) == len(draw["drawn"]) == 2
    raffle.verified(draw["id"])


def test_expired_and_cleared_entries_are_not_drawn_from(raffle: Raffle) -> None:
    raffle.enter("anna")
    raffle.clock.shift(timedelta(days=2))
    raffle.enter("ben")
    raffle.clock.move_to(START + timedelta(days=60, minutes=5))
    assert len(raffle.labels(raffle.draw()["id"]).split()) == 1
    raffle.ask(count=2).problem(422, "too_few_entrants")
    raffle.clock.shift(timedelta(days=3))
    assert raffle.ask().problem(422, "too_few_entrants")["detail"].startswith("0 ")


def test_cleared_entries_are_not_drawn_from(raffle: Raffle) -> None:
    raffle.enter("anna")
    query = {"confirm": "participations", "experience": "summer"}
    job = raffle.world.request("DELETE", "/v1/records/participations", query=query).ok()["job"]
    ben = raffle.enter("ben")
    ends = (START + timedelta(minutes=1)).isoformat()
    assert raffle.ask(count=2, dry_run=True, to=ends).problem(422, "too_few_entrants")["detail"].startswith("1 ")
    raffle.finished(job)
    raffle.close()
    raffle.ask(count=2).problem(422, "too_few_entrants")
    assert raffle.labels(raffle.draw()["id"]).decode() == f"{ben['ticket']}\n"


def test_only_entries_of_the_time_that_was_asked_for_are_drawn_from(raffle: Raffle) -> None:
    tickets = []
    for name in ("anna", "ben", "carla"):
        tickets.append(raffle.enter(name)["ticket"])
        raffle.clock.shift(timedelta(days=1))
    raffle.close()
    since, until = (moment(ms(START + timedelta(days=day))) for day in (0.5, 1.5))
    draw = raffle.draw(**{"from": since, "to": until})
    assert raffle.labels(draw["id"]).decode() == f"{tickets[1]}\n"
    assert (draw["from"], draw["cut_off"]) == ("2026-06-01T20:30:00.000Z", draw["to"])


def test_what_is_not_there_is_said(raffle: Raffle) -> None:
    world = raffle.world
    raffle.ask("boat").problem(404, "giveaway_unknown")
    path = "/v1/experiences/{}/draws"
    world.request("POST", path.format("winter"), {"giveaway": "bike", "count": 1}).problem(404, "experience_unknown")
    world.get(path.format("winter")).problem(404, "experience_unknown")
    for id in ("x", "…", "a" * 600):
        for name in ("", "/certificate", "/labels"):
            world.get(f"/v1/draws/{id.replace('…', '%20')}{name}").problem(404, "draw_unknown")


def test_the_history_shows_all_draws_newest_first_to_their_tenant_alone(raffle: Raffle) -> None:
    for name in ("anna", "ben", "carla"):
        raffle.enter(name)
    raffle.close()
    made = [raffle.draw()["id"] for _ in range(3)]
    listed = raffle.world.get("/v1/experiences/summer/draws").ok()
    assert ([draw["id"] for draw in listed["items"]], listed["next"]) == (made[::-1], None)
    assert [draw["commitment"]["number"] for draw in listed["items"]] == [3, 2, 1]
    assert raffle.world.get("/v1/experiences/summer/draws", tenant="other").ok()["items"] == []
    for id in made:
        raffle.verified(id)
        raffle.world.get(f"/v1/draws/{id}", tenant="other").problem(404, "draw_unknown")
        assert raffle.world.get(f"/v1/draws/{id}/certificate", anonymous=True).status == 200


def test_a_commitment_is_made_when_a_giveaway_is_first_saved_and_stays(raffle: Raffle) -> None:
    first = raffle.world.get("/v1/experiences/summer").ok()["commitments"]
    assert set(first) == {"bike", "daily", "often", "person"}
    assert len({one["sha256"] for one in first.values()}) == 4
    raffle.clock.shift(timedelta(days=1))
    raffle.open()
    assert raffle.world.get("/v1/experiences/summer").ok()["commitments"] == first
    other = raffle.world.get("/v1/experiences/summer", tenant="other").ok()["commitments"]
    assert other["bike"]["sha256"] != first["bike"]["sha256"]
