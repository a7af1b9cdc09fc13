"""The values an event may hold: each type with its limits, its problem codes and its place in the OpenAPI schema."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.email import MOST_BYTES, Address, AddressError, address
from chalicelib.field_codes import FIELD_CODES
from chalicelib.problems import FieldError

VALUE_BYTES: Final = 4096
FIELDS_BYTES: Final = 16_384
MOST_FIELDS: Final = 100
MOST_DEPTH: Final = 32
WHOLE: Final = 2**63  # what every JSON reader and DynamoDB's 38 digits keep exactly
SMALLEST: Final = 1e-129  # of the fractions that a DynamoDB number can be, digits and all
NAME: Final = r"^[\w.-]{1,64}$"
ID: Final = r"^[a-z0-9-]{1,64}$"

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

PlainData = str | int | float | bool | None


def wrong(code: str, **values: object) -> PydanticCustomError:
    """The error a validator raises: a code of the table of field codes, and what fills its words."""
    return PydanticCustomError(code, FIELD_CODES[code].en, values)


def given(*names: str) -> dict[str, Any]:
    """The schema of an object that has these members; null counts as left out."""
    return {"required": list(names), "properties": {name: {"not": {"type": "null"}} for name in names}}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise wrong("not_a_string")
    return value


def _address(value: object) -> Address:
    try:
        return address(_string(value))
    except AddressError as error:
        raise wrong("not_an_email", reason=error.reason) from None


def _time(value: object) -> datetime:
    """RFC 3339 §5.6 with an offset, in UTC. A leap second is refused: no clock here knows one."""
    text = _string(value)
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise wrong("not_a_time")


def day(value: object) -> date:
    text = _string(value)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise wrong("not_a_date")


def _uuid(value: object) -> str:
    text = _string(value)
    if not _UUID.fullmatch(text):
        raise wrong("not_a_uuid")
    return text.lower()


def _network(value: object) -> str:
    """The address cut to /24 or /48, so that it names a neighbourhood and no longer a person."""
    import ipaddress  # needed by few consents, and slow to import

    try:
        ip = ipaddress.ip_address(_string(value))
    except ValueError:
        raise wrong("not_an_ip") from None
    known = getattr(ip, "ipv4_mapped", None) or ip
    packed = known.packed[: 3 if known.version == 4 else 6]
    length = len(packed) * 8
    return f"{ipaddress.ip_address(packed + bytes(len(known.packed) - len(packed)))}/{length}"


def some(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """At least one; `min_length` would also count out the items that are wrong themselves."""
    if not items:
        raise wrong("too_few", min_length=1)
    return items


def at_most(most: int) -> Callable[[str], str]:
    """A check on the length as UTF-8, for what the contract limits in KB."""

    def check(text: str) -> str:
        if len(text) > most or len(text.encode()) > most:
            raise wrong("too_many_bytes", max_bytes=most)
        return text

    return check


def plain(value: object, most: int = VALUE_BYTES) -> PlainData:
    """A string (kept exactly), number, boolean or null of at most `most` bytes."""
    if isinstance(value, str):
        return at_most(most)(value)
    if value is not None and not isinstance(value, int | float):
        raise wrong("not_a_plain_value")
    return _exact(value)


def _exact(number: PlainData) -> PlainData:
    """A float beyond 64 bits comes back from DynamoDB as a whole number that no JSON writer here takes."""
    if isinstance(number, int | float) and not -WHOLE <= number < WHOLE:
        raise wrong("too_big", most="64 bits")
    if isinstance(number, float) and 0 < abs(number) < SMALLEST:
        raise wrong("too_small", least=SMALLEST)
    return number


def _json(value: Any) -> Any:
    """Any JSON of at most 4 KB, 32 levels deep, its whole numbers within 64 bits."""
    level = [value]
    for _ in range(MOST_DEPTH):
        for item in level:
            _exact(item if isinstance(item, int) else None)
        level = [inner for item in level for inner in _members(item)]
        if not level:
            at_most(VALUE_BYTES)(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
            return value
    raise wrong("too_deep", most=MOST_DEPTH)


def _members(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def _at_most_together(fields: dict[str, PlainData]) -> dict[str, PlainData]:
    if size_together(fields) > FIELDS_BYTES:
        raise wrong("too_many_bytes", max_bytes=FIELDS_BYTES)
    return fields


def too_much(fields: dict[str, PlainData], pointer: str) -> list[FieldError]:
    """What is wrong with fields that grew together from several calls."""
    if len(fields) > MOST_FIELDS:
        return [FieldError(pointer, "too_many", values={"max_length": MOST_FIELDS})]
    if size_together(fields) > FIELDS_BYTES:
        return [FieldError(pointer, "too_many_bytes", values={"max_bytes": FIELDS_BYTES})]
    return []


def size_together(fields: dict[str, PlainData]) -> int:
    """Bytes of names and values."""
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in fields.items())


def _birthdate(fields: dict[str, PlainData]) -> dict[str, PlainData]:
    """The one known name with a form of its own: a real day, or null."""
    value = fields.get("birthdate")
    if value is not None:
        at("birthdate", day, value)
    return fields


def at(member: str | int, check: Callable[[Any], object], value: object) -> None:
    """Runs a check whose error shall point at a member of what is being validated."""
    try:
        check(value)
    except PydanticCustomError as error:
        raise ValidationError.from_exception_data("", [{"type": error, "loc": (member,), "input": None}]) from None


def _field(value: object) -> PlainData:
    return plain(value)


_PLAIN: Final = {"type": ["string", "number", "boolean", "null"]}


def plain_object(most: int, **known: Any) -> dict[str, Any]:
    """The schema of names and plain values."""
    names = {"propertyNames": {"pattern": NAME}, "properties": known} if known else {"propertyNames": {"pattern": NAME}}
    return {"type": "object", "maxProperties": most, "additionalProperties": _PLAIN, **names}


_IP: Final = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "description": "kept as /24 or /48"}
Email = Annotated[
    Address, PlainValidator(_address), WithJsonSchema({"type": "string", "format": "email", "maxLength": MOST_BYTES})
]
Time = Annotated[datetime, BeforeValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[date, BeforeValidator(day), WithJsonSchema({"type": "string", "format": "date"})]
CustomerId = Annotated[str, PlainValidator(_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]
Network = Annotated[str, PlainValidator(_network), WithJsonSchema(_IP)]
Id = Annotated[str, Field(pattern=ID)]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")]
Locale = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]  # BCP 47, RFC 5646 §4.4.1
Channel = Annotated[str, Field(min_length=1, max_length=32)]
Json = Annotated[Any, PlainValidator(_json), WithJsonSchema({"description": "any JSON of at most 4 KB"})]
FieldValue = Annotated[Any, PlainValidator(_field), WithJsonSchema(_PLAIN)]
FieldName = Annotated[str, Field(pattern=NAME)]
Fields = Annotated[
    dict[FieldName, FieldValue],
    Field(max_length=MOST_FIELDS),
    AfterValidator(_birthdate),
    AfterValidator(_at_most_together),
    WithJsonSchema(plain_object(MOST_FIELDS, birthdate={"type": ["string", "null"], "format": "date"})),
]
