"""Exports: a whole list as a file. A job makes it; the file is had from the job."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chalicelib import access, clock
from chalicelib.bodies import parsed
from chalicelib.collect import values
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem, invalid
from chalicelib.roles import EXPORTERS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import JOB
from chalicelib.store import audit
from chalicelib.tabs import filters
from chalicelib.tabs.jobs import shown
from chalicelib.tabs.records import restricted

routes = Routes(__name__)

ALL_DAYS = "180"


def _kind(name: str) -> str:
    if name not in KINDS:
        raise values.wrong("not_allowed", expected=", ".join(KINDS))
    return name


Text = Annotated[str, Field(min_length=1, max_length=300)]


class NewExport(BaseModel):
    """What to export and how. The filters are those of the kind's list, but for what names a person."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    kind: Annotated[str, AfterValidator(_kind), Field(json_schema_extra={"enum": list(KINDS)})]
    format: Literal["xlsx", "csv", "jsonl"] = "csv"
    separator: Annotated[Literal[",", ";", "\t"], Field(description="of CSV")] = ","
    bom: Annotated[bool, Field(description="a byte order mark before CSV, by which Excel knows UTF-8")] = True
    layout: Annotated[Literal["values", "instances"], Field(description="of variables: a row each, or an instance")] = (
        "values"
    )
    from_: Annotated[values.Time | None, Field(alias="from")] = None
    to: values.Time | None = None
    active_days: Annotated[int, Field(ge=1, le=180, description="of customers; 180 if left out")] | None = None
    experience: values.Id | None = None
    giveaway: values.Id | None = None
    instant_win: values.Id | None = None
    reward: values.Id | None = None
    draw: Text | None = None
    consent: Text | None = None
    state: Text | None = None
    name: values.VariableName | None = None
    level: Literal["debug", "info", "warning", "error"] | None = None
    event: Text | None = None
    trace_id: Text | None = None

    def query(self) -> dict[str, str]:
        """As the list would be asked."""
        told = self.model_dump(exclude_none=True, exclude={"kind", "format", "separator", "bom", "layout", "from_"})
        found = {name: clock.rfc3339(clock.milliseconds(at)) for name, at in _times(self).items()}
        return {name: str(value) for name, value in told.items() if name != "to"} | found


def _times(told: NewExport) -> dict[str, Any]:
    return {name: at for name, at in (("from", told.from_), ("to", told.to)) if at is not None}


@routes.on("POST", "/v1/exports", EXPORTERS, status=202, body=NewExport, answer=JOB)
def start_export(request: Request) -> Answer:
    """Export a list as it is filtered: a job makes the file, which can be had for a day."""
    from chalicelib.jobs import export
    from chalicelib.jobs.export_state import Asked

    told = parsed(NewExport, request.body)
    _check_form(told)
    query = _checked(request, told)
    asked = Asked(told.kind, query.get("experience"), told.format, told.separator, told.bom, told.layout, filters=query)
    return Answer(shown(export.start(request.store, asked, request.caller), request), 202)


class ShownExport(BaseModel):
    """Rows of a list that somebody keeps as a file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    kind: Annotated[str, AfterValidator(_kind), Field(json_schema_extra={"enum": list(KINDS)})]
    format: Literal["csv", "jsonl"]
    rows: Annotated[int, Field(ge=0, le=1_000_000)]
    experience: values.Id | None = None


@routes.on("POST", "/v1/exports/shown", EXPORTERS, status=204, body=ShownExport)
def note_shown(request: Request) -> None:
    """Note in the audit log that rows of a list become a file. The console makes it itself of what was searched for by
    e-mail address or picked by hand: no job holds what names a person."""
    told = parsed(ShownExport, request.body)
    access.require_experience(request.caller, told.experience or request.caller.experience)
    audit.note(
        request.store,
        request.caller.subject,
        "export.shown",
        role=request.caller.acting,
        kind=told.kind,
        experience=told.experience,
        count=told.rows,
        details={"format": told.format},
    )


def _check_form(told: NewExport) -> None:
    given = told.model_fields_set
    errors = [
        FieldError(f"/{name}", "not_here", values={"reason": "only CSV has it"})
        for name in ("separator", "bom")
        if name in given and told.format != "csv"
    ]
    if told.layout == "instances" and told.kind != "variables":
        errors.append(FieldError("/layout", "not_here", values={"reason": "only variables have instances"}))
    if errors:
        raise Problem.of("validation", errors=errors)


def _checked(request: Request, told: NewExport) -> dict[str, str]:
    """The filters as the kind's list takes them; what is wrong with them points into the body."""
    kind = KINDS[told.kind]
    query = restricted(request.caller, kind, told.query())
    try:
        question = filters.parse(kind, query, request.caller)
    except Problem as problem:
        problem.errors = [FieldError(f"/{one.pointer}", one.code, one.detail, one.values) for one in problem.errors]
        raise
    if question.until is not None and question.until <= question.since:
        raise invalid("/to", "not_after", earlier="from")
    return query if kind.name != "customers" else {"active_days": ALL_DAYS, **query}
