"""Safe to send again: one key and body is one call, however often and at whatever moment it arrives."""

from typing import Any

import pytest
from time_machine import Traveller

from tests import faults
from tests.collect import stored
from tests.collect.threads import at_once, collect
from tests.world import EXPERIENCE, Reply, World

ANNA = "anna.schmidt@example.com"
CALL: list[dict[str, Any]] = [
    {"type": "sign-ins", "fields": {"firstname": "Anna"}, "process_instance": "pi-1"},
    {"type": "consents", "consent": "news", "status": "granted", "text": "Yes"},
    {"type": "participations", "giveaway": "bike", "fields": {"postal_code": "01067"}},
    {"type": "participations", "giveaway": "often"},
    {"type": "variables", "variables": [{"name": "size", "value": "extra large", "persist": True}]},
    {"type": "log-entries", "level": "info", "message": "done"},
]
SINGLE = [({**event, "email": ANNA}) for event in CALL]
KINDS = ("customers", "consents", "participations", "variables", "log")


def is_replay(reply: Reply) -> bool:
    return reply.headers.get("Idempotent-Replayed") == "true"


def send(world: World, event: dict[str, Any], key: str | None, **more: Any) -> Reply:
    told = {name: value for name, value in event.items() if name != "type"}
    return world.collect(event["type"], key, **{**told, **more})


def everything(world: World) -> dict[str, list[Any]]:
    return {kind: world.rows(kind) for kind in KINDS}


def test_a_repeated_call_gives_the_same_answers_and_records_nothing(clock: Traveller, world: World) -> None:
    first = world.call(*CALL, key="k", email=ANNA)
    outcomes = [result["outcome"] for result in first.ok()["results"]]
    assert outcomes == ["registered", "recorded", "entered", "entered", "stored", "recorded"]
    assert not is_replay(first)
    clock.shift(600)
    with stored.nothing_written():
        again = world.call(*CALL, key="k", email=ANNA)
    assert is_replay(again)
    assert again.ok() == {**first.ok(), "trace_id": again.headers["X-Trace-Id"]}


@pytest.mark.parametrize("event", SINGLE, ids=lambda event: f"{event['type']}-{event.get('giveaway')}")
def test_each_type_alone_is_replayed_under_its_key_and_refused_under_it_with_another_body(
    clock: Traveller, world: World, event: dict[str, Any]
) -> None:
    if event["type"] != "sign-ins":
        world.collect("sign-ins", email=ANNA).ok()
    first = send(world, event, "k")
    clock.shift(23 * 3600 + 3599)
    again = send(world, event, "k")
    slid = {"expires_at": "2030-11-19T00:00:00Z"} if event["type"] in ("sign-ins", "consents") else {}
    assert again.ok() == {**first.ok(), **slid}  # customers and consents live on with the activity
    assert (is_replay(first), is_replay(again)) == (False, True)
    with stored.nothing_written():
        send(world, event, "k", process_instance="another").problem(422, "idempotency_key_reused")
    assert send(world, event, "k", tenant="other").status in (200, 404)  # another tenant's key
    clock.shift(1)
    late = send(world, event, "k", process_instance="another")
    assert late.status == 200 and not is_replay(late)  # after 24 hours the key is free again


@pytest.mark.slow
def test_only_what_was_done_is_answered_again_and_the_rest_is_done(world: World) -> None:
    world.call(*CALL[:3], key="other", email="bert@example.com").ok()
    place = 0
    while True:
        place += 1
        email = f"p{place}@example.com"
        with faults.at(place, "broken", lasting=True) as fault:
            reply = world.call(*CALL, key=f"k{place}", email=email)
        if not fault.hit:
            assert place > 10 and reply.status == 200
            break
        assert reply.status == 503, (place, reply.text)
        assert reply.headers["Retry-After"]
        done = world.call(*CALL, key=f"k{place}", email=email).ok()
        assert len(done["results"]) == len(CALL)
        assert [result["outcome"] for result in done["results"]].count("entered") == 2
        for kind, number in {"consents": 1, "participations": 2, "customers": 1}.items():
            assert len(world.rows(kind, email=email)) == number, (place, kind)
        assert sum(not row["system"] for row in world.rows("variables", email=email)) == 1


def test_a_key_is_required_for_the_envelope_and_is_visible_ascii(world: World) -> None:
    body = {"experience": "summer", "email": ANNA, "events": [{"type": "sign-ins"}]}
    with stored.nothing_written():
        world.request("POST", "/v1/collect", body).problem(400, "idempotency_key_missing")
        for key in ("", "with space", "ä", "x" * 256, "tab\t"):
            reply = world.request("POST", "/v1/collect", body, headers={"Idempotency-Key": key})
            reply.problem(400, "idempotency_key_invalid")
    world.request("POST", "/v1/collect", body, headers={"Idempotency-Key": "x" * 255}).ok()


def test_a_key_that_was_refused_may_be_corrected_and_used_again(world: World) -> None:
    world.call({"type": "sign-ins", "typo": 1}, key="k", email=ANNA).problem(422, "validation")
    world.call({"type": "participations"}, key="k", email=ANNA).problem(404, "customer_unknown")
    assert world.call({"type": "sign-ins"}, key="k", email=ANNA).ok()["results"][0]["outcome"] == "registered"


def test_an_envelope_with_another_body_is_refused_before_its_first_event_is_recorded(world: World) -> None:
    world.call(CALL[0], CALL[1], key="k", email=ANNA).ok()
    with stored.nothing_written():
        log = {"type": "log-entries", "level": "info", "message": "x"}
        world.call(CALL[3], log, CALL[1], key="k", email=ANNA).problem(422, "idempotency_key_reused")
        world.collect("participations", "k2", email="nobody@example.com").problem(404, "customer_unknown")


def test_what_the_memory_holds_names_nobody_and_no_answer(world: World) -> None:
    answer = world.call(*CALL, key="chat-8812", email=ANNA).ok()
    rows = [item for item in stored.items("Control") if "#idem#" in item["pk"]]
    assert len(rows) == 4  # participations carry their call themselves
    assert {frozenset(row["data"]) - {"record"} for row in rows} == {frozenset({"body", "outcome"})}
    told = [
        ANNA,
        answer["customer_id"],
        "anna",
        "chat-8812",
        "Anna",
        "extra large",
        "01067",
        *(r["ticket"] for r in answer["results"] if "ticket" in r),
    ]
    clear = [{**row, "expires_at": 0, "data": row["data"] | {"record": "sealed"}} for row in rows]
    assert not [text for text in told if text in str(clear)]  # what is sealed can spell anything


def test_after_the_customer_is_deleted_a_replay_says_erased_and_brings_nobody_back(world: World) -> None:
    id = world.call(*CALL, key="k", email=ANNA).ok()["customer_id"]
    for event in SINGLE[1:]:
        send(world, event, f"single-{event['type']}-{event.get('giveaway')}").ok()
    world.request("DELETE", f"/v1/records/customers/{id}").ok()
    with stored.nothing_written():
        world.call(*CALL, key="k", email=ANNA).problem(410, "erased")
        send(world, SINGLE[1], "single-consents-None").problem(410, "erased")
        send(world, SINGLE[4], "single-variables-None").problem(410, "erased")
        # Until the removal an entry carries its call itself and is found through its customer only.
        send(world, SINGLE[2], "single-participations-bike").problem(404, "customer_unknown")
    assert world.rows("customers") == []
    assert world.call(*CALL, key="new", email=ANNA).ok()["results"][0]["outcome"] == "registered"
    world.call(*CALL, key="k", email=ANNA).problem(410, "erased")


def test_a_late_duplicate_of_a_sign_in_does_not_undo_a_later_one(clock: Traveller, world: World) -> None:
    first = world.collect("sign-ins", "k1", email=ANNA, fields={"city": "Dresden"}).ok()
    second = world.collect("sign-ins", "k2", email=ANNA, fields={"city": "Köln"}).ok()
    world.collect("sign-ins", "k3", email=ANNA, fields={"city": "Bonn"}).ok()
    again = [
        world.collect("sign-ins", f"k{i}", email=ANNA, fields={"city": c}) for i, c in ((1, "Dresden"), (2, "Köln"))
    ]
    assert [reply.ok() for reply in again] == [first, second]
    assert all(map(is_replay, again))
    assert world.rows("customers")[0]["fields"] == {"city": "Bonn"}


@pytest.mark.parametrize("event", SINGLE, ids=lambda event: f"{event['type']}-{event.get('giveaway')}")
def test_the_same_call_from_twenty_threads_is_recorded_once(world: World, event: dict[str, Any]) -> None:
    if event["type"] != "sign-ins":
        world.collect("sign-ins", email=ANNA).ok()
    told = {name: value for name, value in event.items() if name != "type"}
    answers = at_once(20, lambda i: collect(event["type"], "k", **told))
    done = [answer for answer in answers if "problem" not in answer]
    assert {answer.get("problem") for answer in answers} <= {None, "in_progress"}
    assert sum(not answer["replayed"] for answer in done) == 1
    assert len({answer["outcome"] for answer in done}) == 1
    assert len({(answer.get("id"), answer["created_at"]) for answer in done}) == 1
    names = {"sign-ins": "customers", "log-entries": "log"}
    rows = world.rows(names.get(event["type"], event["type"]))
    assert sum(not row.get("system") for row in rows) == 1


def test_without_a_key_what_is_idempotent_by_nature_stays_so(world: World) -> None:
    for event in SINGLE[:3]:
        send(world, event, None).ok()
    before = everything(world)
    again = [send(world, event, None).ok() for event in SINGLE[:3]]
    assert [answer["outcome"] for answer in again] == ["recognised", "unchanged", "already_entered"]
    assert again[2]["ticket"] == before["participations"][0]["ticket"]
    assert everything(world) == before


def test_what_only_says_what_holds_is_no_replay(world: World) -> None:
    world.request("PUT", "/v1/experiences/closed", {**EXPERIENCE, "giveaways": []}).ok()
    world.collect("sign-ins", email=ANNA).ok()
    told: list[tuple[str, Any]] = [("sign-ins", {}), ("state", {})]
    for type, event in (*told, ("variables", {"variables": [{"name": "a", "value": 1}]})):
        assert not is_replay(world.collect(type, "k", email=ANNA, **event))
