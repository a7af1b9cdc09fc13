"""When two addresses are one person, what is no address, and what a search finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.email import (
    AddressError,
    address,
    display,
    normalise,
    person_key,
    search_parts,
    search_text,
)

ODD = "aAßÄé\u0301\u0131İ\u017f\ufb03.+-_'@Bü。\uff0e\uff20\u200d\u200b👩💻例ς\u0345\u1fb3 x"


def wide(text: str) -> str:
    """The same in full-width letters, as Japanese keyboards type them."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Anna.Schmidt@Example.COM", "anna.schmidt@example.com"),
        ("  anna@example.com\r\n", "anna@example.com"),
        ("\ufeff\u200banna@example.com\u200b", "anna@example.com"),
        (wide("Anna@example.com"), "anna@example.com"),
        ("ÄÖ+tag@Bücher.example", "äö+tag@xn--bcher-kva.example"),
        ("a\u0308@example.com", "ä@example.com"),
        ("x@XN--BCHER-KVA.example", "x@xn--bcher-kva.example"),
        ("x@例え。テスト", "x@xn--r8jz45g.xn--zckzah"),
        ("👩\u200d💻@example.com", "👩\u200d💻@example.com"),
        ("STRASSE@example.com", "strasse@example.com"),
        ("o'brien/x=y@example.com", "o'brien/x=y@example.com"),
    ],
)
def test_different_ways_to_type_one_address_are_one_person(typed: str, same: str) -> None:
    assert normalise(typed) == same


def test_dots_plus_tags_and_sharp_s_in_a_domain_keep_people_apart() -> None:
    typed = ["a.b@example.com", "ab@example.com", "ab+x@example.com", "ab@faß.example", "ab@fass.example"]
    assert len({normalise(one) for one in typed}) == len(typed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("anna", "exactly one @"),
        ("a@b@example.com", "exactly one @"),
        ("@example.com", "beside @"),
        ("anna@", "beside @"),
        ("a..b@example.com", "two dots"),
        (".a@example.com", "two dots"),
        ("a@example..com", "two dots"),
        ("a@example.com.", "two dots"),
        ("an na@example.com", "space"),
        ("a\x00b@example.com", "invisible"),
        ("a\r\nBcc: x@example.com", "line break"),
        ("a\u202eb@example.com", "invisible"),
        ("a\u200bb@example.com", "invisible"),
        ("a\ud800@example.com", "invisible"),
        ('"a"@example.com', "quotes"),
        ("a,b@example.com", "quotes"),
        ("a@exa_mple.com", "domain name"),
        ("a@-x.com", "domain name"),
        ("a@" + "x" * 64 + ".com", "domain name"),
        ("a@xn--zzzzzz9999.com", "domain name"),
        ("a@i❤.ws", "domain name"),
        ("a@localhost", "top level"),
        ("a@127.0.0.1", "top level"),
        ("a" * 65 + "@example.com", "64 bytes"),
        ("a@" + "x.".join(["y" * 50] * 5) + ".com", "254 bytes"),
        ("ﷺ" * 200 + "@example.com", "bytes"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(AddressError, match=reason) as caught:
        address(typed)
    assert caught.value.reason.de


def test_what_the_person_typed_is_kept_but_for_the_blanks_around_it() -> None:
    assert address("  ÄÖ+Tag@Bücher.example\n").display == "ÄÖ+Tag@Bücher.example"


@given(st.one_of(st.emails(), st.builds("{}@{}.de".format, st.text(ODD), st.text(ODD))))
def test_normalising_twice_changes_nothing(typed: str) -> None:
    try:
        once = normalise(typed)
    except AddressError:
        return
    assert normalise(once) == once == display(once)


@given(st.text())
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        normalised = address(text).normalised
    except AddressError:
        return
    assert len(normalised.encode()) <= 254


def test_an_address_is_found_by_each_of_its_parts() -> None:
    assert search_parts("anna.schmidt@mail.example.com") == (
        "schmidt@mail.example.com",
        "mail.example.com",
        "example.com",
    )


def test_every_separator_begins_a_part_and_none_is_empty() -> None:
    assert search_parts("a_-b+c-@x.de") == ("b+c-@x.de", "c-@x.de", "x.de")


def test_of_many_parts_eight_are_kept_and_the_domain_is_always_among_them() -> None:
    parts = search_parts("a.b.c.d.e.f.g.h.i@1.2.3.4.5.6.example.com")
    assert len(parts) == 8
    assert {"1.2.3.4.5.6.example.com", "example.com"} < set(parts)


@given(st.emails())
def test_parts_are_few_distinct_and_never_the_address_or_a_top_level_domain(typed: str) -> None:
    try:
        whole = normalise(typed)
    except AddressError:
        return
    parts = search_parts(whole)
    assert len(parts) == len(set(parts)) <= 8
    assert whole not in parts
    assert all(whole.endswith(part) and "." in part for part in parts if "xn--" not in whole)


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("Schmidt", "anna.schmidt@example.com"),
        (" ANNA.S", "anna.schmidt@example.com"),
        ("@Example", "anna@example.com"),
        ("Example.C", "anna@mail.example.com"),
        ("anna@Bücher.ex", "anna@bücher.example"),
        ("anna@Bücher", "anna@bücher.example"),
        ("BÜCH", "anna@bücher.example"),
        ("xn--bcher", "anna@bücher.example"),
        ("Straß", "hans.strasse@example.com"),
        ("faß.ex", "anna@faß.example"),
        ("anna@faß.ex", "anna@faß.example"),
        ("tag", "anna+tag@example.com"),
    ],
)
def test_a_search_text_begins_the_address_or_a_part_of_it(query: str, typed: str) -> None:
    whole = normalise(typed)
    assert any(text.startswith(search_text(query)) for text in (whole, *search_parts(whole)))


@given(st.text())
def test_any_search_text_is_folded_without_error(query: str) -> None:
    assert isinstance(search_text(query), str)


@given(st.emails())
def test_a_whole_address_as_search_text_is_the_normalised_address(typed: str) -> None:
    try:
        assert search_text(typed) == normalise(typed)
    except AddressError:
        return


def test_one_entry_per_person_can_ignore_dots_and_plus_tags() -> None:
    assert person_key("a.nn.a+x.y@ex.ample.com", ignore_plus_and_dots=True) == "anna@ex.ample.com"
    assert person_key("a.nn.a+x@example.com", ignore_plus_and_dots=False) == "a.nn.a+x@example.com"
    assert person_key("+x@example.com", ignore_plus_and_dots=True) == "+x@example.com"
