"""What a chat may report: one model an event type, field by field as the API's documentation lists them."""

import hashlib
import re
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from chalicelib import media_types
from chalicelib.collect import values
from chalicelib.collect.values import at, at_most, given, some, wrong
from chalicelib.redaction import redact, redacted

# Neither control characters nor those that turn the reading direction and so hide a name's true ending.
FILE_NAME: Final = r"^[^\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+$"


NAMED: Final[dict[str, Any]] = {"anyOf": [given("customer_id"), given("email")]}
ANYBODY: Final[dict[str, Any]] = {}


class Event(BaseModel):
    """What all events have. A member that is null counts as left out, so an event can drop a default of its call."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True, json_schema_extra=NAMED)

    type: ClassVar[str]
    needs_customer: ClassVar[bool] = True
    single_only: ClassVar[bool] = False
    needs_key: ClassVar[bool] = False  # alone, too: in the envelope all do
    hasty: ClassVar[bool] = False  # its write notices if the customer was read a moment too early

    experience: values.Id
    customer_id: values.CustomerId | None = None
    email: values.Email | None = None
    process_instance: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    occurred_at: values.Time | None = None

    @model_validator(mode="after")
    def _names_a_customer(self) -> Self:
        if self.needs_customer and not (self.customer_id or self.email):
            raise wrong("one_needed", members="customer_id, email")
        return self


class SignIn(Event):
    type: ClassVar[str] = "sign-ins"

    email: values.Email
    fields: values.Fields | None = None
    locale: values.Locale | None = None
    channel: values.Channel | None = None
    email_verified: bool | None = None


def _wording(text: str | None, info: ValidationInfo) -> str | None:
    """Who asks or agrees says to which words; `text_sha256` names words that were sent before."""
    digest = info.data.get("text_sha256")
    if text is None and digest is None and info.data.get("status") in ("requested", "granted"):
        raise wrong("missing")
    if text is not None and digest is not None and hashlib.sha256(text.encode()).hexdigest() != digest:
        raise wrong("not_its_sha256", member="text")
    return text


def _after_request(time: Any, info: ValidationInfo) -> Any:
    requested = info.data.get("requested_at")
    if time is not None and requested is not None and time < requested:
        raise wrong("too_early", earlier="requested_at")
    return time


WORDED: Final[dict[str, Any]] = {
    "if": {"properties": {"status": {"enum": ["requested", "granted"]}}},
    "then": {"anyOf": [given("text"), given("text_sha256")]},
}


class Consent(Event):
    """`granted` with method double needs `requested_at` here or an earlier `requested`: only storage can tell."""

    type: ClassVar[str] = "consents"
    model_config = ConfigDict(json_schema_extra={"allOf": [NAMED, WORDED]})

    consent: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]
    status: Literal["requested", "granted", "declined", "withdrawn"]
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    text: Annotated[
        Annotated[str, Field(min_length=1), AfterValidator(at_most(8192))] | None,
        AfterValidator(_wording),
        Field(validate_default=True),
    ] = None
    text_version: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    locale: values.Locale | None = None
    channel: values.Channel | None = None
    method: Literal["single", "double"] | None = None
    requested_at: values.Time | None = None
    confirmed_at: Annotated[values.Time | None, AfterValidator(_after_request)] = None
    ip: values.Network | None = None


class Variable(BaseModel):
    """A value or a file, told apart by `file_id`; null is a value."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        json_schema_extra={"oneOf": [{"required": ["value"]}, given("file_id")]},
    )

    name: values.VariableName
    value: values.Json = None
    file_id: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    scope: Literal["experience", "tenant"] = "experience"
    persist: bool = False

    @model_validator(mode="after")
    def _value_or_file(self) -> Self:
        if ("value" in self.model_fields_set) == (self.file_id is not None):
            raise wrong("one_of", members="value, file_id")
        return self


def _each_once(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    seen: set[tuple[str, str]] = set()
    for i, variable in enumerate(variables):
        at(i, lambda key: _not_in(seen, key), (variable.name, variable.scope))
    return variables


def _not_in(seen: set[tuple[str, str]], key: tuple[str, str]) -> None:
    if key in seen:
        raise wrong("twice")
    seen.add(key)


class Variables(Event):
    type: ClassVar[str] = "variables"
    model_config = ConfigDict(json_schema_extra=ANYBODY)
    needs_customer: ClassVar[bool] = False

    variables: Annotated[
        tuple[Variable, ...],
        Field(strict=False, max_length=100, json_schema_extra={"minItems": 1}),
        AfterValidator(some),
        AfterValidator(_each_once),
    ]


def _file_name(told: object) -> str:
    """The last part of a path: some browsers tell where it lay."""
    if not isinstance(told, str):
        raise wrong("not_a_string")
    return re.split(r"[/\\]", told)[-1]


def _harmless_name(name: str) -> str:
    if media_types.is_program(name):
        raise wrong("not_here", reason="such files can run scripts")
    return name


def _media_type(told: object) -> str:
    if not isinstance(told, str):
        raise wrong("not_a_string")
    return media_types.named(told)


class File(Event):
    """A file that the chat's guest is about to upload with the form that the answer has."""

    type: ClassVar[str] = "files"
    model_config = ConfigDict(json_schema_extra=ANYBODY)
    needs_customer: ClassVar[bool] = False

    name: Annotated[
        str, Field(pattern=FILE_NAME, max_length=255), AfterValidator(_harmless_name), BeforeValidator(_file_name)
    ]
    content_type: Annotated[str, Field(pattern=media_types.TYPE), BeforeValidator(_media_type)]
    size: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    variable: values.VariableName | None = None


class Participation(Event):
    type: ClassVar[str] = "participations"

    giveaway: values.Id | None = None
    terms_version: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    fields: values.Fields | None = None
    channel: values.Channel | None = None


def _attribute(value: object) -> values.PlainData:
    return values.plain(value, 256)


class LogEntry(Event):
    """What must not be kept (chalicelib/redaction.py) is gone from its texts already when it has been parsed."""

    type: ClassVar[str] = "log-entries"
    model_config = ConfigDict(json_schema_extra=ANYBODY)
    needs_customer: ClassVar[bool] = False

    level: Literal["debug", "info", "warning", "error"]
    message: Annotated[str, Field(min_length=1), AfterValidator(at_most(2048)), AfterValidator(redact)]
    event: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(redact)] | None = None
    attributes: (
        Annotated[
            dict[values.FieldName, Annotated[Any, PlainValidator(_attribute)]],
            Field(max_length=20),
            AfterValidator(redacted),
            WithJsonSchema(values.plain_object(20)),
        ]
        | None
    ) = None
    trace_id: (
        Annotated[str, Field(pattern=r"^([0-9a-fA-F]{32}|[0-9a-fA-F]{16})$"), AfterValidator(str.lower)] | None
    ) = None


class State(Event):
    """Reads what a chat needs to know of its guest; records nothing."""

    type: ClassVar[str] = "state"
    single_only: ClassVar[bool] = True


class Erasure(Event):
    """The guest asks to be forgotten: everything of this customer, in all experiences, from now on."""

    type: ClassVar[str] = "erasures"
    single_only: ClassVar[bool] = True

    experience: values.Id | None = None  # type: ignore[assignment]  # it concerns them all
    occurred_at: None = None


class Envelope(BaseModel):
    """The body of `POST /v1/collect`: 1 to 50 events, and defaults for those of their members that it names."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    experience: values.Id | None = None
    customer_id: values.CustomerId | None = None
    email: values.Email | None = None
    process_instance: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    occurred_at: values.Time | None = None
    fields: values.Fields | None = None
    locale: values.Locale | None = None
    channel: values.Channel | None = None
    events: Annotated[list[Any], Field(min_length=1, max_length=50)]
