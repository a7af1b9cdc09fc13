"""The Collect API's two routes: an envelope of 1–50 events, and one event alone. Same models, same answers."""

import re
from collections.abc import Callable
from typing import Any

from chalicelib.collect import consents, conversation, log_entries, participations, sign_ins, state, variables
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Envelope, Event
from chalicelib.collect.events import parse_envelope, parse_single
from chalicelib.openapi import COLLECTED, RESULT
from chalicelib.problems import Problem
from chalicelib.roles import COLLECTORS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.store import idempotency
from chalicelib.store.idempotency import KeyReused

routes = Routes(__name__)

Result = dict[str, Any]
Handler = Callable[[Conversation, Any, idempotency.Call | None], Result]

HANDLERS: dict[str, Handler] = {
    "sign-ins": sign_ins.sign_in,
    "consents": consents.record,
    "variables": variables.record,
    "participations": participations.enter,
    "log-entries": log_entries.record,
    "state": state.read,
}
VISIBLE_ASCII = re.compile(r"[!-~]{1,255}")


@routes.on("POST", "/v1/collect", COLLECTORS, body=Envelope, answer=COLLECTED)
def collect(request: Request) -> Answer:
    """Record 1–50 events of a chat in order; safe to send again with the same Idempotency-Key."""
    key = _key(request)
    if key is None:
        raise Problem.of("idempotency_key_missing")
    talk, results = _record(request, parse_envelope(request.body).events, key)
    customer_id = next(reversed(talk.people), None)
    body = {"customer_id": customer_id, "trace_id": request.trace_id, "results": results}
    return Answer(body, headers=_replay(talk))


@routes.on("POST", "/v1/collect/{type}", COLLECTORS, answer=RESULT)
def collect_one(request: Request, type: str) -> Answer:
    """Record one event; the body is the event without its type, the answer that one result."""
    talk, results = _record(request, parse_single(type, request.body).events, _key(request))
    return Answer(results[0], headers=_replay(talk))


def _record(request: Request, events: tuple[Event, ...], key: str | None) -> tuple[Conversation, list[Result]]:
    talk = conversation.opened(request.store, request.caller, events, request.trace_id)
    participations.check(talk, events)
    consents.check(talk, events)
    try:
        return talk, [_result(talk, event, _call(request, key, place)) for place, event in enumerate(events)]
    except KeyReused:
        raise Problem.of("idempotency_key_reused") from None


def _result(talk: Conversation, event: Event, call: idempotency.Call | None) -> Result:
    result = HANDLERS[event.type](talk, event, call)
    talk.replayed.append(bool(result.pop("replayed", False)))
    return {"type": event.type, **result}


def _call(request: Request, key: str | None, place: int) -> idempotency.Call | None:
    return idempotency.call_of(request.store, key, place, request.body) if key is not None else None


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not VISIBLE_ASCII.fullmatch(key):
        raise Problem.of("idempotency_key_invalid")
    return key


def _replay(talk: Conversation) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if talk.replayed and all(talk.replayed) else {}
