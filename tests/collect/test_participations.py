"""Entering raffles: once a period in the tenant's time zone, whoever asks how often and at the same moment."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from time_machine import Traveller

from tests.collect import stored
from tests.collect.threads import at_once, collect
from tests.world import World

ANNA = "anna.schmidt@example.com"
POSTAL = {"street": "Hauptstr. 1", "postal_code": "01067", "city": "Dresden"}


@pytest.fixture
def anna(clock: Traveller, world: World) -> str:
    return str(world.collect("sign-ins", email=ANNA).ok()["id"])


def enter(world: World, giveaway: str | None, key: str | None = None, **event: Any) -> Any:
    named = {"giveaway": giveaway} if giveaway else {}
    return world.collect("participations", key, **{"email": ANNA, **named, **event}).ok()


def outcome(world: World, giveaway: str, **event: Any) -> str:
    return str(enter(world, giveaway, **event)["outcome"])


def test_an_entry_is_answered_with_its_ticket_and_listed_with_its_fields(anna: str, world: World) -> None:
    entry = enter(world, "daily", fields=POSTAL, terms_version="2026-05", channel="web")
    assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", entry["ticket"])
    assert entry == {
        "type": "participations",
        "outcome": "entered",
        "id": entry["id"],
        "created_at": "2030-05-21T08:00:00.000Z",
        "expires_at": "2030-07-20T08:00:00Z",
        "giveaway": "daily",
        "ticket": entry["ticket"],
        "next_entry_at": "2030-05-21T22:00:00Z",
        "draw_at": None,
    }
    [row] = world.rows("participations")
    assert (row["id"], row["ticket"], row["fields"]) == (entry["id"], entry["ticket"], POSTAL)
    assert (row["terms_version"], row["channel"], row["drawn"]) == ("2026-05", "web", False)


def test_who_entered_already_gets_the_earlier_entry_answered(clock: Traveller, anna: str, world: World) -> None:
    first = enter(world, "bike", fields=POSTAL)
    clock.shift(3600)
    with stored.nothing_written():
        assert enter(world, "bike", fields={"city": "Köln"}) == {**first, "outcome": "already_entered"}
    assert [row["fields"] for row in world.rows("participations")] == [POSTAL]


@pytest.mark.parametrize(
    ("rule", "zone", "at", "next"),
    [
        ("daily", "Europe/Berlin", "2031-03-29T12:00:00Z", "2031-03-29T23:00:00Z"),
        ("daily", "Europe/Berlin", "2031-03-30T12:00:00Z", "2031-03-30T22:00:00Z"),  # a day of 23 hours
        ("daily", "Europe/Berlin", "2030-10-27T00:30:00Z", "2030-10-27T23:00:00Z"),  # a day of 25 hours
        ("daily", "Pacific/Kiritimati", "2030-05-21T09:59:59Z", "2030-05-21T10:00:00Z"),
        ("daily", "America/Santiago", "2030-09-07T12:00:00Z", "2030-09-08T04:00:00Z"),  # a day without midnight
        ("weekly", "Europe/Berlin", "2032-12-31T12:00:00Z", "2033-01-02T23:00:00Z"),  # ISO week 53 of 2032
        ("weekly", "Europe/Berlin", "2031-03-24T12:00:00Z", "2031-03-30T22:00:00Z"),  # clocks change within
        ("weekly", "America/New_York", "2030-05-20T03:59:59Z", "2030-05-20T04:00:00Z"),
    ],
)
def test_a_period_ends_at_midnight_of_the_tenants_time_zone(
    clock: Traveller, world: World, rule: str, zone: str, at: str, next: str
) -> None:
    moment, end = datetime.fromisoformat(at), datetime.fromisoformat(next)
    clock.move_to(moment)
    world.tokens.clear()
    world.request("PUT", "/v1/settings", {"time_zone": zone}).ok()
    world.collect("sign-ins", email=ANNA).ok()
    assert enter(world, rule)["next_entry_at"] == next
    clock.move_to(end - timedelta(seconds=1))
    assert outcome(world, rule) == "already_entered"
    assert world.collect("state", email=ANNA).ok()["giveaways"][rule] == {"entered": True, "next_entry_at": next}
    clock.move_to(end)
    assert world.collect("state", email=ANNA).ok()["giveaways"][rule]["entered"] is False
    assert outcome(world, rule) == "entered"
    assert len(world.rows("participations")) == 2


def test_once_is_once_and_unlimited_is_as_often_as_one_likes(clock: Traveller, anna: str, world: World) -> None:
    for day in range(3):
        assert outcome(world, "bike") == ("already_entered" if day else "entered")
        assert [outcome(world, "often"), outcome(world, "often")] == ["entered", "entered"]
        clock.shift(timedelta(days=10))
    assert len({row["ticket"] for row in world.rows("participations")}) == 7


def test_a_call_sent_again_after_midnight_does_not_enter_the_next_day_too(
    clock: Traveller, anna: str, world: World
) -> None:
    clock.move_to(datetime(2030, 5, 26, 21, 59, 59, tzinfo=UTC))  # Sunday, a second before midnight in Berlin
    first = {rule: enter(world, rule, f"key-{rule}") for rule in ("daily", "weekly", "often")}
    for later in (2, 23 * 3600):
        clock.shift(later)
        for rule, answer in first.items():
            reply = world.collect("participations", f"key-{rule}", email=ANNA, giveaway=rule)
            assert (reply.ok(), reply.headers.get("Idempotent-Replayed")) == (answer, "true"), (rule, later)
    clock.shift(3600)
    for rule in first:  # a key is kept for 24 hours
        assert enter(world, rule, f"key-{rule}")["id"] != first[rule]["id"]
    assert len(world.rows("participations")) == 6


def test_what_is_not_open_yet_or_closed_is_an_answer_by_the_time_it_happened(clock: Traveller, world: World) -> None:
    times = {"opens_at": "2030-05-20T00:00:00+02:00", "closes_at": "2030-05-22T00:00:00+02:00"}
    giveaway = {"id": "g", "title": "G", "rule": "daily", "draw_by": "2030-06-01", **times}
    world.request("PUT", "/v1/experiences/short", {"title": "Short", "giveaways": [giveaway]}).ok()
    world.collect("sign-ins", email=ANNA).ok()

    def at(moment: str) -> tuple[Any, Any]:
        answer = enter(world, None, experience="short", occurred_at=moment)
        assert (answer["giveaway"], answer["draw_at"]) == ("g", "2030-06-01")
        return answer["outcome"], answer["next_entry_at"]

    with stored.nothing_written():
        assert at("2030-05-19T21:59:59Z") == ("not_open", "2030-05-19T22:00:00Z")
    assert at("2030-05-19T22:00:00Z") == ("entered", "2030-05-20T22:00:00Z")
    clock.move_to(datetime(2030, 5, 21, 22, 0, tzinfo=UTC))
    assert at("2030-05-21T21:59:59Z") == ("entered", None)  # there is no next day
    world.collect("state", email=ANNA).ok()
    with stored.nothing_written():
        assert at("2030-05-21T22:00:00Z") == ("closed", None)
        state = world.collect("state", email=ANNA, experience="short").ok()["giveaways"]
        assert state == {"g": {"entered": False, "next_entry_at": None}}


def test_which_giveaway_is_meant_must_be_clear_before_anything_is_recorded(anna: str, world: World) -> None:
    world.request("PUT", "/v1/experiences/none", {"title": "None"}).ok()
    first = {"type": "variables", "variables": [{"name": "a", "value": 1, "persist": True}]}
    entry: dict[str, Any] = {"type": "participations"}
    with stored.nothing_written():
        for event, code, status in (
            (entry, "giveaway_ambiguous", 422),
            (entry | {"giveaway": "nope"}, "giveaway_unknown", 404),
            (entry | {"experience": "none"}, "giveaway_unknown", 404),
        ):
            [error] = world.call(first, event, key="k", email=ANNA).problem(status, code)["errors"]
            assert error["pointer"] == "/events/1/giveaway"


def test_fifty_threads_entering_at_once_make_one_entry(anna: str, world: World) -> None:
    answers = at_once(50, lambda i: collect("participations", email=ANNA, giveaway="bike", fields={"i": i}))
    assert sorted(answer["outcome"] for answer in answers) == [*["already_entered"] * 49, "entered"]
    assert len({answer["ticket"] for answer in answers}) == 1
    [row] = world.rows("participations")
    assert row["ticket"] == answers[0]["ticket"]


def test_addresses_that_differ_in_dots_and_tags_share_one_entry_where_the_giveaway_says_so(
    clock: Traveller, world: World
) -> None:
    spellings = ["anna.s@example.com", "a.nna.s@example.com", "annas+raffle@example.com", "Anna.S+2@example.com"]
    for email in (*spellings, "annas@other.example"):
        world.collect("sign-ins", email=email).ok()
    answers = at_once(20, lambda i: collect("participations", email=spellings[i % 4], giveaway="person"))
    assert [answer["outcome"] for answer in answers].count("entered") == 1
    assert len({answer["ticket"] for answer in answers}) == 1
    assert outcome(world, "person", email="annas@other.example") == "entered"
    assert [outcome(world, "bike", email=email) for email in spellings] == ["entered"] * 4
    assert not any("example.com" in str(item) for item in stored.items("Activity") if "entry_pk" in item)


def test_an_entry_that_was_deleted_leaves_its_place_to_the_same_person(clock: Traveller, world: World) -> None:
    for email in ("annas@example.com", "anna.s@example.com"):
        world.collect("sign-ins", email=email).ok()
    first = enter(world, "person", email="annas@example.com")
    world.request("DELETE", f"/v1/records/participations/{first['id']}").ok()
    answers = at_once(
        10, lambda i: collect("participations", email=f"anna{'.' * (i % 2)}s@example.com", giveaway="person")
    )
    assert [answer["outcome"] for answer in answers].count("entered") == 1
    assert len(world.rows("participations")) == 1


@pytest.mark.parametrize("giveaway", ["bike", "person"])
def test_once_starts_anew_when_the_entry_has_expired_or_was_cleared_though_it_is_still_stored(
    clock: Traveller, anna: str, world: World, giveaway: str
) -> None:
    enter(world, giveaway)
    clock.move_to(datetime(2030, 7, 20, 7, 59, 59, tzinfo=UTC))
    assert outcome(world, giveaway) == "already_entered"
    clock.shift(1)
    second = enter(world, giveaway)
    assert second["outcome"] == "entered"
    assert [row["id"] for row in world.rows("participations")] == [second["id"]]
    clock.shift(1)
    clear_while_time_goes_on(clock, world, experience="summer")
    assert world.rows("participations") == []
    third = enter(world, giveaway)
    assert (third["outcome"], third["ticket"] != second["ticket"]) == ("entered", True)
    assert outcome(world, giveaway) == "already_entered"


def clear_while_time_goes_on(clock: Traveller, world: World, **scope: str) -> None:
    """Delete all answers when the clock is past the horizon."""
    with patch("chalicelib.jobs.purge.time", SimpleNamespace(sleep=lambda _: clock.shift(1))):
        world.request("DELETE", "/v1/records/participations", query={"confirm": "participations", **scope}).ok()
