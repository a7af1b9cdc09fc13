"""The audit log: every reveal, change and deletion, who did it, and nothing that names a customer."""

import json
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as time
from chalicelib.store import audit, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Access, Span, Store
from tests import faults, seeds
from tests.accountability.conftest import ACME, issue
from tests.seeds import guest, plant
from tests.world import EXPERIENCE, World

ANNA = "anna.schmidt@example.com"


def notes(world: World, **query: Any) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {**query, "cursor": cursor} if cursor else query
        page = world.get("/v1/audit", query=asked, roles=("privacy",)).ok()
        items += page["items"]
        cursor = page["next"]
    return items


def actions(world: World, **query: Any) -> list[str]:
    """Without the experience that the world is made with."""
    return [note["action"] for note in notes(world, **query) if note["action"] != "experience.changed"]


def stored() -> list[Any]:
    return ACME.query_all(Access("Control"), ACME.key("audit"), Span())


def test_what_is_done_through_the_routes_is_noted_with_who_and_how_much(world: World) -> None:
    person = guest(world)
    world.get(f"/v1/customers/{person}", roles=("viewer",)).ok()
    world.request("PATCH", f"/v1/customers/{person}", {"fields": {"city": "Leipzig"}}, roles=("privacy",)).ok()
    world.request("DELETE", f"/v1/records/coupons/{plant('coupons', None).id}", roles=("editor",)).ok()
    world.request("PUT", "/v1/settings", {"receipt_months": 12}, roles=("privacy",)).ok()
    key = world.request("POST", "/v1/keys", {"name": "Chat", "role": "collector"}).ok()["id"]
    world.request("DELETE", f"/v1/keys/{key}").ok()
    issue(1, ANNA)
    world.request("POST", "/v1/receipts/search", {"email": ANNA}, roles=("privacy",)).ok()
    world.request("POST", "/v1/consent-proofs", {"email": ANNA}, roles=("privacy",)).ok()
    etag = world.get("/v1/experiences/summer").headers["ETag"]
    world.request("PUT", "/v1/experiences/summer", EXPERIENCE, headers={"If-Match": etag}).ok()
    told = notes(world)
    assert {note["by"] for note in told} == {"user-of-acme"}
    assert sorted((note["action"], note["role"]) for note in told) == [
        ("customer.rectified", "privacy"),
        ("customer.revealed", "viewer"),
        ("experience.changed", "owner"),
        ("experience.changed", "owner"),
        ("key.made", "owner"),
        ("key.revoked", "owner"),
        ("proofs.read", "privacy"),
        ("receipts.searched", "privacy"),
        ("record.deleted", "editor"),
        ("settings.changed", "privacy"),
    ]
    by_action = {note["action"]: note for note in told}
    assert (by_action["record.deleted"]["kind"], by_action["record.deleted"]["count"]) == ("coupons", 1)
    assert by_action["receipts.searched"]["count"] == 1
    assert by_action["settings.changed"]["details"] == {"names": ["receipt_months"]}
    assert by_action["key.made"]["details"] == {"key": key, "role": "collector"}
    assert by_action["customer.rectified"]["details"] == {"email": False, "fields": 1}
    hashed = audit.customer_hash(ACME, person)
    assert by_action["customer.revealed"]["customer"] == by_action["customer.rectified"]["customer"] == hashed


def test_nothing_in_the_log_names_a_customer(world: World) -> None:
    """A marker in all that a person can have; then all that is noted, as it is stored and as it is shown."""
    marker = "zyxmarker"
    address = f"{marker}@{marker}.example.com"
    person = guest(world, address, fields={"firstname": marker, marker: marker})
    ids = [person]
    for kind in seeds.DATA:
        record = plant(kind, person)
        ids.append(record.id)
        world.request("DELETE", f"/v1/records/{kind}/{record.id}").ok()
    world.get(f"/v1/customers/{person}").ok()
    body = {"email": f"{marker}2@example.com", "fields": {marker: marker, "firstname": None}}
    world.request("PATCH", f"/v1/customers/{person}", body).ok()
    world.request("POST", "/v1/receipts/search", {"email": address}).ok()
    world.request("POST", "/v1/consent-proofs", {"email": address}).ok()
    world.request("PUT", "/v1/settings", {"privacy": {"de": {"controller": marker}}}).ok()
    world.request("DELETE", f"/v1/records/customers/{person}").ok()
    told = json.dumps(stored()) + json.dumps(notes(world))
    assert [one for one in (marker, *ids) if one in told] == []
    assert len(stored()) >= len(seeds.DATA) + 5


def test_a_reveal_is_noted_once_an_hour_for_each_user_and_customer(clock: Traveller, world: World) -> None:
    anna, ben = guest(world), guest(world, "ben@example.com")
    for _ in range(3):
        world.get(f"/v1/customers/{anna}").ok()
    world.get(f"/v1/customers/{ben}").ok()
    assert actions(world) == ["customer.revealed"] * 2
    clock.shift(3600)
    world.get(f"/v1/customers/{anna}").ok()
    assert actions(world) == ["customer.revealed"] * 3


def test_whoever_may_erase_sees_the_page_masked_and_reveals_nothing(world: World) -> None:
    person = guest(world, fields={"firstname": "Anna"})
    plant("coupons", person)
    for role in ("editor", "privacy"):
        page = world.get(f"/v1/customers/{person}", roles=(role,)).ok()
        assert (page["customer"]["email"], page["customer"]["fields"]) == ("•••@•••", {"firstname": "•••"})
        assert page["customer"]["masked"] and page["coupons"]["items"][0]["masked"]
        assert ANNA not in json.dumps(page) and "Anna" not in json.dumps(page)
    assert actions(world) == []


def test_nobody_is_revealed_when_the_note_cannot_be_written(world: World) -> None:
    person = guest(world)
    place = 0
    while True:
        place += 1
        with faults.at(place, "broken") as fault:
            reply = world.get(f"/v1/customers/{person}")
        if fault.hit == "PutItem":
            break
        assert fault.hit, "the page was shown without a note"
    assert reply.status == 503 and ANNA not in reply.text


def test_one_id_is_one_row_however_often_it_is_noted(clock: Traveller, world: World) -> None:
    for _ in range(2):
        audit.note(ACME, "job", "kind.cleared", kind="log", id="0" * 32)
        clock.shift(7200)
    [note] = notes(world, action="kind.cleared")
    assert note["at"].startswith("2030-05-21T08:00"), "the first time is the one that counts"
    audit.note(ACME, "other", "kind.cleared", kind="log", id="0" * 32)
    assert len(stored()) == 3  # with the experience


def test_unknown_actions_are_a_mistake(world: World) -> None:
    with pytest.raises(ValueError, match="coffee"):
        audit.note(ACME, "me", "coffee.made")


def test_the_log_is_newest_first_and_goes_on_by_its_cursor(clock: Traveller, world: World) -> None:
    for number in range(7):
        audit.note(ACME, "me", "file.opened", count=number)
        clock.shift(60)
    assert [note["count"] for note in notes(world, limit=3, action="file.opened")] == [6, 5, 4, 3, 2, 1, 0]
    page = world.get("/v1/audit", query={"limit": 2}).ok()
    query = {"cursor": page["next"], "action": "key.made"}
    world.get("/v1/audit", query=query).problem(422, "cursor_invalid")
    assert len(notes(world, limit=1)) == 8


def test_a_time_is_asked_half_open(clock: Traveller, world: World) -> None:
    moments = []
    for number in range(3):
        clock.shift(600)
        moments.append(time.now_ms())
        audit.note(ACME, "me", "file.opened", count=number, id=f"file {number}")
        clock.shift(1)
    between = {"from": time.rfc3339(moments[1]), "to": time.rfc3339(moments[2])}
    assert [note["count"] for note in notes(world, **between)] == [1]
    world.get("/v1/audit", query={"from": "yesterday"}).problem(422, "validation")
    world.get("/v1/audit", query={"colour": "red"}).problem(422, "filter_unknown")
    world.get("/v1/audit", query={"action": "coffee"}).problem(422, "validation")


def test_an_action_is_looked_for_within_a_budget_of_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BUDGET", 4)
    audit.note(ACME, "me", "key.made")
    for _ in range(10):
        audit.note(ACME, "me", "file.opened")
    page = world.get("/v1/audit", query={"action": "key.made"}).ok()
    assert (page["items"], page["next"] is None) == ([], False)
    assert actions(world, action="key.made") == ["key.made"]


def test_a_note_is_gone_after_180_days(clock: Traveller, world: World) -> None:
    audit.note(ACME, "me", "key.made")
    clock.shift(180 * 86_400 - 60)
    assert actions(world) == ["key.made"]
    clock.shift(120)
    assert actions(world) == []
    assert stored(), "it is TTL that removes them"


def test_another_tenants_log_is_its_own(world: World) -> None:
    audit.note(Store("other"), "me", "key.made")
    assert actions(world) == []


def test_a_note_costs_one_write(world: World) -> None:
    with metered(wire.client()) as units:
        audit.note(ACME, "me", "key.made", role="owner", details={"names": ["a", "b"]})
    assert (units.read, units.write) == (0, 1)
    with metered(wire.client()) as units:
        audit.note(ACME, "me", "customer.revealed", customer_id="x", id="x")
        audit.note(ACME, "me", "customer.revealed", customer_id="x", id="x")
    assert units.write == 2


def test_trouble_at_each_call_leaves_one_row_of_an_id(world: World) -> None:
    tenants = iter(range(1000))

    def check(store: Store) -> None:
        assert len(store.query_all(Access("Control"), store.key("audit"), Span())) == 1

    struck = faults.everywhere(
        lambda: Store(f"t{next(tenants)}"), lambda store: audit.note(store, "me", "key.revoked", id="k"), check
    )
    assert {one.split()[1] for one in struck} == {"PutItem"}
