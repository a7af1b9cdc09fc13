"""Spans on their way out by OTLP/HTTP, with the ids that logs and headers have. Loaded where an endpoint is named.

OpenTelemetry's own batches are sent by a thread that a frozen Lambda does not run, and its tracer draws ids of its own;
so spans wait here for the end of the outermost one, and its exporter gets them as they are."""

import logging
import threading
import time
from collections import deque
from functools import cache
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from chalicelib.redaction import redact
from chalicelib.telemetry import Span, log

SECONDS: Final = 1.0  # that an answer waits for the collector
PAUSE: Final = 30.0  # after it was not there
MOST_WAITING: Final = 2_000
MOST_AT_ONCE: Final = 500
KINDS: Final = {
    "internal": SpanKind.INTERNAL,
    "client": SpanKind.CLIENT,
    "server": SpanKind.SERVER,
    "consumer": SpanKind.CONSUMER,
}
SCOPE: Final = InstrumentationScope("afterchat")

logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)  # we say it ourselves, once


class _Queue:
    """Spans that ended. Those of a batch that did not arrive wait for the next one, the oldest are given up first."""

    def __init__(self) -> None:
        self.waiting: deque[Span] = deque(maxlen=MOST_WAITING)
        self.busy = threading.Lock()
        self.quiet_until = 0.0

    def send(self) -> None:
        batch: list[Span] = []
        try:
            while self.waiting:
                batch = [self.waiting.popleft() for _ in range(min(len(self.waiting), MOST_AT_ONCE))]
                if _exporter().export([_readable(span) for span in batch]) is not SpanExportResult.SUCCESS:
                    raise ConnectionError("not taken")
        except Exception as error:
            self.waiting.extendleft(reversed(batch[: MOST_WAITING - len(self.waiting)]))
            self.quiet_until = time.monotonic() + PAUSE
            log.warning("%s spans wait: the collector did not take them (%s)", len(self.waiting), type(error).__name__)
        finally:
            self.busy.release()


@cache
def queue() -> _Queue:
    return _Queue()


def keep(span: Span) -> None:
    if span.context.wanted:
        queue().waiting.append(span)


def hand_over() -> None:
    """Returns when the collector has all spans, or after a second: then they leave when the function runs again. While
    it is not there it is asked every half minute. Never raises."""
    mine = queue()
    if not mine.waiting or time.monotonic() < mine.quiet_until or not mine.busy.acquire(blocking=False):
        return
    sending = threading.Thread(target=mine.send, name="otlp", daemon=True)
    sending.start()
    sending.join(SECONDS)


@cache
def _exporter() -> OTLPSpanExporter:
    """Endpoint, headers and compression as OpenTelemetry's own variables name them."""
    return OTLPSpanExporter(timeout=SECONDS)


@cache
def _resource() -> Resource:
    """As OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say."""
    told = Resource.create()
    is_unnamed = str(told.attributes[SERVICE_NAME]).startswith("unknown_service")
    return told.merge(Resource({SERVICE_NAME: "afterchat"})) if is_unnamed else told


def _readable(span: Span) -> ReadableSpan:
    context = span.context
    is_remote = span.kind in ("server", "consumer")
    return ReadableSpan(
        name=span.name,
        context=_identity(context.trace_id, context.span_id),
        parent=_identity(context.trace_id, context.parent_id, is_remote) if context.parent_id else None,
        resource=_resource(),
        attributes={name: redact(told) if isinstance(told, str) else told for name, told in span.attributes.items()},
        kind=KINDS[span.kind],
        status=Status(StatusCode.ERROR, redact(span.error)) if span.error else Status(),
        start_time=span.started_ns,
        end_time=span.ended_ns,
        instrumentation_scope=SCOPE,
    )


def _identity(trace_id: str, span_id: str, is_remote: bool = False) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote, TraceFlags(TraceFlags.SAMPLED))
