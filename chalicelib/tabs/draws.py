"""Draws: make one, see the history, reveal public randomness, redraw a slot. Certificate and labels are public."""

from dataclasses import replace
from typing import Any

from chalicelib import clock, cursors, repeats
from chalicelib.access import require_experience
from chalicelib.clock import rfc3339
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions import draws
from chalicelib.promotions.draws import Changed, Draw
from chalicelib.promotions.labels import label
from chalicelib.roles import ANY_READER, EDITORS
from chalicelib.routes import PUBLIC, Answer, Request, Routes
from chalicelib.schemas import FLAG, RECORD, TEXT, TIME, WHOLE, maybe, members, paged
from chalicelib.settings import settings
from chalicelib.store import alive, audit, experiences, jobs, objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from chalicelib.tabs import rows
from chalicelib.tabs.draw_requests import NewDraw, Redraw, Revealed, checked, parsed

# What makes draws is imported where it is used: most processes never make one, and a cold start would pay for it.
routes = Routes(__name__)
PAGE = 50

PLACES = {
    "type": "array",
    "items": members(
        {"slot": maybe(WHOLE), "prize": maybe(TEXT), "ticket": TEXT, "replaces": maybe(TEXT), "reason": maybe(TEXT)}
    ),
}
NAMED = members({"source": TEXT, "named_at": TIME, "value": maybe(TEXT), "revealed_at": maybe(TIME)})
COMMITTED = members({"sha256": TEXT, "committed_at": TIME, "number": WHOLE})
STARTED = members({"job": TEXT, "draw": maybe(TEXT)})
DRAW = members(
    {
        **dict.fromkeys(("id", "experience", "giveaway", "state", "job", "by", "exclude"), TEXT),
        **dict.fromkeys(("created_at", "cut_off"), TIME),
        **{name: maybe(TIME) for name in ("from", "to", "drawn_at")},
        **dict.fromkeys(("count", "alternates", "skipped"), WHOLE),
        "prizes": {"type": "array", "items": maybe(TEXT)},
        "allow_fewer": FLAG,
        "public_randomness": maybe(NAMED),
        "commitment": maybe(COMMITTED),
        "entrants": maybe(WHOLE),
        "drawn": PLACES,
        "error": maybe(TEXT),
        "certificate": maybe(TEXT),
        "labels": maybe(TEXT),
    }
)
DRAWS = paged(DRAW)
CERTIFICATE: dict[str, Any] = {"type": "object"}


@routes.on("POST", "/v1/experiences/{id}/draws", EDITORS, status=202, body=NewDraw, answer=STARTED)
def make_draw(request: Request, id: str) -> Answer:
    """Draw winners of a giveaway that is closed: a job orders all entrants and records the first of them. Safe to send
    again with the same Idempotency-Key."""
    require_experience(request.caller, id)
    started, draw = _started(request, id)
    if draw.dry_run:
        return Answer({"job": started.id, "draw": None}, 202)
    _note(request, "draw.created", draw, started.id)
    return Answer({"job": started.id, "draw": _id(request.store, draw)}, 202)


def _started(request: Request, experience: str) -> tuple[Job, Draw]:
    from chalicelib.jobs import draw as job

    call = repeats.call_of(request, f"draws of {experience}")
    with repeats.refusals():
        started = job.started_by(request.store, call) if call else None
        if started:
            return started
        asked, ready_at = checked(request, experience)
        caller = request.caller
        return job.start(request.store, asked, caller.subject, caller.acting, ready_at, call)


@routes.on("GET", "/v1/experiences/{id}/draws", ANY_READER, query={"cursor": "`next` of the page before"}, answer=DRAWS)
def list_draws(request: Request, id: str) -> dict[str, Any]:
    """All draws of an experience, newest first; none is ever taken away."""
    require_experience(request.caller, id)
    if experiences.read(request.store, id, consistent=False) is None:
        raise Problem.of("experience_unknown", errors=[FieldError("id", "invalid")])
    found, following = draws.newest_first(request.store, id, _after(request, id), PAGE)
    following = cursors.seal(following, request.caller.tenant, "draws", id) if following else None
    return {"items": [_shown(request.store, draw) for draw in found], "next": following}


@routes.on("GET", "/v1/draws/{id}", ANY_READER, answer=DRAW)
def one_draw(request: Request, id: str) -> dict[str, Any]:
    """One draw: what was asked, whose tickets were drawn, where its certificate is."""
    return _shown(request.store, _found(request, id))


@routes.on("GET", "/v1/draws/{id}/certificate", PUBLIC, answer=CERTIFICATE)
def draw_certificate(request: Request, id: str) -> Answer:
    """The certificate, once the list of labels is fixed; it holds no personal data and is there for good."""
    from chalicelib.promotions import drawing
    from chalicelib.promotions.certificates import certificate

    store, draw = _published(id)
    code = drawing.code_of(store, draw) if draw.state == "done" else None
    return Answer(certificate(store, draw, code), headers=ANYWHERE)


@routes.on("GET", "/v1/draws/{id}/labels", PUBLIC, status=302)
def draw_labels(request: Request, id: str) -> Answer:
    """The list of all labels that were drawn from, one a line: leads to where it can be downloaded now."""
    from chalicelib.promotions import entrants

    store, draw = _published(id)
    key = entrants.labels_key(store, draw)
    url = objects.download_url(settings().exports_bucket, key, "labels.txt", "text/plain; charset=utf-8")
    return Answer(None, 302, {"Location": url, **ANYWHERE})


@routes.on("POST", "/v1/draws/{id}/reveal", EDITORS, status=202, body=Revealed, answer=STARTED)
def reveal(request: Request, id: str) -> Answer:
    """Tell the public value that a draw waits for; then it goes on. It cannot be changed afterwards."""
    from chalicelib.jobs import draw as job

    draw, told = _found(request, id), parsed(Revealed, request)
    known = (draw.randomness or {}).get("value")
    if known not in (None, told.value) or (known is None and draw.state != "waiting"):
        raise Problem.of("not_waiting")
    if known is None:
        said = {**(draw.randomness or {}), "value": told.value, "revealed_at": clock.now_ms()}
        draw = _saved(request.store, replace(draw, randomness=said, state="drawing"))
    started = job.go_on(request.store, draw, request.caller.subject, request.caller.acting)
    _note(request, "draw.revealed", draw)
    return Answer({"job": started.id, "draw": id}, 202)


@routes.on("POST", "/v1/draws/{id}/redraws", EDITORS, status=201, body=Redraw, answer=RECORD)
def redraw(request: Request, id: str) -> Answer:
    """Somebody else in a winner's place: the first alternate, or the next in order. Asked again, the same one."""
    from chalicelib.promotions import redraws, turns

    draw, told = _found(request, id), parsed(Redraw, request)
    if draw.state != "done":
        raise Problem.of("draw_unfinished")
    try:
        row = redraws.redraw(request.store, draw, told.winner, told.reason)
    except redraws.NotTheWinner:
        raise Problem.of("not_the_winner", errors=[FieldError("/winner", "invalid")]) from None
    except redraws.NobodyLeft:
        raise Problem.of("too_few_entrants", alive=0) from None
    except turns.Busy:
        raise Problem.of("in_progress") from None
    _note(request, "winner.replaced", draw)
    cleared = alive.horizons(request.store)
    return Answer(rows.shown(request.store, KINDS["winners"], [row], cleared, request.caller.masked)[0], 201)


ANYWHERE = {"Access-Control-Allow-Origin": "*"}


def _found(request: Request, id: str) -> Draw:
    found = draws.find(id, request.caller.tenant)
    if found is None or request.caller.experience not in (None, found[1].experience):
        raise Problem.of("draw_unknown")
    return found[1]


def _published(id: str) -> tuple[Store, Draw]:
    found = draws.find(id)
    if found is None:
        raise Problem.of("draw_unknown")
    if found[1].commitment is None and not found[1].code:
        raise Problem.of("draw_unfinished")
    return found


def _saved(store: Store, draw: Draw) -> Draw:
    try:
        return draws.save(store, draw)
    except Changed:
        raise Problem.of("in_progress") from None


def _note(request: Request, action: str, draw: Draw, id: str | None = None) -> None:
    told = {"draw": draw.number, "giveaway": draw.giveaway}
    by, role = request.caller.subject, request.caller.acting
    audit.note(request.store, by, action, role=role, experience=draw.experience, details=told, id=id)


def _after(request: Request, experience: str) -> str | None:
    unknown = [name for name in request.query if name != "cursor"]
    if unknown:
        errors = [FieldError(name, "unknown_member") for name in unknown]
        raise Problem.of("filter_unknown", errors=errors, filter=", ".join(unknown))
    if "cursor" not in request.query:
        return None
    try:
        return cursors.unseal(request.query["cursor"], request.caller.tenant, "draws", experience)
    except cursors.Unsealable:
        raise Problem.of("cursor_invalid", errors=[FieldError("cursor", "invalid")]) from None


def _id(store: Store, draw: Draw) -> str:
    return draws.id_of(store, draw.experience, draw.number)


def _shown(store: Store, draw: Draw) -> dict[str, Any]:
    from chalicelib.promotions.certificates import committed, named

    same = ("experience", "giveaway", "job", "by", "exclude", "count", "prizes", "alternates", "allow_fewer", "error")
    id, is_public = _id(store, draw), bool(draw.code)
    return {
        "id": id,
        **{name: getattr(draw, name) for name in same},
        "state": _state(store, draw),
        "created_at": rfc3339(draw.created_at),
        "cut_off": rfc3339(draw.until),
        **{name: draw.asked.get(name) for name in ("from", "to")},
        "drawn_at": rfc3339(draw.drawn_at) if draw.state == "done" else None,
        "public_randomness": named(draw),
        "commitment": committed(draw),
        "entrants": draw.labels["count"] if draw.labels else None,
        "skipped": len(draw.skipped),
        "drawn": _drawn(draw) if draw.state == "done" else [],
        **{name: f"/v1/draws/{id}/{name}" if is_public else None for name in ("certificate", "labels")},
    }


def _state(store: Store, draw: Draw) -> str:
    """A draw whose job ended before it did has failed."""
    if draw.state in ("waiting", *draws.FINAL):
        return draw.state
    its_job = jobs.read(store, draw.job)
    return "failed" if its_job and its_job.state in ("failed", "cancelled") else draw.state


def _drawn(draw: Draw) -> list[dict[str, Any]]:
    return [
        {
            "slot": place.slot,
            "prize": draw.prize(place.slot) if place.slot else None,
            "ticket": label(place.at),
            "replaces": place.replaces,
            "reason": place.reason,
        }
        for place in draw.drawn
    ]
