"""No e-mail address, secret, token or account stays in a text that is kept for its own sake."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.redaction import redact, redacted


def wide(text: str) -> str:
    """The same in full-width letters, as Japanese keyboards type them."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mail to anna@example.com.", "Mail to [email]."),
        ("<anna@example.com>, (b@x.de); c@y.fr", "<[email]>, ([email]); [email]"),
        ("mailto:anna@example.com?subject=x", "mailto:[email]?subject=x"),
        ("GET /u?email=anna%2Bx%40example.com&n=1", "GET /u?email=[email]&n=1"),
        ("next=%2Fu anna%2540example%2Ecom", "next=%2Fu [email]"),
        ('{"email":"a.b@example.com"}', '{"email":"[email]"}'),
        (r"{\"email\":\"a\u0040example.com\"}", r"{\"email\":\"[email]\"}"),
        ("anna&#64;example.com anna&commat;example.com", "[email] [email]"),
        ("'o'brien@example.co.uk' left", "'[email]' left"),
        ('"anna schmidt"@example.com', "[email]"),
        ("ÄÖ+tag@Bücher.example", "[email]"),
        ("用户@例え。テスト", "[email]"),
        (wide("Anna@example.com"), "[email]"),
        ("👩\u200d💻@example.com", "[email]"),
        ("root@[10.0.0.1]", "[email]"),
        ("https://api.example.com/customers/anna@example.com/x", "https://api.example.com/customers/[email]/x"),
        ("a@b.com@c.com", "[email]"),
        ("x" * 300 + "@example.com", "[email]"),
    ],
)
def test_an_address_is_taken_out_however_it_is_written(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text", ["", "no address", "npm@10.2.1", "@mention.me", "user@localhost", "a @ b.de", "100 %", "50%40", "a@", "@"]
)
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@given(st.text(), st.emails(), st.text())
def test_an_address_never_survives_between_other_words(before: str, email: str, after: str) -> None:
    assert email not in redact(f"{before} {email} {after}")


@given(st.text(alphabet='a@.%40"[] &#64;'))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("unit", ["a", "@", "a@", "%25", "%40", '"', '"@', "a@a.", 'a"@', ".", "a.", "&", "\\u0040"])
def test_hostile_texts_are_read_once_per_character(unit: str) -> None:
    # A pattern with backtracking would need hours for these; the suite's time-out is the assertion.
    assert redact(unit * 50_000 + "@" + unit * 50_000) is not None


SECRETS = [
    ("Authorization: Bearer abc.def-ghi", "Authorization: [secret]"),
    ("authorization: Basic YW5uYTpwdw==", "authorization: [secret]"),
    ("sent with Bearer 9a8b7c6d5e4f3a2b", "sent with Bearer [secret]"),
    ("Cookie: sid=1; theme=dark\r\nHost: x.de", "Cookie: [secret]\r\nHost: x.de"),
    ("set-cookie: a=b; Path=/", "set-cookie: [secret]"),
    ("X-Api-Key: 12345", "X-Api-Key: [secret]"),
    ("webhook-signature: v1,abc= v1,def=", "webhook-signature: [secret]"),
    ("password=hunter2&user=anna", "password=[secret]&user=anna"),
    ("Passwort: geheim!", "Passwort: [secret]"),
    ("PGPASSWORD='two words' psql", "PGPASSWORD='[secret]' psql"),
    ("clientSecret => s3cr3t, x", "clientSecret => [secret], x"),
    ('{"client_secret": "a\\"b", "n": 1}', '{"client_secret": "[secret]", "n": 1}'),
    (r"{\"refresh_token\":\"abc\",\"n\":1}", r"{\"refresh_token\":\"[secret]\",\"n\":1}"),
    ("https://x.de/?access_token=abc&lang=de", "https://x.de/?access_token=[secret]&lang=de"),
    ("https://x.de/?token%3dabc", "https://x.de/?token%3d[secret]"),
    ("https://anna:pw@x.example.com/y", "https://[secret]@x.example.com/y"),
    ("X-Amz-Signature=0a1b&X-Amz-Expires=60", "X-Amz-Signature=[secret]&X-Amz-Expires=60"),
    ("X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/2030", "X-Amz-Credential=[secret]/2030"),
    ("key AKIAIOSFODNN7EXAMPLE is out", "key [secret] is out"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP", "[token]"),
    ("with ak_live_abcdefgh1234 and whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "with [token] and [token]"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[token]"),
    ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- after", "[secret] after"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE and cut", "[secret]"),
    ("paid to DE89 3704 0044 0532 0130 00 today", "paid to [iban] today"),
    ("DE89370400440532013000, GB82WEST12345698765432", "[iban], [iban]"),
    ("iban=de89-3704-0044-0532-0130-00", "iban=[iban]"),
    ("NO93 8601 1117 947; FR14 2004 1010 0505 0001 3M02 606", "[iban]; [iban]"),
    ("card 4111 1111 1111 1111, 378282246310005", "card [card], [card]"),
]
INNOCENT = [
    "463ac35c9f6413ad48485a3953bb6124",
    "be12a3f4-0000-4000-8000-000000000000",
    "GB83 WEST 1234 5698 7654 32 has a wrong digit",
    "order 4111111111111112",
    "1789000000000 ms, 1789000000000000 µs",
    "max_tokens: 500, tokens=12",
    "the password was wrong",
    "Basic authentication failed; bearer was missing",
    "token expired",
    "GET /v1/records/participations?limit=100 answered 200 in 12 ms",
]


@pytest.mark.parametrize(("text", "kept"), SECRETS)
def test_secrets_tokens_accounts_and_cards_are_taken_out(text: str, kept: str) -> None:
    assert redact(text) == kept
    assert redact(kept) == kept


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert redact(text) == text


def test_all_texts_of_a_value_are_redacted_and_members_that_are_secret_by_name() -> None:
    told = {
        "headers": {"Authorization": "x", "X-Api-Key": ["a", "b"], "Accept": "text/html"},
        "list": ["anna@example.com", 1, None, ("DE89370400440532013000",)],
        "password": None,
        "tokens": 5,
    }
    assert redacted(told) == {
        "headers": {"Authorization": "[secret]", "X-Api-Key": "[secret]", "Accept": "text/html"},
        "list": ["[email]", 1, None, ["[iban]"]],
        "password": None,
        "tokens": 5,
    }


@given(st.dictionaries(st.sampled_from(["password", "note", "api_key", "n"]), st.text(max_size=20)))
def test_json_stays_json(value: dict[str, str]) -> None:
    kept = json.loads(redact(json.dumps(value)))
    assert kept.keys() == value.keys()
    assert {kept[name] for name in kept if name in ("password", "api_key")} <= {"[secret]"}


@given(st.text(alphabet="tokensecrt=: \"'\\{}[]DE8937040044,;-_.\n"))
def test_redacting_secrets_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


HOSTILE = [
    "token=",
    "token",
    '"token":"',
    '\\"',
    "eyJaaaaaaaa.",
    "DE89 3704 ",
    "4111 ",
    "a-",
    "://a:",
    "Bearer ",
    "-----BEGIN PRIVATE KEY-----",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_secrets_are_read_in_linear_time(unit: str) -> None:
    assert redact(unit * 20_000) is not None
