"""When a customer's item is gone, by TTL or by hand, what lies around it goes, too: the stream says so."""

from typing import Any

import pytest

from chalicelib.jobs import changes
from chalicelib.store import customers, deletion, keys, search, wire
from chalicelib.store.metering import metered
from chalicelib.store.plain import typed_item
from chalicelib.store.tenancy import Row, Store
from tests.seeds import ANNA, customer, guest, plant
from tests.world import World

STORE = Store("acme")
TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def change(row: Row, name: str = "REMOVE", number: str = "1", **more: Any) -> dict[str, Any]:
    return {"eventName": name, "dynamodb": {"OldImage": typed_item(row), "SequenceNumber": number}, **more}


def followed(*records: dict[str, Any]) -> list[str]:
    """The sequence numbers that are to come again."""
    reply = changes.on_changes({"Records": list(records)})
    return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]


def whole_guest(world: World) -> Row:
    """A customer with large fields, a consent and search entries; the stored item."""
    person = guest(world, fields={"letter": "x" * 1000})
    world.collect("consents", email=ANNA, consent="newsletter", status="granted", text="Ja.").ok()
    return customer(person).stored(STORE) or {}


def left_of(row: Row) -> list[str]:
    """Sort keys of what still lies around."""
    items = wire.client().scan(TableName="afterchat-local-CustomersTable")["Items"]
    return sorted(item["sk"]["S"] for item in items if row["customer_id"] in str(item))


@pytest.mark.parametrize("who", [{"userIdentity": TTL}, {}], ids=["by TTL", "by hand"])
def test_fields_consents_and_search_entries_follow_their_customer(world: World, who: dict[str, Any]) -> None:
    row = whole_guest(world)
    assert len(left_of(row)) == 6  # the customer, fields, a consent, the address and two parts of it
    STORE.delete(customers.reference(STORE, row["customer_id"]))
    assert followed(change(row, **who)) == []
    assert left_of(row) == []


def test_an_address_that_is_somebody_elses_by_now_stays_theirs(world: World) -> None:
    row = whole_guest(world)
    world.request("DELETE", f"/v1/records/customers/{row['customer_id']}").ok()
    returned = guest(world)
    assert followed(change(row)) == []
    assert [found["id"] for found in world.rows("customers", email=ANNA)] == [returned]
    assert [found["id"] for found in world.rows("customers", email="schmidt")] == [returned]


@pytest.mark.parametrize("name", ["INSERT", "MODIFY"])
def test_other_changes_of_a_customer_remove_nothing(world: World, name: str) -> None:
    row = whole_guest(world)
    assert followed(change(row, name)) == []
    assert len(left_of(row)) == 6


def test_other_items_that_go_take_nobody_with_them(world: World) -> None:
    row = whole_guest(world)
    entry = plant("participations", row["customer_id"]).stored(STORE) or {}
    fields = STORE.get("Customers", row["pk"], "fields") or {}
    assert followed(change(entry), change(fields)) == []
    assert len(left_of(row)) == 6


def test_a_new_customer_without_old_image_is_passed_over(world: World) -> None:
    assert followed({"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": {}}}) == []


def test_one_that_fails_is_named_and_the_others_are_followed(world: World) -> None:
    row = whole_guest(world)
    broken = {name: value for name, value in row.items() if name != "identity"}
    assert followed(change(broken, number="7"), change(row, number="8")) == ["7"]
    assert left_of(row) == []


def test_a_change_that_is_told_twice_is_followed_twice(world: World) -> None:
    row = whole_guest(world)
    assert followed(change(row), change(row)) == []
    assert left_of(row) == []


def test_a_customer_whom_we_removed_ourselves_costs_no_second_removal(world: World) -> None:
    row = whole_guest(world)
    customers.forget(STORE, row)
    with metered(wire.client()) as units:
        assert followed(change(row)) == []
    assert (units.write, units.read) == (0, 4)


@pytest.mark.parametrize("left", ["address", "part", "consent"])
def test_whatever_single_item_is_left_is_found(world: World, left: str) -> None:
    row = whole_guest(world)
    person = row["customer_id"]
    places = {
        "address": search.whole(STORE, row["identity"]),
        "part": search.parts(STORE, row["identity"], person)[-1],
        "consent": (row["pk"], f"consents#{row['consents']['newsletter']['id']}"),
    }
    item = STORE.get("Customers", *places[left]) or {}
    customers.forget(STORE, row)
    wire.client().put_item(TableName="afterchat-local-CustomersTable", Item=typed_item(item))
    assert len(left_of(row)) == 1
    deletion.clear_around(STORE, row)
    assert left_of(row) == []


def test_an_address_changed_while_the_customer_was_removed_goes_with_the_last_image(world: World) -> None:
    """`forget` knew the old address; the item that it removed names the new one."""
    row = whole_guest(world)
    fixed = world.request(
        "PATCH", f"/v1/customers/{row['customer_id']}", {"email": "anna@new.example"}, roles=("privacy",)
    )
    fixed.ok()
    last = customer(row["customer_id"]).stored(STORE) or {}
    customers.forget(STORE, row)
    assert left_of(row) != []
    assert followed(change(last)) == []
    assert left_of(row) == []
    assert STORE.get("Customers", STORE.key(keys.customer(row["customer_id"])), "customer") is None
