"""When a customer's item is gone, by TTL or by hand, everything of that customer goes, too: the stream says so."""

from typing import Any

import pytest

from chalicelib.jobs import changes
from chalicelib.store import customers, erasure, keys, search, wire
from chalicelib.store.metering import metered
from chalicelib.store.plain import typed_item
from chalicelib.store.tenancy import Row, Store
from tests import faults
from tests.erasure import everything as stored
from tests.erasure import people
from tests.seeds import ANNA, customer, guest, plant
from tests.world import World

STORE = Store("acme")
TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
EXPIRED: dict[str, Any] = {"userIdentity": TTL}


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


def expired(row: Row) -> dict[str, Any]:
    """TTL has deleted the customer's item; what the stream says of it."""
    STORE.delete(customers.reference(STORE, row["customer_id"]))
    return change(row, **EXPIRED)


def removed(row: Row) -> None:
    erasure.remove(STORE, erasure.find(STORE, row["customer_id"]))


def tally() -> dict[str, int]:
    """What today's receipt of expired customers will count."""
    [item] = [item for (_, pk, _), item in stored.of_tenant("acme").items() if pk == "acme#expired"] or [{}]
    start = "expired_"
    return {name.removeprefix(start): int(item[name]["N"]) for name in item if name.startswith(start)}


@pytest.mark.parametrize("who", [EXPIRED, {}], ids=["by TTL", "by hand"])
def test_everything_in_all_tables_follows_and_nothing_of_others(world: World, who: dict[str, Any]) -> None:
    people.whole_guest(world, "bob@example.org", instance="pi-bob")
    before = stored.all_items()
    person = people.whole_guest(world)
    row = customer(person).stored(STORE) or {}
    STORE.delete(customers.reference(STORE, person))
    assert followed(change(row, **who)) == []
    assert [where for where, text in stored.texts() if person in text] == []
    left = stored.all_items()
    assert {place: left.get(place) for place in before if "Control" not in place[0]} == {
        place: item for place, item in before.items() if "Control" not in place[0]
    }


def test_what_expired_is_counted_for_the_receipt_of_the_day_and_what_we_deleted_is_not(world: World) -> None:
    row = whole_guest(world)
    plant("transactions", row["customer_id"])
    assert followed(expired(row)) == []
    assert tally() == {"customers": 1, "consents": 1, "transactions": 1, "variables": 2}
    assert followed(change(row, **EXPIRED)) == []  # told once more
    another = guest(world, "bob@example.org")
    assert followed(change(customer(another).stored(STORE) or {})) == []
    assert tally()["customers"] == 1


def test_a_customer_who_is_being_erased_is_left_to_that_job_but_for_the_address_or_if_ttl_was_faster(
    world: World,
) -> None:
    row = whole_guest(world)
    world.request("DELETE", f"/v1/records/customers/{row['customer_id']}").ok()
    marked = customer(row["customer_id"]).stored(STORE) or {}
    assert followed(change(marked)) == []
    assert len(left_of(row)) == 3  # the customer, fields, a consent
    assert followed(change(marked, **EXPIRED)) == []
    assert left_of(row) == []


@pytest.mark.slow
def test_trouble_at_any_call_of_the_cascade_ends_the_same(world: World) -> None:
    def prepare() -> Row:
        row = customer(people.small_guest(world)).stored(STORE) or {}
        STORE.delete(customers.reference(STORE, row["customer_id"]))
        return row

    def check(row: Row) -> None:
        assert [where for where, text in stored.texts() if row["customer_id"] in text] == []

    def follow(row: Row) -> None:
        changes._follow(change(row, **EXPIRED))

    struck = faults.everywhere(prepare, follow, check)
    assert {"lost TransactWriteItems", "conflict DeleteItem", "throttled Query", "broken UpdateItem"} <= set(struck)
    assert set(tally()) == {"customers", "participations", "log", *people.UNLIKE}


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
    STORE.delete(customers.reference(STORE, row["customer_id"]))
    broken = {name: value for name, value in row.items() if name != "identity"}
    assert followed(change(broken, number="7"), change(row, number="8")) == ["7"]
    assert left_of(row) == []


def test_a_change_that_is_told_twice_is_followed_twice(world: World) -> None:
    row = whole_guest(world)
    assert followed(change(row), change(row)) == []
    assert left_of(row) == []


def test_a_customer_whom_we_removed_ourselves_costs_no_second_removal(world: World) -> None:
    row = whole_guest(world)
    removed(row)
    with metered(wire.client()) as units:
        assert followed(change(row)) == []
    # a tally of three days; partitions, indexes, three search entries, and the tenant: whether it has webhooks
    assert (units.write, units.read) == (6, 3 * 1 + 2 * 0.5 + 3 + 1)


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
    removed(row)
    wire.client().put_item(TableName="afterchat-local-CustomersTable", Item=typed_item(item))
    assert len(left_of(row)) == 1
    assert followed(change(row)) == []
    assert left_of(row) == []


def test_an_address_changed_while_the_customer_was_removed_goes_with_the_last_image(world: World) -> None:
    """What was found names the old address; the item that went last names the new one."""
    row = whole_guest(world)
    found = erasure.find(STORE, row["customer_id"])
    fixed = world.request(
        "PATCH", f"/v1/customers/{row['customer_id']}", {"email": "anna@new.example"}, roles=("privacy",)
    )
    fixed.ok()
    last = customer(row["customer_id"]).stored(STORE) or {}
    erasure.remove(STORE, found)
    assert left_of(row) != []
    assert followed(change(last)) == []
    assert left_of(row) == []
    assert STORE.get("Customers", STORE.key(keys.customer(row["customer_id"])), "customer") is None
