"""A guest asks the chat to be forgotten: `POST /v1/collect/erasures`."""

from typing import Any

import pytest
import time_machine

from chalicelib.store import audit, keys, receipts
from chalicelib.store.tenancy import Store
from tests.erasure import everything as stored
from tests.erasure.people import ANNA, whole_guest
from tests.pumping import finished, pump
from tests.seeds import guest
from tests.world import Reply, World

STORE = Store("acme")


def ask(world: World, key: str | None = None, **named: Any) -> Reply:
    """Without an experience."""
    headers = {"Idempotency-Key": key} if key else {}
    return world.request("POST", "/v1/collect/erasures", named, headers=headers)


def mentions(text: str) -> list[str]:
    return [where for where, found in stored.texts() if text in found]


@pytest.mark.parametrize("by", ["email", "customer_id", "both"])
def test_everything_goes_and_the_receipt_says_self_service(
    world: World, clock: time_machine.Traveller, by: str
) -> None:
    person = whole_guest(world)
    named = {"email": "Anna.Schmidt@EXAMPLE.com", "customer_id": person}
    answer = ask(world, **(named if by == "both" else {by: named[by]})).ok()
    assert set(answer) == {"type", "outcome", "job", "receipt"}
    assert (answer["outcome"], answer["job"]) == ("started", answer["receipt"])
    assert world.rows("customers") == []
    finished(answer["job"], clock)
    assert mentions(person) == mentions("schmidt") == []
    receipt = receipts.by_id(STORE, answer["receipt"]) or {}
    assert (receipt["reason"], receipt["subject"]) == ("self_service", receipts.subject_of(STORE, ANNA))
    rows, _ = audit.page(STORE, 0, 2**45, None, 10)
    assert [row["data"]["details"]["reason"] for row in rows if row["data"]["action"] == "customer.erased"] == [
        "self_service"
    ]


@pytest.mark.parametrize("named", [{"email": ANNA}, {"customer_id": keys.random_id()}, {"email": ANNA, "x": 1}])
def test_of_somebody_unknown_nothing_is_kept(world: World, named: dict[str, Any]) -> None:
    reply = ask(world, "k", **named)
    if "x" in named:
        reply.problem(422, "validation")
        return
    answer = reply.ok()
    assert (answer["outcome"], answer["job"], answer["receipt"]) == ("nothing_kept", None, None)
    assert world.get("/v1/jobs").ok()["items"] == []


def test_while_it_is_under_way_it_is_the_same_job_with_or_without_a_key(
    world: World, clock: time_machine.Traveller
) -> None:
    person = guest(world)
    first = ask(world, "k", email=ANNA).ok()
    for reply in (ask(world, "k", email=ANNA), ask(world, email=ANNA), ask(world, "other", customer_id=person)):
        assert reply.ok() == first
        assert reply.headers["Idempotent-Replayed"] == "true"
    assert world.request("DELETE", f"/v1/records/customers/{person}").ok()["job"] == first["job"]
    finished(first["job"], clock)
    assert ask(world, email=ANNA).ok()["outcome"] == "nothing_kept"


def test_a_repeated_call_does_not_forget_the_guest_who_is_back(world: World, clock: time_machine.Traveller) -> None:
    guest(world)
    first = ask(world, "k", email=ANNA).ok()
    finished(first["job"], clock)
    returned = guest(world)
    assert ask(world, "k", email=ANNA).ok() == first
    assert [row["id"] for row in world.rows("customers")] == [returned]
    ask(world, "k", email="bob@example.org").problem(422, "idempotency_key_reused")
    second = ask(world, "new", email=ANNA).ok()
    assert second["job"] != first["job"]


def test_names_that_do_not_fit_together_are_refused(world: World) -> None:
    person = guest(world)
    ask(world, customer_id=person, email="bob@example.org").problem(409, "customer_mismatch")
    ask(world).problem(422, "validation")
    ask(world, email=ANNA, occurred_at="2026-03-01T00:00:00Z").problem(422, "validation")
    assert len(world.rows("customers")) == 1


def test_it_stands_alone_and_an_experience_may_be_named(world: World) -> None:
    guest(world)
    body = {"email": ANNA, "events": [{"type": "erasures"}]}
    headers = {"Idempotency-Key": "k"}
    world.request("POST", "/v1/collect", body, headers=headers).problem(422, "validation")
    world.collect("erasures", email=ANNA, experience="unheard-of").problem(404, "experience_unknown")
    assert world.collect("erasures", email=ANNA).ok()["outcome"] == "started"


def test_a_key_of_one_experience_erases_nobody(world: World) -> None:
    guest(world)
    made = world.request("POST", "/v1/keys", {"name": "Chat", "role": "collector", "experience": "summer"}).ok()
    header = {"Authorization": f"Bearer {made['key']}"}
    for told in ({"email": ANNA}, {"email": ANNA, "experience": "summer"}):
        reply = world.request("POST", "/v1/collect/erasures", told, anonymous=True, headers=header)
        reply.problem(403, "experience_not_allowed")
    assert pump() == 0
