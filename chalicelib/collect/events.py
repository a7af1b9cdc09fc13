"""From the body of a Collect call to its events, each complete in itself, or to one problem that names every error."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from chalicelib.bodies import json_object
from chalicelib.collect.event_types import (
    Consent,
    Envelope,
    Erasure,
    Event,
    File,
    LogEntry,
    Participation,
    SignIn,
    State,
    Variables,
)
from chalicelib.collect.promotion_types import (
    CodeRedemption,
    CouponClaim,
    InstantWinPlay,
    Points,
    RewardRedemption,
    WinnerAnswer,
)
from chalicelib.problems import FieldError, Problem, field_errors, pointer

MOST_BYTES: Final = 262_144
MOST_ERRORS: Final = 100

EVENTS: Final[dict[str, type[Event]]] = {
    model.type: model
    for model in (
        SignIn,
        Consent,
        Variables,
        Participation,
        InstantWinPlay,
        CouponClaim,
        CodeRedemption,
        Points,
        RewardRedemption,
        WinnerAnswer,
        File,
        LogEntry,
        Erasure,
        State,
    )
}
_ENVELOPED: Final = [name for name, model in EVENTS.items() if not model.single_only]


@dataclass(frozen=True)
class Call:
    """One Collect call: `events` in order, each with the defaults of the call filled in; times in UTC."""

    experience: str
    events: tuple[Event, ...]


def parse_envelope(body: bytes) -> Call:
    """The events of `POST /v1/collect`. Problems: too_large, malformed_json, validation with all errors of all events,
    pointers as `/events/2/fields/birthdate`; a wrong default is named once, at the top."""
    content = json_object(body, MOST_BYTES)
    errors = _envelope_errors(content)
    wrong = {error.pointer.split("/")[1] for error in errors}
    if "events" in wrong:
        return _call([], errors)
    named = Envelope.model_fields.keys() - {"events"}
    defaults = {name: value for name, value in content.items() if name in named and value is not None}
    parsed = [_event(i, item, defaults, wrong, errors) for i, item in enumerate(content["events"])]
    return _call(parsed, errors)


def parse_single(type: str, body: bytes) -> Call:
    """The one event of `POST /v1/collect/{type}`, pointers as `/fields/birthdate`. An unknown type is not_found."""
    if type not in EVENTS:
        raise Problem.of("not_found", f"Unknown event type; known: {', '.join(EVENTS)}.")
    content = json_object(body, MOST_BYTES)
    errors: list[FieldError] = []
    return _call([_validated(EVENTS[type], content, "", set(), errors)], errors)


def _call(parsed: list[Event | None], errors: list[FieldError]) -> Call:
    if errors:
        raise Problem.of("validation", errors=errors[:MOST_ERRORS])
    events = tuple(event for event in parsed if event)
    return Call(events[0].experience, events)


def _envelope_errors(content: dict[str, Any]) -> list[FieldError]:
    try:
        Envelope.model_validate(content)
    except ValidationError as refused:
        return field_errors(refused)
    return []


def _event(i: int, item: Any, defaults: dict[str, Any], wrong: set[str], errors: list[FieldError]) -> Event | None:
    at = pointer("events", i)
    if not isinstance(item, dict):
        errors.append(FieldError(at, "not_an_object"))
        return None
    model = _model(item, at, errors)
    if model is None:
        return None
    own = {name: value for name, value in item.items() if name != "type"}
    inherited = {name: defaults[name] for name in defaults.keys() & model.model_fields.keys() - own.keys()}
    return _validated(model, inherited | own, at, wrong & inherited.keys(), errors)


def _model(item: dict[str, Any], at: str, errors: list[FieldError]) -> type[Event] | None:
    name = item.get("type")
    model = EVENTS.get(name) if isinstance(name, str) else None
    if model and not model.single_only:
        return model
    code = "missing" if "type" not in item else "unknown_type" if isinstance(name, str) else "not_a_string"
    errors.append(FieldError(f"{at}/type", code, values={"known": ", ".join(_ENVELOPED)}))
    return None


def _validated(
    model: type[Event], content: dict[str, Any], at: str, reported: set[str], errors: list[FieldError]
) -> Event | None:
    """The event, or None and its errors added, but for members `reported` as wrong defaults already."""
    try:
        return model.model_validate(content)
    except ValidationError as refused:
        at_the_top = tuple(f"{at}/{name}/" for name in reported)
        errors += [error for error in field_errors(refused, at) if not f"{error.pointer}/".startswith(at_the_top)]
    return None
