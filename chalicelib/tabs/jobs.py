"""Long work as its owner sees it: which jobs run, how far they are, what came of them, and the files they made."""

from dataclasses import dataclass
from typing import Any

from chalicelib import access, clock, cursors
from chalicelib.clock import rfc3339, rfc3339_s
from chalicelib.exports import MEDIA_TYPES
from chalicelib.job_codes import JOB_CODES
from chalicelib.jobs import queue
from chalicelib.masking import HIDDEN
from chalicelib.packages import links
from chalicelib.problems import FieldError, Problem, language, spoken
from chalicelib.roles import ANY_READER, EDITORS, EXPORTERS, PRIVACY, VIEWERS
from chalicelib.routes import Request, Routes
from chalicelib.schemas import JOB, JOBS, TEXT, TIME, members
from chalicelib.settings import settings
from chalicelib.store import alive, audit, jobs, objects
from chalicelib.store.jobs import Job

routes = Routes(__name__)

DOWNLOAD = members({"url": TEXT, "expires_at": TIME})


@dataclass(frozen=True)
class Made:
    """What jobs of a type make: who may start, cancel and download it, and how it is called in the audit log."""

    roles: frozenset[str]
    audited: str


MADE = {
    "export": Made(EXPORTERS, "export.downloaded"),
    "package": Made(PRIVACY, "package.downloaded"),
    "import": Made(EDITORS, "import.downloaded"),
}
ASKED = ("kind", "experience", "format", "layout", "filters", "file_name", "dry_run", "import", "purpose")
MAKERS = frozenset().union(*(made.roles for made in MADE.values()))


@routes.on("GET", "/v1/jobs", ANY_READER, query={"cursor": "`next` of the page before"}, answer=JOBS)
def list_jobs(request: Request) -> dict[str, Any]:
    """The tenant's jobs of the last 30 days, newest first."""
    found, following = jobs.newest_first(request.store, _after(request), 50)
    following = cursors.seal(following, request.caller.tenant, "jobs") if following else None
    return {"items": [shown(job, request) for job in found if _is_open_to(request, job)], "next": following}


@routes.on("GET", "/v1/jobs/{id}", ANY_READER, answer=JOB)
def one_job(request: Request, id: str) -> dict[str, Any]:
    """One job with its progress."""
    return shown(_found(request, id), request)


@routes.on("DELETE", "/v1/jobs/{id}", MAKERS, status=204)
def cancel_job(request: Request, id: str) -> None:
    """Cancel an export, a package or an import that is not finished. What was half made of it is given to nobody."""
    job = _found(request, id)
    if job.type not in MADE:
        raise Problem.of("not_cancellable")
    access.require(request.caller, MADE[job.type].roles)
    job = jobs.cancel(request.store, job)
    if job.state != "cancelled":
        raise Problem.of("job_ended")
    queue.announce(request.store.tenant, job.id, job.leased_until)  # whoever holds it may leave something behind


@routes.on("GET", "/v1/jobs/{id}/file", MAKERS, answer=DOWNLOAD)
def job_file(request: Request, id: str) -> dict[str, str]:
    """The address of the file that a job made, for five minutes."""
    job = _found(request, id)
    made = MADE.get(job.type)
    if made is None:
        raise Problem.of("job_file_unknown")
    access.require(request.caller, made.roles)
    if job.type == "import" and job.by != request.caller.subject:
        access.require(request.caller, VIEWERS)  # it shows codes that nobody redeemed yet
    key = _file(request, job)
    expires_at = min(clock.now_s() + objects.URL_SECONDS, job.file_until)
    url = objects.download_url(settings().exports_bucket, key, file_name(job), MEDIA_TYPES[_suffix(job)])
    _note(request, job, made.audited)
    return {"url": url, "expires_at": rfc3339_s(expires_at)}


def shown(job: Job, request: Request) -> dict[str, Any]:
    told = {name: getattr(job, name) for name in ("id", "type", "state", "done", "total", "by")}
    told["result"] = result_for(request, job.by, job.result)
    told |= {name: job.work.get(name) for name in ASKED}
    has_file = job.file and job.file_until > clock.now_s()
    if has_file and job.type == "package" and request.caller.can_any(PRIVACY):
        told["result"] = {**told["result"], **links.shown(request.store, job, request.base)}
    told["file_until"] = rfc3339_s(job.file_until) if has_file else None
    return {**told, "error": _error(job, request), "created_at": rfc3339(job.created_at)}


def result_for(request: Request, by: str, result: dict[str, Any] | None) -> dict[str, Any] | None:
    """Codes of an import's preview are worth money: they are shown to whoever brought them in and to viewers."""
    if result is None or "preview" not in result or not request.caller.masked or by == request.caller.subject:
        return result
    return {**result, "preview": [{**line, "code": HIDDEN} for line in result["preview"]]}


def file_name(job: Job) -> str:
    """`participations-summer-2026-05-21.csv`, `access-2026-05-21.zip`; the day is the UTC day of the request."""
    what = job.work.get("kind") or job.work.get("purpose") or job.type
    about = [what, job.work.get("experience"), rfc3339(job.created_at)[:10]]
    return f"{'-'.join(part for part in about if part)}.{_suffix(job)}"


def _suffix(job: Job) -> str:
    return str(job.work.get("format")) if job.type == "export" else {"import": "csv"}.get(job.type, "zip")


def _found(request: Request, id: str) -> Job:
    job = jobs.read(request.store, id)
    if job is None or not _is_open_to(request, job):
        raise Problem.of("job_unknown")
    return job


def _is_open_to(request: Request, job: Job) -> bool:
    """A key that is bound to an experience sees that experience's jobs."""
    return request.caller.experience in (None, job.work.get("experience"))


def _file(request: Request, job: Job) -> str:
    """The file's key. After an erasure no export of before is handed out: it may hold that person."""
    if job.state in jobs.UNENDED:
        raise Problem.of("job_file_unknown")
    if not job.file or job.file_until <= clock.now_s() or _is_outdated(request, job):
        raise Problem.of("job_file_gone")
    return job.file


def _is_outdated(request: Request, job: Job) -> bool:
    seen: list[int] = job.checkpoint.get("seen", [])
    return job.type == "export" and seen[-1:] != [alive.horizons(request.store).erased_at]


def _note(request: Request, job: Job, action: str) -> None:
    about = {name: job.work.get(name) for name in ("kind", "experience")}
    audit.note(
        request.store,
        request.caller.subject,
        action,
        role=request.caller.acting,
        kind=about["kind"],
        experience=about["experience"],
        details={"job": job.id},
    )


def _error(job: Job, request: Request) -> dict[str, str] | None:
    if job.error is None:
        return None
    code = job.error["code"]
    words = JOB_CODES.get(code, JOB_CODES["gave_up"])
    spoken_in = language(request.headers.get("accept-language"))
    return {"code": code, "detail": spoken(words, spoken_in, job.error.get("values", {}))}


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
