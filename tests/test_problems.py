"""Error answers: shape, languages, and how wrong values are pointed at."""

import string

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.field_codes import FIELD_CODES, PYDANTIC
from chalicelib.problem_codes import CODES
from chalicelib.problems import FieldError, Problem, invalid, language, pointer, validation_problem


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    day: int


class Outer(BaseModel):
    inner: Inner
    names: dict[str, int] = {}


def refused(content: object) -> list[dict[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(content)
    errors: list[dict[str, str]] = validation_problem(caught.value, "/events/2").body("t")["errors"]
    return errors


def test_a_problem_has_every_member_the_contract_names() -> None:
    assert Problem.of("customer_unknown").body("463ac35c") == {
        "type": "/problems/customer_unknown",
        "code": "customer_unknown",
        "title": "Unknown customer",
        "status": 404,
        "detail": "Send a sign-in first.",
        "trace_id": "463ac35c",
    }


def test_values_fill_the_words_in_both_languages() -> None:
    problem = Problem.of("role_missing", role="viewer")
    assert problem.body("t")["detail"] == "This needs the role viewer."
    assert problem.body("t", "de")["detail"] == "Dafür ist die Rolle viewer nötig."


def test_codes_and_statuses_do_not_depend_on_the_language() -> None:
    english, german = (invalid("/a", "missing").body("t", tongue) for tongue in ("en", "de"))
    assert english["errors"][0]["code"] == german["errors"][0]["code"] == "missing"
    assert english["errors"][0]["detail"] != german["errors"][0]["detail"]
    assert english["status"] == german["status"] == 422


def test_a_value_that_fills_nothing_or_is_missing_never_breaks_the_answer() -> None:
    assert "…" in Problem.of("role_missing").detail
    assert Problem.of("internal", "Ten {braces", unused=1).detail == "Ten {braces"


@pytest.mark.parametrize("code", CODES)
def test_each_code_says_something_in_both_languages_and_ends_as_a_sentence(code: str) -> None:
    for tongue in ("en", "de"):
        body = Problem.of(code).body("t", tongue)
        assert body["title"] and body["detail"].endswith(".")
    assert 400 <= CODES[code].status < 600


@pytest.mark.parametrize("words", FIELD_CODES.values(), ids=FIELD_CODES)
def test_both_languages_of_a_field_code_use_the_same_values(words: tuple[str, str]) -> None:
    english, german = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in words)
    assert english == german


def test_every_pydantic_error_that_is_mapped_leads_to_a_code_of_the_table() -> None:
    assert set(PYDANTIC.values()) <= set(FIELD_CODES)


def test_what_has_to_be_retried_says_when() -> None:
    for code in ("in_progress", "rate_limited", "unavailable"):
        assert Problem.of(code).headers["Retry-After"]
    assert Problem.of("rate_limited", headers={"Retry-After": "30"}).headers == {"Retry-After": "30"}
    assert Problem.of("unauthenticated").headers == {"WWW-Authenticate": "Bearer"}


def test_pointers_escape_slash_and_tilde() -> None:
    assert pointer("events", 2, "a/b~c") == "/events/2/a~1b~0c"


def test_a_query_parameter_is_named_as_parameter_and_the_whole_body_by_the_empty_pointer() -> None:
    assert FieldError("limit", "too_big", values={"most": 100}).body() == {
        "parameter": "limit",
        "code": "too_big",
        "detail": "is above 100",
    }
    assert FieldError("", "not_an_object").body()["pointer"] == ""


def test_what_pydantic_refuses_is_named_with_pointer_and_code() -> None:
    errors = refused({"inner": {"day": "x", "a/b": 1}})
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/events/2/inner/day", "not_a_whole_number"),
        ("/events/2/inner/a~1b", "unknown_member"),
    ]


def test_a_refused_value_is_not_repeated_in_the_answer() -> None:
    assert "anna" not in str(refused({"inner": {"day": "anna@example.com"}}))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB, de;q=0.7", "en"),
        ("fr, de;q=0.3", "de"),
        ("fr", "en"),
        ("de;q=x, en;q=", "en"),
        ("," * 9999, "en"),
    ],
)
def test_the_language_follows_the_weights(header: str | None, expected: str) -> None:
    assert language(header) == expected
