"""The overview: its numbers are those of what was made and is there still, and cost the same however much that is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from time_machine import Traveller

from chalicelib import clock as time
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import runtime_log, tallies, wire
from chalicelib.store import webhooks as hooks
from chalicelib.store.metering import Units, metered
from chalicelib.store.tenancy import Store
from chalicelib.store.webhooks import Target
from local.context import Context
from tests.collect.offers import fill, offer
from tests.pumping import delete_all, finished
from tests.seeds import guest, plant
from tests.webhooks.calling import changes, stream
from tests.world import World

DAY_S = 86_400
DAY_MS = DAY_S * 1000
ACME = Store("acme")


@pytest.fixture(autouse=True)  # before the service, whose tokens are of this time
def clock() -> Iterator[Traveller]:
    with time_machine.travel(datetime(2030, 5, 21, 8, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def overview(world: World, **options: Any) -> Any:
    """As it is once the streams were read."""
    assert stream() == []
    return world.get("/v1/overview", **options).ok()


def raffles(world: World, **options: Any) -> dict[str, Any]:
    told = overview(world, **options)["raffles"]
    return {f"{one['experience']}/{one['giveaway']}": one for one in told}


def test_a_new_tenant_has_nothing_to_see(world: World) -> None:
    told = overview(world)
    assert set(told["series"]) == set(KINDS) - {"log"} and not any(told["series"].values())
    assert not any(told["kept"].values())
    assert (told["stock"], told["due"], told["failing"], told["more"]) == ([], [], [], False)
    assert told["today"] == "2030-05-21"


def test_records_count_by_the_day_they_were_made_in_the_time_zone_of_the_tenant(world: World) -> None:
    now = time.now_ms()
    guest(world)
    for days, n in ((0, 3), (1, 2), (29, 1), (30, 5)):
        for _ in range(n):
            plant("participations", None, at=now - days * DAY_MS)
    told = overview(world)
    assert told["series"]["participations"] == [["2030-04-22", 1], ["2030-05-20", 2], ["2030-05-21", 3]]
    assert told["series"]["customers"] == [["2030-05-21", 1]]
    assert (told["kept"]["participations"], told["kept"]["customers"]) == (11, 1)
    days = overview(world, query={"days": 2})["series"]["participations"]
    assert days == [["2030-05-20", 2], ["2030-05-21", 3]]


def test_a_day_begins_at_midnight_of_the_tenant(clock: Traveller, world: World) -> None:
    midnight = int(time.parsed("2030-05-20T22:00:00Z").timestamp() * 1000)  # 00:00 in Berlin
    plant("participations", None, at=midnight - 1)
    plant("participations", None, at=midnight)
    assert overview(world)["series"]["participations"] == [["2030-05-20", 1], ["2030-05-21", 1]]


def test_what_was_deleted_or_erased_counts_no_more(world: World) -> None:
    person, other = guest(world), guest(world, "ben@example.com")
    entry = plant("participations", person)
    plant("participations", other)
    assert overview(world)["kept"]["participations"] == 2
    world.request("DELETE", f"/v1/records/participations/{entry.id}").ok()
    world.request("DELETE", f"/v1/records/customers/{other}").ok()
    told = overview(world)
    assert told["series"]["participations"] == [["2030-05-21", 1]]
    assert (told["kept"]["customers"], told["series"]["customers"]) == (1, [["2030-05-21", 1]])


def test_a_delete_all_counts_at_once_and_when_it_is_over(clock: Traveller, world: World) -> None:
    now = time.now_ms()
    plant("participations", None, at=now - DAY_MS)
    plant("participations", None, at=now - DAY_MS, experience="spring")
    assert overview(world)["kept"]["participations"] == 2
    job = delete_all(world, "participations")
    assert overview(world)["kept"]["participations"] == 0
    finished(job, clock)
    plant("participations", None)
    assert overview(world)["kept"]["participations"] == 1


@pytest.mark.parametrize("kind", ["participations", "coupons", "transactions", "files"])
def test_what_will_be_gone_is_told_by_the_day(clock: Traveller, world: World, kind: str) -> None:
    now, days = time.now_ms(), KINDS[kind].days
    gone = plant(kind, None, at=now - (days - 3) * DAY_MS)
    plant(kind, None, at=now - (days - 3) * DAY_MS)
    plant(kind, None, at=now - (days - 14) * DAY_MS)
    plant(kind, None, at=now - (days - 13) * DAY_MS)
    world.request("DELETE", f"/v1/records/{kind}/{gone.id}").ok()
    wanted = [{"kind": kind, "day": "2030-05-24", "n": 1}, {"kind": kind, "day": "2030-06-03", "n": 1}]
    assert overview(world)["due"] == wanted


def test_customers_go_on_another_day_when_they_come_back(clock: Traveller, world: World) -> None:
    guest(world)
    guest(world, "ben@example.com")
    overview(world)
    clock.shift(170 * DAY_S)
    guest(world)
    told = overview(world)
    assert told["due"] == [{"kind": "customers", "day": "2030-11-18", "n": 1}]
    assert told["kept"]["customers"] == 2
    clock.shift(12 * DAY_S)
    assert overview(world)["due"] == []


def test_one_experience_alone(world: World) -> None:
    plant("participations", None)
    plant("participations", None, experience="spring")
    told = overview(world, query={"experience": "summer"})
    assert told["series"]["participations"] == [["2030-05-21", 1]]
    assert {one["experience"] for one in told["raffles"]} == {"summer"}
    world.get("/v1/overview", query={"experience": "nowhere"}).problem(404, "experience_unknown")
    for query in ({"days": "0"}, {"days": "61"}, {"days": "x"}):
        world.get("/v1/overview", query=query).problem(422, "validation")
    world.get("/v1/overview", query={"giveaway": "bike"}).problem(422, "filter_unknown")


def test_a_raffle_tells_entries_winners_and_the_last_safe_day(clock: Traveller, world: World) -> None:
    person, now = guest(world), time.now_ms()
    plant("participations", person, at=now - 10 * DAY_MS)
    plant("participations", None)
    winner = plant("winners", person, state="drawn", draw_id="d-1", slot=1)
    plant("winners", person, state="accepted", draw_id="d-1", slot=2)
    bike = raffles(world)["summer/bike"]
    assert (bike["entries"], bike["winners"], bike["unanswered"]) == (2, 2, 1)
    assert bike["last_safe_draw"] == "2030-07-09"  # 60 days from 11 May, the last of them not whole
    assert bike["ends_at"] is None
    world.request("PATCH", f"/v1/records/winners/{winner.id}", {"state": "declined"}).ok()
    assert raffles(world)["summer/bike"]["unanswered"] == 0


def test_a_raffle_that_loses_entries_says_which_day_was_the_last(clock: Traveller, world: World) -> None:
    bike = {"id": "bike", "title": "E-Bike", "opens_at": "2030-05-21T00:00:00+02:00"}
    world.request("PUT", "/v1/experiences/spring", {"title": "Spring", "giveaways": [bike]}).ok()
    assert raffles(world)["spring/bike"]["last_safe_draw"] == "2030-07-19"
    plant("participations", None, experience="spring")
    clock.shift(59 * DAY_S)
    plant("participations", None, experience="spring")
    assert raffles(world)["spring/bike"]["last_safe_draw"] == "2030-07-19"
    clock.shift(3 * DAY_S)
    told = raffles(world)["spring/bike"]
    assert (told["entries"], told["last_safe_draw"]) == (1, "2030-09-16")


def test_winners_without_a_name_are_waited_for_no_more(world: World, clock: Traveller) -> None:
    person = guest(world)
    plant("winners", person, state="drawn")
    assert raffles(world)["summer/bike"]["unanswered"] == 1
    job = world.request("DELETE", f"/v1/records/customers/{person}").ok()["job"]
    finished(job, clock)
    bike = raffles(world)["summer/bike"]
    assert (bike["winners"], bike["unanswered"]) == (1, 0)


def test_stock_is_told_and_whether_it_runs_low(world: World) -> None:
    assert overview(world)["stock"] == []
    offer(world, coupons={"low_at": 2})
    fill(3)
    [stock] = overview(world)["stock"]
    assert stock == {"experience": "summer", "free": 3, "issued": 0, "low_at": 2, "low": False}
    world.collect("coupon-claims", customer_id=guest(world)).ok()
    [stock] = overview(world)["stock"]
    assert (stock["free"], stock["issued"], stock["low"]) == (2, 1, True)


def test_what_fails_is_told_of_webhooks_to_owners_only(world: World) -> None:
    runtime_log.write(ACME, "error", "job", "failed")
    hook = hooks.create(ACME, Target("https://shop.example/hook", ["points.booked"]), "tests")
    hooks.change(ACME, hook.id, lambda one: replace(one, failing_since=time.now_ms()))
    told = overview(world)["failing"]
    assert told[0] == {"event": "job", "n": 1, "more": False}
    assert (told[1]["host"], told[1]["disabled"]) == ("shop.example", False)
    assert len(overview(world, roles=("reader",))["failing"]) == 1


def test_a_key_of_one_experience_sees_that_one(world: World) -> None:
    plant("participations", None)
    plant("participations", None, experience="spring")
    body = {"name": "BI", "role": "exporter", "experience": "summer"}
    key = world.request("POST", "/v1/keys", body).ok()["key"]
    told = overview(world, anonymous=True, headers={"Authorization": f"Bearer {key}"})
    assert told["kept"]["participations"] == 1
    reply = world.get(
        "/v1/overview", anonymous=True, headers={"Authorization": f"Bearer {key}"}, query={"experience": "spring"}
    )
    reply.problem(403, "experience_not_allowed")


def test_another_tenant_counts_for_itself(world: World) -> None:
    plant("participations", None)
    assert overview(world, tenant="other")["kept"]["participations"] == 0


# -- counted once --


def test_a_batch_that_comes_again_is_counted_once(world: World) -> None:
    for _ in range(5):
        plant("participations", None)
    stream(again=True)
    assert overview(world)["kept"]["participations"] == 5
    assert overview(world)["kept"]["participations"] == 5


def test_a_batch_that_comes_again_and_is_longer_counts_what_is_new(world: World) -> None:
    for _ in range(3):
        plant("participations", None)
    stream(again=True)
    for _ in range(4):
        plant("participations", None)
    assert overview(world)["kept"]["participations"] == 7


def test_a_batch_over_many_days_is_counted_whole_and_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MOST_ROWS", 5)
    for days in range(20):
        plant("participations", None, at=time.now_ms() - days * DAY_MS)
    stream(again=True)
    assert overview(world)["kept"]["participations"] == 20


# -- what it costs --


def of_control(units: Units) -> tuple[float, float]:
    cost = units.by_table[settings().tables["Control"]]
    return cost.read, cost.write


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_of_entries_costs_six_writes_however_long_it_is(world: World, count: int) -> None:
    for _ in range(count):
        plant("participations", None)
    [batch] = [one for one in changes(handed=True) if "Activity" in one["Records"][0]["eventSourceARN"]]
    import app

    with metered(wire.client()) as units:
        app.stream(batch, Context("stream", 120))
    assert of_control(units) == (1, 6)


def test_the_overview_reads_the_same_however_much_there_is(world: World) -> None:
    def cost() -> float:
        with metered(wire.client()) as units:
            overview(world)
        assert units.write == 0
        return units.read

    for days in range(60):
        plant("participations", None, at=time.now_ms() - days * DAY_MS)
    stream()
    few = cost()
    for _ in range(60):
        plant("participations", None)
    stream()
    assert cost() == few
    assert few <= 10
