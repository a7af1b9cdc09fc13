"""What webhooks cost, in units by the published rules; docs/costs.md has the same numbers."""

from typing import Any

import pytest

from chalicelib.settings import settings
from chalicelib.store import alive, wire
from chalicelib.store.metering import Units, metered
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Store
from chalicelib.store.units import item_size
from chalicelib.webhooks import calls, outbox
from tests.collect.offers import MUG, WHEEL, code, fill, guest, offer, pay
from tests.webhooks.calling import changes, deliveries, listen, stream
from tests.webhooks.receiving import Receiver
from tests.world import World

POSTAL = {
    "firstname": "Anna-Katharina",
    "lastname": "Schmidt-Wolfenbüttel",
    "street": "Hauptstraße",
    "house_number": "117 b",
    "postal_code": "01067",
    "city": "Dresden",
    "country": "DE",
}
ALL_TYPES = ("customer.registered", "participation.entered", "coupon.issued", "points.booked")


def campaign(world: World, name: str) -> dict[str, tuple[float, float]]:
    """Reads and writes of what a chat does for one guest."""
    fill(3)
    code(f"lucky-{name}")
    told: dict[str, tuple[float, float]] = {}

    def do(type: str, key: str | None = None, **event: Any) -> Any:
        with metered(wire.client()) as units:
            answer = world.collect(type, key and f"{key}-{name}", **event).ok()
        told[type] = (units.read, units.write)
        return answer

    who = do("sign-ins", email=f"anna.{name}@example.com", fields=POSTAL, locale="de")["customer_id"]
    do("consents", customer_id=who, consent="newsletter", status="granted", text="Yes", text_version="2026-05")
    do("participations", customer_id=who, giveaway="bike", fields=POSTAL, terms_version="2026-05")
    do("coupon-claims", customer_id=who)
    do("code-redemptions", customer_id=who, code=f"lucky-{name}")
    do("points", "p", customer_id=who, amount=100, reason="visit")
    do("reward-redemptions", "r", customer_id=who, reward="mug", fields=POSTAL)
    do("instant-wins", "i", customer_id=who, fields=POSTAL)
    return told


def test_a_chats_calls_cost_the_same_with_webhooks_as_without(world: World, receiver: Receiver) -> None:
    wheel = {**WHEEL, "prizes": [{"id": "cup", "name": "Tasse", "stock": 9}]}
    offer(world, coupons={"low_at": 0}, instant_wins=[wheel], rewards=[{**MUG, "stock": 9}])
    campaign(world, "first")  # the wording, and the row of the wheel's stock
    without = campaign(world, "zero")
    listen(world, receiver, *ALL_TYPES, include=["email", "fields"])
    assert campaign(world, "once") == without


def test_the_trace_leaves_a_customer_with_an_address_below_one_write_unit(world: World, receiver: Receiver) -> None:
    listen(world, receiver)
    who = world.collect("sign-ins", email="anna.schmidt@example.com", fields=POSTAL, locale="de").ok()["customer_id"]
    item = Customer.get(Store("acme").key(f"c#{who}"), "customer")
    assert item.trace and item_size(item.serialize()) <= 1024


def test_the_streams_of_tenants_without_webhooks_are_followed_without_a_unit_for_them(world: World) -> None:
    offer(world)
    campaign(world, "zero")
    with metered(wire.client()) as units:
        for batch in changes():
            told = list(outbox.told_by(batch["Records"]))
            assert told and outbox.tell(told, {"acme": alive.Horizons()}) == set()
    assert (units.read, units.write) == (0, 0)


def control(units: Units) -> tuple[float, float]:
    cost = units.by_table[settings().tables["Control"]]
    return cost.read, cost.write


@pytest.mark.parametrize(
    ("include", "reads"),
    [([], 2), (["email"], 4), (["email", "fields"], 4)],
)
def test_a_call_costs_two_writes_to_announce_three_to_make_and_three_for_the_log(
    world: World, receiver: Receiver, include: list[str], reads: float
) -> None:
    webhook = listen(world, receiver, include=include)
    guest(world)
    with metered(wire.client()) as units:
        assert stream() == []
    # the tenant, of a batch of each of two tables, and its webhooks; the delivery and its index, and two tallies
    assert control(units) == (3, 2 + 2 * 6)
    [waiting] = deliveries(world, webhook["id"])
    with metered(wire.client()) as units:
        calls.attempt(Store("acme"), webhook["id"], waiting["id"])
    assert units.read == reads  # delivery and webhook; horizons and customer
    assert control(units)[1] == 3  # the lease, the outcome, and the index that forgets it
    assert units.write - control(units)[1] <= 3  # the log entry, by experience if it has one, and by trace


def test_a_batch_reads_the_webhooks_of_a_tenant_once(world: World, receiver: Receiver) -> None:
    listen(world, receiver, "points.booked")
    who = guest(world)
    for _ in range(10):
        pay(world, who, 1)
    with metered(wire.client()) as units:
        assert stream() == []
    assert control(units) == (4, 20 + 2 * 6)  # a batch of each of two tables, and their tallies
