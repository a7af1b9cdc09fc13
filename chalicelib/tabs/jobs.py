"""Long work as its owner sees it: which jobs run, how far they are, what came of them."""

from typing import Any

from chalicelib import cursors
from chalicelib.clock import rfc3339
from chalicelib.openapi import JOB, JOBS
from chalicelib.problems import FieldError, Problem
from chalicelib.roles import ANY_READER
from chalicelib.routes import Request, Routes
from chalicelib.store import jobs
from chalicelib.store.jobs import Job

routes = Routes(__name__)


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


def _job(job: Job) -> dict[str, Any]:
    shown = {name: getattr(job, name) for name in ("id", "type", "state", "done", "total", "by", "result", "error")}
    asked = {name: job.work.get(name) for name in ("kind", "experience")}
    return {**shown, **asked, "created_at": rfc3339(job.created_at)}
