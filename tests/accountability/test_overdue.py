"""What had to be gone two days ago and is still stored is counted once a day, for an alarm."""

import json
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as time
from chalicelib.jobs import daily, sweep
from chalicelib.kinds import KINDS
from chalicelib.store import experiences, overdue, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from tests.seeds import guest, plant
from tests.world import World

HOUR = 3600
TABLES = {"Customers", "Activity", "Codes", "RuntimeLog", "Control"}


@pytest.fixture(autouse=True)
def no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "tenants", lambda: iter(()))


def measured(capsys: Any) -> dict[str, int]:
    """What the day's work told, by table."""
    capsys.readouterr()
    daily.run()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "OverdueRecords" in line]
    assert len(lines) == len(TABLES)
    return {line["table"]: int(line["OverdueRecords"][0]) for line in lines}


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("customers", "consents")])
def test_a_record_is_overdue_two_days_after_it_had_to_be_gone(
    clock: Traveller, world: World, kind: str, capsys: Any
) -> None:
    plant(kind, None)
    clock.shift(KINDS[kind].days * time.DAY_S + 47 * HOUR)
    assert measured(capsys) == dict.fromkeys(TABLES, 0)
    clock.shift(2 * HOUR)
    assert measured(capsys) == dict.fromkeys(TABLES, 0) | {KINDS[kind].promise.table: 1}


def test_a_customer_is_overdue_two_days_after_the_last_of_180(clock: Traveller, world: World, capsys: Any) -> None:
    guest(world)
    clock.shift(182 * time.DAY_S)
    assert measured(capsys)["Customers"] == 0
    clock.shift(time.DAY_S)
    assert measured(capsys)["Customers"] == 1


def test_jobs_stand_for_control(clock: Traveller, world: World, capsys: Any) -> None:
    world.request("POST", "/v1/exports", {"kind": "coupons"}).ok()
    clock.shift(31 * time.DAY_S)
    assert measured(capsys)["Control"] == 0
    clock.shift(2 * time.DAY_S)
    assert measured(capsys)["Control"] == 1


def test_all_tenants_are_counted_together(clock: Traveller, world: World, capsys: Any) -> None:
    for tenant in ("acme", "other"):
        world.request("PUT", "/v1/experiences/winter", {"title": "Winter"}, tenant=tenant).ok()
        plant("codes", None, tenant=tenant, at=time.now_ms() - 730 * time.DAY_MS)
    assert sorted(experiences.tenants()) == ["acme", "other"]
    assert measured(capsys)["Codes"] == 2


def test_a_look_costs_at_most_25_read_units_a_tenant(world: World) -> None:
    with metered(wire.client()) as units:
        overdue.of_tables(Store("acme"), daily.GRACE_MS)
    assert (units.read <= 25, units.write) == (True, 0)
    with metered(wire.client()) as units:
        assert len(list(experiences.tenants())) == 2
    assert units.read <= 0.5


def test_a_local_run_prints_no_metrics(world: World, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from local import environment
    from tests.conftest import forget_settings

    assert measured(capsys)  # it is there that they are printed
    monkeypatch.setattr("local.resources.create", lambda client: {})
    monkeypatch.setattr("local.issuer.environment", lambda directory: {})
    monkeypatch.setattr("local.data.sealing_key", lambda directory: "key")
    told = environment.prepare(world.data, "http://127.0.0.1:1")["POWERTOOLS_METRICS_DISABLED"]
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", told)
    forget_settings()
    capsys.readouterr()
    daily.run()
    assert "_aws" not in capsys.readouterr().out
