"""The bodies of Collect calls: what they become, and how each error in them is named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.collect.event_types import Consent, LogEntry, Participation, SignIn, Variables
from chalicelib.collect.events import EVENTS, MOST_BYTES, Call, parse_envelope, parse_single
from chalicelib.problems import Problem

ID = "0192f0c4-7a9b-7c3d-8e1f-001122334455"
TOP: dict[str, Any] = {"experience": "summer", "email": "Anna@Example.com"}
SIGN_IN: dict[str, Any] = {"type": "sign-ins"}
CONSENT: dict[str, Any] = {"type": "consents", "consent": "newsletter", "status": "granted", "text": "Ja"}
VARIABLES: dict[str, Any] = {"type": "variables", "variables": [{"name": "a", "value": 1}]}
ENTRY: dict[str, Any] = {"type": "participations", "giveaway": "bike"}
LOG: dict[str, Any] = {"type": "log-entries", "level": "info", "message": "hello"}


def call(*events: Any, **top: Any) -> Call:
    return parse_envelope(json.dumps(TOP | top | {"events": list(events)}).encode())


def one(event: dict[str, Any], **members: Any) -> Any:
    return call(event | members).events[0]


def problem(parse: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        parse()
    return caught.value


def errors(*events: Any, **top: Any) -> list[tuple[str, str]]:
    refused = problem(lambda: call(*events, **top))
    assert refused.code == "validation"
    return [(error.pointer, error.code) for error in refused.errors]


def test_the_call_of_the_contract_becomes_its_events_in_order() -> None:
    events = call(SIGN_IN | {"locale": "de"}, CONSENT, VARIABLES, ENTRY, LOG, process_instance="pi-8812").events
    assert [type(event) for event in events] == [SignIn, Consent, Variables, Participation, LogEntry]
    assert {event.email.normalised for event in events if event.email} == {"anna@example.com"}
    assert {event.process_instance for event in events} == {"pi-8812"}


def test_an_event_overrides_the_defaults_of_its_call_and_null_drops_one() -> None:
    given_own = one(ENTRY, experience="winter", email=None, customer_id=ID.upper(), channel="web")
    assert (given_own.experience, given_own.email, given_own.customer_id) == ("winter", None, ID)


def test_a_default_reaches_only_the_events_that_have_such_a_member() -> None:
    first, second = call(SIGN_IN, LOG, locale="de", channel="web", fields={"city": "Dresden"}).events
    assert (first.locale, first.channel, first.fields) == ("de", "web", {"city": "Dresden"})  # type: ignore[attr-defined]
    assert second.type == "log-entries"


def test_a_single_call_is_one_event_and_points_from_its_root() -> None:
    parsed = parse_single("sign-ins", b'{"experience": "summer", "email": "a@example.com"}')
    assert (parsed.experience, len(parsed.events)) == ("summer", 1)
    body = b'{"experience": "summer", "email": "a@example.com", "type": "x", "fields": {"birthdate": "1.1."}}'
    refused = problem(lambda: parse_single("sign-ins", body))
    assert [error.pointer for error in refused.errors] == ["/fields/birthdate", "/type"]


def test_the_state_is_read_alone_never_among_events() -> None:
    assert parse_single("state", json.dumps(TOP).encode()).events[0].type == "state"
    assert errors({"type": "state"}) == [("/events/0/type", "unknown_type")]


def test_all_errors_of_all_events_are_reported_together() -> None:
    found = errors(
        SIGN_IN | {"fields": {"birthdate": "1990-02-30", "x y": 1, "list": []}},
        CONSENT | {"status": "maybe"},
        "text",
        {"type": "nothing"},
        {"giveaway": "bike"},
        {"type": 5},
        ENTRY | {"a/b": 1},
    )
    assert found == [
        ("/events/0/fields/x y", "wrong_format"),
        ("/events/0/fields/list", "not_a_plain_value"),
        ("/events/1/status", "not_allowed"),
        ("/events/2", "not_an_object"),
        ("/events/3/type", "unknown_type"),
        ("/events/4/type", "missing"),
        ("/events/5/type", "not_a_string"),
        ("/events/6/a~1b", "unknown_member"),
    ]


def test_an_unknown_type_is_told_the_known_ones() -> None:
    refused = problem(lambda: call({"type": "sign-in"}))
    assert "sign-ins, consents, variables" in refused.body("t")["errors"][0]["detail"]
    assert problem(lambda: parse_single("prizes", b"{}")).status == 404


def test_a_wrong_default_is_reported_once_at_the_top() -> None:
    assert errors(SIGN_IN, ENTRY, CONSENT, email="nobody") == [("/email", "not_an_email")]
    assert errors(SIGN_IN, ENTRY, fields={"birthdate": "x"}) == [("/fields/birthdate", "not_a_date")]


def test_an_unknown_member_at_the_top_is_refused() -> None:
    assert errors(SIGN_IN, experiense="x") == [("/experiense", "unknown_member")]


def test_at_most_a_hundred_errors_are_named() -> None:
    assert len(errors(*[ENTRY | {f"x{i}": 1 for i in range(20)}] * 50)) == 100


def test_who_it_is_about_is_needed_but_for_variables_and_log_entries() -> None:
    assert errors(ENTRY, CONSENT, email=None) == [("/events/0", "one_needed"), ("/events/1", "one_needed")]
    assert errors(SIGN_IN | {"customer_id": ID}, email=None) == [("/events/0/email", "missing")]
    assert errors(SIGN_IN | {"email": None}) == [("/events/0/email", "not_a_string")]
    assert len(call(VARIABLES, LOG, email=None).events) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b'{"a": NaN}', 400, "malformed_json"),
        (b'{"a": -Infinity}', 400, "malformed_json"),
        (b'{"a": 1e999}', 400, "malformed_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", 400, "malformed_json"),
        (b'{"a": 1, "a": 2}', 400, "malformed_json"),
        (b'{"a": "\\ud800"}', 400, "malformed_json"),
        (b'{"\\udc00": 1}', 400, "malformed_json"),
        (b'{"a": "\xff"}', 400, "malformed_json"),
        (b'{"a": "x\x00"}', 400, "malformed_json"),
        ('{"a": "ü"}'.encode("utf-16"), 400, "malformed_json"),
        (b"[" * 200_000, 400, "malformed_json"),
        (b'{"a":' * 50_000, 400, "malformed_json"),
        (b"[]", 422, "validation"),
        (b"null", 422, "validation"),
        (b"{}", 422, "validation"),
        (b'{"events": {}}', 422, "validation"),
        (b'{"events": []}', 422, "validation"),
        (b" " * (MOST_BYTES + 1), 413, "too_large"),
        (b"\xff" * 10_000_000, 413, "too_large"),
    ],
)
def test_a_body_that_is_no_call_is_refused_with_its_own_code(body: bytes, status: int, code: str) -> None:
    for parse in (parse_envelope, lambda body: parse_single("log-entries", body)):
        refused = problem(lambda parse=parse: parse(body))  # type: ignore[misc]
        assert (refused.status, refused.code) == (status, code)


def test_more_than_fifty_events_are_refused_without_a_look_at_them() -> None:
    assert errors(*[{}] * 51) == [("/events", "too_many")]
    assert len(call(*[ENTRY] * 50).events) == 50


@pytest.mark.parametrize(
    "text", ["01067", "", " x ", "a\r\nb\tc", "שלום \u202e", "👩\u200d💻", "e\u0301", "x" * 300, "=1+1", "\x7f\x1b"]
)
def test_strings_stay_exactly_what_they_were(text: str) -> None:
    assert one(SIGN_IN, fields={"x": text}).fields == {"x": text}
    assert one(VARIABLES, variables=[{"name": "a", "value": {text: [text]}}]).variables[0].value == {text: [text]}


def test_a_nul_character_is_refused_with_its_place_and_the_reason() -> None:
    refused = problem(lambda: call(ENTRY, SIGN_IN | {"fields": {"firstname": "A\x00"}}, VARIABLES | {"x\x00": 1}))
    assert [(error.pointer, error.code) for error in refused.errors] == [
        ("/events/1/fields/firstname", "control_character"),
        ("/events/2", "control_character"),
    ]
    assert "NUL" in refused.body("t")["errors"][0]["detail"]


def test_an_escaped_emoji_and_a_written_out_nul_are_ordinary_text() -> None:
    body = json.dumps(TOP | {"fields": {"a": "👍", "b": "\\u0000"}}).encode()
    assert b"\\ud83d" in body
    assert parse_single("sign-ins", body).events[0].fields == {"a": "👍", "b": "\\u0000"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({f"f{i}": 1 for i in range(101)}, "too_many"),
        ({f"f{i}": "x" * 4000 for i in range(5)}, "too_many_bytes"),
        ({"x": "ü" * 2049}, "too_many_bytes"),
        ({"": 1}, "wrong_format"),
        ({"x" * 65: 1}, "wrong_format"),
        ({"x\n": 1}, "wrong_format"),
        ({"x": 2**63}, "too_big"),
        ({"x": {}}, "not_a_plain_value"),
        ([], "not_an_object"),
    ],
)
def test_fields_have_limits(fields: Any, code: str) -> None:
    ((_, found),) = errors(ENTRY | {"fields": fields})
    assert found == code


def test_fields_take_plain_values_up_to_their_limits() -> None:
    fields = {"größe.x-1": 1.5, "yes": True, "none": None, "long": "ü" * 2048, "birthdate": "2000-02-29"}
    assert one(ENTRY, fields=fields).fields == fields
    assert one(SIGN_IN, fields={"birthdate": None}).fields == {"birthdate": None}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-05-21T08:00:00Z", datetime(2026, 5, 21, 8, tzinfo=UTC)),
        ("2026-05-21t10:00:00.5+02:00", datetime(2026, 5, 21, 8, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-05-21T08:00:00.123456789z", datetime(2026, 5, 21, 8, 0, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_with_its_offset_into_utc(text: str, time: datetime) -> None:
    assert one(ENTRY, occurred_at=text).occurred_at == time


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-21T08:00:00",
        "2026-05-21",
        "2026-05-21 08:00:00Z",
        "2026-02-30T08:00:00Z",
        "2026-05-21T24:00:01Z",
        "2026-12-31T23:59:60Z",
        "0001-01-01T00:00:00+14:00",
        "2026-05-21T08:00:00+99:00",
        "٢٠٢٦-05-21T08:00:00Z",
        "2026-W21-4T08:00:00Z",
        1,
    ],
)
def test_a_time_without_offset_or_that_never_was_is_refused(text: Any) -> None:
    assert errors(ENTRY | {"occurred_at": text})[0][0] == "/events/0/occurred_at"


@pytest.mark.parametrize("status", ["requested", "granted"])
def test_who_asks_or_agrees_names_the_wording_or_its_hash(status: str) -> None:
    bare = {name: value for name, value in CONSENT.items() if name != "text"} | {"status": status}
    assert errors(bare) == [("/events/0/text", "missing")]
    digest = "9d1fa9d6d0cd0f5ac8e0b8b3ad8ea4f4ba2dcab5c8a7b4f4f05c94a3b9f1d0ae"
    assert one(bare, text_sha256=digest).text is None
    assert errors(CONSENT | {"status": status, "text_sha256": digest}) == [("/events/0/text", "not_its_sha256")]


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_who_says_no_needs_no_wording(status: str) -> None:
    assert one({"type": "consents", "consent": "sms", "status": status}).text is None


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
    ],
)
def test_of_an_ip_address_only_the_network_is_kept(ip: str, kept: str) -> None:
    assert one(CONSENT, ip=ip).ip == kept


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (CONSENT | {"ip": "203.0.113"}, ("/ip", "not_an_ip")),
        (CONSENT | {"consent": "Newsletter"}, ("/consent", "wrong_format")),
        (CONSENT | {"text": "ü" * 4097}, ("/text", "too_many_bytes")),
        (CONSENT | {"text": ""}, ("/text", "too_short")),
        (CONSENT | {"method": "triple"}, ("/method", "not_allowed")),
        (CONSENT | {"locale": "de_DE"}, ("/locale", "wrong_format")),
        (
            CONSENT | {"requested_at": "2026-05-21T08:00:01Z", "confirmed_at": "2026-05-21T08:00:00Z"},
            ("/confirmed_at", "too_early"),
        ),
        (SIGN_IN | {"email_verified": 1}, ("/email_verified", "not_a_boolean")),
        (SIGN_IN | {"channel": "x" * 33}, ("/channel", "too_long")),
        (SIGN_IN | {"email": "a" * 300 + "@example.com"}, ("/email", "not_an_email")),
        (SIGN_IN | {"customer_id": "1"}, ("/customer_id", "not_a_uuid")),
        (SIGN_IN | {"experience": "A/%2e"}, ("/experience", "wrong_format")),
        (SIGN_IN | {"process_instance": "x" * 129}, ("/process_instance", "too_long")),
        (VARIABLES | {"variables": []}, ("/variables", "too_few")),
        (VARIABLES | {"variables": [{"name": "a", "value": 1}] * 2}, ("/variables/1", "twice")),
        (VARIABLES | {"variables": [{"name": "a-b", "value": 1}]}, ("/variables/0/name", "wrong_format")),
        (VARIABLES | {"variables": [{"name": "a"}]}, ("/variables/0", "one_of")),
        (VARIABLES | {"variables": [{"name": "a", "value": 1, "file_id": "f"}]}, ("/variables/0", "one_of")),
        (VARIABLES | {"variables": [{"name": "a", "value": "x" * 4095}]}, ("/variables/0/value", "too_many_bytes")),
        (VARIABLES | {"variables": [{"name": "a", "value": [2**63]}]}, ("/variables/0/value", "too_big")),
        (
            VARIABLES | {"variables": [{"name": "a", "value": json.loads("[" * 40 + "]" * 40)}]},
            ("/variables/0/value", "too_deep"),
        ),
        (VARIABLES | {"variables": [{"name": "a", "value": 1, "scope": "x"}]}, ("/variables/0/scope", "not_allowed")),
        (VARIABLES | {"variables": [{"name": f"a{i}", "value": 1} for i in range(101)]}, ("/variables", "too_many")),
        (ENTRY | {"giveaway": "a#b"}, ("/giveaway", "wrong_format")),
        (LOG | {"level": "fatal"}, ("/level", "not_allowed")),
        (LOG | {"message": "x" * 2049}, ("/message", "too_many_bytes")),
        (LOG | {"message": ""}, ("/message", "too_short")),
        (LOG | {"event": "x" * 65}, ("/event", "too_long")),
        (LOG | {"attributes": {f"a{i}": 1 for i in range(21)}}, ("/attributes", "too_many")),
        (LOG | {"attributes": {"a": "x" * 257}}, ("/attributes/a", "too_many_bytes")),
        (LOG | {"trace_id": "xyz"}, ("/trace_id", "wrong_format")),
    ],
)
def test_what_is_wrong_in_an_event_is_pointed_at(event: dict[str, Any], expected: tuple[str, str]) -> None:
    pointer, code = expected
    assert errors(event) == [(f"/events/0{pointer}", code)]


def test_null_is_a_value_of_a_variable() -> None:
    (variable,) = one(VARIABLES, variables=[{"name": "a", "value": None, "persist": True}]).variables
    assert (variable.value, variable.file_id, variable.scope, variable.persist) == (None, None, "experience", True)


def test_one_name_may_be_set_in_both_scopes() -> None:
    both = [{"name": "a", "value": 1}, {"name": "a", "value": 2, "scope": "tenant"}]
    assert len(one(VARIABLES, variables=both).variables) == 2


def test_a_log_entry_holds_no_address_once_it_is_parsed() -> None:
    texts = {"message": "for a@example.com", "event": "x@example.com", "attributes": {"to": "b@example.com", "n": 1}}
    entry: Any = one(LOG | texts)
    assert (entry.message, entry.event, entry.attributes) == ("for [email]", "[email]", {"to": "[email]", "n": 1})


def test_a_trace_id_of_either_length_is_kept_in_lower_case() -> None:
    assert one(LOG, trace_id="463AC35C9F6413AD").trace_id == "463ac35c9f6413ad"
    assert one(LOG, trace_id="463ac35c9f6413ad48485a3953bb6124").trace_id == "463ac35c9f6413ad48485a3953bb6124"


@pytest.mark.parametrize("model", EVENTS.values(), ids=EVENTS)
def test_each_event_type_has_a_schema_for_the_documentation(model: Any) -> None:
    schema = model.model_json_schema()
    assert schema["additionalProperties"] is False
    assert ("experience" in schema.get("required", ())) == (model.type != "erasures")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(sorted({name for model in EVENTS.values() for name in model.model_fields}))
EVENT = st.builds(
    lambda type, rest: {"type": type} | rest, st.sampled_from(sorted(EVENTS)), st.dictionaries(MEMBERS, JSON)
)


@given(st.binary())
def test_any_bytes_are_a_call_or_a_problem(body: bytes) -> None:
    problem(lambda: parse_envelope(body))


@given(JSON | st.fixed_dictionaries({"events": st.lists(EVENT | JSON)}, optional={"email": JSON, "fields": JSON}))
def test_any_json_is_a_call_or_a_problem(content: Any) -> None:
    try:
        assert parse_envelope(json.dumps(content).encode()).events
    except Problem as refused:
        json.dumps(refused.body("t", "de")).encode()


@given(st.sampled_from(sorted(EVENTS)), st.dictionaries(MEMBERS, JSON))
def test_any_members_are_an_event_or_a_problem(type: str, content: dict[str, Any]) -> None:
    try:
        assert parse_single(type, json.dumps(TOP | content).encode()).events
    except Problem as refused:
        assert refused.status in (400, 422)
