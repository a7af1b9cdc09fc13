"""What the tenant's runtime log says of requests: a chat engine's that were refused, those that failed, slow ones. It
is written when the answer stands: one put, and nothing that goes wrong with it is heard by the caller."""

import re
from typing import Any

import orjson
from chalice.app import Response

from chalicelib import metrics
from chalicelib.access import Caller
from chalicelib.collect.events import EVENTS
from chalicelib.collect.values import ID
from chalicelib.store import runtime_log
from chalicelib.store.runtime_log import Level
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import Span, log

SLOW_MS = 3_000
TOO_LATE_MS = 8_000  # what storage kept so long in vain must not wait for storage once more
COLLECT = ("/v1/collect", "/v1/collect/{type}")
MOST_ERRORS = 5

Found = tuple[Level, str, str]  # level, event, and the words between call and status


def note(request: Any, response: Response, span: Span) -> None:
    """Never raises."""
    try:
        _note(request, response, span)
    except Exception:
        log.exception("a request could not be noted")


def _note(request: Any, response: Response, span: Span) -> None:
    caller: Caller | None = request.context.get("caller")
    status, took = response.status_code, span.ms
    span.set(**{"http.request.method": request.method, "http.route": request.path, "http.response.status_code": status})
    span.set(tenant=caller.tenant if caller else None)
    if status >= 500:
        span.failed(f"answered {status}")
        metrics.count("ServerErrors", route=span.name, trace_id=span.context.trace_id)
    found = _found(request.path in COLLECT, status, took)
    if caller and found:
        _write(Store(caller.tenant), request, response, span, found)


def _found(is_collect: bool, status: int, took: int) -> Found | None:
    if status >= 500:
        return ("error", "call_failed", "failed") if took < TOO_LATE_MS else None
    if status >= 400 and is_collect:
        return "warning", "call_refused", "was refused"
    return ("warning", "call_slow", "was slow") if took > SLOW_MS else None


def _write(store: Store, request: Any, response: Response, span: Span, found: Found) -> None:
    level, event, words = found
    code, errors = _problem(response)
    told = {"status": response.status_code, "code": code, "errors": errors}
    runtime_log.write(
        store,
        level,
        event,
        f"{_call(request)} {words}: {' '.join(filter(None, (str(response.status_code), code)))}",
        experience=_experience(request),
        attributes={name: value for name, value in told.items() if value != ""},
        span=span,
    )


def _call(request: Any) -> str:
    """The route, and of the routes of single events the type; other parts of a path may name somebody."""
    type = (request.uri_params or {}).get("type")
    return f"{request.method} {request.path.replace('{type}', type) if type in EVENTS else request.path}"


def _problem(response: Response) -> tuple[str, str]:
    """Its code, and which values were wrong; never what they were."""
    if response.status_code < 400 or not isinstance(response.body, str):
        return "", ""
    problem = orjson.loads(response.body)
    wrong = problem.get("errors", [])[:MOST_ERRORS]
    named = [f"{error.get('pointer', error.get('parameter', ''))} {error['code']}" for error in wrong]
    return problem.get("code", ""), "; ".join(named)


def _experience(request: Any) -> str | None:
    """That a call to collect names, however wrong the rest of it is."""
    if request.path not in COLLECT:
        return None
    try:
        named = orjson.loads(request.raw_body)["experience"]
    except (ValueError, KeyError, TypeError):
        return None
    return named if isinstance(named, str) and re.fullmatch(ID, named) else None
