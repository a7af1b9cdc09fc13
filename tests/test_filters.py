"""Each filter of each list finds exactly what it says, alone and together with others; wrong ones are named."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.kinds import KINDS
from tests import seeds
from tests.seeds import ANNA, guest, moment, plant
from tests.world import World

NAMES = list(KINDS)
RECORDS = [name for name in NAMES if name != "customers"]
HOUR = 3_600_000
BOB = "bob@example.org"

# One filter beyond experience, person and time each: member of a row, a value to look for, another one.
OWN = [
    ("participations", "giveaway", "bike", "daily"),
    ("winners", "giveaway", "bike", "daily"),
    ("winners", "draw", "draw-1", "draw-2"),
    ("winners", "state", "accepted", "declined"),
    ("instant_win_participations", "instant_win", "wheel", "box"),
    ("instant_win_winners", "instant_win", "wheel", "box"),
    ("redemptions", "reward", "mug", "cup"),
    ("coupons", "state", "issued", "free"),
    ("codes", "state", "redeemed", "free"),
    ("consents", "consent", "newsletter", "sms"),
    ("consents", "state", "granted", "withdrawn"),
    ("variables", "name", "size", "colour"),
    ("log", "event", "remote_call_failed", "sign_in"),
    ("log", "trace_id", seeds.TRACE, "0" * 32),
]
COLUMN = {("winners", "draw"): "draw_id", ("consents", "state"): "status"}
WITHIN = {"giveaway", "instant_win", "reward", "name"}


def ids(world: World, kind: str, **query: Any) -> list[str]:
    asked = {name.rstrip("_"): value for name, value in query.items()}
    return [row["id"] for row in world.rows(kind, **asked) if not row.get("system")]


def narrowed(kind: str, name: str, value: str) -> dict[str, str]:
    """The query of such a filter, with what it needs beside it."""
    beside = {"experience": "summer"} if name in WITHIN else {}
    beside |= {"consent": "newsletter"} if (kind, name) == ("consents", "state") else {}
    return {name: value, **beside}


# -- what many kinds have --


@pytest.mark.parametrize("kind", seeds.EVERY_RECORD)
def test_experience_and_person_find_their_own_alone_and_together(world: World, kind: str) -> None:
    anna, bob = guest(world), guest(world, BOB)
    made = {
        (person, experience): plant(kind, person, experience=experience).id
        for person in (anna, bob)
        for experience in ("summer", "winter")
    }
    annas, bobs = [made[anna, "winter"], made[anna, "summer"]], [made[bob, "winter"], made[bob, "summer"]]
    assert ids(world, kind) == bobs + annas
    assert ids(world, kind, experience="winter") == [made[bob, "winter"], made[anna, "winter"]]
    assert ids(world, kind, experience="spring") == []
    for query in ({"customer_id": anna}, {"email": ANNA}, {"email": "schmidt"}):
        assert ids(world, kind, **query) == annas
        assert ids(world, kind, experience="winter", **query) == annas[:1]
    assert sorted(ids(world, kind, email="example")) == sorted(annas + bobs)
    assert ids(world, kind, email="nobody") == ids(world, kind, email="nobody@example.com") == []


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_from_and_to_are_half_open_to_the_millisecond(world: World, kind: str) -> None:
    now = clock.now_ms()
    times = [now - 3 * HOUR, now - 2 * HOUR, now - HOUR]
    if kind == "customers":
        oldest, middle, newest = (guest(world, f"anna{at}@example.com", at) for at in times)
        everyone: list[dict[str, Any]] = [{}, {"email": "anna"}]
    else:
        person = guest(world)
        oldest, middle, newest = (plant(kind, person, at).id for at in times)
        everyone = [{}, {"experience": "summer"}, {"email": "anna"}]
    for query in everyone:
        found = {
            (start, end): set(ids(world, kind, from_=moment(start), to=moment(end), **query))
            for start, end in ((times[0], times[2]), (times[1], times[1] + 1), (times[1] + 1, times[2] + 1))
        }
        assert list(found.values()) == [{oldest, middle}, {middle}, {newest}]
        assert ids(world, kind, to="1970-01-01T00:00:00Z", **query) == []
        assert ids(world, kind, from_=moment(times[2]), to=moment(times[0]), **query) == []


@pytest.mark.parametrize(("kind", "name", "value", "other"), OWN)
def test_a_filter_of_a_kinds_own_finds_exactly_its_records(
    world: World, kind: str, name: str, value: str, other: str
) -> None:
    anna, bob, now = guest(world), guest(world, BOB), clock.now_ms()
    column = COLUMN.get((kind, name), name)
    told: dict[str, Any] = {column: value}
    wanted = [plant(kind, anna, now - HOUR, **told).id, plant(kind, bob, **told).id]
    unlike: dict[str, Any] = {column: other}
    unwanted = plant(kind, None if kind in seeds.OPEN else anna, **unlike).id
    query = narrowed(kind, name, value)
    assert ids(world, kind, **query) == wanted[::-1]
    assert ids(world, kind, **narrowed(kind, name, other)) == [unwanted]
    assert ids(world, kind, customer_id=anna, **query) == ids(world, kind, email=ANNA, **query) == wanted[:1]
    assert ids(world, kind, email="anna", **query) == wanted[:1]
    assert ids(world, kind, **{**query, "experience": "winter"}) == []
    assert ids(world, kind, from_=moment(now), **query) == wanted[1:]
    assert ids(world, kind, **query, limit=1) == wanted[::-1]


def test_filters_of_winners_together_find_what_fits_all_of_them(world: World) -> None:
    anna = guest(world)
    made = {
        (giveaway, draw, state): plant("winners", anna, giveaway=giveaway, draw_id=draw, state=state).id
        for giveaway in ("bike", "daily")
        for draw in ("draw-1", "draw-2")
        for state in ("drawn", "accepted")
    }
    wanted = made["daily", "draw-2", "accepted"]
    query = {"experience": "summer", "giveaway": "daily", "draw": "draw-2", "state": "accepted"}
    assert ids(world, "winners", **query) == ids(world, "winners", **query, customer_id=anna) == [wanted]
    assert ids(world, "winners", draw="draw-1", state="drawn") == [
        made["daily", "draw-1", "drawn"],
        made["bike", "draw-1", "drawn"],
    ]


def test_a_consent_of_any_state_is_found_by_its_type_and_a_state_needs_the_type(world: World) -> None:
    anna = guest(world)
    states = ("requested", "granted", "declined", "withdrawn")
    made = {state: plant("consents", anna, status=state).id for state in states}
    plant("consents", anna, consent="sms")
    assert ids(world, "consents", consent="newsletter") == [made[state] for state in reversed(states)]
    for state in states:
        assert ids(world, "consents", consent="newsletter", state=state) == [made[state]]
    refused = world.get("/v1/records/consents", query={"state": "granted"}).problem(422, "validation")
    assert [error["parameter"] for error in refused["errors"]] == ["consent"]


# -- customers --


def test_customers_are_listed_by_their_last_activity_and_a_search_reaches_all_that_live(world: World) -> None:
    now = clock.now_ms()
    days = {name: now - days * clock.DAY_MS for name, days in (("new", 0), ("old", 59), ("older", 61), ("oldest", 170))}
    made = {name: guest(world, f"{name}@example.com", at) for name, at in days.items()}
    assert ids(world, "customers") == [made["new"], made["old"]]
    assert ids(world, "customers", active_days=1) == [made["new"]]
    assert ids(world, "customers", active_days=90) == [made["new"], made["old"], made["older"]]
    assert ids(world, "customers", active_days=180) == list(made.values())
    assert set(ids(world, "customers", email="example.com")) == set(made.values())
    assert set(ids(world, "customers", email="old", active_days=1)) == {made["old"], made["older"], made["oldest"]}
    assert ids(world, "customers", email="oldest@example.com") == [made["oldest"]]
    assert ids(world, "customers", customer_id=made["older"]) == [made["older"]]


SEARCHES = {
    "anna.schmidt@example.com": ("an", "anna", "ANNA.", "anna.schmidt@", "schmidt", "Schmidt@exa", "example.com", "ex"),
    "ÄÖ+tag@Bücher.example": (
        "äö",
        "ÄÖ+t",
        "tag",
        "TAG@bücher",
        "bücher",
        "Bücher.ex",
        "bü",
        "xn--bcher-kva",
        "äö+tag@bücher",
    ),
    "o'neil_99@mail.example.co.uk": ("o'n", "o'neil_99@mail", "mail.ex", "example.co", "co.uk"),
    "straße@faß.example": ("strasse", "straße", "STRASSE@", "faß", "xn--fa-hia"),
}
NOT_FOUND = {
    "anna.schmidt@example.com": ("nna", "chmidt", "com", "xample", "anna@", "anna.schmidt@example.de"),
    "ÄÖ+tag@Bücher.example": ("ao", "aeoe", "bucher", "buecher"),
}


def test_a_search_finds_the_beginning_of_an_address_and_of_each_part_of_it(world: World) -> None:
    made = {address: guest(world, address) for address in SEARCHES}
    for address, texts in SEARCHES.items():
        for text in (*texts, address, f" {address.upper()} " if "ß" not in address else address):
            assert made[address] in ids(world, "customers", email=text), (address, text)
    for address, texts in NOT_FOUND.items():
        for text in texts:
            assert made[address] not in ids(world, "customers", email=text), (address, text)


def test_a_whole_address_finds_that_customer_only_and_a_beginning_all(world: World) -> None:
    short, longer = guest(world, "anna@example.co"), guest(world, "anna@example.com")
    assert ids(world, "customers", email="anna@example.co") == [short]
    assert ids(world, "customers", email="anna@example.c") == [short, longer]


def test_a_customer_who_matches_twice_is_listed_once_however_short_the_pages(world: World) -> None:
    twice = [guest(world, f"anna.anna{place}.ann@annahof.example") for place in range(7)]
    others = [guest(world, f"person{place}@annahof.example") for place in range(5)]
    for limit in (1, 2, 3, 100):
        found = ids(world, "customers", email="ann", limit=limit)
        assert len(found) == len(set(found))
        assert set(found) == {*twice, *others}
    assert set(ids(world, "customers", email="annahof", limit=3)) == {*twice, *others}


@pytest.mark.parametrize("kind", ["participations", "codes", "log"])
def test_records_found_by_search_come_in_pages_without_doubles_or_gaps(world: World, kind: str) -> None:
    now, made = clock.now_ms(), []
    for place in range(6):
        person = guest(world, f"anna.{place}@annahof.example")
        # Later people have newer records, so that a page ending with one person hides nothing of the next.
        made += [plant(kind, person, now - HOUR + 60_000 * place + at).id for at in range(place % 4)]
    for limit in (1, 2, 3, 4, 100):
        found = ids(world, kind, email="anna", limit=limit)
        assert sorted(found) == sorted(made), limit


def test_somebody_who_signs_in_during_a_search_neither_doubles_nor_hides_records(world: World) -> None:
    people = [guest(world, f"anna{letter}@example.com") for letter in "bdf"]
    made = [plant("participations", person).id for person in people for _ in range(4)]
    first = world.get("/v1/records/participations", query={"email": "anna", "limit": 6}).ok()
    late = guest(world, "annac@example.com")
    arrived = [plant("participations", late).id for _ in range(2)]
    found = [row["id"] for row in first["items"]]
    found += ids(world, "participations", email="anna", limit=6, cursor=first["next"])
    assert len(found) == len(set(found))
    assert set(made) <= set(found) <= {*made, *arrived}


def test_a_reader_finds_a_person_by_the_whole_address_only(world: World) -> None:
    person = guest(world)
    plant("participations", person)
    for kind in ("customers", "participations"):
        for role in ("reader", "editor", "privacy"):
            for text in ("an", "anna.schmidt@example", "example.com", "schmidt"):
                refused = world.get(f"/v1/records/{kind}", query={"email": text}, roles=(role,))
                assert "viewer" in refused.problem(403, "role_missing")["detail"]
            for text in (ANNA, f" {ANNA.upper()}"):
                [row] = world.rows(kind, email=text, roles=(role,))
                assert (row["customer_id"], row["email"]) == (person, "•••@•••")
            assert world.rows(kind, email="anna.schmid@example.com", roles=(role,)) == []
    plain = world.get("/v1/records/customers", query={"email": "anna.schmidt@example.co"}, roles=("reader",))
    assert plain.ok()["items"] == []  # a whole address is no beginning of another


# -- the runtime log --


def test_a_level_finds_itself_and_above(world: World) -> None:
    levels = ("debug", "info", "warning", "error")
    made = {
        (level, experience): plant("log", None, level=level, experience=experience).id
        for level in levels
        for experience in ("summer", "winter")
    }
    for place, level in enumerate(levels):
        above = [made[one, where] for one in reversed(levels[place:]) for where in ("winter", "summer")]
        assert ids(world, "log", level=level) == ids(world, "log", level=level, limit=1) == above
        assert ids(world, "log", level=level, experience="winter") == above[::2]
        assert ids(world, "log", level=level, event="remote_call_failed", trace_id=seeds.TRACE) == above
        assert ids(world, "log", level=level, event="sign_in") == []


def test_text_finds_whole_words_in_any_order_and_case(world: World) -> None:
    made = plant("log", None, message="The shop answered 503: Zahlung für Müller fehlgeschlagen").id
    plant("log", None, message="Shopping is fine")
    for text in ("shop", "SHOP", "503", "answered shop", "für", "MÜLLER zahlung", "shop: 503!"):
        assert ids(world, "log", text=text) == [made], text
    for text in ("sho", "shops", "50", "shop closed", "fur"):
        assert ids(world, "log", text=text) == [], text


def test_a_rare_word_is_found_among_many_pages_of_others(world: World) -> None:
    now = clock.now_ms()
    wanted = plant("log", None, now - 5 * HOUR, message="the needle").id
    for place in range(150):
        plant("log", None, now - 1000 * place, message="hay")
    assert ids(world, "log", text="needle", limit=1) == [wanted]


def test_the_log_of_a_trace_is_found_in_any_case_and_within_an_experience(world: World) -> None:
    made = [plant("log", None, experience=experience).id for experience in ("summer", "winter")]
    plant("log", None, trace_id="f" * 32)
    assert ids(world, "log", trace_id=seeds.TRACE.upper()) == made[::-1]
    assert ids(world, "log", trace_id=seeds.TRACE, experience="summer") == made[:1]


# -- refusals --

FOREIGN = {"q", "sort", "From", "confirm"}
EVERY = {name for kind in KINDS.values() for name in kind.filters}


def test_a_filter_that_a_kind_lacks_is_refused_by_name(world: World) -> None:
    lacking = [(kind, name) for kind in NAMES for name in (EVERY | FOREIGN) - set(KINDS[kind].filters)]
    for kind, name in lacking:
        refused = world.get(f"/v1/records/{kind}", query={name: "x"}).problem(422, "filter_unknown")
        assert [error["parameter"] for error in refused["errors"]] == [name]
        assert refused["detail"].count(name) == 1


WRONG = [
    ("customers", "limit", ("0", "101", "-1", "1.5", "ten", "", "٣", "1e2", "9" * 400)),
    ("customers", "active_days", ("0", "181", "-1", "x", "")),
    ("customers", "from", ("", "yesterday", "2026-05-21", "2026-05-21T08:00:00", "2026-13-01T00:00:00Z", "1716278400")),
    ("log", "to", ("", "x" * 5000, "2026-05-21T25:00:00Z", "99999-01-01T00:00:00Z")),
    ("customers", "customer_id", ("1", "x" * 36, "", "../../etc", "%00")),
    ("customers", "email", ("a", "", " ", "x" * 301)),
    ("customers", "cursor", ("", "x", "ä", "A" * 10_000, "../..")),
    ("coupons", "state", ("redeemed", "FREE", "")),
    ("codes", "state", ("issued", "x")),
    ("winners", "state", ("won",)),
    ("log", "level", ("fatal", "Error", "")),
    ("log", "trace_id", ("x", "463ac35c", "")),
    ("log", "text", ("", "x" * 301)),
    ("log", "event", ("", "x" * 301)),
    ("participations", "experience", ("", "x" * 65, "Summer", "a/b", "a#b", "a\x00b")),
    ("participations", "giveaway", ("",)),
]


def test_a_wrong_value_names_its_parameter(world: World) -> None:
    for kind, name, value in [(kind, name, value) for kind, name, values in WRONG for value in values]:
        beside = {"experience": "summer"} if name in WITHIN else {}
        code = "cursor_invalid" if name == "cursor" else "validation"
        refused = world.get(f"/v1/records/{kind}", query={**beside, name: value}).problem(422, code)
        assert [error["parameter"] for error in refused["errors"]] == [name], (kind, value)


def test_ids_that_an_experience_gives_out_need_the_experience(world: World) -> None:
    for kind, name in [(kind, name) for kind, name, _, _ in OWN if name in WITHIN]:
        refused = world.get(f"/v1/records/{kind}", query={name: "x"}).problem(422, "validation")
        assert [error["parameter"] for error in refused["errors"]] == ["experience"]


def test_a_parameter_given_twice_is_refused(world: World) -> None:
    refused = world.get("/v1/records/codes?limit=1&limit=2").problem(422, "validation")
    assert [(error["parameter"], error["code"]) for error in refused["errors"]] == [("limit", "twice")]


def test_a_person_is_named_by_address_or_id_but_not_both(world: World) -> None:
    query = {"email": ANNA, "customer_id": guest(world)}
    refused = world.get("/v1/records/codes", query=query).problem(422, "validation")
    assert [error["parameter"] for error in refused["errors"]] == ["customer_id"]


def test_every_filter_of_the_table_of_kinds_is_tried_here() -> None:
    tried = {(kind, name) for kind, name, _, _ in OWN} | {
        ("log", "level"),
        ("log", "text"),
        ("customers", "active_days"),
    }
    common = {"experience", "email", "customer_id"}
    assert {(kind.name, name) for kind in KINDS.values() for name in kind.filters if name not in common} == tried
