"""When something happened, what a chat may send unchanged, and how much of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import Traveller

from chalicelib import clock as clocks
from chalicelib.store import customers, profiles
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.profiles import Profile
from chalicelib.store.tenancy import Store
from tests.collect import stored
from tests.collect.test_faults import outlives_its_customer
from tests.world import EXPERIENCE, World

ANNA = "anna.schmidt@example.com"
EVENTS: dict[str, tuple[dict[str, Any], int]] = {  # and how many days back it is kept
    "participations": ({"giveaway": "often"}, 60),
    "variables": ({"variables": [{"name": "a", "value": 1, "persist": True}]}, 60),
    "log-entries": ({"level": "info", "message": "x"}, 7),
    "consents": ({"consent": "news", "status": "declined"}, 180),
    "sign-ins": ({}, 180),
}


def at(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


@pytest.mark.parametrize("type", EVENTS)
def test_a_time_outside_what_is_kept_is_refused_and_named(clock: Traveller, world: World, type: str) -> None:
    event, days = EVENTS[type]
    now = datetime.now(UTC)
    first = now - timedelta(days=days) + timedelta(seconds=1)
    if days == 180:  # counted in UTC days
        first = datetime(2029, 11, 22, tzinfo=UTC)
    world.collect("sign-ins", email=ANNA).ok()
    wrong = (first - timedelta(milliseconds=1), now + timedelta(minutes=5, milliseconds=1))
    with stored.nothing_written():
        for moment in wrong:
            reply = world.collect(type, email=ANNA, occurred_at=at(moment), **event)
            assert [error["pointer"] for error in reply.problem(422, "time_out_of_range")["errors"]] == ["/occurred_at"]
        log = {"type": "log-entries", "level": "info", "message": "x", "occurred_at": at(now)}
        reply = world.call(log, {"type": type, **event}, key="k", email=ANNA, occurred_at=at(wrong[1]))
        errors = reply.problem(422, "time_out_of_range")["errors"]
        assert [error["pointer"] for error in errors] == ["/events/1/occurred_at"]
    for moment in (first, now + timedelta(minutes=5)):
        world.collect(type, email=ANNA, occurred_at=at(moment), **event).ok()


def test_a_time_behind_any_horizon_is_refused(world: World) -> None:
    world.request("PUT", "/v1/experiences/winter", EXPERIENCE).ok()
    world.collect("sign-ins", email=ANNA).ok()
    clears = (
        {"experience": "summer", "confirm": "participations"},
        {"confirm": "participations"},
        {"confirm": "customers"},
    )
    for place, query in enumerate(clears):
        before = at(datetime.now(UTC))
        hidden = world.request("DELETE", f"/v1/records/{query['confirm']}", query=query).ok()["hidden_from"]
        world.collect("sign-ins", email=ANNA).ok()
        for moment in (before, hidden):
            for type in ("participations", "consents", "sign-ins"):
                reply = world.collect(type, email=ANNA, occurred_at=moment, **EVENTS[type][0])
                cleared = type == "participations" or place == 2
                assert (reply.status == 422) is cleared, (place, type)
        elsewhere = world.collect(
            "participations", email=ANNA, giveaway="often", experience="winter", occurred_at=before
        )
        assert (elsewhere.status == 200) is (place == 0)


@pytest.mark.parametrize(
    "text",
    [
        "01067",
        "emoji 👩‍👩‍👧 🎈",
        "مرحبا ‮RTL",
        "a\r\nb\tc",
        "x" * 300,
        " padded ",
        "=1+1",
        "NULL",
        "ä\u0308 Å",
        "\x7f\x1b",
    ],
)
def test_what_a_person_types_is_returned_unchanged_everywhere(world: World, text: str) -> None:
    email = "ÄÖ+tag@Bücher.example"
    world.collect("sign-ins", email=email, fields={"lastname": text, "n": 1.5}).ok()
    world.collect("participations", email=email, giveaway="bike", fields={"answer": text}, channel="web").ok()
    [customer] = world.rows("customers", email=email)
    assert (customer["email"], customer["fields"]) == (email, {"lastname": text, "n": 1.5})
    [entry] = world.rows("participations", email="tag@bücher")
    assert (entry["email"], entry["fields"]) == (email, {"answer": text})
    assert {row["value"] for row in world.rows("variables")} == {email, text}


@pytest.mark.parametrize(
    ("event", "pointer", "code"),
    [
        ({"fields": {"a": "nul\0"}}, "/fields/a", "control_character"),
        ({"fields": {"a": 2**63}}, "/fields/a", "too_big"),
        ({"fields": {"a": 1e22}}, "/fields/a", "too_big"),
        ({"fields": {"a": 1e-200}}, "/fields/a", "too_small"),
        ({"fields": {"a": ["list"]}}, "/fields/a", "not_a_plain_value"),
        ({"fields": {"a": "ä" * 2049}}, "/fields/a", "too_many_bytes"),
        ({"fields": {f"f{i}": "x" * 4000 for i in range(5)}}, "/fields", "too_many_bytes"),
        ({"fields": {f"f{i}": 1 for i in range(101)}}, "/fields", "too_many"),
        ({"fields": {"birthdate": "31.12.1990"}}, "/fields/birthdate", "not_a_date"),
        ({"feilds": {}}, "/feilds", "unknown_member"),
        ({"email": "a b@example.com"}, "/email", "not_an_email"),
        ({"email": f"{'x' * 250}@example.com"}, "/email", "not_an_email"),
        ({"process_instance": "x" * 129}, "/process_instance", "too_long"),
        ({"channel": "x" * 33}, "/channel", "too_long"),
        ({"occurred_at": "2030-05-21"}, "/occurred_at", "not_a_time"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_pointer_alone_and_in_an_envelope(
    world: World, event: dict[str, Any], pointer: str, code: str
) -> None:
    with stored.nothing_written():
        errors = world.collect("sign-ins", **{"email": ANNA, **event}).problem(422, "validation")["errors"]
        assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)]
        good = {"type": "sign-ins", "email": "bert@example.com"}
        reply = world.call(good, {"type": "sign-ins", "email": ANNA, **event}, key="k")
        assert [error["pointer"] for error in reply.problem(422, "validation")["errors"]] == [f"/events/1{pointer}"]


def test_too_much_too_many_and_what_is_no_event_is_refused_whole(world: World) -> None:
    sign_in = {"type": "sign-ins"}
    with stored.nothing_written():
        big = {"experience": "summer", "email": ANNA, "fields": {"a": "x" * 262_144}}
        world.request("POST", "/v1/collect/sign-ins", big).problem(413, "too_large")
        world.call(*[sign_in] * 51, key="k", email=ANNA).problem(422, "validation")
        world.call(key="k", email=ANNA).problem(422, "validation")
        world.request("POST", "/v1/collect/sign-ins", b"{").problem(400, "malformed_json")
        world.request("POST", "/v1/collect/unknown", {}).problem(404, "not_found")
        world.collect("sign-ins", email=ANNA, experience="nowhere").problem(404, "experience_unknown")
        reply = world.call(sign_in, {**sign_in, "experience": "nowhere"}, key="k", email=ANNA)
        [error] = reply.problem(404, "experience_unknown")["errors"]
        assert error["pointer"] == "/events/1/experience"
    assert len(world.call(*[sign_in] * 50, key="k", email=ANNA).ok()["results"]) == 50


def test_a_closed_experience_collects_nothing_and_a_restricted_key_its_own_only(world: World) -> None:
    world.request("PUT", "/v1/experiences/winter", EXPERIENCE).ok()
    key = world.request("POST", "/v1/keys", {"name": "chat", "role": "collector", "experience": "winter"}).ok()["key"]

    def send(experience: str) -> Any:
        events = [{"type": "sign-ins", "experience": "winter"}, {"type": "sign-ins", "experience": experience}]
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": experience}
        return world.request("POST", "/v1/collect", {"email": ANNA, "events": events}, headers=headers, anonymous=True)

    before = stored.items("Customers"), stored.items("Activity")
    send("summer").problem(403, "experience_not_allowed")
    assert (stored.items("Customers"), stored.items("Activity")) == before
    send("winter").ok()
    world.request("DELETE", "/v1/experiences/winter").ok()
    with stored.nothing_written():
        world.collect("sign-ins", email=ANNA, experience="winter").problem(404, "experience_unknown")


def test_whoever_read_the_customer_before_a_later_activity_neither_shortens_nor_overwrites_what_it_left(
    clock: Traveller, world: World
) -> None:
    id = world.collect("sign-ins", email=ANNA, fields={"street": "x" * 500}).ok()["customer_id"]
    store, cleared = Store("acme"), Horizons()
    stale = customers.by_id(store, id, cleared)
    assert stale
    now = clocks.now_ms()
    customers.touch(store, stale, now + 150 * clocks.DAY_MS, cleared)
    touched = customers.touch(store, stale, now + 100 * clocks.DAY_MS, cleared)
    assert touched["active_at"] == now + 150 * clocks.DAY_MS
    assert outlives_its_customer(id)
    late = profiles.change(store, stale, Profile.of(stale).with_fields({"street": "y" * 500}), cleared, [])
    assert not accepted(lambda: store.write(late))
    assert outlives_its_customer(id)


ACTIVITIES = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(["sign-ins", "consents", "fields", "late"])), max_size=8
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIVITIES)
def test_whatever_the_activities_nothing_around_a_customer_expires_before_the_customer(
    clock: Traveller, world: World, activities: list[tuple[int, str]]
) -> None:
    stored.forget()
    world.tokens.clear()
    email = "anna.schmidt@mail.example.com"
    told: dict[str, Any] = {"fields": {"street": "x" * 500}}
    id = world.collect("sign-ins", email=email, **told).ok()["customer_id"]
    for number, (days, what) in enumerate(activities):
        clock.shift(timedelta(days=days))
        late: dict[str, Any] = (
            {"occurred_at": at(datetime.now(UTC) - timedelta(days=min(days, 3)))} if what == "late" else {}
        )
        if what == "consents":
            world.collect("consents", email=email, consent=f"c{number}", status="declined").ok()
        else:
            told = {"fields": {"street": f"{number}" * 500}} if what == "fields" else {}
            world.collect("sign-ins", email=email, **told, **late).ok()
        assert outlives_its_customer(id)
