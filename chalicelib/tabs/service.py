"""What callers ask about the service and themselves: kinds, who am I, configuration, health, jobs, the document."""

from typing import Any

from chalicelib import cursors, openapi
from chalicelib.clock import rfc3339
from chalicelib.kinds import KINDS, Kind
from chalicelib.openapi import CONFIG, HEALTH, JOB, JOBS, KINDS_LIST, ME
from chalicelib.problems import FieldError, Problem
from chalicelib.roles import ANY_READER, ANY_ROLE
from chalicelib.routes import PUBLIC, ROUTES, Request, Routes
from chalicelib.settings import settings
from chalicelib.store import alive, jobs
from chalicelib.store.jobs import Job

routes = Routes(__name__)


@routes.on("GET", "/health", PUBLIC, answer=HEALTH)
def health(request: Request) -> dict[str, Any]:
    """Whether the service answers."""
    return {"status": "ok"}


@routes.on("GET", "/v1/openapi.json", PUBLIC)
def document(request: Request) -> dict[str, Any]:
    """This API as an OpenAPI 3.1 document."""
    return openapi.document(ROUTES.values())


@routes.on("GET", "/v1/config", PUBLIC, answer=CONFIG)
def config(request: Request) -> dict[str, Any]:
    """What a client needs before it has signed in."""
    return {"issuer": settings().issuer, "audiences": list(settings().audiences), "stage": settings().stage}


@routes.on("GET", "/v1/me", ANY_ROLE, answer=ME)
def me(request: Request) -> dict[str, Any]:
    """Who calls, and what this caller may do."""
    caller, tenant = request.caller, alive.horizons(request.store)
    return {
        "tenant": caller.tenant,
        "subject": caller.subject,
        "name": caller.name,
        "roles": sorted(caller.roles),
        "can": caller.verbs,
        "experience": caller.experience,
        "time_zone": tenant.time_zone,
        "locale": tenant.locale,
    }


@routes.on("GET", "/v1/kinds", ANY_ROLE, answer=KINDS_LIST)
def kinds(request: Request) -> dict[str, Any]:
    """What is kept, how long, counted from what, with which columns and filters."""
    return {"items": [_kind(kind) for kind in KINDS.values()]}


@routes.on("GET", "/v1/jobs", ANY_READER, query={"cursor": "`next` of the page before"}, answer=JOBS)
def list_jobs(request: Request) -> dict[str, Any]:
    """The tenant's jobs of the last 30 days, newest first."""
    found, following = jobs.newest_first(request.store, _after(request), 50)
    following = cursors.seal(following, request.caller.tenant, "jobs") if following else None
    return {"items": [_job(job) for job in found], "next": following}


@routes.on("GET", "/v1/jobs/{id}", ANY_READER, answer=JOB)
def one_job(request: Request, id: str) -> dict[str, Any]:
    """One job with its progress."""
    job = jobs.read(request.store, id)
    if job is None:
        raise Problem.of("job_unknown")
    return _job(job)


def _after(request: Request) -> str | None:
    unknown = [name for name in request.query if name != "cursor"]
    if unknown:
        errors = [FieldError(name, "unknown_member") for name in unknown]
        raise Problem.of("filter_unknown", errors=errors, filter=", ".join(unknown))
    if "cursor" not in request.query:
        return None
    try:
        return cursors.unseal(request.query["cursor"], request.caller.tenant, "jobs")
    except cursors.Unsealable:
        raise Problem.of("cursor_invalid", errors=[FieldError("cursor", "invalid")]) from None


def _kind(kind: Kind) -> dict[str, Any]:
    columns = [{"name": c.name, "title": c.title, "type": c.type, "masked": bool(c.mask)} for c in kind.columns]
    return {
        "name": kind.name,
        "title": kind.title,
        "days": kind.days,
        "since": kind.promise.since,
        "columns": columns,
        "filters": ["from", "to", *kind.filters],
    }


def _job(job: Job) -> dict[str, Any]:
    shown = {name: getattr(job, name) for name in ("id", "type", "state", "done", "total", "by", "result", "error")}
    asked = {name: job.work.get(name) for name in ("kind", "experience")}
    return {**shown, **asked, "created_at": rfc3339(job.created_at)}
