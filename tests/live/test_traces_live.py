"""One call of a chat, followed through the running service: sign-in, coupon, two webhooks of which one fails twice. The
receivers, a collector of OTLP and the page of the trace tell of the same spans."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from local.cloud import free_ports
from tests.live.conftest import CLOUD
from tests.live.service import RAFFLE, Service, eventually
from tests.telemetry.collecting import Collector
from tests.webhooks.receiving import Call, Receiver

pytestmark = pytest.mark.slow

TENANT = "traced"
TRACE, CALLER, ABOVE = "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1", "05e3ac9a4f6e3b90"
B3 = {"X-B3-TraceId": TRACE, "X-B3-SpanId": CALLER, "X-B3-ParentSpanId": ABOVE, "X-B3-Sampled": "1"}
HTTP = urllib3.PoolManager()


@pytest.fixture(scope="module")
def collected() -> Iterator[Collector]:
    made = Collector()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, collected: Collector) -> Iterator[Service]:
    """A service of its own, that sends its spans."""
    if not CLOUD.exists():
        pytest.skip(f"the local cloud is not installed in {CLOUD.parent.parent}: ./dev test installs it")
    service = Service(tmp_path_factory.mktemp("traced"), *free_ports(2))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collected.url)
        patched.setenv("POWERTOOLS_METRICS_DISABLED", "false")  # a local run shows none by itself
        service.start()
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture
def receivers() -> Iterator[tuple[Receiver, Receiver]]:
    """One that is well, and one that fails twice."""
    well, failing = Receiver(), Receiver(answers=[500, 503])
    try:
        yield well, failing
    finally:
        well.stop()
        failing.stop()


def prepare(service: Service, well: Receiver, failing: Receiver) -> None:
    service.request("PUT", "/v1/experiences/raffle", RAFFLE, TENANT)
    for receiver, type in ((well, "customer.registered"), (failing, "coupon.issued")):
        service.request("POST", "/v1/webhooks", {"url": receiver.url, "types": [type]}, TENANT)
    told = {"kind": "coupons", "experience": "raffle", "file_name": "codes.csv"}
    started = service.request("POST", "/v1/imports", told, TENANT)
    form = started["upload"]
    sent = HTTP.request("POST", form["url"], fields={**form["fields"], "file": ("codes.csv", b"code\nA-1\nA-2\n")})
    assert sent.status < 300, sent.data
    eventually(lambda: service.job(started["job"], TENANT)["state"] == "done", 60)


def chat(service: Service) -> Any:
    """The one call."""
    events = [{"type": "sign-ins"}, {"type": "coupon-claims"}]
    body = {"experience": "raffle", "email": "anna@example.com", "events": events}
    headers = {"Authorization": f"Bearer {service.token(TENANT)}", "Content-Type": "application/json", **B3}
    url = f"http://127.0.0.1:{service.port}/v1/collect"
    answer = HTTP.request("POST", url, headers={**headers, "Idempotency-Key": "k"}, body=json.dumps(body))
    assert answer.headers["X-Trace-Id"] == TRACE
    return json.loads(answer.data)


def ids(call: Call) -> tuple[str, str, str]:
    """Trace, span, and the span above."""
    found = call.headers
    assert found["traceparent"] == f"00-{found['x-b3-traceid']}-{found['x-b3-spanid']}-01"
    assert found["x-b3-sampled"] == "1"
    return found["x-b3-traceid"], found["x-b3-spanid"], found["x-b3-parentspanid"]


def test_receivers_collector_and_the_page_of_the_trace_tell_the_same(
    watched: Service, collected: Collector, receivers: tuple[Receiver, Receiver]
) -> None:
    well, failing = receivers
    prepare(watched, well, failing)
    answer = chat(watched)
    assert [result["outcome"] for result in answer["results"]] == ["registered", "issued"]
    eventually(lambda: len(well.calls) == 1 and len(failing.calls) == 3, 120)
    eventually(lambda: len(traced(watched)["calls"]) == 4, 30)
    page = traced(watched)

    # the collector: request below the chat engine's span, its two events below it
    spans = {span["id"]: span for span in collected.spans if span["trace"] == TRACE}
    [request] = [span for span in spans.values() if span["name"] == "POST /v1/collect"]
    [sign_in] = [span for span in spans.values() if span["name"] == "collect sign-ins"]
    [claim] = [span for span in spans.values() if span["name"] == "collect coupon-claims"]
    assert request["parent"] == CALLER
    assert sign_in["parent"] == claim["parent"] == request["id"]

    # the receivers: their calls are spans of the same trace, below the event that led to them
    assert [ids(call)[0] for call in (*well.calls, *failing.calls)] == [TRACE] * 4
    assert [ids(call)[2] for call in well.calls] == [sign_in["id"]]
    assert [ids(call)[2] for call in failing.calls] == [claim["id"]] * 3
    called = [ids(call)[1] for call in (*well.calls, *failing.calls)]
    assert len(set(called)) == 4
    eventually(lambda: set(called) <= {span["id"] for span in collected.spans}, 10)
    outgoing = {span["id"]: span for span in collected.spans if span["id"] in called}
    assert {span["kind"] for span in outgoing.values()} == {"SPAN_KIND_CLIENT"}
    assert [outgoing[ids(call)[1]]["error"] for call in failing.calls] == ["answered 500", "answered 503", ""]

    # the page: the same spans, with status and duration, and the customer
    shown = {span["id"]: span["parent"] for span in page["spans"]}
    assert shown == {
        sign_in["id"]: request["id"],
        claim["id"]: request["id"],
        **dict.fromkeys(called[:1], sign_in["id"]),
        **dict.fromkeys(called[1:], claim["id"]),
    }
    statuses = {call["span"]: call["status"] for call in page["calls"]}
    assert statuses == dict(zip(called, [200, 500, 503, 200], strict=True))
    assert all(call["duration_ms"] is not None for call in page["calls"])
    assert [one["customer_id"] for one in page["customers"]] == [answer["customer_id"]]
    assert {entry["event"] for entry in page["entries"]} == {"sign_ins", "coupon_claims", "webhook"}


def traced(service: Service) -> Any:
    """Before the streams told of anything there is nothing."""
    found = HTTP.request(
        "GET",
        f"http://127.0.0.1:{service.port}/v1/traces/{TRACE}",
        headers={"Authorization": f"Bearer {service.token(TENANT)}"},
    )
    return json.loads(found.data) if found.status == 200 else {"calls": []}


def test_the_operators_log_is_json_and_names_nobody(watched: Service) -> None:
    """JSON, a line each, and nothing of anybody in it."""
    said = watched.log.read_text()
    assert "anna@example.com" not in said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    metrics = [line for line in lines if "_aws" in line]
    assert {"OldestJob"} <= {name for line in metrics for name in line}
    assert all({"level", "message", "timestamp", "service"} <= line.keys() for line in lines if line not in metrics)
