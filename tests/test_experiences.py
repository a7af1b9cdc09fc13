"""Experiences over HTTP: made once, changed by whoever saw the last revision, closed and never lost."""

from typing import Any

import pytest

from tests.world import EXPERIENCE, Reply, World

RAFFLE: dict[str, Any] = {
    "title": "Sommerverlosung",
    "giveaways": [{"id": "bike", "title": "E-Bike", "rule": "once", "prizes": [{"name": "E-Bike", "count": 1}]}],
}


def put(world: World, id: str, document: Any, tag: str | None = None, **more: Any) -> Reply:
    headers = {"If-Match": tag} if tag is not None else {}
    return world.request("PUT", f"/v1/experiences/{id}", document, headers=headers, **more)


def close(world: World, id: str, tag: str | None = None) -> Reply:
    return world.request("DELETE", f"/v1/experiences/{id}", headers={"If-Match": tag} if tag is not None else {})


def test_an_experience_is_made_read_and_changed_with_the_tag_that_was_read(world: World) -> None:
    made = put(world, "winter", RAFFLE)
    assert (made.status, made.headers["ETag"], made.json["id"]) == (201, '"1"', "winter")
    read = world.get("/v1/experiences/winter")
    assert (read.headers["ETag"], read.json) == ('"1"', made.json)
    changed = put(world, "winter", {**RAFFLE, "title": "Winterverlosung"}, '"1"')
    assert (changed.status, changed.headers["ETag"], changed.json["title"]) == (200, '"2"', "Winterverlosung")
    assert world.get("/v1/experiences/winter").json == changed.json


def test_changing_without_a_tag_is_refused_and_names_the_present_one(world: World) -> None:
    refused = put(world, "summer", RAFFLE)
    refused.problem(428, "precondition_missing")
    assert refused.headers["ETag"] == '"1"'
    assert world.get("/v1/experiences/summer").json["title"] == EXPERIENCE["title"]


@pytest.mark.parametrize("tag", ['"2"', '"0"', "1", 'W/"1"', "*", '"1", "2"', '"one"', ""])
def test_changing_with_a_wrong_tag_is_refused(world: World, tag: str) -> None:
    put(world, "summer", RAFFLE, tag).problem(412, "precondition_failed")
    assert world.get("/v1/experiences/summer").json["title"] == EXPERIENCE["title"]


def test_an_experience_that_is_not_there_matches_no_tag(world: World) -> None:
    refused = put(world, "winter", RAFFLE, '"1"')
    refused.problem(412, "precondition_failed")
    assert "ETag" not in refused.headers
    world.get("/v1/experiences/winter").problem(404, "experience_unknown")


def test_of_two_edits_of_the_same_revision_one_wins(world: World) -> None:
    replies = [put(world, "summer", {**RAFFLE, "title": title}, '"1"') for title in ("A", "B")]
    assert [reply.status for reply in replies] == [200, 412]
    assert world.get("/v1/experiences/summer").json["title"] == "A"


def test_a_giveaway_that_outlives_its_entries_is_saved_with_a_warning(world: World) -> None:
    long = {"opens_at": "2026-06-01T00:00:00+02:00", "closes_at": "2026-12-01T00:00:00+01:00"}
    giveaway = {**RAFFLE["giveaways"][0], **long}
    saved = put(world, "winter", {**RAFFLE, "giveaways": [giveaway]}).ok()
    [warning] = saved["warnings"]
    assert (warning["code"], warning["pointer"].startswith("/giveaways/0")) == ("outlives_retention", True)
    assert world.get("/v1/experiences/winter").ok()["warnings"] == saved["warnings"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, "/title"),
        ({"title": 5}, "/title"),
        ({"title": "A", "unknown": 1}, "/unknown"),
        ({"title": "A", "giveaways": [{"id": "a"}]}, "/giveaways/0/title"),
        ({"title": "A", "giveaways": [{"id": "A B", "title": "x"}]}, "/giveaways/0/id"),
        ({"title": "A", "giveaways": [{"id": "a", "title": "x", "rule": "hourly"}]}, "/giveaways/0/rule"),
        ({"title": "A", "giveaways": "none"}, "/giveaways"),
    ],
)
def test_a_bad_document_is_refused_with_the_place_that_is_at_fault(
    world: World, document: dict[str, Any], pointer: str
) -> None:
    problem = put(world, "winter", document).problem(422, "validation")
    assert pointer in [error["pointer"] for error in problem["errors"]]
    world.get("/v1/experiences/winter").problem(404, "experience_unknown")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff", b'{"title": NaN}', b"[" * 5000])
def test_what_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    reply = put(world, "winter", body)
    assert reply.status in (400, 422), reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("id", ["A", "a b", "a%2Fb", "%25", "x" * 65, "%00", "%C3%A4", "..", "x" * 3000])
def test_an_id_that_cannot_be_one_is_refused(world: World, id: str) -> None:
    reply = put(world, id, RAFFLE)
    assert reply.json["code"] == "validation" and reply.status == 422, reply.text
    assert world.get(f"/v1/experiences/{id}").status == 404
    assert close(world, id).status == 404


def test_a_closed_experience_collects_nothing_and_keeps_its_records(world: World) -> None:
    world.collect("sign-ins", email="anna@example.com").ok()
    world.collect("participations", email="anna@example.com", giveaway="bike").ok()
    assert close(world, "summer").status == 204
    world.collect("participations", email="anna@example.com", giveaway="often").problem(404, "experience_unknown")
    assert len(world.rows("participations")) == 1
    assert world.get("/v1/experiences/summer").ok()["closed"] is True
    [listed] = world.get("/v1/experiences").ok()["items"]
    assert (listed["id"], listed["closed"]) == ("summer", True)


def test_closing_again_changes_nothing_and_closing_what_is_not_there_is_refused(world: World) -> None:
    assert [close(world, "summer").status for _ in range(2)] == [204, 204]
    assert world.get("/v1/experiences/summer").headers["ETag"] == '"2"'
    close(world, "winter").problem(404, "experience_unknown")


def test_closing_with_a_tag_that_is_not_the_present_one_is_refused(world: World) -> None:
    close(world, "summer", '"9"').problem(412, "precondition_failed")
    assert world.get("/v1/experiences/summer").ok()["closed"] is False


def test_a_closed_experience_is_opened_by_saving_it(world: World) -> None:
    close(world, "summer", '"1"').ok()
    put(world, "summer", EXPERIENCE, '"2"').ok()
    assert world.get("/v1/experiences/summer").ok()["closed"] is False
    world.collect("sign-ins", email="anna@example.com").ok()


def test_experiences_are_listed_by_id_and_by_tenant(world: World) -> None:
    put(world, "autumn", {"title": "Autumn"}).ok()
    assert [item["id"] for item in world.get("/v1/experiences").ok()["items"]] == ["autumn", "summer"]
    assert [item["id"] for item in world.get("/v1/experiences", tenant="other").ok()["items"]] == ["summer"]
    world.get("/v1/experiences/autumn", tenant="other").problem(404, "experience_unknown")


@pytest.mark.parametrize("role", ["reader", "viewer", "privacy"])
def test_who_may_not_edit_may_read(world: World, role: str) -> None:
    put(world, "summer", EXPERIENCE, '"1"', roles=(role,)).problem(403, "role_missing")
    assert world.get("/v1/experiences/summer", roles=(role,)).status == 200
