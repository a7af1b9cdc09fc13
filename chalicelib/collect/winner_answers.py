"""A winner says in the chat whether to take the prize, until the answer-by time."""

from typing import Any

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event
from chalicelib.collect.promotion_types import WinnerAnswer
from chalicelib.collect.results import Result, of_record
from chalicelib.kinds import Kind
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions import winner_states
from chalicelib.store import idempotency, records
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """Each names a winner who is this customer."""
    for place, event in enumerate(events):
        if isinstance(event, WinnerAnswer):
            _winner(talk, event, call, talk.pointer(place, "winner_id"))


def answer(talk: Conversation, event: WinnerAnswer, call: Call | None) -> Result:
    kind, row = _winner(talk, event, call, "/winner_id")
    talk.active(event)
    fields: dict[str, Any] = event.fields or {}
    try:
        outcome = winner_states.answer(talk.store, kind, row, event.answer, fields, talk.cleared, call)
    except winner_states.Busy:
        raise Problem.of("in_progress") from None
    except winner_states.NotNow:
        raise Problem.of("record_unknown", errors=[FieldError("/winner_id", "invalid")]) from None
    respond_by = (outcome.row or row)["data"].get("respond_by")
    return {
        "outcome": outcome.name,
        "replayed": outcome.repeated if outcome.name != "too_late" and (call or not outcome.repeated) else None,
        **of_record(talk.store, kind.name, row),
        "respond_by": clock.rfc3339(respond_by) if respond_by else None,
    }


def _winner(talk: Conversation, event: WinnerAnswer, call: Call | None, pointer: str) -> tuple[Kind, Row]:
    found = winner_states.find(talk.store, event.winner_id, talk.cleared)
    owner = records.owner_of(talk.store, found[1])[0] if found else None
    if found is None or owner != talk.known(event)["customer_id"]:
        if call:
            idempotency.recall_any(talk.store, call)  # who was erased since is answered so
        raise Problem.of("record_unknown", errors=[FieldError(pointer, "invalid")])
    return found
