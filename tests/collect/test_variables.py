"""Variables: stored when the chat asks for it, system variables on every change, all JSON returned as it was sent."""

import json
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as clocks
from chalicelib.kinds import KINDS
from chalicelib.store import keys, records
from chalicelib.store.tenancy import Store
from tests.collect import stored
from tests.world import World

ANNA = "anna.schmidt@example.com"
SHAPES: list[Any] = [
    None,
    True,
    False,
    0,
    -0.5,
    1.0,
    1e300,
    5e-324,
    0.1 + 0.2,
    2**63 - 1,
    -(2**63),
    "",
    "01067",
    "line\r\nline\ttab",
    "مرحبا \u202e‮ RTL",
    "👩‍👩‍👧 \ud83c\udf88".encode("utf-16", "surrogatepass").decode("utf-16"),
    [],
    {},
    [[[]], {"": {"": None}}, [1, "1", 1.5, True]],
    {"": "empty", "ä/~.#": {"nested": [{"deep": [1, 2, {"x": None}]}]}, "expires_at": 1},
    "x" * 4000,
]


def variables(*told: Any, **event: Any) -> dict[str, Any]:
    return {"variables": list(told), **event}


def values(world: World, **query: Any) -> dict[str, Any]:
    return {row["name"]: row["value"] for row in world.rows("variables", **query) if not row["system"]}


def test_json_of_every_shape_is_returned_unchanged(clock: Traveller, world: World) -> None:
    world.collect("sign-ins", email=ANNA).ok()
    told = [{"name": f"v{i}", "value": value, "persist": True} for i, value in enumerate(SHAPES)]
    answer = world.collect("variables", "k", email=ANNA, **variables(*told)).ok()
    assert answer == {
        "type": "variables",
        "outcome": "stored",
        "created_at": "2030-05-21T08:00:00.000Z",
        "expires_at": "2030-07-20T08:00:00Z",
        "stored": [f"v{i}" for i in range(len(SHAPES))],
        "not_stored": [],
    }
    found = values(world)
    assert [json.dumps(found[f"v{i}"]) for i in range(len(SHAPES))] == [json.dumps(value) for value in SHAPES]
    assert world.collect("variables", email=ANNA, **variables(*told)).ok()["outcome"] == "unchanged"


def test_only_what_shall_persist_is_stored(world: World) -> None:
    world.collect("sign-ins", email=ANNA).ok()
    with stored.nothing_written():
        answer = world.collect("variables", email=ANNA, **variables({"name": "a", "value": 1})).ok()
        assert answer == {"type": "variables", "outcome": "not_stored", "stored": [], "not_stored": ["a"]}
    both = variables({"name": "a", "value": 1}, {"name": "b", "value": 2, "persist": True})
    answer = world.collect("variables", email=ANNA, **both).ok()
    assert (answer["outcome"], answer["stored"], answer["not_stored"]) == ("partly_stored", ["b"], ["a"])
    assert values(world) == {"b": 2}


def test_a_value_equal_to_the_current_one_is_unchanged_and_any_other_is_a_new_row(
    clock: Traveller, world: World
) -> None:
    world.collect("sign-ins", email=ANNA).ok()
    outcomes = []
    for value in (1, 1, True, 2, 1, 1.0, None, None):
        told = variables({"name": "a", "value": value, "persist": True})
        outcomes.append(world.collect("variables", email=ANNA, **told).ok()["outcome"])  # all in one millisecond
    assert outcomes == [*("stored", "unchanged"), *["stored"] * 4, "stored", "unchanged"]
    assert [row["value"] for row in world.rows("variables", name="a", experience="summer")] == [
        None,
        1.0,
        1,
        2,
        True,
        1,
    ]


def test_a_scope_is_the_experience_or_the_tenant(world: World) -> None:
    world.request("PUT", "/v1/experiences/winter", {"title": "Winter"}).ok()
    world.collect("sign-ins", email=ANNA).ok()
    for scope, again in (("experience", "stored"), ("tenant", "unchanged")):
        told = variables({"name": scope, "value": 1, "persist": True, "scope": scope})
        assert world.collect("variables", email=ANNA, **told).ok()["outcome"] == "stored"
        assert world.collect("variables", email=ANNA, **{**told, "experience": "winter"}).ok()["outcome"] == again
    rows = world.rows("variables", email=ANNA)
    assert [(row["name"], row["experience"]) for row in rows if not row["system"]] == [
        ("tenant", "summer"),
        ("experience", "winter"),
        ("experience", "summer"),
    ]


def test_a_hundred_variables_are_stored_at_once_and_a_repeated_call_changes_nothing(world: World) -> None:
    world.collect("sign-ins", email=ANNA).ok()
    told = variables(*({"name": f"v{i}", "value": i, "persist": True} for i in range(100)))
    first = world.collect("variables", "k", email=ANNA, **told).ok()
    with stored.nothing_written():
        again = world.collect("variables", "k", email=ANNA, **told)
    assert (again.ok(), again.headers.get("Idempotent-Replayed")) == (first, "true")
    assert values(world) == {f"v{i}": i for i in range(100)}
    with stored.nothing_written():
        more = variables(*told["variables"], {"name": "one_more", "value": 1})
        world.collect("variables", email=ANNA, **more).problem(422, "validation")
        other = variables(*({"name": f"v{i}", "value": "new", "persist": True} for i in range(100)))
        world.collect("variables", "k", email=ANNA, **other).problem(422, "idempotency_key_reused")


def test_a_late_duplicate_never_brings_an_old_value_back(clock: Traveller, world: World) -> None:
    world.collect("sign-ins", email=ANNA).ok()

    def set_to(value: int, key: str) -> Any:
        clock.shift(1)
        return world.collect(
            "variables", key, email=ANNA, **variables({"name": "a", "value": value, "persist": True})
        ).ok()

    first, same, _ = set_to(1, "first"), set_to(1, "same"), set_to(2, "other")
    assert (set_to(1, "first"), set_to(1, "same")) == (first, same)
    assert (first["outcome"], same["outcome"]) == ("stored", "unchanged")
    assert world.rows("variables", name="a", experience="summer")[0]["value"] == 2


def test_system_variables_are_written_when_they_change_and_only_then(clock: Traveller, world: World) -> None:
    def written(**fields: Any) -> list[Any]:
        before = {row["id"] for row in world.rows("variables")}
        clock.shift(1)
        world.collect("sign-ins", email=ANNA, fields=fields).ok()
        new = [row for row in world.rows("variables") if row["id"] not in before]
        assert all(row["system"] and row["scope"] == "tenant" and row["email"] == ANNA for row in new)
        return sorted((row["name"], row["value"]) for row in new)

    assert written(firstname="Anna", city="Dresden") == [("email", ANNA), ("firstname", "Anna")]
    assert written(firstname="Anna") == []
    assert written(firstname="Änna", lastname="Schmidt", gender="f", birthdate="1990-12-31", phone="1") == [
        ("birthdate", "1990-12-31"),
        ("firstname", "Änna"),
        ("gender", "f"),
        ("lastname", "Schmidt"),
    ]
    assert written(lastname=None, city=None) == [("lastname", None)]


def test_a_file_variable_is_a_stable_url_and_its_file_must_be_there(world: World) -> None:
    customer_id = world.collect("sign-ins", email=ANNA).ok()["id"]
    store, now = Store("acme"), clocks.now_ms()
    at, data = records.new_position(now), {"name": "a.mp3", "content_type": "audio/mpeg", "size": 1, "state": "ready"}
    row = records.prepared(
        store, KINDS["files"], store.key(keys.customer(customer_id)), f"files#{at}", now, "summer", data, at=at
    )
    store.put(row)
    [file] = world.rows("files")
    told = variables({"name": "voice", "file_id": file["id"], "persist": True})
    world.collect("variables", email=ANNA, **told).ok()
    [shown] = world.rows("variables", name="voice", experience="summer")
    assert (shown["file_url"], shown["value"]) == (f"/v1/files/{file['id']}/content", None)
    world.request("DELETE", f"/v1/records/files/{file['id']}").ok()
    with stored.nothing_written():
        first = {"type": "variables", **variables({"name": "a", "value": 1, "persist": True})}
        second = {"type": "variables", **variables({"name": "b", "value": 1}, told["variables"][0])}
        [error] = world.call(first, second, key="k", email=ANNA).problem(422, "validation")["errors"]
        assert error["pointer"] == "/events/1/variables/1/file_id"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (2**63, "too_big"),
        (json.loads("[" * 40 + "]" * 40), "too_deep"),
        ("ä" * 2048, "too_many_bytes"),
        ("\0", "control_character"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused_with_the_reason(world: World, value: Any, code: str) -> None:
    world.collect("sign-ins", email=ANNA).ok()
    with stored.nothing_written():
        told = variables({"name": "a", "value": value, "persist": True})
        errors = world.collect("variables", email=ANNA, **told).problem(422, "validation")["errors"]
        assert code in {error["code"] for error in errors}
