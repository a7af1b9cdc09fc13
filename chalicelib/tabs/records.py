"""The routes that every kind shares: list and search, one record, delete one, delete all."""

from typing import Any

from chalicelib import access
from chalicelib.access import Caller
from chalicelib.kinds import KINDS, Kind
from chalicelib.problems import FieldError, Problem
from chalicelib.roles import ANY_READER, EDITORS, ERASERS, OWNERS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import LIST, RECORD, STARTED
from chalicelib.store import alive, audit, deletion, experiences, keys, records, wordings
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Row
from chalicelib.tabs import filters, lists, rows

routes = Routes(__name__)


@routes.on("GET", "/v1/records/{kind}", ANY_READER, query=filters.MEANINGS, answer=LIST)
def list_records(request: Request, kind: str) -> dict[str, Any]:
    """Records of a kind, newest first; a page may be short or empty while `next` is given."""
    of = known(kind)
    query = restricted(request.caller, of, request.query)
    question = filters.parse(of, query, request.caller)
    cleared = alive.horizons(request.store)
    part = lists.answer(request.store, of, question, cleared)
    items = rows.shown(request.store, of, part.rows, cleared, request.caller.masked)
    return {"items": items, "next": filters.seal(part.next, of, query, request.caller) if part.next else None}


@routes.on("GET", "/v1/records/{kind}/{id}", ANY_READER, answer=RECORD)
def one_record(request: Request, kind: str, id: str) -> dict[str, Any]:
    """One record; of a consent with the wording that was shown."""
    of = known(kind)
    cleared = alive.horizons(request.store)
    row = found(request, of, id, cleared)
    shown = rows.shown(request.store, of, [row], cleared, request.caller.masked)
    if not shown:
        raise Problem.of("record_unknown")
    if of.name == "consents":
        shown[0]["text"] = wordings.text_of(request.store, row["data"].get("text_sha256"))
    return shown[0]


@routes.on("DELETE", "/v1/records/{kind}/{id}", EDITORS | ERASERS, status=204, also={202: STARTED})
def delete_one(request: Request, kind: str, id: str) -> Answer | None:
    """Delete one record for good; of a consent that person's history of it, of a customer everything, by a job.

    An erasure answers 202 with `job`, `hidden_from` and `receipt`, the same ones while it is under way."""
    of = known(kind)
    allowed = ERASERS if of.name == "customers" else EDITORS
    access.require(request.caller, allowed)
    if request.caller.experience:
        found(request, of, id, alive.horizons(request.store))
    if of.name == "customers":
        return Answer(_erased(request, id), 202)
    if not deletion.delete_one(request.store, of, id):
        raise Problem.of("record_unknown")
    caller = request.caller
    audit.note(request.store, caller.subject, "record.deleted", role=caller.acting, kind=kind, count=1, id=id)
    return None


def _erased(request: Request, id: str) -> dict[str, str]:
    from chalicelib.jobs import erasure

    started = erasure.start(request.store, id, "erasure", request.caller) if keys.is_customer_id(id) else None
    if started is None:
        raise Problem.of("record_unknown")
    return started.answer


@routes.on(
    "DELETE",
    "/v1/records/{kind}",
    OWNERS,
    status=202,
    query={"confirm": "the kind again", "experience": "only what belongs to this experience"},
    answer=STARTED,
)
def delete_all(request: Request, kind: str) -> Answer:
    """Delete all records of a kind: hidden at once, removed by a job. What is made after `hidden_from` stays."""
    from chalicelib.jobs import purge

    of = known(kind)
    _check_delete_all(request, of)
    return Answer(purge.start(request.store, of, request.query.get("experience"), request.caller), 202)


def known(kind: str) -> Kind:
    if kind not in KINDS:
        raise Problem.of("kind_unknown", errors=[FieldError("kind", "invalid", f"one of {', '.join(KINDS)}")])
    return KINDS[kind]


def found(request: Request, kind: Kind, record_id: str, cleared: Horizons) -> Row:
    """The living record, if this caller may see it."""
    if kind.name == "customers":
        people = (
            rows.living_customers(request.store, [record_id], cleared)
            if records.place_of(request.store, kind, record_id)
            else []
        )
        row = people[0] if people else None
    else:
        row = records.read(request.store, kind, record_id, cleared)
    if row is None or (request.caller.experience and row.get("experience") != request.caller.experience):
        raise Problem.of("record_unknown")
    return row


def restricted(caller: Caller, kind: Kind, query: Any) -> dict[str, str]:
    """A key that is bound to an experience sees that experience's records; customers belong to none."""
    if caller.experience is None:
        return dict(query)
    access.require_experience(caller, None if kind.name == "customers" else query.get("experience", caller.experience))
    return {**query, "experience": caller.experience}


def _check_delete_all(request: Request, kind: Kind) -> None:
    query = request.query
    errors = [FieldError(name, "unknown_member") for name in query if name not in ("confirm", "experience")]
    if query.get("confirm") != kind.name:
        code = "not_allowed" if "confirm" in query else "missing"
        errors.append(FieldError("confirm", code, values={"expected": kind.name}))
    if kind.name == "customers" and "experience" in query:
        errors.append(FieldError("experience", "not_here", values={"reason": "customers belong to no experience"}))
    elif "experience" in query and experiences.read(request.store, query["experience"]) is None:
        errors.append(FieldError("experience", "invalid", "is not known"))
    if errors:
        raise Problem.of("validation", errors=errors)
