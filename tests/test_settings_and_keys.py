"""The tenant's settings, and named keys: shown once, used, bound, revoked, expired."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from chalicelib import named_keys
from tests.jobs.conftest import clock as clock
from tests.world import Reply, World


def make_key(world: World, **told: Any) -> Any:
    return world.request("POST", "/v1/keys", {"name": "chat engine", "role": "collector", **told}).ok()


def use(world: World, key: str, method: str, path: str, body: Any = None) -> Reply:
    return world.request(method, path, body, headers={"Authorization": f"Bearer {key}"})


def sign_in(world: World, key: str, experience: str = "summer") -> Reply:
    return use(world, key, "POST", "/v1/collect/sign-ins", {"experience": experience, "email": "anna@example.com"})


DEFAULTS: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "locale": "de",
    "consent_proof_months": 0,
    "receipt_months": 36,
    "collect_rate": None,
    "privacy": {},
}


def test_settings_have_defaults_and_are_replaced_as_a_whole(world: World) -> None:
    assert world.get("/v1/settings").ok() == DEFAULTS
    world.request("PUT", "/v1/settings", {"time_zone": "America/New_York", "locale": "en"}).ok()
    assert world.get("/v1/settings").ok() == {**DEFAULTS, "time_zone": "America/New_York", "locale": "en"}
    assert world.get("/v1/me").ok()["time_zone"] == "America/New_York"
    world.request("PUT", "/v1/settings", {"locale": "en"}).ok()
    assert world.get("/v1/settings").ok() == {**DEFAULTS, "locale": "en"}
    assert world.get("/v1/settings", tenant="other").ok() == DEFAULTS


@pytest.mark.parametrize(
    "zone", ["Berlin", "", "../etc/passwd", "/etc/localtime", "x" * 65, "Europe/Berlin\x00", 5, None]
)
def test_a_time_zone_that_is_none_is_refused_and_the_old_one_stays(world: World, zone: Any) -> None:
    problem = world.request("PUT", "/v1/settings", {"time_zone": zone}).problem(422, "validation")
    assert [error["pointer"] for error in problem["errors"]] == ["/time_zone"]
    assert world.get("/v1/settings").ok()["time_zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"locale": "fr"}, "/locale"), ({"kinds": {}}, "/kinds"), ({"experiences": {}}, "/experiences")],
)
def test_settings_that_do_not_exist_are_refused(world: World, body: Any, pointer: str) -> None:
    problem = world.request("PUT", "/v1/settings", body).problem(422, "validation")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_day_of_a_daily_rule_is_the_tenants_day(world: World, clock: time_machine.Traveller) -> None:
    world.request("PUT", "/v1/settings", {"time_zone": "Asia/Tokyo"}).ok()
    sent = {"email": "anna@example.com", "giveaway": "daily"}
    clock.move_to(datetime(2026, 3, 11, 14, 59, tzinfo=UTC))  # 23:59 in Tokyo
    world.collect("sign-ins", email="anna@example.com").ok()
    first = world.collect("participations", **sent).ok()
    assert (first["outcome"], first["next_entry_at"]) == ("entered", "2026-03-11T15:00:00Z")
    clock.move_to(datetime(2026, 3, 11, 15, 0, 1, tzinfo=UTC))
    assert world.collect("participations", **sent).ok()["outcome"] == "entered"
    assert world.collect("participations", **sent).ok()["outcome"] == "already_entered"


def test_only_owners_change_settings_and_see_keys(world: World) -> None:
    for role in ("reader", "viewer", "editor", "exporter", "privacy", "collector"):
        world.request("PUT", "/v1/settings", {"locale": "en"}, roles=(role,)).problem(403, "role_missing")
        world.request("GET", "/v1/keys", roles=(role,)).problem(403, "role_missing")
        world.request("POST", "/v1/keys", {"name": "a", "role": "collector"}, roles=(role,)).problem(
            403, "role_missing"
        )


def test_a_key_is_shown_once_and_listed_without_its_secret(world: World) -> None:
    made = make_key(world)
    assert made["key"].startswith("ak_live_") and made["last4"] == made["key"][-4:]
    listed = world.get("/v1/keys")
    [shown] = listed.ok()["items"]
    assert shown == {name: value for name, value in made.items() if name != "key"}
    assert (shown["name"], shown["role"], shown["created_by"]) == ("chat engine", "collector", "user-of-acme")
    assert made["key"] not in listed.text and "sha256" not in listed.text
    assert world.get("/v1/keys", tenant="other").ok()["items"] == []


def test_a_key_collects_for_its_tenant_and_does_nothing_else(world: World) -> None:
    key = make_key(world)["key"]
    sign_in(world, key).ok()
    assert len(world.rows("customers")) == 1
    assert world.rows("customers", tenant="other") == []
    assert use(world, key, "GET", "/v1/me").ok()["roles"] == ["collector"]
    use(world, key, "GET", "/v1/records/customers").problem(403, "role_missing")
    use(world, key, "POST", "/v1/keys", {"name": "a", "role": "collector"}).problem(403, "role_missing")


def test_the_use_of_a_key_is_noted(world: World) -> None:
    made = make_key(world)
    assert made["last_used_at"] is None
    sign_in(world, made["key"]).ok()
    assert world.get("/v1/keys").ok()["items"][0]["last_used_at"] is not None


def test_a_key_of_one_experience_reaches_no_other(world: World) -> None:
    world.request("PUT", "/v1/experiences/winter", {"title": "Winter"}).ok()
    key = make_key(world, experience="winter")["key"]
    sign_in(world, key, "winter").ok()
    refused = sign_in(world, key, "summer")
    assert (refused.status, refused.json["code"]) == (403, "experience_not_allowed"), refused.text
    assert use(world, key, "GET", "/v1/me").ok()["experience"] == "winter"


def test_a_revoked_key_is_refused_by_everybody_after_half_a_minute(world: World, clock: time_machine.Traveller) -> None:
    made = make_key(world)
    sign_in(world, made["key"]).ok()
    assert world.request("DELETE", f"/v1/keys/{made['id']}").status == 204
    clock.shift(named_keys.REMEMBERED_FOR + 1)
    assert sign_in(world, made["key"]).status == 401
    assert world.get("/v1/keys").ok()["items"] == []
    assert world.request("DELETE", f"/v1/keys/{made['id']}").status == 204


def test_nobody_revokes_another_tenants_key(world: World, clock: time_machine.Traveller) -> None:
    made = make_key(world)
    world.request("DELETE", f"/v1/keys/{made['id']}", tenant="other")
    clock.shift(named_keys.REMEMBERED_FOR + 1)
    sign_in(world, made["key"]).ok()


@pytest.mark.parametrize("id", ["x" * 1100, "%2F", "a%00b"])
def test_revoking_what_cannot_be_a_key_is_no_trouble(world: World, id: str) -> None:
    assert world.request("DELETE", f"/v1/keys/{id}").status in (204, 404)


def test_a_key_works_until_the_second_it_expires(world: World, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 3, 11, 12, tzinfo=UTC))
    key = make_key(world, expires_at="2026-03-11T13:00:00Z")["key"]
    clock.move_to(datetime(2026, 3, 11, 12, 59, 58, tzinfo=UTC))
    sign_in(world, key).ok()
    clock.move_to(datetime(2026, 3, 11, 13, tzinfo=UTC))
    assert sign_in(world, key).status == 401
    assert world.get("/v1/keys").ok()["items"] == []


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"role": "owner"}, "/role"),
        ({"experience": "autumn"}, "/experience"),
        ({"experience": "A B"}, "/experience"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_a_key_that_cannot_be_made_says_why(world: World, told: dict[str, Any], pointer: str) -> None:
    body = {"name": "chat engine", "role": "collector", **told}
    problem = world.request("POST", "/v1/keys", body).problem(422, "validation")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert world.get("/v1/keys").ok()["items"] == []


def test_settings_that_somebody_else_changed_meanwhile_are_not_replaced(world: World) -> None:
    read = world.get("/v1/settings").headers["ETag"]
    first = world.request("PUT", "/v1/settings", {"receipt_months": 24}, headers={"If-Match": read})
    refused = world.request("PUT", "/v1/settings", {"receipt_months": 12}, headers={"If-Match": read})
    refused.problem(412, "precondition_failed")
    assert refused.headers["ETag"] == first.headers["ETag"] == world.get("/v1/settings").headers["ETag"]
    assert world.get("/v1/settings").ok()["receipt_months"] == 24
    world.request("PUT", "/v1/settings", {"receipt_months": 12}, headers={"If-Match": refused.headers["ETag"]}).ok()
