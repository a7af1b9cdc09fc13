"""Attributes keep what they are given, whatever it is called."""

import pytest

from tests.world import World


@pytest.mark.parametrize("name", ["S", "N", "M", "L", "B", "BOOL", "NULL", "SS"])
def test_a_personal_field_may_be_called_as_dynamodb_calls_its_types(world: World, name: str) -> None:
    world.collect("sign-ins", email="anna@example.com").ok()
    world.collect("sign-ins", email="anna@example.com", fields={name: "hello"}).ok()
    [customer] = world.rows("customers")
    assert customer["fields"] == {name: "hello"}
