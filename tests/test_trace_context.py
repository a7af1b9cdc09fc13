"""Traces cross from chat engine to Afterchat to other systems: the official examples, and what is malformed."""

import time

import pytest

from chalicelib import trace_context
from chalicelib.trace_context import TraceContext, as_trace_id, decision, received, sent

TRACE, PARENT, SPAN = "80f198ee56343ba864fe8b2a57d3eff7", "05e3ac9a4f6e3b90", "e457b5a2e4d86bd1"
SEVERAL = {"x-b3-traceid": TRACE, "x-b3-parentspanid": PARENT, "x-b3-spanid": SPAN, "x-b3-sampled": "1"}
W3C = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize("headers", [SEVERAL, {"b3": f"{TRACE}-{SPAN}-1-{PARENT}"}], ids=["several", "one"])
def test_the_official_example_is_read_in_both_forms(headers: dict[str, str]) -> None:
    assert received(headers) == TraceContext(TRACE, SPAN, PARENT, True)


def test_what_was_read_is_passed_on_as_it_came_with_the_parent() -> None:
    assert sent(TraceContext(TRACE, SPAN, PARENT, True)) == {
        "X-B3-TraceId": TRACE,
        "X-B3-SpanId": SPAN,
        "X-B3-ParentSpanId": PARENT,
        "X-B3-Sampled": "1",
        "traceparent": f"00-{TRACE}-{SPAN}-01",
    }


def test_the_root_has_no_parent_and_leaves_the_decision_to_us() -> None:
    context = received({"b3": "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312"})
    assert context == TraceContext("463ac35c9f6413ad48485a3953bb6124", "a2fb4a1d1a96d312", None, None)
    assert context.wanted
    assert "X-B3-ParentSpanId" not in sent(context)


def test_an_id_of_64_bits_is_padded() -> None:
    context = received({"x-b3-traceid": "a2fb4a1d1a96d312", "x-b3-spanid": "0020000000000001"})
    assert context and context.trace_id == "0000000000000000a2fb4a1d1a96d312"


@pytest.mark.parametrize(
    "headers", [{"b3": f"{TRACE}-{SPAN}-d"}, {**SEVERAL, "x-b3-flags": "1"}], ids=["one", "several"]
)
def test_debug_stays_debug_and_does_not_send_sampled(headers: dict[str, str]) -> None:
    context = received(headers)
    assert context and context.debug and context.wanted
    assert sent(context)["X-B3-Flags"] == "1"
    assert "X-B3-Sampled" not in sent(context)


@pytest.mark.parametrize("headers", [{"b3": "0"}, {"x-b3-sampled": "0"}, {"x-b3-sampled": "false"}], ids=str)
def test_a_caller_without_ids_may_still_refuse_the_trace(headers: dict[str, str]) -> None:
    assert received(headers) is None
    assert decision(headers) is False
    context = trace_context.started(decision(headers))
    assert sent(context)["X-B3-Sampled"] == "0"
    assert sent(context)["traceparent"].endswith("-00")


def test_ids_are_passed_on_though_nobody_wants_the_trace() -> None:
    context = received({"b3": f"{TRACE}-{SPAN}-0"})
    assert context and not context.wanted
    assert sent(context)["X-B3-TraceId"] == TRACE


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("false", False), ("1", True), ("", None), ("x", None)]
)
def test_sampled_is_read_leniently(value: str, expected: bool | None) -> None:
    context = received({**SEVERAL, "x-b3-sampled": value})
    assert context and context.sampled is expected


def test_one_header_wins_over_several_and_these_over_traceparent() -> None:
    other = "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-1"
    first = received({**SEVERAL, "b3": other, "traceparent": W3C})
    second = received({**SEVERAL, "traceparent": W3C})
    assert (first and first.trace_id, second and second.trace_id) == (other[:32], TRACE)


@pytest.mark.parametrize(
    ("header", "sampled"),
    [
        (W3C, True),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", True),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", False),
        ("00-12345678901234567890123456789012-1234567890123456-03", True),  # digits only, and a flag of later versions
        ("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later", True),
    ],
)
def test_traceparent_is_read(header: str, sampled: bool) -> None:
    context = received({"traceparent": header})
    assert context == TraceContext(header[3:35], header[36:52], None, sampled)


MALFORMED_W3C = [
    "",
    "00",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
]
MALFORMED_B3 = [
    "-",
    "d",
    TRACE,
    f"{TRACE}-",
    f"-{SPAN}",
    f"{TRACE}-{SPAN}-2",
    f"{TRACE}-{SPAN}-1-{PARENT}-x",
    f"{TRACE[:-1]}-{SPAN}-1",
    f"{TRACE}-{SPAN[:-1]}-1",
    f"{'0' * 32}-{SPAN}-1",
    f"{TRACE}-{'0' * 16}-1",
    "é-è",
]


@pytest.mark.parametrize("header", MALFORMED_W3C)
def test_a_malformed_traceparent_counts_as_not_sent(header: str) -> None:
    assert received({"traceparent": header}) is None


@pytest.mark.parametrize("header", MALFORMED_B3)
def test_a_malformed_b3_counts_as_not_sent_and_what_else_was_sent_is_read(header: str) -> None:
    assert received({"b3": header}) is None
    assert received({**SEVERAL, "b3": header}) == TraceContext(TRACE, SPAN, PARENT, True)


def test_a_malformed_parent_is_left_out() -> None:
    context = received({**SEVERAL, "x-b3-parentspanid": "nobody"})
    assert context and context.parent_id is None


def test_a_trace_that_starts_here_begins_with_the_time_as_x_ray_wants_it() -> None:
    context = trace_context.started()
    assert trace_context.TRACE_ID.fullmatch(context.trace_id)
    assert abs(int(context.trace_id[:8], 16) - time.time()) < 60


def test_a_child_names_its_parent_in_the_same_trace() -> None:
    parent = TraceContext(TRACE, SPAN, PARENT, True)
    child = parent.child()
    assert (child.trace_id, child.parent_id, child.sampled) == (TRACE, SPAN, True)
    assert child.span_id != SPAN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TRACE, TRACE),
        (f" {TRACE.upper()} ", TRACE),
        ("a2fb4a1d1a96d312", "0" * 16 + "a2fb4a1d1a96d312"),
        ("1-58406520-a006649127e371903a2de979", "58406520a006649127e371903a2de979"),
        ("1-58406520-a006", None),
        ("xyz", None),
        ("", None),
    ],
)
def test_a_trace_id_is_found_in_each_form_that_people_copy(text: str, expected: str | None) -> None:
    assert as_trace_id(text) == expected
