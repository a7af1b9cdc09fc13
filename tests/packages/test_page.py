"""The page of an access package: inert whatever was recorded, complete, in the reader's language and time zone."""

import json
import re
from typing import Any

import pytest
import time_machine

from chalicelib.kinds import KINDS
from chalicelib.packages import markup, words
from chalicelib.packages.page import STYLE
from tests.packages.packing import made, page, upload
from tests.packages.reading import Page
from tests.seeds import guest, plant
from tests.world import World

HOSTILE: dict[str, Any] = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onload="alert(1)" x="',
    "apostrophe": "' onerror='alert(1)",
    "closing": "</bdi></dd></dl></article></main><img src=x onerror=alert(1)>",
    "comment": "<!-- <style>*{display:none}</style> ]]>",
    "entity": "&lt;b&gt; &amp; &#60;",
    "template": "{{7*7}} ${7*7} {say} %s",
    "turned": "\u202eabc\u2066 אבג",
    "emoji": "👩‍👩‍👧 🎉",
    "lines": "a\r\nb\rc\nd\te",
    "control": "\x01\x1b[31m\x7f\x85",
    "long": "ü" * 2000,
}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article", "div"),
    *("h1", "h2", "h3", "p", "span", "table", "tr", "th", "td", "dl", "dt", "dd", "ul", "li", "bdi", "time", "a"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "datetime"}
PRIVACY = {
    "de": {"controller": "Muster <Reisen> GmbH\nHauptstr. 1", "contact": "dsb@muster.example"},
    "en": {"controller": "Sample Travel Ltd"},
}


def test_hostile_values_are_inert_and_complete(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world, fields=HOSTILE)
    plant("participations", anna, fields=HOSTILE)
    for value in HOSTILE.values():
        plant("variables", anna, value=json.dumps(value))
        plant("log", anna, message=value, attributes={"host": value})
        plant("consents", anna, channel=value)
        plant("winners", anna, prize=value, reason=value)
        upload(anna, value[:200], b"x")
    text = page(made(world, clock, anna))
    parsed = Page(text)
    assert {tag for tag, _ in parsed.elements} <= ALLOWED
    assert {attribute for _, attributes in parsed.elements for attribute in attributes} <= ATTRIBUTES
    for name, value in HOSTILE.items():
        assert parsed.values.count(value) >= 8, name
    assert all(str(one["href"]).startswith(("#", "files/")) for one in parsed.all("a"))
    assert parsed.open == []


def test_the_page_loads_and_runs_nothing(world: World, clock: time_machine.Traveller) -> None:
    parsed = Page(page(made(world, clock, guest(world))))
    [policy] = [one["content"] for one in parsed.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in str(policy).split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": markup.style_hash(STYLE),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "@import" not in STYLE
    assert "url(" not in STYLE


def test_the_information_of_article_15_is_there(world: World, clock: time_machine.Traveller) -> None:
    world.request("PUT", "/v1/settings", {"privacy": PRIVACY}).ok()
    anna = guest(world)
    text = page(made(world, clock, anna))
    for told in (
        "Auskunft nach Artikel 15 DSGVO",
        "Ihre Daten bei Muster &lt;Reisen&gt; GmbH",
        "dsb@muster.example",
        "Um die Verlosung durchzuführen",
        "60 Tage nach der Speicherung",
        "720 Tage nach der Speicherung",
        "Amazon Web Services",
        "Aufsichtsbehörde",
        "Herkunft der Daten",
        "Art. 17",
        "Art. 77",
    ):
        assert told in text, told
    for kind in KINDS:
        assert f'<section id="{kind}">' in text


def test_the_page_speaks_the_language_that_was_asked_for_or_the_tenants(
    world: World, clock: time_machine.Traveller
) -> None:
    world.request("PUT", "/v1/settings", {"privacy": PRIVACY, "locale": "en"}).ok()
    anna = guest(world)
    plant("participations", anna)
    english, german = page(made(world, clock, anna)), page(made(world, clock, anna, locale="de"))
    assert '<html lang="en">' in english
    assert "Your data at Sample Travel Ltd" in english
    assert "Version of the terms" in english
    assert '<html lang="de">' in german
    assert "Version der Bedingungen" in german
    for leaked in ("Version of the terms", "Will be deleted", "Created"):
        assert leaked not in german


@pytest.mark.parametrize(
    ("locale", "zone", "expected"),
    [
        ("de", "Europe/Berlin", "21.05.2026, 10:30:00 MESZ"),
        ("en", "Europe/Berlin", "21 May 2026, 10:30:00 CEST"),
        ("en", "America/New_York", "21 May 2026, 04:30:00 EDT"),
    ],
)
def test_times_are_in_the_tenants_zone(
    world: World, clock: time_machine.Traveller, locale: str, zone: str, expected: str
) -> None:
    world.request("PUT", "/v1/settings", {"time_zone": zone}).ok()
    anna = guest(world)
    plant("participations", anna)
    text = page(made(world, clock, anna, locale=locale))
    assert f'<time datetime="2026-05-21T08:30:00.000Z">{expected}</time>' in text
    assert zone in text


def test_each_record_says_on_which_day_it_will_be_gone(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    plant("participations", anna)
    plant("coupons", anna)
    text = page(made(world, clock, anna))
    days = re.findall(r"Wird gelöscht am <time[^>]*>([^<]*)</time>", text)
    assert sorted(set(days)) == ["10.05.2028", "18.11.2026", "20.07.2026"]
    assert len(days) == text.count("<article>")


def test_states_and_known_fields_are_told_in_german(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world, fields={"firstname": "Anna", "shoe_size": 39})
    plant("consents", anna)
    text = page(made(world, clock, anna))
    for told in ("<bdi>Vorname</bdi>", "<bdi>shoe_size</bdi>", "<bdi>39</bdi>", "<bdi>erteilt</bdi>"):
        assert told in text


def test_every_experience_is_called_by_its_title(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    plant("participations", anna)
    plant("participations", anna, experience="unknown")
    text = page(made(world, clock, anna))
    assert "<bdi>Summer raffle</bdi>" in text
    assert "<bdi>unknown</bdi>" in text


def test_every_word_is_there_in_both_languages() -> None:
    for name, told in words.WORDS.items():
        assert told.en.strip(), name
        assert told.de.strip(), name
        fields = [re.findall(r"{(\w+)}", text) for text in told]
        assert fields[0] == fields[1], name
