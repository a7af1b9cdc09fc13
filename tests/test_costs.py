"""What reading costs, in units by the published rules: a regression of cost fails like any other."""

from math import ceil

import pytest

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.store import keys, records, wire
from chalicelib.store.metering import Units, metered
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Store
from chalicelib.store.units import item_size
from tests.world import World

ADDRESS = {
    "firstname": "Anna-Katharina",
    "lastname": "Schmidt-Wolfenbüttel",
    "street": "Hauptstraße",
    "house_number": "117 b",
    "postal_code": "01067",
    "city": "Dresden",
    "country": "DE",
}
PEOPLE = 25


@pytest.fixture
def entries(world: World) -> float:
    """400 entries with postal addresses by 25 people; the average size of one in bytes."""
    store, now, kind = Store("acme"), clock.now_ms(), KINDS["participations"]
    ids = [world.collect("sign-ins", email=f"anna{i}@example.com").ok()["customer_id"] for i in range(PEOPLE)]
    sizes = []
    for i in range(400):
        at = records.new_position(now - i * 1000)
        data = {"giveaway": "bike", "ticket": "T7Q4-9KXM-2F", "fields": ADDRESS, "terms_version": "2026-05"}
        pk = store.key(keys.customer(ids[i % PEOPLE]))
        row = records.prepared(
            store, kind, pk, f"participations#{i}", now - i * 1000, "summer", data, at=at, module="bike"
        )
        store.put(row)
        sizes.append(item_size(row.serialize()))
    return sum(sizes) / len(sizes)


def of_list(world: World, **query: object) -> Units:
    with metered(wire.client()) as units:
        page = world.get("/v1/records/participations", query={"limit": 100, **query}).ok()
    assert len(page["items"]) == 100
    return units


def test_a_list_of_100_reads_no_more_than_four_full_shards_the_horizons_and_its_customers(
    world: World, entries: float
) -> None:
    units = of_list(world)
    assert units.read <= 4 * ceil(100 * entries / 4096) / 2 + 1 + 0.5 * PEOPLE
    assert units.write == 0
    assert [operation.operation for operation in units.operations].count("Query") == 4  # one round


def test_a_list_of_one_experience_costs_at_most_one_unit_more(world: World, entries: float) -> None:
    units = of_list(world, experience="summer")
    assert units.read <= 4 * ceil(100 * entries / 4096) / 2 + 2 + 0.5 * PEOPLE


def test_a_list_asks_each_shard_for_its_share_and_not_for_the_whole_page(world: World, entries: float) -> None:
    feed = [operation.read for operation in of_list(world).operations if operation.operation == "Query"]
    assert sum(feed) <= 0.6 * 4 * ceil(100 * entries / 4096) / 2


@pytest.mark.slow
def test_a_page_of_25_found_by_e_mail_costs_at_most_16_read_units(world: World) -> None:
    for i in range(60):
        world.collect("sign-ins", email=f"p{i}.schmidt@example.com", fields=ADDRESS).ok()
    for text in ("schmidt", "example", "p1"):
        with metered(wire.client()) as units:
            page = world.get("/v1/records/customers", query={"email": text, "limit": 25}).ok()
        assert page["items"]
        assert units.read <= 16, text


def test_small_personal_fields_leave_the_customer_item_below_one_write_unit(world: World) -> None:
    customer_id = world.collect("sign-ins", email="anna.schmidt@example.com", fields=ADDRESS, locale="de").ok()["id"]
    for consent in ("newsletter", "terms"):
        world.collect("consents", customer_id=customer_id, consent=consent, status="granted", text="Yes").ok()
    item = Customer.get(Store("acme").key(keys.customer(customer_id)), "customer")
    assert item_size(item.serialize()) <= 1024
