"""The one exception that becomes an error answer (RFC 9457) and how wrong values are named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chalicelib.field_codes import FIELD_CODES, PYDANTIC
from chalicelib.problem_codes import CODES, Words

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

MEDIA_TYPE: Final = "application/problem+json"
LANGUAGES: Final = ("en", "de")

_HEADERS: Final[dict[str, dict[str, str]]] = {
    "unauthenticated": {"WWW-Authenticate": "Bearer"},  # RFC 9110 §11.6.1
    "in_progress": {"Retry-After": "1"},
    "rate_limited": {"Retry-After": "1"},
    "unavailable": {"Retry-After": "1"},
}


@dataclass(frozen=True)
class FieldError:
    """One wrong value. `pointer` is a JSON pointer into the body (RFC 6901); without a leading slash it names a query
    parameter or header. Without `detail` the words come from the table of field codes, in the reader's language."""

    pointer: str
    code: str
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def body(self, language: str = "en") -> dict[str, str]:
        where = "pointer" if not self.pointer or self.pointer.startswith("/") else "parameter"
        words = self.detail or spoken(FIELD_CODES.get(self.code, FIELD_CODES["invalid"]), language, self.values)
        return {where: self.pointer, "code": self.code, "detail": words}


class Problem(Exception):
    """An error answer. Raise it with `Problem.of(code, …)`; status and words come from the table of codes."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        self.code = code
        self.status = CODES[code].status
        self.errors = list(errors)
        self.headers = {**_HEADERS.get(code, {}), **(headers or {})}
        self.values = dict(values or {})
        self._detail = detail
        super().__init__(code, self.detail)

    @classmethod
    def of(
        cls,
        code: str,
        detail: str | None = None,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> Problem:
        """A problem of the table; `values` fill its words (`role="viewer"`), `detail` replaces them altogether."""
        return cls(code, detail, errors, headers, values)

    @property
    def detail(self) -> str:
        return self.words("en")

    def words(self, language: str) -> str:
        return self._detail or spoken(CODES[self.code].detail, language, self.values)

    def body(self, trace_id: str, language: str = "en") -> dict[str, Any]:
        """The JSON of the answer (contract: `type, code, title, status, detail, trace_id`, `errors` if any)."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "title": spoken(CODES[self.code].title, language, {}),
            "status": self.status,
            "detail": self.words(language),
            "trace_id": trace_id,
        }
        if self.errors:
            body["errors"] = [error.body(language) for error in self.errors]
        return body


def invalid(pointer: str, code: str, detail: str = "", **values: object) -> Problem:
    """The 422 for one wrong value."""
    return Problem.of("validation", errors=[FieldError(pointer, code, detail, values)])


def pointer(*parts: str | int) -> str:
    """A JSON pointer to these members, `~` and `/` escaped (RFC 6901 §3)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def validation_problem(exc: ValidationError, prefix: str = "") -> Problem:
    """The 422 for a body that pydantic refused; pointers begin with `prefix`. Values are never repeated in it."""
    return Problem.of("validation", errors=field_errors(exc, prefix))


def field_errors(exc: ValidationError, prefix: str = "") -> list[FieldError]:
    return [_field_error(error, prefix) for error in exc.errors(include_url=False, include_input=False)]


def language(accept_language: str | None) -> str:
    """The language to answer in: of English and German the one with the higher q-value (RFC 9110 §12.5.4)."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for choice in (accept_language or "")[:500].split(","):
        tag, _, parameter = choice.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(parameter))
    return max(LANGUAGES, key=weights.__getitem__)


def _weight(parameter: str) -> float:
    if not parameter.strip():
        return 1.0
    try:
        return float(parameter.strip().removeprefix("q="))
    except ValueError:
        return 0.0


def _field_error(error: ErrorDetails, prefix: str) -> FieldError:
    kind, location, context = error["type"], error["loc"], dict(error.get("ctx", {}))
    if location and location[-1] == "[key]" and kind != "extra_forbidden":
        location = location[:-1]  # pydantic marks a wrong key of an object so
    code = PYDANTIC.get(kind) or (kind if kind in FIELD_CODES else "invalid")
    bounds = {"least": context.get("ge", context.get("gt")), "most": context.get("le", context.get("lt"))}
    context |= {name: bound for name, bound in bounds.items() if bound is not None}
    return FieldError(prefix + pointer(*location), code, values=context)


def spoken(words: Words, language: str, values: Mapping[str, object]) -> str:
    """Words of a table in that language; a value that is missing is shown as `…`."""
    shown = {name: _in(value, language) for name, value in values.items()}
    return _in(words, language).format_map(defaultdict(lambda: "…", shown))


def _in(value: object, language: str) -> str:
    if isinstance(value, Words):
        return value.de if language == "de" else value.en
    return str(value)
