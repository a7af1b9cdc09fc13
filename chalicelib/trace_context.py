"""The trace that a call belongs to, as headers carry it: B3 (several headers or one) and W3C Trace Context.

https://github.com/openzipkin/b3-propagation, https://www.w3.org/TR/trace-context/. OpenTelemetry's own B3 propagator
loses the debug flag and the parent's id, and passes nothing on after `b3: 0`; the other team's log has them."""

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TRACE_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{16}")
SPAN_ID = re.compile(r"[0-9a-f]{16}")
TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
XRAY = re.compile(r"1-([0-9a-f]{8})-([0-9a-f]{24})")
PACKED = {"d": True, "1": True, "0": False}
SAMPLED = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True)
class TraceContext:
    """`span_id` is the caller's span; `sampled` None leaves the decision to us; `debug` asks for the trace in any
    case."""

    trace_id: str  # 32 lowercase hex digits
    span_id: str
    parent_id: str | None = None
    sampled: bool | None = None
    debug: bool = False

    @property
    def wanted(self) -> bool:
        return self.debug or self.sampled is not False

    def child(self) -> "TraceContext":
        """A new span below this one."""
        return TraceContext(self.trace_id, new_span_id(), self.span_id, self.sampled, self.debug)


def received(headers: Mapping[str, str]) -> TraceContext | None:
    """The caller's context; names of headers in lower case. `b3` wins over the X-B3 headers, these over `traceparent`.
    What is malformed counts as not sent."""
    return _single(headers.get("b3", "")) or _several(headers) or _w3c(headers.get("traceparent", ""))


def of_request(headers: Mapping[str, str]) -> TraceContext:
    """Our span of a call: below the caller's, or the first of a trace that begins here."""
    theirs = received(headers)
    return theirs.child() if theirs else started(decision(headers))


def decision(headers: Mapping[str, str]) -> bool | None:
    """Whether the caller wants a trace, where it sends no ids: `b3: 0` or X-B3-Sampled alone."""
    return SAMPLED.get(headers.get("b3", headers.get("x-b3-sampled", "")).strip().lower())


def started(sampled: bool | None = None) -> TraceContext:
    """A trace that begins here; the first 8 digits are the time, as X-Ray wants them."""
    return TraceContext(f"{int(time.time()):08x}{secrets.token_hex(12)}", new_span_id(), None, sampled)


def sent(context: TraceContext) -> dict[str, str]:
    """The headers of a call that this span makes. Ids are sent though nobody wants the trace: the logs have them."""
    headers = {
        "X-B3-TraceId": context.trace_id,
        "X-B3-SpanId": context.span_id,
        "traceparent": f"00-{context.trace_id}-{context.span_id}-{'01' if context.wanted else '00'}",
    }
    headers |= {"X-B3-ParentSpanId": context.parent_id} if context.parent_id else {}
    return headers | ({"X-B3-Flags": "1"} if context.debug else {"X-B3-Sampled": "1" if context.wanted else "0"})


def packed(context: TraceContext) -> list[str]:
    """As records keep it: trace id, span id, the parent's id, and whether the caller wants the trace (`1`, `0`, `d`);
    nothing for what is not known at the end."""
    decided = "d" if context.debug else "" if context.sampled is None else str(int(context.sampled))
    kept = [context.trace_id, context.span_id, context.parent_id or "", decided]
    while not kept[-1]:
        kept.pop()
    return kept


def unpacked(kept: Sequence[str]) -> TraceContext:
    trace_id, span_id, parent_id, decided = [*kept, "", ""][:4]
    return TraceContext(trace_id, span_id, parent_id or None, PACKED.get(decided), decided == "d")


def as_trace_id(text: str) -> str | None:
    """32 hex digits of what somebody typed or copied: 32, 16 (padded), or the X-Ray form `1-58406520-a006…`."""
    text = text.strip().lower()
    if xray := XRAY.fullmatch(text):
        return xray[1] + xray[2]
    return _padded(text) if TRACE_ID.fullmatch(text) else None


def new_span_id() -> str:
    return secrets.token_hex(8)


def _single(header: str) -> TraceContext | None:
    """`{trace}-{span}-{sampled}-{parent}`, the last two optional."""
    parts = header.strip().lower().split("-")
    if not 2 <= len(parts) <= 4:
        return None
    trace_id, span_id, state, parent_id = [*parts, "", ""][:4]
    if state and state != "d" and state not in SAMPLED:
        return None
    return _checked(trace_id, span_id, parent_id, SAMPLED.get(state), state == "d")


def _several(headers: Mapping[str, str]) -> TraceContext | None:
    names = ("traceid", "spanid", "parentspanid", "sampled", "flags")
    trace_id, span_id, parent_id, state, flags = (_first(headers.get(f"x-b3-{name}", "")) for name in names)
    return _checked(trace_id, span_id, parent_id, SAMPLED.get(state), flags == "1")


def _checked(trace_id: str, span_id: str, parent_id: str, sampled: bool | None, debug: bool) -> TraceContext | None:
    if not (TRACE_ID.fullmatch(trace_id) and _is_span(span_id)) or not trace_id.strip("0"):
        return None
    parent = parent_id if _is_span(parent_id) else None
    return TraceContext(_padded(trace_id), span_id, parent, True if debug else sampled, debug)


def _w3c(header: str) -> TraceContext | None:
    """Version 00 has exactly four parts; later versions may add more, ff is none."""
    found = TRACEPARENT.fullmatch(header.strip())
    if not found or found[1] == "ff" or (found[1] == "00" and found[5]):
        return None
    return _checked(found[2], found[3], "", bool(int(found[4], 16) & 1), False)


def _first(value: str) -> str:
    """Of a header that came several times."""
    return value.partition(",")[0].strip().lower()


def _is_span(text: str) -> bool:
    return bool(SPAN_ID.fullmatch(text)) and bool(text.strip("0"))


def _padded(trace_id: str) -> str:
    return trace_id.rjust(32, "0")
