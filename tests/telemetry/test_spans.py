"""Spans: their ids, what they cost where nobody takes them, and how they reach a collector of OTLP/HTTP."""

import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from chalicelib import otlp, telemetry
from chalicelib.store.tenancy import in_parallel
from chalicelib.trace_context import TraceContext
from tests.telemetry.collecting import Collector
from tests.world import World

ANNA = "anna.schmidt@example.com"
TRACE, CALLER, ABOVE = "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1", "05e3ac9a4f6e3b90"
B3 = {"b3": f"{TRACE}-{CALLER}-1-{ABOVE}"}
SIGN_IN, CALL = "POST /v1/collect/{type}", "POST /v1/collect"


def sign_in(world: World, **headers: str) -> Any:
    return world.request("POST", "/v1/collect/sign-ins", {"experience": "summer", "email": ANNA}, headers=headers)


# -- without a collector --


def test_spans_nest_though_nobody_takes_them() -> None:
    assert telemetry.entered_context() is None
    with telemetry.span("outer") as outer, telemetry.span("inner") as inner:
        assert telemetry.current() == inner.context
        assert telemetry.current_span() is inner
    assert (inner.context.trace_id, inner.context.parent_id) == (outer.context.trace_id, outer.context.span_id)
    assert outer.context.parent_id is None
    assert telemetry.entered_context() is None


def test_what_is_entered_is_the_parent_and_no_span_of_ours() -> None:
    theirs = TraceContext(TRACE, CALLER, ABOVE)
    with telemetry.span("around"), telemetry.entered(theirs):
        assert telemetry.current_span() is None
        with telemetry.span("below") as below:
            assert (below.context.trace_id, below.context.parent_id) == (TRACE, CALLER)
    assert below.ms >= 0


def test_what_is_done_in_parallel_belongs_to_the_same_span() -> None:
    with telemetry.span("outer") as outer:
        found = in_parallel(lambda _: telemetry.current(), list(range(5)))
    assert found == [outer.context] * 5


def test_a_span_that_raises_says_what_but_not_whom_it_was_about() -> None:
    with pytest.raises(ValueError), telemetry.span("work") as span:
        raise ValueError(ANNA)
    assert span.error == "ValueError"


def test_nothing_of_opentelemetry_and_powertools_is_loaded_where_it_is_not_needed() -> None:
    code = (
        "import sys, app; from chalicelib import telemetry\n"
        "with telemetry.span('a'): pass\n"
        "heavy = [name for name in sys.modules if name.split('.')[0] in ('opentelemetry', 'aws_lambda_powertools')]\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# -- with one --


@pytest.fixture
def patient(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer waits for the collector however busy the machine is."""
    monkeypatch.setattr(otlp, "SECONDS", 10.0)


def test_a_call_reaches_the_collector_below_the_callers_span_before_it_is_answered(
    world: World, collector: Collector, patient: None
) -> None:
    body = {"experience": "summer", "email": ANNA, "events": [{"type": "sign-ins"}]}
    world.request("POST", "/v1/collect", body, headers={**B3, "Idempotency-Key": "k"}).ok()
    ours, event = collector.named(CALL), collector.named("collect sign-ins")
    assert (ours["trace"], ours["parent"], ours["kind"]) == (TRACE, CALLER, "SPAN_KIND_SERVER")
    assert (event["trace"], event["parent"]) == (TRACE, ours["id"])
    assert ours["attributes"]["http.response.status_code"] == 200
    assert ours["attributes"]["tenant"] == "acme"
    assert event["attributes"]["outcome"] == "registered"
    assert ours["ns"] >= event["ns"] > 0
    assert collector.resources[0]["service.name"] == "afterchat"
    assert ANNA not in str(collector.spans)


def test_a_trace_that_nobody_wants_is_not_sent_and_its_ids_are_answered_all_the_same(
    world: World, collector: Collector
) -> None:
    reply = sign_in(world, b3=f"{TRACE}-{CALLER}-0")
    assert (reply.ok()["outcome"], reply.headers["X-Trace-Id"]) == ("registered", TRACE)
    sign_in(world, b3="0").ok()
    assert collector.spans == []


def test_a_failed_request_is_a_failed_span(
    world: World, collector: Collector, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError(ANNA)

    monkeypatch.setattr("chalicelib.store.alive.horizons", broken)
    assert world.get("/v1/records/log").status == 500
    assert collector.named("GET /v1/records/{kind}")["error"] == "answered 500"
    assert ANNA not in str(collector.spans)


@pytest.mark.parametrize("status", [400, 503])
def test_a_collector_in_trouble_fails_no_request_and_gets_the_spans_later(
    world: World, collector: Collector, status: int
) -> None:
    collector.status = status
    sign_in(world).ok()
    sign_in(world).ok()  # it is not asked again at once
    assert collector.spans == []
    asked = collector.asked
    wait_for_sender()
    collector.status = 200
    otlp.queue().quiet_until = 0.0
    sign_in(world).ok()
    wait_for_sender()
    assert asked >= 1
    assert [span["name"] for span in collector.spans].count(SIGN_IN) == 3


def test_an_answer_does_not_wait_for_a_slow_collector(
    world: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    otlp._exporter()  # it waits as long as ever
    with monkeypatch.context() as patch:
        patch.setattr(otlp, "SECONDS", 0.05)
        collector.seconds = 3
        sign_in(world).ok()
        assert collector.spans == []
    wait_for_sender()
    collector.seconds = 0
    otlp.queue().quiet_until = 0.0
    sign_in(world).ok()
    wait_for_sender()
    assert {span["name"] for span in collector.spans} == {SIGN_IN, "collect sign-ins"}


def test_a_collector_that_is_not_there_fails_no_request(
    world: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    for _ in range(3):
        sign_in(world).ok()
    wait_for_sender()
    assert len(otlp.queue().waiting) == 6


def test_an_export_that_breaks_altogether_fails_no_request(
    world: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "chalicelib.otlp", None)  # as if it could not be imported
    monkeypatch.delattr("chalicelib.otlp", raising=False)
    sign_in(world).ok()


def test_waiting_spans_are_bounded_and_the_oldest_are_given_up(collector: Collector) -> None:
    collector.status = 400
    for number in range(otlp.MOST_WAITING + 10):
        with telemetry.span("work", number=number):
            pass
    wait_for_sender()
    assert len(otlp.queue().waiting) == otlp.MOST_WAITING
    assert otlp.queue().waiting[-1].attributes["number"] == otlp.MOST_WAITING + 9


def wait_for_sender() -> None:
    for thread in threading.enumerate():
        if thread.name == "otlp":
            thread.join(5)
    deadline = time.monotonic() + 5
    while otlp.queue().busy.locked() and time.monotonic() < deadline:
        time.sleep(0.01)
