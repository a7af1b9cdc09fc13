"""Which trace our work belongs to, the spans that it is made of, and the operator's log.

Without an OTLP endpoint a span is two ids and two times; nothing of OpenTelemetry is loaded (chalicelib/otlp.py)."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Literal

from chalicelib.trace_context import TraceContext, started

Kind = Literal["internal", "client", "server", "consumer"]
Value = str | int | float | bool
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

log = logging.getLogger("chalicelib")  # the modules' own loggers lie below it

_context: ContextVar[TraceContext | None] = ContextVar("context", default=None)
_span: ContextVar["Span | None"] = ContextVar("span", default=None)


def current() -> TraceContext:
    """The span that this runs in, or else a trace that begins here."""
    return _context.get() or started()


def entered_context() -> TraceContext | None:
    """The same, but None outside of all spans."""
    return _context.get()


def current_span() -> "Span | None":
    """The work that this is part of, if it is ours and has not ended."""
    inner, context = _span.get(), _context.get()
    return inner if inner and inner.context is context else None


@contextmanager
def entered(context: TraceContext) -> Iterator[TraceContext]:
    """What runs within belongs to this span, which somebody else began: of a call before, of a stream's record."""
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)


def span(name: str, *, kind: Kind = "internal", context: TraceContext | None = None, **attributes: Value) -> "Span":
    """A piece of work, to be used with `with`. `context` is its own, for example `received.child()`; without it the
    span is a child of the current one. Attributes name no person. The outermost span hands all spans over when it ends,
    before the answer leaves: afterwards Lambda may freeze us."""
    if context is None:
        around = _context.get()
        context = around.child() if around else started()
    return Span(name, kind, context, attributes)


class Span:
    def __init__(self, name: str, kind: Kind, context: TraceContext, attributes: dict[str, Value]) -> None:
        self.name, self.kind, self.context, self.attributes = name, kind, context, attributes
        self.error: str | None = None
        self.started_ns = self.ended_ns = 0

    @property
    def ms(self) -> int:
        """How long it has taken so far, or took."""
        return max(0, (self.ended_ns or time.time_ns()) - self.started_ns) // 1_000_000

    def set(self, **attributes: Value | None) -> None:
        self.attributes |= {name: value for name, value in attributes.items() if value is not None}

    def failed(self, error: BaseException | str) -> None:
        """Of an exception only the name is kept: what it says may name somebody."""
        self.error = error if isinstance(error, str) else type(error).__name__

    def __enter__(self) -> "Span":
        self.started_ns = time.time_ns()
        self._outer: Token[Span | None] = _span.set(self)
        self._around: Token[TraceContext | None] = _context.set(self.context)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.ended_ns = max(time.time_ns(), self.started_ns)
        _context.reset(self._around)
        _span.reset(self._outer)
        if error is not None:
            self.failed(error)
        if is_exported():
            _export(self)


def is_exported() -> bool:
    """Whether somebody takes our spans."""
    return any(os.environ.get(name) for name in ENDPOINTS) and os.environ.get("OTEL_SDK_DISABLED") != "true"


def _export(ended: Span) -> None:
    try:
        from chalicelib import otlp

        otlp.keep(ended)
        if _span.get() is None:
            otlp.hand_over()
    except Exception:
        log.exception("a span was not exported")


class _Lines(logging.Handler):
    """The operator's log on standard output; Powertools' formatter is loaded with the first line."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            from chalicelib.log_lines import line

            print(line(record), file=sys.stdout, flush=True)  # noqa: T201 (CloudWatch reads standard output)
        except Exception:
            self.handleError(record)


log.addHandler(_Lines())
log.setLevel(os.environ.get("POWERTOOLS_LOG_LEVEL", "INFO").upper())
log.propagate = "AWS_LAMBDA_FUNCTION_NAME" not in os.environ  # Lambda's own handler would print all once more
