"""Signing in: registered once, recognised ever after, and what is known of a person grows and shrinks with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import Traveller

from tests.collect import stored
from tests.collect.threads import at_once, collect
from tests.world import World

ANNA = "anna.schmidt@example.com"
LONG = {f"answer_{i}": "ä" * 60 for i in range(8)}  # more than fits into the customer item


def test_a_first_sign_in_registers_and_the_next_recognises(clock: Traveller, world: World) -> None:
    first = world.collect("sign-ins", email=ANNA, fields={"firstname": "Anna"}, locale="de", channel="web").ok()
    again = world.collect("sign-ins", email=ANNA).ok()
    assert first == {
        "type": "sign-ins",
        "outcome": "registered",
        "id": first["customer_id"],
        "customer_id": first["customer_id"],
        "created_at": "2030-05-21T08:00:00.000Z",
        "registered_at": "2030-05-21T08:00:00.000Z",
        "expires_at": "2030-11-18T00:00:00Z",  # 00:00 UTC after the day + 180
        "state": {"points": 0, "consents": {}, "wins": []},
    }
    assert again == {**first, "outcome": "recognised"}


def test_fields_are_merged_and_null_removes_one(world: World) -> None:
    world.collect("sign-ins", email=ANNA, fields={"firstname": "Anna", "city": "Dresden", "n": 1}).ok()
    world.collect("sign-ins", email=ANNA, fields={"city": None, "lastname": "Schmidt", "n": True}, channel="web").ok()
    [row] = world.rows("customers")
    assert (row["fields"], row["channel"]) == ({"firstname": "Anna", "lastname": "Schmidt", "n": True}, "web")
    assert row["fields"]["n"] is True  # which equals 1 for Python


def test_large_fields_move_beside_the_customer_and_back_and_all_reads_show_them(world: World) -> None:
    id = world.collect("sign-ins", email=ANNA, fields={"firstname": "Anna"}).ok()["id"]
    for change, known in (
        (LONG, {"firstname": "Anna", **LONG}),
        ({"answer_0": "short"}, {"firstname": "Anna", **LONG, "answer_0": "short"}),
        (dict.fromkeys(LONG), {"firstname": "Anna"}),
    ):
        world.collect("sign-ins", email=ANNA, fields=change).ok()
        lists = [world.rows("customers"), world.rows("customers", email="schmidt"), world.rows("customers", email=ANNA)]
        lists += [[world.get(f"/v1/records/customers/{id}").ok()], [world.get(f"/v1/customers/{id}").ok()["customer"]]]
        assert [rows[0]["fields"] for rows in lists] == [known] * 5
        assert sum(row["sk"] == "fields" for row in stored.items("Customers")) == (len(known) > 1)


def test_what_is_known_of_a_person_stays_within_the_limits_of_one_sign_in(world: World) -> None:
    world.collect("sign-ins", email=ANNA, fields={f"a{i}": "x" for i in range(100)}).ok()
    with stored.nothing_written():
        told: dict[str, Any] = {"fields": {"one_more": "x"}}
        reply = world.call({"type": "sign-ins"}, {"type": "sign-ins", **told}, key="k", email=ANNA)
        [error] = reply.problem(422, "validation")["errors"]
        assert (error["pointer"], error["code"]) == ("/events/1/fields", "too_many")
    world.collect("sign-ins", email=ANNA, fields={f"a{i}": None for i in range(90)} | {"one_more": "x"}).ok()
    for i in range(3):
        world.collect("sign-ins", email=ANNA, fields={f"big{i}": "x" * 4000}).ok()
    world.collect("sign-ins", email=ANNA, fields={"big3": "x" * 4000}).ok()
    [error] = world.collect("sign-ins", email=ANNA, fields={"big4": "x" * 4000}).problem(422, "validation")["errors"]
    assert error["code"] == "too_many_bytes"


def test_twenty_first_sign_ins_of_one_address_at_once_make_one_customer(world: World) -> None:
    answers = at_once(20, lambda i: collect("sign-ins", email=ANNA, fields={f"a{i}": i}))
    done = [answer for answer in answers if "problem" not in answer]
    assert {answer.get("problem") for answer in answers} <= {None, "in_progress"}
    assert [answer["outcome"] for answer in done].count("registered") == 1
    [customer] = world.rows("customers")
    assert {answer["customer_id"] for answer in done} == {customer["id"]}
    assert len(customer["fields"]) == len(done)  # nobody's field was lost


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna@Example.COM", " anna@example.com ", True),
        ("ÄÖ+tag@Bücher.example", "äö+tag@xn--bcher-kva.example", True),
        ("\uff41nna@example.com", "anna@example.com", True),
        ("a.nna@example.com", "anna@example.com", False),
        ("anna+1@example.com", "anna@example.com", False),
    ],
)
def test_an_address_is_one_person_in_all_its_spellings_and_dots_and_tags_are_another(
    world: World, one: str, other: str, same: bool
) -> None:
    first = world.collect("sign-ins", email=one).ok()
    second = world.collect("sign-ins", email=other).ok()
    assert (first["customer_id"] == second["customer_id"]) is same
    assert [row["email"] for row in world.rows("customers", email=one)] == [one]  # as it was typed first


def test_the_address_of_an_expired_customer_registers_anew_though_ttl_has_not_run(
    clock: Traveller, world: World
) -> None:
    old = world.collect("sign-ins", email=ANNA, fields={"firstname": "Anna", **LONG}).ok()
    world.collect("consents", email=ANNA, consent="news", status="granted", text="Yes").ok()
    clock.move_to(datetime(2030, 11, 17, 23, 59, 59, tzinfo=UTC))
    assert [row["id"] for row in world.rows("customers", email=ANNA)] == [old["id"]]
    clock.shift(1)
    assert world.rows("customers", email="schmidt") == world.rows("consents") == []
    new = world.collect("sign-ins", email=ANNA).ok()
    assert (new["outcome"], new["state"]["consents"]) == ("registered", {})
    assert new["customer_id"] != old["customer_id"]
    for text in ("anna", "schmidt", ANNA):
        assert [(row["id"], row["fields"]) for row in world.rows("customers", email=text)] == [(new["id"], {})]
    assert world.rows("consents") == []
    assert world.collect("sign-ins", email=ANNA).ok()["customer_id"] == new["id"]


def test_after_delete_all_the_same_address_is_somebody_new(world: World) -> None:
    old = world.collect("sign-ins", email=ANNA, fields={"firstname": "Anna"}).ok()
    world.request("DELETE", "/v1/records/customers", query={"confirm": "customers"}).ok()
    world.collect("state", customer_id=old["id"]).problem(404, "customer_unknown")
    new = world.collect("sign-ins", email=ANNA).ok()
    assert new["outcome"] == "registered" and new["id"] != old["id"]
    assert [row["fields"] for row in world.rows("customers")] == [{}]


def test_activity_counts_in_utc_days_and_never_moves_back(clock: Traveller, world: World) -> None:
    def last() -> str:
        [row] = world.rows("customers")
        return str(row["last_active_at"])[:10]

    clock.move_to(datetime(2030, 5, 21, 23, 59, 59, tzinfo=UTC))
    id = world.collect("sign-ins", email=ANNA).ok()["id"]
    with stored.nothing_written():
        world.collect("sign-ins", email=ANNA).ok()
    clock.shift(1)
    assert world.collect("state", customer_id=id).ok()["outcome"] == "state"
    assert last() == "2030-05-22"
    world.collect("sign-ins", email=ANNA, occurred_at="2030-05-20T12:00:00Z").ok()
    assert last() == "2030-05-22"
    clock.shift(timedelta(days=2))
    world.collect("log-entries", customer_id=id, level="info", message="hello").ok()
    assert last() == "2030-05-22"
    for type, event in (
        ("consents", {"consent": "news", "status": "declined"}),
        ("participations", {"giveaway": "bike"}),
        ("variables", {"variables": [{"name": "a", "value": 1}]}),
    ):
        clock.shift(timedelta(days=1))
        world.collect(type, customer_id=id, **event).ok()
        assert last() == f"{datetime.now(UTC):%Y-%m-%d}", type


def test_a_customer_is_named_by_id_or_address_and_both_must_agree(world: World) -> None:
    anna = world.collect("sign-ins", email=ANNA).ok()["id"]
    bert = world.collect("sign-ins", email="bert@example.com").ok()["id"]
    nobody = "00000000-0000-4000-8000-000000000000"
    assert world.collect("state", email=ANNA, customer_id=anna).ok()["customer_id"] == anna
    with stored.nothing_written():
        world.collect("state", email=ANNA, customer_id=bert).problem(409, "customer_mismatch")
        world.collect("sign-ins", email="new@example.com", customer_id=bert).problem(409, "customer_mismatch")
        world.collect("state", email=ANNA, customer_id=nobody).problem(409, "customer_mismatch")
        world.collect("state", customer_id=nobody).problem(404, "customer_unknown")
        world.collect("state", email="nobody@example.com").problem(404, "customer_unknown")
        world.collect("state", email=ANNA, tenant="other").problem(404, "customer_unknown")
        entry = {"type": "participations", "giveaway": "bike"}
        reply = world.call(
            {"type": "log-entries", "level": "info", "message": "x", "email": None},
            entry,
            key="k",
            email="n@example.com",
        )
        reply.problem(404, "customer_unknown")  # before the first event was recorded
    reply = world.call(entry, {"type": "sign-ins"}, key="k", email="n@example.com")
    reply.problem(404, "customer_unknown")
    answer = world.call({"type": "sign-ins"}, entry, key="k", email="n@example.com").ok()
    assert [result["outcome"] for result in answer["results"]] == ["registered", "entered"]
    assert answer["customer_id"] == answer["results"][0]["customer_id"]
