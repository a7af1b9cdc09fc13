"""What a chat recorded before it knew its guest becomes the guest's with the sign-in, and nobody else's after."""

from datetime import timedelta
from typing import Any

from time_machine import Traveller

from tests.collect.threads import at_once, collect
from tests.world import World

ANNA, BERT = "anna@example.com", "bert@example.com"
SIZE: dict[str, Any] = {"variables": [{"name": "size", "value": "XL", "persist": True}]}


def before_sign_in(world: World, instance: str = "pi-1") -> None:
    world.collect("variables", process_instance=instance, **SIZE).ok()
    world.collect("log-entries", process_instance=instance, level="error", message="shop is down").ok()


def own(world: World, id: str) -> tuple[list[Any], list[Any]]:
    names = [row["name"] for row in world.rows("variables", customer_id=id) if not row["system"]]
    return names, [row["message"] for row in world.rows("log", customer_id=id)]


def test_rows_of_the_instance_are_nobodys_until_the_sign_in_and_the_customers_from_then_on(world: World) -> None:
    before_sign_in(world)
    [variable] = world.rows("variables")
    assert (variable["email"], variable["customer_id"], variable["process_instance"]) == (None, None, "pi-1")
    id = world.collect("sign-ins", email=ANNA, process_instance="pi-1").ok()["id"]
    world.collect("log-entries", process_instance="pi-1", level="info", message="and after").ok()
    assert own(world, id) == (["size"], ["and after", "shop is down"])
    [variable] = world.rows("variables", name="size", experience="summer")
    assert (variable["email"], variable["customer_id"]) == (ANNA, id)
    assert {row["name"] for row in world.rows("variables", email=ANNA)} == {"size", "email"}
    page = world.get(f"/v1/customers/{id}").ok()
    assert "size" in {row["name"] for row in page["variables"]["items"]}
    assert len(page["log"]["items"]) == 2


def test_the_first_sign_in_decides_whose_instance_it_is(world: World) -> None:
    before_sign_in(world)
    anna = world.collect("sign-ins", email=ANNA, process_instance="pi-1").ok()["id"]
    bert = world.collect("sign-ins", email=BERT, process_instance="pi-1").ok()["id"]
    assert own(world, anna) == (["size"], ["shop is down"])
    assert own(world, bert) == ([], [])
    world.request("DELETE", f"/v1/records/customers/{anna}").ok()
    world.collect("sign-ins", email=BERT, process_instance="pi-1").ok()
    assert own(world, bert) == ([], [])  # not even when the first one is gone


def test_of_ten_guests_who_sign_in_at_once_in_one_instance_it_is_one_ones(world: World) -> None:
    before_sign_in(world)
    at_once(10, lambda i: collect("sign-ins", email=f"guest{i}@example.com", process_instance="pi-1"))
    owners = [row["id"] for row in world.rows("customers") if own(world, row["id"]) == (["size"], ["shop is down"])]
    assert len(owners) == 1


def test_a_known_customer_collects_more_instances_and_tenants_do_not_mix(world: World) -> None:
    id = world.collect("sign-ins", email=ANNA, process_instance="pi-1").ok()["id"]
    before_sign_in(world, "pi-2")
    assert own(world, id) == ([], [])
    world.collect("sign-ins", email=ANNA, process_instance="pi-2", tenant="other").ok()
    assert own(world, id) == ([], [])
    world.collect("sign-ins", email=ANNA, process_instance="pi-2").ok()
    assert own(world, id) == (["size"], ["shop is down"])


def test_an_instance_whose_link_has_expired_may_be_used_again(clock: Traveller, world: World) -> None:
    world.collect("sign-ins", email=ANNA, process_instance="pi-1").ok()
    clock.shift(timedelta(days=61))
    before_sign_in(world)
    bert = world.collect("sign-ins", email=BERT, process_instance="pi-1").ok()["id"]
    assert own(world, bert) == (["size"], ["shop is down"])
