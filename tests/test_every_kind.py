"""What holds for every kind: listed newest first and whole, gone to the second, deleted at once, one tenant's own,
masked for readers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.store import alive
from chalicelib.store.tenancy import Store
from tests import seeds
from tests.seeds import ANNA, POSTAL, Planted, guest, ms, plant
from tests.world import World

NAMES = list(KINDS)
RECORDS = [name for name in NAMES if name != "customers"]
FROM_CREATION = {name: kind.days for name, kind in KINDS.items() if kind.promise.since == "creation"}
START = datetime(2026, 3, 10, 15, 30, 20, 250_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)
COMMON = {"id", "created_at", "expires_at", "masked", "customer_id", "experience"}


@pytest.fixture
def clockwork(world: World) -> Iterator[time_machine.Traveller]:
    """The clock stands at START and moves only when a test says so."""
    world.tokens.clear()  # they are of a time to come
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def reads(world: World, kind: str, person: str, *records: Planted) -> dict[str, list[str]]:
    """The ids that each way to read finds."""
    questions: dict[str, dict[str, Any]] = {
        "list": {"active_days": 180} if kind == "customers" else {},
        "by customer": {"customer_id": person},
        "by the beginning of an address": {"email": "anna"},
        "by a part of an address": {"email": "schmidt"},
        "by a whole address": {"email": ANNA},
    }
    if kind != "customers":
        questions["by experience"] = {"experience": "summer"}
    found = {name: ids(world, kind, **query) for name, query in questions.items()}
    one_by_one = [record.id for record in records if world.get(f"/v1/records/{kind}/{record.id}").status == 200]
    return {**found, "by its id": one_by_one, "customer page": on_customer_page(world, kind, person)}


def on_customer_page(world: World, kind: str, person: str) -> list[str]:
    page = world.get(f"/v1/customers/{person}")
    if page.status == 404:
        return []
    return [page.json["customer"]["id"]] if kind == "customers" else [row["id"] for row in page.json[kind]["items"]]


def rows(world: World, kind: str, **query: Any) -> list[dict[str, Any]]:
    """To the end of the cursors, without the variables that a sign-in writes."""
    return [row for row in world.rows(kind, **query) if not row.get("system")]


def ids(world: World, kind: str, **query: Any) -> list[str]:
    return [row["id"] for row in rows(world, kind, **query)]


def seen_in(world: World, kind: str, person: str, *records: Planted) -> list[str]:
    """The reads that show any of the records."""
    found = reads(world, kind, person, *records)
    return [name for name, ids in found.items() if any(record.id in ids for record in records)]


def hidden_in(world: World, kind: str, person: str, *records: Planted) -> list[str]:
    """The reads that lack any of the records."""
    found = reads(world, kind, person, *records)
    return [name for name, ids in found.items() if any(record.id not in ids for record in records)]


def many(world: World, kind: str, times: list[int]) -> list[str]:
    """Records made at these times, in that order; customers are as many people."""
    if kind == "customers":
        return [guest(world, f"guest{place}@example.com", at) for place, at in enumerate(times)]
    person = guest(world)
    return [plant(kind, person, at).id for at in times]


# -- lists --


# One kind a table has many: reading them is the same code for all, and the DynamoDB of the tests is slow.
HOW_MANY = {"customers": 45, "consents": 90, "participations": 240, "codes": 90, "log": 120}


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_pages_reach_every_record_exactly_once_newest_first(world: World, kind: str) -> None:
    """Half of them in one millisecond, which says nothing about their order."""
    now, count = clock.now_ms(), HOW_MANY.get(kind, 27)
    made = many(world, kind, [now - 1000 * max(0, place - count // 2) for place in range(count)])
    found = ids(world, kind, limit=count // 9)
    assert len(found) == count
    assert set(found[: count // 2 + 1]) == set(made[: count // 2 + 1])
    assert found[count // 2 + 1 :] == made[count // 2 + 1 :]
    assert ids(world, kind, limit=100) == found
    if kind != "customers":
        assert ids(world, kind, limit=count // 5, experience="summer") == found


@pytest.mark.parametrize("kind", ["consents", "participations", "variables", "coupons", "codes", "log"])
def test_a_customers_records_come_in_pages_exactly_once(world: World, kind: str) -> None:
    person, now = guest(world), clock.now_ms()
    made = [plant(kind, person, now - 1000 * (place // 2) - 1000).id for place in range(52)]
    for query in ({"customer_id": person}, {"email": ANNA}, {"email": "ann"}):
        found = ids(world, kind, limit=20, **query)
        assert (len(found), set(found)) == (52, set(made))
    page = world.get(f"/v1/customers/{person}").ok()[kind]
    assert len(page["items"]) == 50
    rest = world.rows(kind, customer_id=person, cursor=page["next"])
    assert [row["id"] for row in page["items"] + rest if not row.get("system")] == ids(world, kind, customer_id=person)


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_a_record_that_arrives_while_paging_is_neither_doubled_nor_hides_another(world: World, kind: str) -> None:
    now = clock.now_ms()
    made = many(world, kind, [now - 10_000 * place - 10_000 for place in range(12)])
    first = world.get(f"/v1/records/{kind}", query={"limit": 5}).ok()
    newer, between = now - 5_000, now - 10_000 * 8 - 5_000
    arrived = [
        guest(world, f"late{at}@example.com", at) if kind == "customers" else plant(kind, guest(world), at).id
        for at in (newer, between)
    ]
    rest = world.rows(kind, limit=5, cursor=first["next"])
    found = [row["id"] for row in first["items"] + rest if not row.get("system")]
    assert len(found) == len(set(found))
    assert set(found) == {*made, arrived[1]}


# -- retention --


@pytest.mark.parametrize("kind", FROM_CREATION)
def test_a_record_is_seen_to_the_last_second_of_its_retention_and_no_longer(
    world: World, kind: str, clockwork: time_machine.Traveller
) -> None:
    person = guest(world)
    record = plant(kind, person)
    end = START.replace(microsecond=0) + timedelta(days=FROM_CREATION[kind])
    stays_a_customer(world, clockwork, end)
    clockwork.move_to(end - SECOND)
    assert hidden_in(world, kind, person, record) == []
    shown = world.get(f"/v1/records/{kind}/{record.id}").ok()
    assert shown["expires_at"] == end.isoformat().replace("+00:00", "Z")
    for after in (end, end + SECOND):
        clockwork.move_to(after)
        assert seen_in(world, kind, person, record) == []
    assert record.stored(Store("acme")) is not None  # TTL has not run


def stays_a_customer(world: World, clockwork: time_machine.Traveller, until: datetime) -> None:
    """Comes back every hundred days, so that records are looked for that the customer did not take along."""
    for days in range(100, (until - START).days, 100):
        clockwork.move_to(START + timedelta(days=days))
        guest(world)


@pytest.mark.parametrize("kind", ["customers", "consents"])
def test_a_customer_and_consents_are_seen_to_the_end_of_the_180th_utc_day_after_the_last_activity(
    world: World, kind: str, clockwork: time_machine.Traveller
) -> None:
    person = guest(world, fields=POSTAL)
    record = seeds.of_kind(world, kind, person)
    end = datetime(2026, 3, 10, tzinfo=UTC) + timedelta(days=181)
    clockwork.move_to(end - SECOND)
    assert hidden_in(world, kind, person, record) == []
    assert world.get(f"/v1/records/{kind}/{record.id}").ok()["expires_at"] == "2026-09-07T00:00:00Z"
    for after in (end, end + SECOND):
        clockwork.move_to(after)
        assert seen_in(world, kind, person, record) == []
        assert world.get(f"/v1/customers/{person}").status == 404
    assert record.stored(Store("acme")) is not None


@pytest.mark.parametrize("kind", ["customers", "consents"])
def test_later_activity_prolongs_a_customer_and_consents_and_earlier_activity_takes_nothing_back(
    world: World, kind: str, clockwork: time_machine.Traveller
) -> None:
    person = guest(world)
    record = seeds.of_kind(world, kind, person)
    last = START + timedelta(days=180)
    clockwork.move_to(last)
    guest(world)
    guest(world, at=ms(START + timedelta(days=20)))
    world.collect("log-entries", level="info", message="The night job ran", customer_id=person).ok()
    end = last.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=181)
    clockwork.move_to(end - timedelta(days=100))
    world.collect("log-entries", level="info", message="The night job ran", customer_id=person).ok()
    clockwork.move_to(end - SECOND)
    assert hidden_in(world, kind, person, record) == []
    clockwork.move_to(end)
    assert seen_in(world, kind, person, record) == []
    assert record.stored(Store("acme")) is not None


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.holder])
def test_a_holder_who_is_no_longer_alive_leaves_a_spent_code_without_a_name(
    world: World, kind: str, clockwork: time_machine.Traveller
) -> None:
    person = guest(world)
    record = plant(kind, person)
    clockwork.move_to(datetime(2026, 9, 6, 23, 59, 59, tzinfo=UTC))
    [row] = world.rows(kind)
    assert (row["email"], row["customer_id"]) == (ANNA, person)
    clockwork.move_to(datetime(2026, 9, 7, tzinfo=UTC))
    [row] = world.rows(kind)
    assert (row["id"], row["email"], row["customer_id"]) == (record.id, None, None)
    assert row["state"] != "free"
    assert world.rows(kind, customer_id=person) == world.rows(kind, email="anna") == world.rows(kind, email=ANNA) == []
    one = world.get(f"/v1/records/{kind}/{record.id}").ok()
    assert (one["email"], one["customer_id"]) == (None, None)
    assert ANNA not in world.get(f"/v1/records/{kind}").text


def test_records_of_a_customer_who_is_being_erased_are_hidden_and_coupons_and_codes_name_nobody(world: World) -> None:
    person = guest(world)
    left = {kind: plant(kind, person) for kind in FROM_CREATION}
    world.request("DELETE", f"/v1/records/customers/{person}").ok()
    for kind, record in left.items():
        one = world.get(f"/v1/records/{kind}/{record.id}")
        if KINDS[kind].holder:
            assert (one.ok()["customer_id"], one.json.get("email")) == (None, None), kind
        else:
            one.problem(404, "record_unknown")
            assert world.rows(kind) == []
        assert person not in world.get(f"/v1/records/{kind}").text
        assert world.rows(kind, customer_id=person) == world.rows(kind, email="anna") == [], kind


@pytest.mark.parametrize("kind", ["variables", "files", "log"])
def test_what_was_recorded_before_a_sign_in_is_the_customers_as_soon_as_the_instance_is_linked(
    world: World, kind: str
) -> None:
    record = plant(kind, None, instance="pi-1")
    person = guest(world)
    assert record.id in ids(world, kind)
    assert ids(world, kind, customer_id=person) == []
    seeds.link("pi-1", person)
    assert hidden_in(world, kind, person, record) == []
    [row] = rows(world, kind)
    assert row["customer_id"] == person


# -- deletion --


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_deleting_one_record_removes_it_from_every_read_and_leaves_the_others(world: World, kind: str) -> None:
    person, other = guest(world), guest(world, "bob@example.org")
    record, bobs = seeds.of_kind(world, kind, person), seeds.of_kind(world, kind, other)
    erasing = kind == "customers"  # which is a job
    assert world.request("DELETE", f"/v1/records/{kind}/{record.id}").status == (202 if erasing else 204)
    assert seen_in(world, kind, person, record) == []
    assert erasing or record.stored(Store("acme")) is None
    assert world.request("DELETE", f"/v1/records/{kind}/{record.id}").status in (202 if erasing else 204, 404)
    assert ids(world, kind) == [bobs.id]


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_deleting_all_hides_at_once_in_every_read_and_what_is_newer_stays(world: World, kind: str) -> None:
    person, now = guest(world), clock.now_ms()
    records = [seeds.of_kind(world, kind, person, at=now - 60_000 * place) for place in range(3)]
    answer = world.request("DELETE", f"/v1/records/{kind}", query={"confirm": kind})
    assert answer.status == 202
    newer = guest(world)
    later = seeds.of_kind(world, kind, newer)
    assert seen_in(world, kind, person, *records) == []
    assert all(record.stored(Store("acme")) for record in records)  # the removal has not begun
    assert hidden_in(world, kind, newer, later) == []


@pytest.mark.parametrize("kind", seeds.EVERY_RECORD)
def test_deleting_all_of_one_experience_leaves_the_other_experiences(world: World, kind: str) -> None:
    person = guest(world)
    gone, stays = plant(kind, person), plant(kind, person, experience="winter")
    query = {"confirm": kind, "experience": "summer"}
    assert world.request("DELETE", f"/v1/records/{kind}", query=query).status == 202
    assert seen_in(world, kind, person, gone) == []
    assert ids(world, kind) == ids(world, kind, experience="winter") == ids(world, kind, email=ANNA) == [stays.id]
    assert hidden_in(world, kind, person, plant(kind, person)) == []


def test_deleting_all_customers_takes_what_belongs_to_them_and_the_names_of_the_rest(world: World) -> None:
    person = guest(world)
    records = {kind: plant(kind, person) for kind in RECORDS}
    world.request("DELETE", "/v1/records/customers", query={"confirm": "customers"}).ok()
    for kind, record in records.items():
        if KINDS[kind].holder:
            [row] = world.rows(kind)
            assert (row["id"], row["email"], row["customer_id"]) == (record.id, None, None)
        else:
            assert seen_in(world, kind, person, record) == [], kind


@pytest.mark.parametrize("order", [RECORDS, RECORDS[::-1]], ids=["forwards", "backwards"])
def test_deleting_all_of_one_kind_after_another_leaves_those_whose_turn_has_not_come(
    world: World, order: list[str]
) -> None:
    person = guest(world)
    made = {kind: plant(kind, person).id for kind in RECORDS}
    for kind in order:
        assert ids(world, kind) == [made[kind]]
        world.request("DELETE", f"/v1/records/{kind}", query={"confirm": kind}).ok()
        assert ids(world, kind) == []
    assert ids(world, "customers") == [person]


# -- tenants --


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_another_tenant_sees_nothing_by_list_id_cursor_or_customer(world: World, kind: str) -> None:
    person = guest(world)
    record = seeds.of_kind(world, kind, person)
    second = guest(world, "bob@example.org")
    seeds.of_kind(world, kind, second)
    cursor = world.get(f"/v1/records/{kind}", query={"limit": 1}).ok()["next"]
    questions: list[dict[str, Any]] = [{}, {"customer_id": person}, {"email": "anna"}, {"email": ANNA}]
    assert [world.rows(kind, tenant="other", **query) for query in questions] == [[], [], [], []]
    world.get(f"/v1/records/{kind}/{record.id}", tenant="other").problem(404, "record_unknown")
    world.get(f"/v1/customers/{person}", tenant="other").problem(404, "customer_unknown")
    query: dict[str, Any] = {"limit": 1, "cursor": cursor}
    world.get(f"/v1/records/{kind}", tenant="other", query=query).problem(422, "cursor_invalid")
    assert world.get(f"/v1/records/{kind}", query=query).status == 200
    assert world.request("DELETE", f"/v1/records/{kind}/{record.id}", tenant="other").status == 404
    world.request("DELETE", f"/v1/records/{kind}", tenant="other", query={"confirm": kind}).ok()
    assert hidden_in(world, kind, person, record) == []


def test_a_cursor_continues_only_the_question_it_was_made_for(world: World) -> None:
    for email in (ANNA, "bob@example.org"):
        person = guest(world, email)
        for kind in RECORDS:
            plant(kind, person)
    for kind in NAMES:
        cursor = world.get(f"/v1/records/{kind}", query={"limit": 1}).ok()["next"]
        elsewhere = "codes" if kind != "codes" else "coupons"
        forged = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
        for path, query in (
            (kind, {"cursor": cursor, "customer_id": person}),
            (kind, {"cursor": cursor, "from": "2020-01-01T00:00:00Z"}),
            (elsewhere, {"cursor": cursor}),
            (kind, {"cursor": forged}),
        ):
            refused = world.get(f"/v1/records/{path}", query=query).problem(422, "cursor_invalid")
            assert [error["parameter"] for error in refused["errors"]] == ["cursor"]


# -- rows --


@pytest.mark.parametrize("kind", NAMES)
def test_a_row_has_the_columns_of_the_table_of_kinds_and_the_common_ones(world: World, kind: str) -> None:
    person = guest(world, fields=POSTAL)
    record = seeds.of_kind(world, kind, person)
    of = KINDS[kind]
    columns = {column.name for column in of.columns} | (COMMON - {"experience"} if kind == "customers" else COMMON)
    columns |= {"email"} if of.owned else set()
    [row] = rows(world, kind)
    assert set(row) == columns
    one = world.get(f"/v1/records/{kind}/{record.id}").ok()
    assert one == row | ({"text": seeds.WORDING} if kind == "consents" else {})
    assert row["customer_id"] == person
    expected = seeds.DATA.get(kind, {"fields": POSTAL})
    shown = {name: row[name] for name in expected}
    assert shown == (expected | {"value": "XL"} if kind == "variables" else expected)


SECRETS = {
    "customers": [ANNA, "schmidt", '"01067"', "Dresden", "Müller"],
    "transactions": [ANNA, "a quiz"],
    "variables": [ANNA, '"XL"'],
    "files": [ANNA, ".mp3", "9f86d081"],
    "coupons": [ANNA, "SUMMER-7", "R-7F3K"],
    "codes": [ANNA, "LUCKY-", "Y-0815"],
    "consents": [ANNA],
    "log": ["shop.example"],
}
ENTRY = [ANNA, "schmidt", '"01067"', "Dresden", "Müller"]


@pytest.mark.parametrize("kind", NAMES)
def test_a_reader_sees_no_personal_data_and_a_viewer_all_of_it(world: World, kind: str) -> None:
    person = guest(world, fields=POSTAL)
    record = seeds.of_kind(world, kind, person)
    paths = (f"/v1/records/{kind}", f"/v1/records/{kind}/{record.id}", f"/v1/records/{kind}?customer_id={person}")
    for path in paths:
        hidden = {role: world.get(path, roles=(role,)) for role in ("reader", "editor", "privacy")}
        open_to = [world.get(path, roles=roles) for roles in (("viewer",), ("owner",), ("editor", "viewer"))]
        for secret in SECRETS.get(kind, ENTRY):
            for role, reply in hidden.items():
                assert secret not in json.dumps(reply.ok(), ensure_ascii=False), (role, path)
            for reply in open_to:
                assert secret in json.dumps(reply.ok(), ensure_ascii=False)
        for reply in hidden.values():
            assert {row["masked"] for row in reply.json.get("items", [reply.json])} == {True}
        for reply in open_to:
            assert {row["masked"] for row in reply.json.get("items", [reply.json])} == {False}


@pytest.mark.parametrize("kind", ["coupons", "codes"])
def test_a_reader_sees_nothing_at_all_of_a_code_that_is_still_free(world: World, kind: str) -> None:
    plant(kind, None)
    [row] = world.rows(kind, roles=("reader",))
    assert (row["state"], row["code"]) == ("free", "•••")


def test_every_kind_of_the_table_is_planted_and_counted_here() -> None:
    assert set(seeds.DATA) == set(RECORDS)
    assert {kind.days for kind in KINDS.values()} == {7, 60, 180, 720}
    assert alive.expiry(KINDS["log"], 1_999) == 1 + 7 * clock.DAY_S
