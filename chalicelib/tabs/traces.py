"""One trace: its entries in the runtime log, the spans of our work, the calls to the outside, and whom it was about."""

from typing import Any

from chalicelib import trace_context
from chalicelib.access import Caller
from chalicelib.clock import rfc3339
from chalicelib.collect.events import EVENTS
from chalicelib.kinds import KINDS
from chalicelib.masking import HIDDEN_EMAIL, mask
from chalicelib.problems import Problem, invalid
from chalicelib.roles import ANY_READER
from chalicelib.routes import Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, WHOLE, Schema, maybe, members
from chalicelib.store import alive, records, runtime_log
from chalicelib.store.tenancy import Row, Store
from chalicelib.tabs import lists, rows
from chalicelib.tabs.filters import Question

routes = Routes(__name__)
LOG = KINDS["log"]
MOST = 500  # entries of one answer, the newest

SPAN: Schema = members(
    {"id": TEXT, "parent": maybe(TEXT), "name": maybe(TEXT), "kind": maybe(TEXT), "started_at": TIME},
    {"duration_ms": maybe(WHOLE), "error": maybe(TEXT)},
)
CALL: Schema = members(
    {"span": TEXT, "name": maybe(TEXT), "started_at": TIME, "duration_ms": maybe(WHOLE), "status": maybe(WHOLE)},
    {"error": maybe(TEXT), "entry": TEXT},
)
TRACE: Schema = members(
    {
        "trace_id": TEXT,
        "xray_trace_id": TEXT,
        "entries": {"type": "array", "items": {"$ref": "#/components/schemas/log"}},
        "more": FLAG,
        "spans": {"type": "array", "items": SPAN},
        "calls": {"type": "array", "items": CALL},
        "customers": {"type": "array", "items": members({"customer_id": TEXT, "email": TEXT, "masked": FLAG})},
    }
)


@routes.on("GET", "/v1/traces/{id}", ANY_READER, answer=TRACE)
def one_trace(request: Request, id: str) -> dict[str, Any]:
    """What is known of a trace, oldest first, for 7 days; its id as 32 or 16 hex digits, or as X-Ray writes it."""
    trace_id = trace_context.as_trace_id(id)
    if trace_id is None:
        raise invalid("id", "wrong_format", pattern="32 or 16 hex digits, or 1-8-24")
    cleared, store = alive.horizons(request.store), request.store
    part = lists.answer(store, LOG, _question(request.caller, trace_id), cleared)
    owners = rows.owners_of(store, part.rows)
    people = alive.known(store, {owner for owner in owners if owner}, cleared, only=alive.NAMED_BY)
    seen = [(row, owner) for row, owner in zip(part.rows, owners, strict=True) if not owner or people[owner]][::-1]
    if not seen:
        raise Problem.of("trace_unknown")
    found, whose = [row for row, _ in seen], [owner for _, owner in seen]
    entries = rows.named(store, LOG, found, whose, people)
    named = [person for id in dict.fromkeys(whose) if id and (person := people[id])]
    return {
        "trace_id": trace_id,
        "xray_trace_id": f"1-{trace_id[:8]}-{trace_id[8:]}",
        "entries": [mask(entry, LOG) for entry in entries] if request.caller.masked else entries,
        "more": part.next is not None,
        "spans": _spans(found),
        "calls": [_call(store, row) for row in found if _told(row).get("kind") == "client"],
        "customers": [_customer(person, request.caller) for person in named],
    }


def _question(caller: Caller, trace_id: str) -> Question:
    within = {"experience": caller.experience} if caller.experience else {}
    return Question({"trace_id": trace_id, **within}, limit=MOST)


def _told(row: Row) -> Row:
    return runtime_log.span_of(row) or {}


def _spans(found: list[Row]) -> list[dict[str, Any]]:
    """Each once, as the entry tells it that knows most; parents before their children."""
    known: dict[str, dict[str, Any]] = {}
    for row in found:
        if told := _told(row):
            span = _span(row, told)
            before = known.get(span["id"])
            known[span["id"]] = span if before is None or before["duration_ms"] is None else before
    return sorted(known.values(), key=lambda span: (span["started_at"], _depth(span, known)))


def _span(row: Row, told: Row) -> dict[str, Any]:
    """Of work that was told by a stream the entry has no more than the ids; what it was, its event says."""
    type = str(row["data"].get("event", "")).replace("_", "-")
    return {
        "id": told["id"],
        "parent": told.get("parent"),
        "name": told.get("name") or (f"collect {type}" if type in EVENTS else None),
        "kind": told.get("kind"),
        "started_at": rfc3339(told["at"] if "at" in told else row["created_at"]),
        "duration_ms": told.get("ms"),
        "error": told.get("error"),
    }


def _depth(span: dict[str, Any], known: dict[str, dict[str, Any]]) -> int:
    depth = 0
    while (above := known.get(span["parent"])) and depth < len(known):  # ids are the callers' choice: no endless climb
        span, depth = above, depth + 1
    return depth


def _call(store: Store, row: Row) -> dict[str, Any]:
    span, status = _span(row, _told(row)), row["data"].get("attributes", {}).get("status")
    told = {name: span[name] for name in ("name", "started_at", "duration_ms", "error")}
    return {"span": span["id"], **told, "status": status, "entry": records.id_of(store, LOG, row)}


def _customer(person: Row, caller: Caller) -> dict[str, Any]:
    email = HIDDEN_EMAIL if caller.masked else person["email"]
    return {"customer_id": person["customer_id"], "email": email, "masked": caller.masked}
