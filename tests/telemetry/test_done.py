"""What was done, told by the streams: with the trace of its call, once, and of nobody who is gone."""

from dataclasses import replace
from typing import Any

import time_machine

from chalicelib import telemetry
from chalicelib.jobs import worker
from chalicelib.settings import settings
from chalicelib.store import jobs, wire
from chalicelib.store.jobs import Failed, Job
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from chalicelib.trace_context import TraceContext
from tests.collect.offers import code, fill, guest, offer, pay
from tests.erasure.people import erase
from tests.pumping import delete_all, finished, pump
from tests.webhooks import calling
from tests.world import World

ACME = Store("acme")
ANNA = "anna.schmidt@example.com"
TRACE, CALLER = "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1"
B3 = {"b3": f"{TRACE}-{CALLER}-1"}


def told(world: World, **query: Any) -> list[tuple[str, str, str]]:
    rows = world.rows("log", **query)
    return sorted((row["event"], row["message"], row["trace_id"]) for row in rows)


def test_each_success_has_an_entry_with_the_trace_of_its_call(clock: time_machine.Traveller, world: World) -> None:
    offer(world)
    fill(1)
    sent: dict[str, Any] = {
        "sign-ins": {"email": ANNA},
        "points": {"amount": 50, "reason": "visit"},
        "coupon-claims": {},
        "code-redemptions": {"code": code("LUCKY")},
        "reward-redemptions": {"reward": "mug"},
        "instant-wins": {"instant_win": "wheel"},
    }
    body = {"experience": "summer", "email": ANNA, "events": [{"type": type, **event} for type, event in sent.items()]}
    answer = world.request("POST", "/v1/collect", body, headers=B3 | {"Idempotency-Key": "k"}).ok()
    assert "log" not in {row["event"] for row in world.rows("log")}
    assert calling.stream() == []
    assert told(world, customer_id=answer["customer_id"]) == [
        ("code_redemptions", "code-redemptions: redeemed", TRACE),
        ("coupon_claims", "coupon-claims: issued", TRACE),
        ("instant_wins", "instant-wins: won", TRACE),
        ("points", "points: booked", TRACE),
        ("reward_redemptions", "reward-redemptions: redeemed", TRACE),
        ("sign_ins", "sign-ins: registered", TRACE),
    ]


def test_a_batch_that_comes_again_is_told_once(clock: time_machine.Traveller, world: World) -> None:
    guest(world)
    for again in (True, True, False):
        calling.stream(again=again)
    assert len(world.rows("log")) == 1


def test_a_known_customer_is_told_on_the_first_activity_of_a_day(clock: time_machine.Traveller, world: World) -> None:
    id = guest(world, ANNA)
    calling.stream()
    clock.shift(86_400)
    reply = world.collect("sign-ins", email=ANNA)
    world.collect("sign-ins", email=ANNA, locale="de").ok()
    calling.stream()
    [row] = world.rows("log", event="activity")
    assert (row["customer_id"], row["trace_id"]) == (id, reply.headers["X-Trace-Id"])


def test_nobody_is_named_anew_who_is_gone_when_the_stream_is_late(clock: time_machine.Traveller, world: World) -> None:
    id = guest(world)
    pay(world, id, 5)
    finished(erase(world, id), clock)
    calling.stream()
    assert id not in str(world.rows("log"))
    assert "sign_ins" not in {row["event"] for row in world.rows("log")}


def test_an_entry_costs_four_write_units_of_the_stream(clock: time_machine.Traveller, world: World) -> None:
    id = guest(world)
    calling.stream()
    pay(world, id, 5)
    with metered(wire.client()) as units:
        calling.stream()
    assert (
        units.by_table[settings().tables["RuntimeLog"]].write == 4
    )  # the row and its indexes: experience, trace, customer


# -- jobs --


def test_a_job_is_told_in_the_trace_of_the_request_that_asked_for_it(
    clock: time_machine.Traveller, world: World
) -> None:
    body = {"kind": "coupons"}
    asked = world.request("POST", "/v1/exports", body, headers=B3)
    assert finished(asked.ok()["id"], clock).state == "done"
    [row] = world.rows("log", event="job")
    assert (row["level"], row["message"], row["trace_id"]) == ("info", "export: done", TRACE)
    assert row["attributes"]["job"] == asked.json["id"]
    [span] = world.get(f"/v1/traces/{TRACE}").ok()["spans"]
    assert (span["name"], span["kind"]) == ("job export", "consumer")


def test_a_job_that_fails_is_an_error_and_counted_for_alarms(
    clock: time_machine.Traveller, world: World, monkeypatch: Any, capsys: Any
) -> None:
    def hopeless(*_: Any) -> Job:
        raise Failed("customer_gone")

    monkeypatch.setitem(worker.WORK, "package", hopeless)
    with telemetry.entered(TraceContext(TRACE, CALLER)):
        job = jobs.create(ACME, "package", "tests", {"customer_id": None})
    worker.run(ACME, job.id)
    [row] = world.rows("log", level="error")
    assert (row["message"], row["trace_id"]) == ("package: failed", TRACE)
    assert row["attributes"]["code"] == "customer_gone"
    assert row["attributes"]["parent_id"] == CALLER
    assert '"FailedJobs":[1.0]' in capsys.readouterr().out


def test_the_age_of_the_oldest_job_that_nobody_works_on_is_measured(
    clock: time_machine.Traveller, world: World, capsys: Any
) -> None:
    worker.resend()
    assert '"OldestJob":[0.0]' in capsys.readouterr().out
    jobs.create(ACME, "sweep", "tests", {})
    clock.shift(400)
    worker.resend()
    assert '"OldestJob":[400.0]' in capsys.readouterr().out
    clock.shift(300)  # the worker is dead, and the schedule goes on
    worker.resend()
    assert '"OldestJob":[700.0]' in capsys.readouterr().out


def test_dead_letters_are_counted_for_alarms(world: World, capsys: Any) -> None:
    worker.on_dead_letters({"Records": [{"messageId": "1", "body": "{}"}, {"messageId": "2", "body": "{}"}]})
    assert '"DeadLetters":[2.0]' in capsys.readouterr().out


def test_an_erasure_is_told_without_the_person(clock: time_machine.Traveller, world: World) -> None:
    id = guest(world, ANNA)
    calling.stream()
    job = finished(erase(world, id), clock)
    [row] = world.rows("log")
    assert (row["event"], row["message"], row["customer_id"]) == ("job", "erasure: done", None)
    assert row["attributes"]["job"] == job.id
    assert id not in str(row)


def test_a_jobs_document_of_before_has_a_trace_of_its_own(world: World) -> None:
    id = delete_all(world, "coupons")
    row: Any = ACME.get("Control", "acme#jobs", id)
    without = {name: value for name, value in row["data"].items() if name != "trace"}
    assert replace(jobs.of_row({"data": without}), trace=[]).id == id
    pump()
