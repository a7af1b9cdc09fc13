"""What accountability costs, in units by the published rules; docs/costs.md has the same numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.jobs import daily, sweep
from chalicelib.store import receipts, wire
from chalicelib.store.metering import Units, metered
from tests.accountability.conftest import ACME, issue
from tests.seeds import guest
from tests.world import World

ANNA = "anna.schmidt@example.com"
PRIVACY = ("privacy",)


def cost(work: Callable[[], Any]) -> tuple[float, float]:
    with metered(wire.client()) as units:
        work()
    told: Units = units
    return told.read, told.write


def test_a_receipt_costs_three_reads_and_eight_writes(world: World) -> None:
    issue(1, ANNA)
    assert cost(lambda: issue(2, ANNA)) == (3, 8)
    assert cost(lambda: issue(3)) == (3, 6)
    assert cost(lambda: issue(3)) == (3, 0)


def test_reading_receipts_costs_little(world: World) -> None:
    for number in range(1, 51):
        issue(number, ANNA)
    assert cost(lambda: world.get("/v1/receipts", query={"limit": 50}, roles=PRIVACY).ok())[0] <= 15
    assert cost(lambda: world.get("/v1/receipts/verify", roles=PRIVACY).ok())[0] <= 15
    assert cost(lambda: world.get(f"/v1/receipts/{1:032x}", roles=PRIVACY).ok()) == (3, 0)
    found = cost(lambda: world.request("POST", "/v1/receipts/search", {"email": ANNA}, roles=PRIVACY).ok())
    assert found[0] <= 1 + 2 + 50 and found[1] == 1


def test_what_expired_costs_one_write_a_customer_and_a_day_eleven(
    clock: Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "tenants", lambda: iter(()))
    counts = {"customers": 1, "consents": 2}
    assert cost(lambda: receipts.count_expired(ACME, counts)) == (0, 2)
    assert cost(lambda: receipts.count_expired(ACME, counts)) == (0, 1)
    clock.shift(86_400)
    read, write = cost(daily.run)
    looking = 0.5 + 2 * 25  # for what is overdue, at two tenants
    assert read <= 5 + looking and write <= 1 + 6 + 2


def test_settings_and_notice_cost_two_reads(world: World) -> None:
    assert cost(lambda: world.get("/v1/settings", roles=PRIVACY).ok()) == (2, 0)
    assert cost(lambda: world.get("/v1/kinds", roles=PRIVACY).ok()) == (2, 0)
    body = {"receipt_months": 12, "privacy": {"de": {"contact": "x"}}}
    read, write = cost(lambda: world.request("PUT", "/v1/settings", body, roles=PRIVACY).ok())
    assert (read, write) == (3, 3)


def test_the_customer_page_costs_one_write_for_its_note(world: World) -> None:
    person = guest(world)
    for _ in range(2):
        assert cost(lambda: world.get(f"/v1/customers/{person}").ok())[1] == 1
