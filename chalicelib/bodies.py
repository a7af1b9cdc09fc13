"""Reading a request body: strict JSON (RFC 8259, I-JSON's rules on names and characters), one object, not too large."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.problem_codes import Words
from chalicelib.problems import FieldError, Problem, invalid, pointer, validation_problem

_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_NOT_UTF8: Final = Words("it is not UTF-8", "es ist kein UTF-8")
_TOO_DEEP: Final = Words("it is nested too deeply", "es ist zu tief geschachtelt")
_TWICE: Final = Words("a member appears twice in one object", "ein Feld steht doppelt in einem Objekt")
_NOT_FINITE: Final = Words("NaN and infinite numbers are not JSON", "NaN und unendliche Zahlen sind kein JSON")
_HALF: Final = Words("half of a surrogate pair is no character", "ein halbes Surrogatpaar ist kein Zeichen")
_DIGITS: Final = Words("a number has too many digits", "eine Zahl hat zu viele Stellen")


MOST_BYTES: Final = 65_536  # of a body, unless its route says otherwise
Model = TypeVar("Model", bound=BaseModel)


class _RefusedError(ValueError):
    """The parser's hooks say with this what they do not take; no Problem yet, as ValueErrors are told apart below."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason.en)
        self.reason = reason


def parsed(model: type[Model], body: bytes, limit: int = MOST_BYTES) -> Model:
    """The body as that model. Problems: those of `json_object`, and validation with pointers."""
    try:
        return model.model_validate(json_object(body, limit))
    except ValidationError as refused:
        raise validation_problem(refused) from None


def json_object(body: bytes, limit: int) -> dict[str, Any]:
    """The object in a body of at most `limit` bytes. Problems: too_large, malformed_json, validation (no object, or a
    NUL character anywhere: neither Excel nor XML can hold one, and no person types it)."""
    if len(body) > limit:
        raise Problem.of("too_large", limit=limit)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise _malformed(_NOT_UTF8) from None
    value = _parsed(text)
    if _SURROGATE.search(text) or "\\u0000" in text:
        _refuse_characters(value)
    if not isinstance(value, dict):
        raise invalid("", "not_an_object")
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_not_finite, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        where = f"({error.lineno}:{error.colno})"
        raise _malformed(Words(f"{error.msg} {where}", f"Syntaxfehler {where}")) from None
    except _RefusedError as error:
        raise _malformed(error.reason) from None
    except RecursionError:
        raise _malformed(_TOO_DEEP) from None


def _refuse_characters(value: Any) -> None:
    errors = []
    for where, text in strings(value):
        if not _encodable(text):
            raise _malformed(_HALF)
        if "\x00" in text:
            errors.append(FieldError(where, "control_character"))
    if errors:
        raise Problem.of("validation", errors=errors)


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """All strings inside, names of members too, each with the pointer of what holds it. No recursion."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        where, inner = waiting.pop()
        if isinstance(inner, str):
            yield where, inner
        elif isinstance(inner, dict):
            yield from ((where, name) for name in inner)
            waiting += [(where + pointer(name), member) for name, member in reversed(inner.items())]
        elif isinstance(inner, list):
            waiting += [(where + pointer(i), item) for i, item in reversed(list(enumerate(inner)))]


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _malformed(reason: Words) -> Problem:
    return Problem.of("malformed_json", reason=reason)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError(_TWICE)
    return members


def _not_finite(_: str) -> NoReturn:
    raise _RefusedError(_NOT_FINITE)


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _RefusedError(_NOT_FINITE)
    return number


def _int(digits: str) -> int:
    if len(digits) > 64:
        raise _RefusedError(_DIGITS)
    return int(digits)
