"""How often chat engines may call: never refused below the rate, not much above it, and counted for almost nothing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pynamodb.exceptions import UpdateError

from chalicelib import clock as clocks
from chalicelib.access import Caller
from chalicelib.collect import rate
from chalicelib.collect.rate import WINDOW_S, Limit, Meter
from chalicelib.problems import Problem
from chalicelib.store import usage, wire
from chalicelib.store.metering import Units, metered
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store
from tests import faults
from tests.world import Reply, World

STORE = Store("acme")
CHAT = Caller("acme", "key:1", "Chat", frozenset({"collector"}))


def allow(world: World, most: int | None) -> None:
    world.request("PUT", "/v1/settings", {"collect_rate": most}).ok()


def say(world: World, **options: Any) -> Reply:
    body = {"experience": "summer", "level": "info", "message": "x"}
    return world.request("POST", "/v1/collect/log-entries", body, **options)


def told(counted: str = "tenant") -> int:
    began_at = clocks.now_s() // WINDOW_S * WINDOW_S
    row = STORE.get("Control", STORE.key("usage"), f"{counted}#{began_at}")
    return row["version"] if row else 0


# -- as chat engines see it --


def test_who_calls_too_often_is_told_when_to_come_back(clock: time_machine.Traveller, world: World) -> None:
    clock.move_to("2026-03-10T15:30:03Z", tick=False)
    allow(world, 1)
    assert [say(world).status for _ in range(10)] == [200] * 10
    refused = say(world)
    refused.problem(429, "rate_limited")
    assert refused.headers["Retry-After"] == "7"
    assert refused.headers["RateLimit-Policy"] == '"tenant";q=10;w=10'
    assert refused.headers["RateLimit"] == '"tenant";r=0;t=7'
    clock.shift(6.9)
    assert say(world).headers["Retry-After"] == "1"
    clock.shift(0.1)
    assert say(world).status == 200


def test_both_routes_count_and_a_tenant_without_a_limit_is_never_refused(
    clock: time_machine.Traveller, world: World
) -> None:
    clock.move_to("2026-03-10T15:30:00Z", tick=False)
    assert [say(world).status for _ in range(30)] == [200] * 30
    allow(world, 1)
    event = {"type": "log-entries", "level": "info", "message": "x"}
    for place in range(10):
        world.call(event, key=f"k{place}").ok()
    world.call(event, key="k10").problem(429, "rate_limited")
    say(world).problem(429, "rate_limited")
    assert world.collect("log-entries", tenant="other", level="info", message="x").status == 200
    allow(world, None)
    clock.shift(10)
    assert [say(world).status for _ in range(30)] == [200] * 30


def test_a_key_may_have_a_limit_of_its_own_below_the_tenants(clock: time_machine.Traveller, world: World) -> None:
    clock.move_to("2026-03-10T15:30:00Z", tick=False)
    allow(world, 3)
    made = {"name": "Chat", "role": "collector"}
    slow, fast = (world.request("POST", "/v1/keys", {**made, "collect_rate": most}).ok() for most in (1, None))
    assert (slow["collect_rate"], fast["collect_rate"]) == (1, None)
    by = [{"anonymous": True, "headers": {"Authorization": f"Bearer {key['key']}"}} for key in (slow, fast)]
    assert [say(world, **by[0]).status for _ in range(10)] == [200] * 10
    assert say(world, **by[0]).headers["RateLimit-Policy"] == '"key";q=10;w=10'
    assert [say(world, **by[1]).status for _ in range(20)] == [200] * 20
    assert say(world, **by[1]).headers["RateLimit-Policy"] == '"tenant";q=30;w=10'


@pytest.mark.parametrize("most", [0, -1, rate.MOST + 1, 1.5, "10", True])
def test_a_rate_that_is_none_is_refused(world: World, most: Any) -> None:
    for method, path, body in (("PUT", "/v1/settings", {}), ("POST", "/v1/keys", {"name": "a", "role": "collector"})):
        problem = world.request(method, path, {**body, "collect_rate": most}).problem(422, "validation")
        assert [error["pointer"] for error in problem["errors"]] == ["/collect_rate"]


def test_only_the_owner_sets_the_rate(world: World) -> None:
    world.request("PUT", "/v1/settings", {"collect_rate": 5}, roles=("privacy",)).problem(403, "role_missing")
    allow(world, 5)
    assert world.get("/v1/settings", roles=("reader",)).ok()["collect_rate"] == 5


# -- what it costs --


def spent(world: World, calls: int) -> Units:
    with metered(wire.client()) as units:
        for _ in range(calls):
            world.request("POST", "/v1/collect/state", {"experience": "summer", "email": "a@example.com"})
    return units


def test_a_quiet_tenant_pays_nothing_for_being_counted_and_a_busy_one_a_tenth_of_a_unit(
    clock: time_machine.Traveller, world: World
) -> None:
    clock.move_to("2026-03-10T15:30:00Z", tick=False)
    world.collect("sign-ins", email="a@example.com").ok()
    unlimited = spent(world, 9)
    allow(world, 100)
    quiet = spent(world, 9)
    assert (quiet.read, quiet.write) == (unlimited.read, 0)
    busy = spent(world, 300)
    assert busy.write == 30
    assert busy.read == pytest.approx(unlimited.read / 9 * 300)


def test_a_refused_call_costs_nothing_but_its_line_in_the_log(clock: time_machine.Traveller, world: World) -> None:
    clock.move_to("2026-03-10T15:30:00Z", tick=False)
    world.collect("sign-ins", email="a@example.com").ok()
    allow(world, 1)
    spent(world, 10)
    for _ in range(5):
        say(world).problem(429, "rate_limited")
    refused = spent(world, 400)
    assert refused.read == 0
    assert {operation.operation for operation in refused.operations} == {"PutItem"}
    assert len(refused.operations) < 100  # folded: alike in a minute, and less often the more there are
    messages = {row["message"] for row in world.rows("log", level="warning")}
    assert "POST /v1/collect/state was refused: 429 rate_limited" in messages


# -- many processes --


@dataclass
class Fleet:
    """Processes that share the counts in storage and nothing else."""

    limit: int
    processes: list[Meter] = field(default_factory=list)
    taken: int = 0

    def call(self, process: int) -> bool:
        """Whether it was taken. Whoever refuses must have a reason: so many were taken before."""
        try:
            self.processes[process].take(STORE, CHAT, self.limit)
        except Problem:
            assert self.taken >= self.limit * WINDOW_S
            return False
        self.taken += 1
        return True


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, int], int]]:
    """The shared counts in memory: hundreds of windows are simulated."""
    shared: dict[tuple[str, int], int] = {}

    def add(store: Store, counted: str, began_at: int, calls: int) -> int:
        shared[counted, began_at] = shared.get((counted, began_at), 0) + calls
        return shared[counted, began_at]

    monkeypatch.setattr(usage, "add", add)
    yield shared


@given(
    limit=st.integers(1, 60),
    processes=st.integers(1, 12),
    windows=st.lists(st.lists(st.integers(0, 11), max_size=900), min_size=1, max_size=3),
)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_calls_below_the_rate_are_never_refused_and_few_above_it_are_taken(
    counts: dict[tuple[str, int], int], limit: int, processes: int, windows: list[list[int]]
) -> None:
    counts.clear()
    fleet = Fleet(limit, [Meter() for _ in range(processes)])
    quota, chunk = limit * WINDOW_S, Limit("tenant", "tenant", limit).chunk
    with time_machine.travel("2026-03-10T15:30:00Z", tick=False) as clock:
        for calls in windows:
            fleet.taken = 0
            for process in calls * 3:
                fleet.call(process % processes)
            assert fleet.taken <= quota - 1 + processes * chunk
            assert sum(counts.values()) <= fleet.taken
            counts.clear()
            clock.shift(WINDOW_S)


@pytest.mark.parametrize("processes", [1, 10, 100])
def test_a_storm_is_held_to_the_rate_by_any_number_of_processes(
    counts: dict[tuple[str, int], int], processes: int
) -> None:
    fleet = Fleet(100, [Meter() for _ in range(processes)])
    with time_machine.travel("2026-03-10T15:30:00Z", tick=False):
        for _ in range(20_000 // processes):
            for process in range(processes):
                fleet.call(process)
    assert 1000 <= fleet.taken < 1000 + 10 * processes
    assert fleet.taken == 1000 or processes > 1


def test_no_row_is_written_more_often_than_storage_takes() -> None:
    for most in (1, 9, 10, 4999, 5000, 5001, rate.MOST):
        chunk = Limit("tenant", "tenant", most).chunk
        assert chunk >= 2
        assert most / chunk <= rate.MOST_TOLD


def test_the_processes_share_one_count_in_storage(clock: time_machine.Traveller, world: World) -> None:
    clock.move_to("2026-03-10T15:30:00Z", tick=False)
    fleet = Fleet(10, [Meter() for _ in range(4)])
    for _ in range(100):
        for process in range(4):
            fleet.call(process)
    assert 100 <= fleet.taken < 100 + 4 * 10
    assert 100 <= told() <= fleet.taken
    [row] = Control.query(STORE.key("usage"))
    assert row.expires_at == clocks.now_s() + usage.KEPT_S


# -- trouble --


@pytest.mark.parametrize("kind", ["conflict", "throttled", "broken", "unsent"])
def test_trouble_with_the_count_refuses_nobody_and_is_made_up_for(
    clock: time_machine.Traveller, world: World, kind: faults.Kind
) -> None:
    clock.move_to("2026-03-10T15:30:00Z", tick=False)
    meter = Meter()
    with faults.at(1, kind, lasting=True) as fault:
        for _ in range(35):
            meter.take(STORE, CHAT, 10)
    assert (fault.hit, told()) == ("UpdateItem", 0)
    for _ in range(5):
        meter.take(STORE, CHAT, 10)
    assert told() == 36  # with the next call that is taken
    for _ in range(60):
        meter.take(STORE, CHAT, 10)
    with pytest.raises(Problem):
        meter.take(STORE, CHAT, 10)


def test_a_process_that_cannot_count_still_holds_to_what_it_saw_itself(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> int:
        raise UpdateError("gone")

    monkeypatch.setattr(usage, "add", broken)
    meter, taken = Meter(), 0
    for _ in range(200):
        with suppress(Problem):
            meter.take(STORE, CHAT, 10)
            taken += 1
    assert taken == 100
