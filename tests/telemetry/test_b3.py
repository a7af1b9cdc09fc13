"""The callers' traces, as B3 and W3C carry them: the official examples through the whole app, into log and answers."""

import re

import pytest

from tests.world import Reply, World

# https://github.com/openzipkin/b3-propagation, https://www.w3.org/TR/trace-context/
TRACE, SPAN, PARENT = "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1", "05e3ac9a4f6e3b90"
SEVERAL = {"X-B3-TraceId": TRACE, "X-B3-ParentSpanId": PARENT, "X-B3-SpanId": SPAN, "X-B3-Sampled": "1"}
OTHER = "463ac35c9f6413ad48485a3953bb6124"
SHORT = "a2fb4a1d1a96d312"


def refused(world: World, headers: dict[str, str]) -> Reply:
    """A call that the log tells of."""
    reply = world.request("POST", "/v1/collect/sign-ins", {"experience": "summer", "email": "nobody"}, headers=headers)
    reply.problem(422, "validation")
    return reply


@pytest.mark.parametrize(
    ("headers", "trace", "caller"),
    [
        (SEVERAL, TRACE, SPAN),
        ({"b3": f"{TRACE}-{SPAN}-1-{PARENT}"}, TRACE, SPAN),
        ({"b3": f"{TRACE}-{SPAN}-d"}, TRACE, SPAN),
        ({"b3": f"{OTHER}-{SHORT}"}, OTHER, SHORT),
        (
            {"X-B3-TraceId": SHORT, "X-B3-SpanId": "0020000000000001", "X-B3-Flags": "1"},
            "0" * 16 + SHORT,
            "00200" + 10 * "0" + "1",
        ),
        (
            {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "00f067aa0ba902b7",
        ),
        (
            {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"},
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
        ),
        ({**SEVERAL, "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}, TRACE, SPAN),
    ],
)
def test_the_callers_trace_is_answered_and_logged_below_the_callers_span(
    world: World, headers: dict[str, str], trace: str, caller: str
) -> None:
    reply = refused(world, headers)
    assert reply.headers["X-Trace-Id"] == reply.json["trace_id"] == trace
    [row] = world.rows("log", trace_id=trace)
    assert row["trace_id"] == trace
    assert row["attributes"]["parent_id"] == caller
    assert re.fullmatch("[0-9a-f]{16}", row["attributes"]["span_id"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"b3": "0"},
        {"b3": "1"},
        {"b3": "d"},
        {"X-B3-Sampled": "0"},
        {"b3": "nonsense"},
        {"b3": f"{TRACE}-{SPAN[:-1]}"},
        {"X-B3-TraceId": TRACE},
        {"X-B3-TraceId": "0" * 32, "X-B3-SpanId": SPAN},
        {"traceparent": f"ff-{TRACE}-{SPAN}-01"},
        {"traceparent": f"00-{TRACE.upper()}-{SPAN}-01"},
        {"traceparent": f"00-{'0' * 32}-{SPAN}-01"},
        {"traceparent": f"00-{TRACE}-{SPAN}-01-more"},
        {"traceparent": "é"},
    ],
)
def test_a_trace_begins_here_where_none_was_sent_or_it_is_malformed(world: World, headers: dict[str, str]) -> None:
    reply = refused(world, headers)
    trace = reply.headers["X-Trace-Id"]
    assert re.fullmatch("[0-9a-f]{32}", trace) and trace != TRACE
    [row] = world.rows("log", trace_id=trace)
    assert "parent_id" not in row["attributes"]


def test_every_answer_of_collect_has_the_trace_in_its_header(world: World) -> None:
    entry = {"experience": "summer", "level": "info", "message": "x"}
    replies = [
        world.request("POST", "/v1/collect/log-entries", entry, headers=SEVERAL),
        world.request("POST", "/v1/collect/nothing", entry, headers=SEVERAL),
        world.request("POST", "/v1/collect", {}, headers=SEVERAL),
        world.request("POST", "/v1/collect/log-entries", entry, anonymous=True, headers=SEVERAL),
        world.request("POST", "/v1/collect/log-entries", entry, roles=("reader",), headers=SEVERAL),
    ]
    assert [reply.headers["X-Trace-Id"] for reply in replies] == [TRACE] * 5
    assert [reply.status for reply in replies] == [200, 404, 400, 401, 403]
