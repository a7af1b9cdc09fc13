"""Delete all, behind the horizon: everything older is removed, nothing newer, whatever happens to those who do it."""

from typing import Any

import pytest
import time_machine
from pynamodb.exceptions import PynamoDBException

from chalicelib import clock as now
from chalicelib.jobs import purge, queue, worker
from chalicelib.kinds import KINDS
from chalicelib.store import alive, customers, deletion, feeds, horizons, jobs, keys, wire
from chalicelib.store.metering import metered
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Row, Span, Store
from local.template import load
from tests import faults, seeds
from tests.pumping import delete_all, finished, pump, stored
from tests.seeds import ANNA, Planted, guest, plant
from tests.world import World

STORE = Store("acme")
RECORDS = [name for name in KINDS if name != "customers"]


class Killed(BaseException):
    """The worker's process is gone: no `except Exception` sees it."""


def of_kind(world: World, kind: str, place: int = 0) -> Planted:
    person = guest(world, f"guest{place}@example.com" if kind == "customers" else ANNA)
    return seeds.of_kind(world, kind, person)


def there(records: list[Planted]) -> list[bool]:
    return [record.stored(STORE) is not None for record in records]


def tenant_document() -> dict[str, Any]:
    row = STORE.get("Control", "acme#tenant", "tenant")
    return dict(row["data"]) if row else {}


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_older_is_removed_and_nothing_newer(world: World, clock: time_machine.Traveller, kind: str) -> None:
    older = [of_kind(world, kind, place) for place in range(3)]
    job = delete_all(world, kind)
    newer = [of_kind(world, kind, place) for place in range(2)]
    done = finished(job, clock)
    with_variables = 3 + {"customers": 3, "variables": 1}.get(kind, 0)  # each sign-in stores the address
    assert (done.state, done.result, done.done) == ("done", {"rows": with_variables}, with_variables)
    assert there(older) == [False] * 3
    assert there(newer) == [True] * 2
    assert len([row for row in world.rows(kind) if row.get("event") != "job"]) == 2  # the log says that it is done


@pytest.mark.parametrize("kind", RECORDS)
def test_clearing_one_experience_removes_its_records_alone(
    world: World, clock: time_machine.Traveller, kind: str
) -> None:
    person = guest(world)
    gone, stays = plant(kind, person), plant(kind, person, experience="winter")
    finished(delete_all(world, kind, experience="summer"), clock)
    assert there([gone, stays]) == [False, True]


def test_another_tenant_loses_nothing(world: World, clock: time_machine.Traveller) -> None:
    others = plant("participations", guest(world, tenant="other"), tenant="other")
    finished(delete_all(world, "participations"), clock)
    assert others.stored(Store("other")) is not None


def test_a_write_that_was_under_way_is_removed_by_the_second_sweep(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    began = now.now_ms()
    job = delete_all(world, "participations")
    pump()
    late = plant("participations", person, began)
    assert world.rows("participations") == []
    assert finished(job, clock).result == {"rows": 1}
    assert there([late]) == [False]


def test_the_second_sweep_waits_longer_than_the_longest_request(world: World, clock: time_machine.Traveller) -> None:
    job = delete_all(world, "participations")
    pump()
    clock.shift(31)  # API Gateway gives up after 29 seconds, the function after 30
    pump()
    assert stored(job).state == "running"
    clock.shift(60)
    pump()
    assert stored(job).state == "done"


def test_a_natural_key_that_was_taken_again_keeps_its_new_record(world: World, clock: time_machine.Traveller) -> None:
    guest(world)
    before = world.collect("participations", email=ANNA, giveaway="bike").ok()
    job = delete_all(world, "participations")
    after = world.collect("participations", email=ANNA, giveaway="bike").ok()
    assert (after["outcome"], after["ticket"] != before["ticket"]) == ("entered", True)
    assert finished(job, clock).done == 0
    assert [row["ticket"] for row in world.rows("participations")] == [after["ticket"]]


def test_an_index_that_lags_behind_removes_nothing_newer_and_counts_nothing_twice(world: World) -> None:
    guest(world)
    kind = KINDS["participations"]
    world.collect("participations", email=ANNA, giveaway="bike").ok()
    gone = plant("participations", guest(world))
    feed = feeds.of_tenant(STORE, kind)
    lagging = [row for pk in feed.partitions for row in STORE.query(feed.access, pk, Span()).rows]
    horizon = now.now_ms()
    horizons.clear(STORE, kind, None, horizon)
    deletion.delete_one(STORE, kind, gone.id)
    while now.now_ms() <= horizon:
        pass
    world.collect("participations", email=ANNA, giveaway="bike").ok()
    assert len(lagging) == 2
    assert deletion.remove_behind(STORE, kind, lagging, horizon, whole=kind) == 0
    assert len(world.rows("participations")) == 1


def test_a_customer_whom_a_request_under_way_made_active_again_is_removed_all_the_same(
    world: World, clock: time_machine.Traveller
) -> None:
    """The feed of customers is sorted by activity, so that customer lies beyond the horizon now."""
    person = guest(world)
    job = delete_all(world, "customers")
    later = now.now_ms() + 20_000
    STORE.update(customers.reference(STORE, person), [Customer.at.set(customers.position(later, person))])
    finished(job, clock)
    assert there([seeds.customer(person)]) == [False]


def test_clearing_customers_leaves_nothing_of_them_but_nameless_codes(
    world: World, clock: time_machine.Traveller
) -> None:
    person = guest(world, fields={"letter": "x" * 1000})
    world.collect("consents", email=ANNA, consent="newsletter", status="granted", text="Ja.").ok()
    owned = [plant(kind, person) for kind in RECORDS if not KINDS[kind].holder]
    held = [plant(kind, person) for kind in RECORDS if KINDS[kind].holder]
    nobodys = plant("log", None)
    finished(delete_all(world, "customers"), clock)
    assert there(owned) == [False] * len(owned)
    assert there([*held, nobodys]) == [True] * 3
    for kind in ("coupons", "codes"):
        [row] = world.rows(kind)
        assert (row["state"] != "free", row["customer_id"], row["email"]) == (True, None, None)
    left = wire.client().scan(TableName="afterchat-local-CustomersTable")["Items"]
    assert [item["pk"]["S"] for item in left if item["pk"]["S"].startswith("acme#")] == []


@pytest.mark.slow
def test_more_customers_than_there_are_threads_are_removed(world: World, clock: time_machine.Traveller) -> None:
    for place in range(40):
        guest(world, f"guest{place}@example.com")
    job = delete_all(world, "customers")
    assert finished(job, clock).done == 80  # and a variable of each


def test_cleared_consents_are_no_state_of_their_customers_any_more(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    told: dict[str, Any] = {"email": ANNA, "consent": "newsletter", "status": "granted", "text": "Ja."}
    world.collect("consents", **told).ok()
    job = delete_all(world, "consents")
    assert world.rows("customers")[0]["consents"] == {}
    assert world.collect("state", email=ANNA).ok()["consents"] == {}
    finished(job, clock)
    assert seeds.customer(person).stored(STORE)["consents"] == {}  # type: ignore[index]
    assert world.collect("consents", **told).ok()["outcome"] == "recorded"
    assert world.rows("customers")[0]["consents"] == {"newsletter": "granted"}


def test_a_consent_given_again_after_the_clear_stays_through_the_removal(
    world: World, clock: time_machine.Traveller
) -> None:
    guest(world)
    told: dict[str, Any] = {"email": ANNA, "consent": "newsletter", "status": "granted", "text": "Ja."}
    world.collect("consents", **told).ok()
    job = delete_all(world, "consents")
    assert world.collect("consents", **told).ok()["outcome"] == "recorded"
    finished(job, clock)
    assert world.rows("customers")[0]["consents"] == {"newsletter": "granted"}
    assert [row["current"] for row in world.rows("consents")] == [True]


def test_consents_of_one_experience_end_their_state_and_no_other(world: World, clock: time_machine.Traveller) -> None:
    guest(world)
    world.request("PUT", "/v1/experiences/winter", {"title": "Winter"}).ok()
    world.collect("consents", email=ANNA, consent="newsletter", status="granted", text="Ja.").ok()
    world.collect("consents", email=ANNA, experience="winter", consent="calls", status="granted", text="Ja.").ok()
    job = delete_all(world, "consents", experience="winter")
    assert world.rows("customers")[0]["consents"] == {"newsletter": "granted"}
    finished(job, clock)
    assert world.rows("customers")[0]["consents"] == {"newsletter": "granted"}


def test_an_experiences_clear_is_forgotten_by_the_tenant_and_remembered_by_the_experience(
    world: World, clock: time_machine.Traveller
) -> None:
    guest(world)
    before = seeds.moment(now.now_ms() - 1000)
    job = delete_all(world, "participations", experience="summer")
    assert list(tenant_document()["experiences"]) == ["summer"]
    pump()
    assert list(tenant_document()["experiences"]) == ["summer"]  # requests under way may still write behind it
    finished(job, clock)
    assert tenant_document()["experiences"] == {}
    late = world.collect("participations", email=ANNA, giveaway="bike", occurred_at=before)
    late.problem(422, "time_out_of_range")
    tag = world.get("/v1/experiences/summer").headers["ETag"]
    assert tag == '"1"'  # nobody's edit was overtaken


def test_two_clears_of_an_experience_keep_the_later_horizon(world: World, clock: time_machine.Traveller) -> None:
    first = delete_all(world, "participations", experience="summer")
    pump()
    clock.shift(50)
    between = plant("participations", guest(world))
    second = delete_all(world, "participations", experience="summer")
    clock.shift(11)
    pump()
    assert (stored(first).state, stored(second).state) == ("done", "running")
    assert list(tenant_document()["experiences"]) == ["summer"]
    finished(second, clock)
    assert (there([between]), tenant_document()["experiences"]) == ([False], {})


def test_a_long_removal_is_handed_over_from_slice_to_slice(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    monkeypatch.setattr(purge, "PAGE", 2)
    person = guest(world)
    for _ in range(20):
        plant("transactions", person)
    job = delete_all(world, "transactions")
    assert pump() >= 10
    assert finished(job, clock).done == 20


@pytest.mark.parametrize("when", ["before the checkpoint", "after the checkpoint"])
def test_a_worker_killed_between_two_checkpoints_is_followed_by_one_that_goes_on(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(purge, "PAGE", 3)
    person = guest(world)
    records = [plant("transactions", person) for _ in range(30)]
    job = delete_all(world, "transactions")
    save, calls = jobs.save, []

    def dying(store: Store, job: jobs.Job) -> jobs.Job:
        calls.append(job)
        if len(calls) == 4 and when == "before the checkpoint":
            raise Killed
        saved = save(store, job)
        if len(calls) == 4:
            raise Killed
        return saved

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "save", dying)
        with pytest.raises(Killed):
            pump()
    assert 0 < stored(job).done < 30
    assert 0 < sum(there(records)) < 30
    pump()
    assert 0 < sum(there(records)) < 30  # the lease of the dead still stands
    assert finished(job, clock).state == "done"
    assert sum(there(records)) == 0


def test_a_request_that_died_before_it_set_the_horizon_is_made_good(
    world: World, clock: time_machine.Traveller
) -> None:
    record = plant("transactions", guest(world))
    job = jobs.create(STORE, "purge", "somebody", {"kind": "transactions", "experience": None})
    worker.resend()
    assert pump() == 0  # the request may still be at it
    clock.shift(301)
    worker.resend()
    pump()
    assert world.rows("transactions") == []
    assert finished(job.id, clock).state == "done"
    assert there([record]) == [False]


def test_a_message_that_could_not_be_sent_is_sent_by_the_schedule(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = plant("transactions", guest(world))

    def refuse(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(queue, "send", refuse)
        job = delete_all(world, "transactions")
    assert (world.rows("transactions"), pump()) == ([], 0)
    clock.shift(301)
    worker.resend()
    assert finished(job, clock).state == "done"
    assert there([record]) == [False]


def test_the_answer_comes_when_the_clock_is_past_the_horizon(world: World, clock: time_machine.Traveller) -> None:
    for _ in range(20):
        answer = world.request("DELETE", "/v1/records/transactions", query={"confirm": "transactions"}).ok()
        assert now.rfc3339(now.now_ms()) > answer["hidden_from"]


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["throttled", "lost"])
def test_trouble_with_any_call_of_the_removal_changes_nothing_in_its_end(
    world: World, clock: time_machine.Traveller, fault: faults.Kind
) -> None:
    person, place, calls = guest(world), 0, 20
    while place < calls:
        place += 1
        older = plant("participations", person)
        job = delete_all(world, "participations", experience="summer")
        newer = plant("participations", person)
        with faults.at(place, fault) as struck:
            pump()
        calls = calls if struck.hit else place
        assert (finished(job, clock).state, there([older, newer])) == ("done", [False, True]), (place, struck.hit)
    assert place < 20, "there are calls that were not struck"


def test_delete_all_costs_at_most_three_write_units_before_it_answers(world: World) -> None:
    for kind in KINDS:
        for query in ({}, {"experience": "summer"}) if kind != "customers" else ({},):
            with metered(wire.client()) as units:
                delete_all(world, kind, **query)
            assert units.write <= 3, kind


@pytest.mark.parametrize("kind", ["participations", "coupons", "log", "variables"])
def test_the_removal_costs_a_write_unit_a_row_and_index(world: World, clock: time_machine.Traveller, kind: str) -> None:
    rows = 200
    planted = [plant(kind, None) for _ in range(rows)]
    row = planted[0].stored(STORE) or {}
    floor = rows * (1 + indexes_of(row, kind))
    job = delete_all(world, kind)
    with metered(wire.client()) as units:
        assert finished(job, clock).done == rows
    assert floor <= units.write <= 1.05 * floor + 15  # checkpoints, leases and the end of the job


def indexes_of(row: Row, kind: str) -> int:
    """In how many indexes the row is, by the template."""
    table = load()["Resources"][f"{KINDS[kind].promise.table}Table"]["Properties"]
    return sum(
        all(key["AttributeName"] in row for key in index["KeySchema"]) for index in table["GlobalSecondaryIndexes"]
    )


def test_the_horizon_of_a_kind_never_moves_back(world: World) -> None:
    kind, at = KINDS["transactions"], now.now_ms()
    horizons.clear(STORE, kind, None, at)
    horizons.clear(STORE, kind, None, at - 5000)
    assert alive.horizons(STORE).of(kind) == at


def test_settings_saved_meanwhile_and_many_clears_at_once_lose_nothing(world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    kinds = list(KINDS.values())
    with ThreadPoolExecutor(4) as threads:
        for some in (kinds[:8], kinds[8:]):  # whom seven others overtake succeeds the eighth time
            list(threads.map(lambda kind: horizons.clear(STORE, kind, None, now.now_ms()), some))
    assert set(tenant_document()["kinds"]) == set(KINDS)
    world.request("PUT", "/v1/settings", {"time_zone": "Asia/Tokyo"}).ok()
    assert set(tenant_document()["kinds"]) == set(KINDS)


def test_a_horizon_that_cannot_be_set_leaves_a_job_that_sets_it(world: World, clock: time_machine.Traveller) -> None:
    record = plant("transactions", guest(world))
    with faults.at(3, "broken") as fault:  # the job is written, the tenant's document read
        refused = world.request("DELETE", "/v1/records/transactions", query={"confirm": "transactions"})
    assert (fault.hit, refused.status) == ("PutItem", 503)
    clock.shift(301)
    worker.resend()
    pump()
    assert world.rows("transactions") == []
    [job] = world.get("/v1/jobs").ok()["items"]
    finished(job["id"], clock)
    assert there([record]) == [False]


def test_keys_behind_the_horizon_end_with_its_millisecond() -> None:
    at = 1_700_000_000_000
    latest = keys.time_prefix(purge._latest(KINDS["transactions"], at)) + "\uffff"
    assert keys.time_ordered_id(at) <= latest < keys.time_ordered_id(at + 1)


def test_what_storage_refuses_for_good_is_raised(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record = plant("transactions", guest(world))
    row = record.stored(STORE) or {}
    with faults.at(1, "broken"), pytest.raises(PynamoDBException):
        deletion.remove_behind(STORE, KINDS["transactions"], [row], now.now_ms(), whole=KINDS["transactions"])
