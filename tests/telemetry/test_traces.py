"""The page of one trace: entries, spans, calls to the outside and customers, as far as the caller may see them."""

from typing import Any

import pytest
import time_machine

from chalicelib import telemetry
from chalicelib.store import runtime_log, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from chalicelib.trace_context import TraceContext
from tests.collect.offers import guest, offer
from tests.erasure.people import erase
from tests.pumping import finished
from tests.webhooks import calling
from tests.world import World

pytestmark = pytest.mark.usefixtures("clock")  # before the world, whose tokens are of that time
ACME = Store("acme")
ANNA = "anna.schmidt@example.com"
TRACE, CALLER = "58406520a006649127e371903a2de979", "e457b5a2e4d86bd1"
B3 = {"b3": f"{TRACE}-{CALLER}-1"}


def traced(world: World, id: str = TRACE, **options: Any) -> Any:
    return world.get(f"/v1/traces/{id}", **options)


def no(world: World, key: str = "k", **event: Any) -> None:
    """A call that is answered with a business "no"."""
    body = {"experience": "summer", "amount": -5, "reason": "x", **event}
    world.request("POST", "/v1/collect/points", body, headers=B3 | {"Idempotency-Key": key}).ok()


@pytest.fixture
def anna(clock: time_machine.Traveller, world: World) -> str:
    """A customer whose call of yesterday was another trace; today's is told."""
    offer(world)
    return guest(world, ANNA)


@pytest.mark.parametrize("id", [TRACE, TRACE.upper(), "1-58406520-a006649127e371903a2de979"])
def test_a_trace_is_found_in_each_form_of_its_id(world: World, anna: str, id: str) -> None:
    no(world, email=ANNA)
    answer = traced(world, id).ok()
    assert (answer["trace_id"], answer["xray_trace_id"]) == (TRACE, "1-58406520-a006649127e371903a2de979")


def test_a_short_id_is_padded(world: World) -> None:
    runtime_log.write(ACME, "info", "x", "y", context=TraceContext("0" * 16 + "463ac35c9f6413ad", CALLER))
    assert traced(world, "463ac35c9f6413ad").ok()["trace_id"] == "0" * 16 + "463ac35c9f6413ad"


def test_what_is_no_id_or_of_no_trace_is_told_apart(world: World) -> None:
    traced(world, "nonsense").problem(422, "validation")
    traced(world, "5" * 31).problem(422, "validation")
    traced(world).problem(404, "trace_unknown")


def test_entries_spans_calls_and_the_customer_are_answered_in_order(
    clock: time_machine.Traveller, world: World, anna: str
) -> None:
    with telemetry.span("POST /v1/collect", kind="server", context=TraceContext(TRACE, CALLER).child()) as ours:
        clock.shift(0.010)
        with telemetry.span("collect coupon-claims") as event:
            clock.shift(0.010)
        with telemetry.span("POST shop.example", kind="client", context=event.context.child()) as called:
            clock.shift(1.5)
            called.failed("answered 500")
        told: dict[str, Any] = {"attributes": {"status": 500}, "customer_id": anna, "span": called}
        runtime_log.write(ACME, "warning", "webhook", "coupon.issued to shop.example: answered 500", **told)
        clock.shift(0.001)
        runtime_log.write(ACME, "info", "coupon_claims", "coupon-claims: none left", customer_id=anna, span=event)
        clock.shift(0.001)
        runtime_log.write(ACME, "warning", "call_slow", "slow", experience="summer")
    answer = traced(world).ok()
    assert [entry["event"] for entry in answer["entries"]] == ["webhook", "coupon_claims", "call_slow"]
    assert [(span["name"], span["parent"]) for span in answer["spans"]] == [
        ("POST /v1/collect", CALLER),
        ("collect coupon-claims", ours.context.span_id),
        ("POST shop.example", event.context.span_id),
    ]
    assert [span["duration_ms"] for span in answer["spans"]] == [1522, 10, 1500]
    [call] = answer["calls"]
    assert call == {
        "span": called.context.span_id,
        "name": "POST shop.example",
        "started_at": "2030-05-21T08:00:00.020Z",
        "duration_ms": 1500,
        "error": "answered 500",
        "status": 500,
        "entry": answer["entries"][0]["id"],
    }
    assert answer["customers"] == [{"customer_id": anna, "email": ANNA, "masked": False}]
    assert answer["more"] is False


def test_a_span_that_a_stream_told_has_the_name_of_its_event_and_the_requests_span_above(
    world: World, anna: str
) -> None:
    body = {"experience": "summer", "email": ANNA, "amount": 5, "reason": "visit"}
    world.request("POST", "/v1/collect/points", body, headers=B3 | {"Idempotency-Key": "k"}).ok()
    calling.stream()
    [span] = traced(world).ok()["spans"]
    assert (span["name"], span["duration_ms"]) == ("collect points", None)
    assert len(span["parent"]) == 16 and span["parent"] != CALLER


def test_who_may_not_see_the_person_gets_ids_only(world: World, anna: str) -> None:
    no(world, email=ANNA)
    answer = traced(world, roles=("reader",)).ok()
    assert answer["customers"] == [{"customer_id": anna, "email": "•••@•••", "masked": True}]
    [entry] = answer["entries"]
    assert entry["masked"] is True and entry["attributes"]["outcome"] == "•••"
    assert [span["name"] for span in answer["spans"]] == ["collect points"]


def test_other_tenants_have_traces_of_their_own(world: World, anna: str) -> None:
    no(world, email=ANNA)
    traced(world, tenant="other").problem(404, "trace_unknown")


def test_a_key_of_one_experience_sees_that_experiences_part(world: World, anna: str) -> None:
    no(world, email=ANNA)
    runtime_log.write(ACME, "info", "x", "of another", experience="winter", context=TraceContext(TRACE, CALLER))
    runtime_log.write(ACME, "info", "x", "of none", context=TraceContext(TRACE, CALLER))
    told = {"name": "tool", "role": "exporter", "experience": "summer"}
    key = world.request("POST", "/v1/keys", told).ok()["key"]
    answer = world.get(f"/v1/traces/{TRACE}", headers={"Authorization": f"Bearer {key}"}).ok()
    assert [entry["event"] for entry in answer["entries"]] == ["points"]


def test_an_erased_customer_is_in_no_trace(clock: time_machine.Traveller, world: World, anna: str) -> None:
    no(world, email=ANNA)
    runtime_log.write(ACME, "info", "x", "y", context=TraceContext(TRACE, CALLER))
    clock.shift(1)
    job = erase(world, anna)
    for _ in range(2):  # at once, and when it is done
        answer = traced(world).ok()
        assert anna not in str(answer) and answer["customers"] == []
        assert [entry["event"] for entry in answer["entries"]] == ["x"]
        finished(job, clock)


def test_what_a_chat_engine_says_makes_no_span_of_ours(world: World) -> None:
    told = {"span_id": CALLER, "parent_id": CALLER, "span": "x", "status": 200}
    entry = {"experience": "summer", "level": "info", "message": "x", "trace_id": TRACE, "attributes": told}
    world.request("POST", "/v1/collect/log-entries", entry).ok()
    answer = traced(world).ok()
    assert (answer["spans"], answer["calls"], len(answer["entries"])) == ([], [], 1)


def test_spans_whose_ids_go_in_circles_do_not_hang(world: World) -> None:
    for own, above in (("a" * 16, "b" * 16), ("b" * 16, "a" * 16)):
        runtime_log.write(ACME, "info", "x", "y", context=TraceContext(TRACE, own, above))
    assert len(traced(world).ok()["spans"]) == 2


def test_a_trace_of_very_many_entries_says_that_there_are_more(
    world: World, monkeypatch: pytest.MonkeyPatch, anna: str
) -> None:
    monkeypatch.setattr("chalicelib.tabs.traces.MOST", 3)
    for number in range(5):
        runtime_log.write(ACME, "info", "x", f"{number}", context=TraceContext(TRACE, CALLER))
    answer = traced(world).ok()
    assert (len(answer["entries"]), answer["more"]) == (3, True)


def test_a_trace_costs_a_read_of_its_entries_and_half_a_unit_a_customer(world: World, anna: str) -> None:
    no(world, email=ANNA)
    with metered(wire.client()) as units:
        traced(world).ok()
    assert (units.read, units.write) == (1 + 0.5 + 0.5, 0)  # horizons, entries, the customer
