"""What becomes of winners of draws and instant wins: notified, accepted, declined, until when to answer."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chalicelib import clock
from chalicelib.collect import values
from chalicelib.collect.values import at, wrong
from chalicelib.problems import FieldError, Problem, invalid
from chalicelib.promotions import winner_states
from chalicelib.roles import EDITORS
from chalicelib.routes import Request, Routes
from chalicelib.schemas import RECORD
from chalicelib.store import alive, audit
from chalicelib.tabs import rows
from chalicelib.tabs.draw_requests import parsed
from chalicelib.tabs.records import found, known

routes = Routes(__name__)
KINDS_OF_WINNERS = tuple(kind.name for kind in winner_states.KNOWN)


def _some(value: object) -> None:
    if value is None:
        raise wrong("one_needed", members="state, respond_by")


class WinnerChange(BaseModel):
    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        json_schema_extra={"anyOf": [values.given("state"), values.given("respond_by")]},
    )

    state: Literal["notified", "accepted", "declined"] | None = None
    respond_by: Annotated[values.Time | None, Field(description="until when the winner may answer")] = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        at("state", _some, self.state or self.respond_by)
        return self


@routes.on("PATCH", "/v1/records/{kind}/{id}", EDITORS, body=WinnerChange, answer=RECORD, kinds=KINDS_OF_WINNERS)
def change_winner(request: Request, kind: str, id: str) -> dict[str, Any]:
    """Note what became of a winner (kinds `winners` and `instant_win_winners`)."""
    of = known(kind)
    if of not in winner_states.KNOWN:
        raise invalid("kind", "not_allowed", expected=", ".join(KINDS_OF_WINNERS))
    told, cleared = parsed(WinnerChange, request), alive.horizons(request.store)
    respond_by = clock.milliseconds(told.respond_by) if told.respond_by else None
    if respond_by is not None and respond_by <= clock.now_ms():
        raise invalid("/respond_by", "invalid", "is in the past")
    row = found(request, of, id, cleared)
    try:
        row = winner_states.change(request.store, of, row, told.state, respond_by, cleared)
    except winner_states.NotNow as refused:
        errors = [FieldError("/state", "invalid")]
        raise Problem.of("state_conflict", errors=errors, state=refused.state) from None
    except winner_states.Busy:
        raise Problem.of("in_progress") from None
    _note(request, of.name, row["experience"], row["data"]["state"])
    return rows.shown(request.store, of, [row], cleared, request.caller.masked)[0]


def _note(request: Request, kind: str, experience: str, state: str) -> None:
    told = {"state": state}
    by, role = request.caller.subject, request.caller.acting
    audit.note(request.store, by, "winner.changed", role=role, kind=kind, experience=experience, details=told)
