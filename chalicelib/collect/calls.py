"""The Collect API's two routes: an envelope of 1 to 50 events, and one event alone. Same models, same answers."""

from collections.abc import Callable
from typing import Any

from chalicelib import repeats, telemetry
from chalicelib.collect import (
    code_redemptions,
    consents,
    conversation,
    coupon_claims,
    denials,
    erasures,
    files,
    instant_wins,
    log_entries,
    participations,
    points,
    rate,
    reward_redemptions,
    sign_ins,
    state,
    variables,
    winner_answers,
)
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.denials import Done
from chalicelib.collect.event_types import Envelope, Event
from chalicelib.collect.events import parse_envelope, parse_single
from chalicelib.problems import Problem
from chalicelib.roles import COLLECTORS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import COLLECTED, RESULT
from chalicelib.store import idempotency
from chalicelib.store.idempotency import Call

routes = Routes(__name__)

Result = dict[str, Any]
Handler = Callable[[Conversation, Any, Call | None], Result]

HANDLERS: dict[str, Handler] = {
    "sign-ins": sign_ins.sign_in,
    "consents": consents.record,
    "variables": variables.record,
    "participations": participations.enter,
    "instant-wins": instant_wins.play,
    "coupon-claims": coupon_claims.claim,
    "code-redemptions": code_redemptions.redeem,
    "points": points.book,
    "reward-redemptions": reward_redemptions.redeem,
    "winner-answers": winner_answers.answer,
    "files": files.offer,
    "log-entries": log_entries.record,
    "erasures": erasures.erase,
    "state": state.read,
}
CHECKS = (
    *(sign_ins.check, consents.check, variables.check, participations.check, files.check),
    *(instant_wins.check, coupon_claims.check, points.check, reward_redemptions.check, winner_answers.check),
)


@routes.on("POST", "/v1/collect", COLLECTORS, body=Envelope, answer=COLLECTED)
def collect(request: Request) -> Answer:
    """Record 1 to 50 events of a chat in order; safe to send again with the same Idempotency-Key."""
    rate.meter().check(request.caller)
    call = repeats.call_of(request, "")
    if call is None:
        raise Problem.of("idempotency_key_missing")
    talk, results = _record(request, parse_envelope(request.body).events, call, "/events/{}")
    customer_id = next(reversed(talk.people), None)
    body = {"customer_id": customer_id, "trace_id": request.trace_id, "results": results}
    return Answer(body, headers=_replay(talk))


@routes.on("POST", "/v1/collect/{type}", COLLECTORS, answer=RESULT)
def collect_one(request: Request, type: str) -> Answer:
    """Record one event; the body is the event without its type, the answer that one result."""
    rate.meter().check(request.caller)
    call, events = repeats.call_of(request, type), parse_single(type, request.body).events
    if call is None and events[0].needs_key:
        raise Problem.of("idempotency_key_missing")
    talk, results = _record(request, events, call, "")
    return Answer(results[0], headers=_replay(talk))


def _record(
    request: Request, events: tuple[Event, ...], call: Call | None, pointers: str
) -> tuple[Conversation, list[Result]]:
    with repeats.refusals():
        talk = _opened(request, events, call, pointers)
        done = [_done(talk, event, call and call.event(place)) for place, event in enumerate(events)]
    denials.tell(talk, done)
    return talk, [result for _, result, _ in done]


def _opened(request: Request, events: tuple[Event, ...], call: Call | None, pointers: str) -> Conversation:
    """Everything that can be refused is refused here, before anything is recorded."""
    if call and len(events) > 1:
        idempotency.recall_any(request.store, call)
    try:
        talk = conversation.opened(request.store, request.caller, events, request.trace_id, pointers)
        for check in CHECKS:
            check(talk, events, call)
    except Problem as problem:
        if problem.code == "customer_unknown" and call and idempotency.recall_any(request.store, call):
            raise Problem.of("erased") from None
        raise
    return talk


def _done(talk: Conversation, event: Event, call: Call | None) -> Done:
    with telemetry.span(f"collect {event.type}", experience=event.experience or "") as span:
        result = HANDLERS[event.type](talk, event, call)
        span.set(outcome=result["outcome"])
    talk.replayed.append(result.pop("replayed", None))
    return event, {"type": event.type, **result}, span


def _replay(talk: Conversation) -> dict[str, str]:
    """Something was answered again and nothing was recorded now; what records nothing anyway says nothing."""
    return {"Idempotent-Replayed": "true"} if True in talk.replayed and False not in talk.replayed else {}
