"""Imports of coupons and codes: a form to upload the file with, the history, taking one back, and example files."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import cursors
from chalicelib.access import require_experience
from chalicelib.bodies import parsed
from chalicelib.clock import rfc3339, rfc3339_s
from chalicelib.collect import values
from chalicelib.problems import FieldError, Problem, invalid
from chalicelib.promotions import batches
from chalicelib.promotions.batches import Batch
from chalicelib.roles import ANY_READER, EDITORS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, WHOLE, maybe, members, paged
from chalicelib.store import experiences, jobs
from chalicelib.store.experiences import Stored
from chalicelib.store.tenancy import in_parallel
from chalicelib.tabs.jobs import result_for

routes = Routes(__name__)

PAGE = 50
FORM = members({"url": TEXT, "fields": {"type": "object"}, "expires_at": TIME, "most_bytes": WHOLE})
STARTED = members({"job": TEXT, "import": TEXT, "upload": FORM})
TAKEN_BACK = members({"job": TEXT})
STATES = ("waiting", "running", "ready", "checked", "failed", "cancelled", "taking_back", "taken_back")
SHOWN = members(
    {
        "id": TEXT,
        "kind": TEXT,
        "experience": TEXT,
        "file_name": TEXT,
        "by": TEXT,
        "created_at": TIME,
        "expires_at": TIME,
        "dry_run": FLAG,
        "state": {"enum": list(STATES)},
        "result": maybe({"type": "object"}),
        "removed": maybe(WHOLE),
        "given": maybe(WHOLE),
    }
)
IMPORTS = paged(SHOWN)
EXAMPLE = members({"name": TEXT, "content_type": TEXT, "url": TEXT})


KINDS = ("coupons", "codes")


class NewImport(BaseModel):
    """What the file will bring in. Separator and encoding are found out, if they are not given."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    kind: Literal["coupons", "codes"]
    experience: values.Id
    dry_run: bool = False
    file_name: Annotated[str, Field(min_length=1, max_length=200)]
    separator: Literal[";", ",", "\t", "|"] | None = None
    encoding: Literal["utf-8", "utf-16", "cp1252"] | None = None


@routes.on("POST", "/v1/imports", EDITORS, status=201, body=NewImport, answer=STARTED)
def start_import(request: Request) -> dict[str, Any]:
    """Start an import: a job, and a form (multipart/form-data, its fields first, then `file`) that takes the file."""
    from chalicelib.jobs import imports
    from chalicelib.jobs.import_state import Asked

    told = parsed(NewImport, request.body)
    require_experience(request.caller, told.experience)
    experience = experiences.read(request.store, told.experience)
    if experience is None or experience.closed:
        raise Problem.of("experience_unknown", errors=[FieldError("/experience", "invalid")])
    asked = Asked(told.kind, told.experience, told.dry_run, told.separator, told.encoding, **_spelling(experience))
    job, form = imports.start(request.store, asked, told.file_name, request.caller)
    until = {"expires_at": rfc3339(job.not_before), "most_bytes": imports.MOST_BYTES}
    return {"job": job.id, "import": job.id, "upload": {**form, **until}}


@routes.on(
    "GET",
    "/v1/imports",
    ANY_READER,
    query={"cursor": "`next` of the page before", "experience": "id of an experience", "kind": "coupons or codes"},
    answer=IMPORTS,
)
def list_imports(request: Request) -> dict[str, Any]:
    """All imports whose coupons and codes may still be there, newest first; a page may be short."""
    wanted = _filters(request)
    found, following = batches.newest_first(request.store, _after(request), PAGE)
    fitting = [one for one in found if all(getattr(one, name) == value for name, value in wanted.items())]
    following = cursors.seal(following, request.caller.tenant, "imports") if following else None
    return {"items": in_parallel(lambda one: _shown(request, one), fitting), "next": following}


@routes.on("DELETE", "/v1/imports/{id}", EDITORS, status=202, answer=TAKEN_BACK)
def take_import_back(request: Request, id: str) -> Answer:
    """Remove what is still free of an import; the job says how many were given away before."""
    from chalicelib.jobs import take_back

    batch = batches.read(request.store, id)
    if batch is None or request.caller.experience not in (None, batch.experience):
        raise Problem.of("import_unknown")
    job = jobs.read(request.store, id)
    if job is not None and job.state in jobs.UNENDED:
        raise Problem.of("import_running")
    return Answer({"job": take_back.start(request.store, batch, request.caller).id}, 202)


@routes.on(
    "GET",
    "/v1/examples/{kind}",
    ANY_READER,
    query={"format": "csv (default) or xlsx"},
    answer=EXAMPLE,
    kinds=KINDS,
)
def example_file(request: Request, kind: str) -> dict[str, str]:
    """A small file that can be imported as it is; its content is in `url`, a data URL to be saved under `name`."""
    from chalicelib.imports import examples

    if kind not in examples.KINDS:
        raise Problem.of("kind_unknown", errors=[FieldError("kind", "invalid", f"one of {', '.join(examples.KINDS)}")])
    unknown = [FieldError(name, "unknown_member") for name in request.query if name != "format"]
    if unknown:
        raise Problem.of("validation", errors=unknown)
    format = request.query.get("format", "csv")
    if format not in examples.FORMATS:
        raise invalid("format", "not_allowed", expected=", ".join(examples.FORMATS))
    return examples.made(kind, format)


def _spelling(experience: Stored) -> dict[str, Any]:
    """As the experience has it now: what is brought in must be found when somebody types it in."""
    told = experience.document.get("codes", {})
    return {name: told[name] for name in ("fold_case", "ignore") if name in told}


def _shown(request: Request, batch: Batch) -> dict[str, Any]:
    shown = {name: getattr(batch, name) for name in ("id", "kind", "experience", "file_name", "by", "dry_run")}
    shown |= {"created_at": rfc3339(batch.created_at), "expires_at": rfc3339_s(batches.expiry(batch))}
    shown |= {"state": _state(request, batch), "removed": batch.removed, "given": batch.given}
    return {**shown, "result": result_for(request, batch.by, batch.result)}


def _state(request: Request, batch: Batch) -> str:
    """As its job has it, until that has ended well."""
    if batch.state != "open":
        return batch.state
    job = jobs.read(request.store, batch.id)
    return "failed" if job is None else "running" if job.state in (*jobs.OPEN, "done") else job.state


def _filters(request: Request) -> dict[str, str]:
    wanted = {name: value for name, value in request.query.items() if name != "cursor"}
    unknown = [name for name in wanted if name not in ("experience", "kind")]
    if unknown:
        errors = [FieldError(name, "unknown_member") for name in unknown]
        raise Problem.of("filter_unknown", errors=errors, filter=", ".join(unknown))
    if wanted.get("kind", KINDS[0]) not in KINDS:
        raise invalid("kind", "not_allowed", expected=", ".join(KINDS))
    if not experiences.ID.fullmatch(wanted.get("experience", "-")):
        raise invalid("experience", "wrong_format", pattern=experiences.ID.pattern)
    if request.caller.experience:
        require_experience(request.caller, wanted.setdefault("experience", request.caller.experience))
    return wanted


def _after(request: Request) -> str | None:
    if "cursor" not in request.query:
        return None
    try:
        return cursors.unseal(request.query["cursor"], request.caller.tenant, "imports")
    except cursors.Unsealable:
        raise Problem.of("cursor_invalid", errors=[FieldError("cursor", "invalid")]) from None
