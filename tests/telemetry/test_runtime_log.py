"""What Afterchat itself writes into the runtime log: of which calls, how much, and nothing that must not be kept."""

import json
from typing import Any

import pytest
import time_machine

from chalicelib import clock as time
from chalicelib import telemetry
from chalicelib.settings import settings
from chalicelib.store import alive, runtime_log, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from tests import faults
from tests.collect import stored
from tests.collect.offers import code, fill, guest, offer
from tests.world import World

ACME = Store("acme")
ANNA = "anna.schmidt@example.com"
IBAN = "DE89 3704 0044 0532 0130 00"


def entries(world: World, **query: Any) -> list[Any]:
    return world.rows("log", **query)


# -- refused, failed and slow calls --


def test_a_refused_call_of_the_chat_engine_says_what_was_wrong_but_not_what_it_was(world: World) -> None:
    reply = world.collect("sign-ins", email=f"{ANNA} ", fields={"firstname": "Anna"}, nickname="Änne")
    [row] = entries(world)
    assert (row["level"], row["event"], row["experience"]) == ("warning", "call_refused", "summer")
    assert row["message"] == "POST /v1/collect/sign-ins was refused: 422 validation"
    assert row["trace_id"] == reply.headers["X-Trace-Id"]
    assert row["attributes"]["errors"] == "/nickname unknown_member"
    assert row["attributes"]["status"] == 422
    assert "Änne" not in str(row)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"experience": "unheard-of", "email": ANNA}, "experience_unknown"),
        ({"experience": "summer", "customer_id": "0192f0c4-0000-4000-8000-000000000000"}, "validation"),
    ],
)
def test_each_refusal_has_its_code(world: World, sent: Any, code: str) -> None:
    world.request("POST", "/v1/collect/sign-ins", sent)
    [row] = entries(world, event="call_refused")
    assert row["attributes"]["code"] == code


def test_a_body_that_is_no_json_is_noted_and_nothing_of_it(world: World) -> None:
    world.request("POST", "/v1/collect", f"{{{ANNA}".encode(), headers={"Content-Type": "application/json"})
    [row] = entries(world)
    assert (row["attributes"]["status"], row["experience"]) == (400, None)
    assert "anna" not in json.dumps(row).lower()


def test_a_role_that_is_missing_is_noted_and_an_unknown_caller_is_not(world: World) -> None:
    world.request("POST", "/v1/collect/sign-ins", {}, roles=("reader",)).problem(403, "role_missing")
    world.request("POST", "/v1/collect/sign-ins", {}, anonymous=True).problem(401, "unauthenticated")
    assert [row["attributes"]["code"] for row in entries(world)] == ["role_missing"]


def test_refusals_of_the_data_api_are_not_the_logs_matter(world: World) -> None:
    world.get("/v1/records/nothing").problem(404, "kind_unknown")
    assert entries(world) == []


def test_a_failed_call_is_an_error_in_the_log_and_counted_for_alarms(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Store) -> None:
        raise ValueError(f"{ANNA} has {IBAN}")

    with monkeypatch.context() as patched:
        patched.setattr(alive, "horizons", broken)
        reply = world.get(f"/v1/customers/{guest_id(world)}")
    assert reply.status == 500
    said = capsys.readouterr().out
    [row] = entries(world, level="error")
    assert (row["event"], row["message"]) == ("call_failed", "GET /v1/customers/{id} failed: 500 internal")
    assert row["trace_id"] == reply.headers["X-Trace-Id"]
    lines = [json.loads(line) for line in said.splitlines()]
    [told] = [line for line in lines if line.get("message") == "unexpected error"]
    [metric] = [line for line in lines if "ServerErrors" in line]
    assert told["trace_id"] == metric["trace_id"] == reply.headers["X-Trace-Id"]
    assert "ValueError: [email] has [iban]" in told["exception"]
    assert ANNA not in said and IBAN not in said
    assert metric["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["stage"]]


def guest_id(world: World) -> str:
    return "0192f0c4-0000-4000-8000-000000000000"


def test_a_slow_call_is_noted_with_its_time(
    clock: time_machine.Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    horizons = alive.horizons

    def slow(store: Store) -> Any:
        clock.shift(3.5)
        return horizons(store)

    with monkeypatch.context() as patched:
        patched.setattr(alive, "horizons", slow)
        world.rows("coupons")
    [row] = entries(world)
    assert (row["level"], row["event"]) == ("warning", "call_slow")
    assert row["message"] == "GET /v1/records/{kind} was slow: 200"
    assert row["attributes"]["duration_ms"] == 3500


# -- a business "no" --


def test_every_no_is_told_with_the_customer_and_the_work_that_it_was(
    clock: time_machine.Traveller, world: World
) -> None:
    offer(world)
    id = guest(world)
    events: list[Any] = [
        ("coupon-claims", {}, "none_left", "no coupon is left"),
        ("code-redemptions", {"code": "nonsense"}, "unknown", "no such code"),
        ("points", {"amount": -5, "reason": "mug"}, "insufficient", "not enough points"),
        ("reward-redemptions", {"reward": "mug"}, "insufficient", "not enough points"),
    ]
    for place, (type, event, outcome, words) in enumerate(events):
        reply = world.collect(type, f"k{place}", customer_id=id, **event)
        assert reply.ok()["outcome"] == outcome
        [row] = entries(world, trace_id=reply.headers["X-Trace-Id"])
        assert (row["level"], row["event"], row["customer_id"]) == ("info", type.replace("-", "_"), id)
        assert row["message"] == f"{type}: {words}"
        assert row["attributes"]["outcome"] == outcome
        assert "nonsense" not in str(row)


def test_what_is_alike_in_one_call_is_one_entry(clock: time_machine.Traveller, world: World) -> None:
    id = guest(world)
    spend = {"type": "points", "customer_id": id, "amount": -5, "reason": "x"}
    with metered(wire.client()) as units:
        world.call(*[spend] * 20, key="k").ok()
    assert units.by_table[settings().tables["RuntimeLog"]].write == 4
    [row] = entries(world)
    assert row["times"] == 20


def test_what_was_done_is_no_matter_of_the_call(clock: time_machine.Traveller, world: World) -> None:
    offer(world)
    fill(1)
    id = guest(world)
    world.collect("coupon-claims", customer_id=id).ok()
    world.collect("code-redemptions", customer_id=id, code=code("LUCKY")).ok()
    assert entries(world, customer_id=id) == []


def test_a_log_that_cannot_be_written_is_not_heard_by_the_caller(clock: time_machine.Traveller, world: World) -> None:
    id = guest(world)
    spend: Any = {"customer_id": id, "amount": -5, "reason": "x"}
    with faults.at(1, "broken") as counted:  # how many calls there are: the last one is the entry
        pass
    with faults.at(10**9, "lost") as counted:
        world.collect("points", "k1", **spend).ok()
    last = len(counted.calls)
    assert counted.calls[-1] == "PutItem"
    for kind in faults.KINDS:
        with faults.at(last, kind) as fault:
            assert world.collect("points", f"k-{kind}", **spend).ok()["outcome"] == "insufficient"
        assert fault.hit == "PutItem"


# -- size, floods, secrets --


def test_a_flood_is_told_one_by_one_first_and_then_counted(clock: time_machine.Traveller, world: World) -> None:
    traces = [world.collect("sign-ins", email="nobody").headers["X-Trace-Id"] for _ in range(30)]
    rows = entries(world)
    alone, folded = [row for row in rows if row["times"] == 1], [row for row in rows if row["times"] > 1]
    assert {row["trace_id"] for row in alone} == set(traces[: runtime_log.ALONE])
    assert [(row["times"], row["trace_id"]) for row in folded] == [(25, traces[5])]
    clock.shift(60)
    world.collect("sign-ins", email="nobody")
    assert len(entries(world)) == runtime_log.ALONE + 2


def test_a_large_flood_costs_few_writes_and_is_counted_within_a_sixteenth(
    clock: time_machine.Traveller, world: World
) -> None:
    with metered(wire.client()) as units:
        for _ in range(2000):
            runtime_log.write(ACME, "warning", "flood", "the same")
    assert units.write <= 2000 / 8
    [folded] = [row for row in entries(world) if row["times"] > 1]
    assert 1995 * 15 / 16 <= folded["times"] <= 1995


def test_other_tenants_floods_are_apart(clock: time_machine.Traveller, world: World) -> None:
    for _ in range(runtime_log.ALONE):
        runtime_log.write(ACME, "info", "flood", "the same")
    runtime_log.write(Store("other"), "info", "flood", "the same")
    assert [row["times"] for row in world.rows("log", tenant="other")] == [1]


def test_an_entry_is_redacted_and_cut_to_size(world: World) -> None:
    attributes = {f"n{place}": "ä" * 300 for place in range(30)} | {"object": object()}
    about = {"token": "abc", "to": ANNA, "n": 1, **attributes}
    runtime_log.write(ACME, "info", "e" * 100, f"{ANNA} paid {IBAN}, " + "x" * 5000, attributes=about)
    [row] = entries(world)
    assert row["message"].startswith("[email] paid [iban], xxx") and len(row["message"].encode()) <= 2048
    assert len(row["event"].encode()) <= 64
    told = {name: value for name, value in row["attributes"].items() if name != "span_id"}
    assert len(told) == 20
    assert (told["token"], told["to"], told["n"]) == ("[secret]", "[email]", 1)
    assert all(len(value.encode()) <= 256 for name, value in told.items() if name.startswith("n") and name != "n")


def test_an_address_that_is_cut_leaves_no_half_of_it(world: World) -> None:
    runtime_log.write(ACME, "info", "x", "a" * 2030 + f" {ANNA}")
    assert "anna" not in str(stored.items("RuntimeLog"))


def test_an_entry_is_found_by_level_event_trace_text_and_experience_and_gone_after_seven_days(
    clock: time_machine.Traveller, world: World
) -> None:
    with telemetry.span("work") as span:
        runtime_log.write(ACME, "error", "webhook", "the receiver was away", experience="summer")
    runtime_log.write(ACME, "info", "other", "all is well")
    queries: list[Any] = [
        {"level": "warning"},
        {"event": "webhook"},
        {"trace_id": span.context.trace_id},
        {"text": "RECEIVER away"},
        {"experience": "summer"},
    ]
    assert [[row["event"] for row in entries(world, **query)] for query in queries] == [["webhook"]] * 5
    clock.shift(7 * time.DAY_S)
    assert entries(world) == []


def test_writing_with_a_place_of_its_own_is_safe_to_repeat(clock: time_machine.Traveller, world: World) -> None:
    for _ in range(3):
        runtime_log.write(ACME, "info", "x", "y", at=f"{time.now_ms():012x}" + "0" * 20)
    assert len(entries(world)) == 1
