"""Experiences: the document the editor or the chat engine writes, guarded by its revision (ETag, If-Match)."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import experiences
from chalicelib.access import require_experience
from chalicelib.clock import rfc3339
from chalicelib.collect.values import ID
from chalicelib.experiences import Experience
from chalicelib.problems import FieldError, Problem, invalid
from chalicelib.promotions import commitments, stock
from chalicelib.roles import ANY_READER, EDITORS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import EXPERIENCE, EXPERIENCES
from chalicelib.store import alive, audit
from chalicelib.store import experiences as stored
from chalicelib.store.experiences import Outdated, Stored

routes = Routes(__name__)


@routes.on("GET", "/v1/experiences", ANY_READER, answer=EXPERIENCES)
def list_experiences(request: Request) -> dict[str, Any]:
    """The tenant's experiences by id, closed ones included: their records stay until they are due."""
    items = [item for item in stored.all_of(request.store) if request.caller.experience in (None, item["id"])]
    return {"items": items}


@routes.on("GET", "/v1/experiences/{id}", ANY_READER, answer=EXPERIENCE)
def one_experience(request: Request, id: str) -> Answer:
    """One experience with its warnings."""
    require_experience(request.caller, id)
    return _answer(request, _found(request, id))


@routes.on("PUT", "/v1/experiences/{id}", EDITORS, body=Experience, answer=EXPERIENCE, also={201: EXPERIENCE})
def save_experience(request: Request, id: str) -> Answer:
    """Create an experience, or change it (If-Match with the ETag that was read)."""
    if not re.fullmatch(ID, id):
        raise invalid("id", "wrong_format", pattern=ID)
    document = json.loads(experiences.parse_experience(request.body).model_dump_json())
    seen = _seen(request)
    existing = stored.read(request.store, id)
    if seen == (existing.revision if existing else None):
        _note(request, id, "saved")
        commitments.commit(request.store, id, [giveaway["id"] for giveaway in document["giveaways"]])
    try:
        experience = stored.write(request.store, id, document, seen if seen is not None else 0)
    except Outdated as error:
        raise _refused(seen, error.revision) from None
    return _answer(request, experience, 200 if existing else 201)


@routes.on("DELETE", "/v1/experiences/{id}", EDITORS, status=204)
def close_experience(request: Request, id: str) -> None:
    """Close an experience: nothing can be collected any more, its records stay until they are due."""
    experience = _found(request, id)
    seen = _seen(request)
    if experience.closed and seen is None:
        return
    _note(request, id, "closed")
    try:
        stored.close(request.store, id, experience.revision if seen is None else seen)
    except Outdated as error:
        raise _refused(seen, error.revision) from None


def _note(request: Request, id: str, how: str) -> None:
    """Before it is done, so that nothing is done unnoted; what somebody else got ahead of is noted, too."""
    caller = request.caller
    audit.note(
        request.store, caller.subject, "experience.changed", role=caller.acting, experience=id, details={"how": how}
    )


def _found(request: Request, id: str) -> Stored:
    experience = stored.read(request.store, id)
    if experience is None:
        raise Problem.of("experience_unknown", errors=[FieldError("id", "invalid")])
    return experience


def _seen(request: Request) -> int | None:
    """The revision in If-Match (RFC 9110 §13.1.1): one strong ETag of ours."""
    tag = request.headers.get("if-match")
    if tag is None:
        return None
    if not re.fullmatch(r'"\d{1,12}"', tag):
        raise Problem.of("precondition_failed")
    return int(tag.strip('"'))


def _refused(seen: int | None, present: int) -> Problem:
    headers = {"ETag": f'"{present}"'} if present else {}
    return Problem.of("precondition_missing" if seen is None else "precondition_failed", headers=headers)


def _answer(request: Request, experience: Stored, status: int = 200) -> Answer:
    cleared = stored.with_settled(alive.horizons(request.store), [experience])
    zone = ZoneInfo(cleared.time_zone)
    document = Experience.model_validate_json(json.dumps(experience.document))
    warnings = experiences.warnings(document, datetime.now(UTC), zone)
    body = {"id": experience.id, **experience.document, "closed": experience.closed, "warnings": warnings}
    body["commitments"] = _commitments(request, experience)
    body["stock"] = stock.left(request.store, experience.id, experience.document, cleared)
    return Answer(body, status, {"ETag": f'"{experience.revision}"'})


def _commitments(request: Request, experience: Stored) -> dict[str, dict[str, str]]:
    """By which every draw can be checked: what was fixed for each giveaway, and when."""
    present = commitments.all_of(request.store, experience.id)
    named = [part["id"] for part in experience.document.get("giveaways", []) if part["id"] in present]
    return {id: {"sha256": present[id].sha256, "committed_at": rfc3339(present[id].committed_at)} for id in named}
