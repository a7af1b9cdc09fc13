"""Putting personal data right: fields merge, an address moves with everything that finds it."""

from typing import Any

import pytest
import time_machine

from chalicelib.clock import DAY_MS, now_ms
from tests.seeds import ANNA, guest
from tests.world import Reply, World

NEW = "anna.meier@neu.example"


def rectify(world: World, person: str, tenant: str = "acme", **told: Any) -> Reply:
    return world.request("PATCH", f"/v1/customers/{person}", told, roles=("privacy", "viewer"), tenant=tenant)


def found(world: World, text: str) -> list[str]:
    return [row["id"] for row in world.rows("customers", email=text)]


def test_fields_merge_and_null_removes_one(world: World) -> None:
    person = guest(world, fields={"firstname": "Ana", "city": "Bonn"})
    row = rectify(world, person, fields={"firstname": "Anna", "city": None, "street": "Weg 1"}).ok()
    assert row["fields"] == {"firstname": "Anna", "street": "Weg 1"}


def test_a_new_address_finds_the_customer_and_the_old_one_no_more(world: World) -> None:
    person = guest(world)
    assert rectify(world, person, email="Anna.Meier@Neu.example").ok()["email"] == "Anna.Meier@Neu.example"
    assert [found(world, text) for text in (NEW, "anna.m", "meier", "neu.ex")] == [[person]] * 4
    assert found(world, ANNA) == found(world, "schmidt") == []
    assert world.collect("sign-ins", email=NEW).ok()["outcome"] == "recognised"
    assert world.collect("sign-ins", email=ANNA).ok()["outcome"] == "registered"


def test_the_address_of_somebody_else_is_refused_and_nothing_changes(world: World) -> None:
    person, other = guest(world), guest(world, NEW)
    rectify(world, person, email=NEW, fields={"city": "Bonn"}).problem(409, "email_taken")
    assert (found(world, NEW), found(world, ANNA)) == ([other], [person])
    assert world.get(f"/v1/records/customers/{person}").ok()["fields"] == {}


def test_the_address_of_somebody_who_is_gone_can_be_taken(world: World) -> None:
    """Their search entries lie up to a week longer than they do."""
    with time_machine.travel((now_ms() - 182 * DAY_MS) / 1000, tick=True):
        guest(world, NEW)
    person = guest(world)
    rectify(world, person, email=NEW).ok()
    assert found(world, NEW) == [person]


def test_what_was_put_right_is_on_the_time_line(world: World) -> None:
    person = guest(world, fields={"firstname": "Ana"})
    rectify(world, person, fields={"firstname": "Anna"}, email=NEW).ok()
    values = [(row["name"], row["value"]) for row in world.rows("variables", customer_id=person) if row["system"]]
    assert values[:2] == [("firstname", "Anna"), ("email", NEW)]
    assert {row["name"] for row in world.rows("variables")} == {"firstname", "email"}


def test_the_same_again_writes_nothing(world: World) -> None:
    person = guest(world)
    for _ in range(2):
        rectify(world, person, fields={"city": "Bonn"}).ok()
    assert len(world.rows("variables", customer_id=person)) == 1


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"fields": {"birthdate": "1.1.1990"}}, "/fields/birthdate"),
        ({"points": 5}, "/points"),
        ({"fields": {f"n{i}": "x" * 4000 for i in range(3)}}, "/fields"),
    ],
)
def test_what_is_wrong_is_named(world: World, told: dict[str, Any], pointer: str) -> None:
    person = guest(world, fields={"note": "x" * 4000, "more": "x" * 4000})
    problem = rectify(world, person, **told).problem(422, "validation")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_nobody_puts_right_what_is_another_tenants(world: World) -> None:
    person = guest(world)
    rectify(world, person, tenant="other", fields={"city": "Bonn"}).problem(404, "customer_unknown")


def test_who_may_not_see_gets_the_answer_masked(world: World) -> None:
    person = guest(world, fields={"city": "Ulm"})
    row = world.request("PATCH", f"/v1/customers/{person}", {"fields": {"city": "Bonn"}}, roles=("privacy",)).ok()
    assert (row["email"], row["fields"], row["masked"]) == ("•••@•••", {"city": "•••"}, True)
