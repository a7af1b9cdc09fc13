"""The daily sweep: objects without a record go, uploads that nobody looked at are looked at, in slices."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.jobs import arrivals, sweep, worker
from chalicelib.settings import settings
from chalicelib.store import jobs, objects, wire
from chalicelib.store.jobs import Job
from chalicelib.store.metering import metered
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Store
from tests import faults, pumping
from tests.files.uploads import PNG, STORE, objects_left, offer, put, stored
from tests.world import World

HOUR = 3600


def orphan(world: World) -> str:
    """The object of a record that is gone, without anybody having told."""
    answer = offer(world)
    row = stored(answer["file_id"])
    assert row
    STORE.delete(Activity(row["pk"], row["sk"]))
    return put(answer)


def ready(world: World) -> str:
    key = put(offer(world))
    arrivals.look(key)
    return key


def swept(clock: Traveller, tenant: str = "acme") -> Job:
    pumping.pump(lambda *_: None)  # what S3 told is lost
    return pumping.finished(sweep.start(Store(tenant)).id, clock, tenant)


def age(clock: Traveller, seconds: float = HOUR + 1) -> None:
    clock.shift(timedelta(seconds=seconds))


def test_objects_whose_record_is_gone_are_deleted_and_the_others_stay(world: World, clock: Traveller) -> None:
    kept, gone = ready(world), orphan(world)
    age(clock)
    job = swept(clock)
    assert (job.state, job.result, job.by) == ("done", {"rows": 1}, "schedule")
    assert objects_left() == [kept] != [gone]


def test_what_came_within_the_hour_is_left_alone(world: World, clock: Traveller) -> None:
    key = orphan(world)
    age(clock, HOUR - 1)
    swept(clock)
    assert objects_left() == [key]


def test_an_upload_whose_message_was_lost_is_looked_at(world: World, clock: Traveller) -> None:
    fine, wrong = put(offer(world)), put(offer(world), b"<html>")
    age(clock)
    swept(clock)
    assert {row["state"] for row in world.rows("files")} == {"ready", "refused"}
    assert objects_left() == [fine] != [wrong]


def test_a_refused_object_that_was_not_deleted_goes(world: World, clock: Traveller) -> None:
    answer = offer(world)
    arrivals.look(put(answer, b"<html>"))
    put(answer)
    age(clock)
    swept(clock)
    assert ([row["state"] for row in world.rows("files")], objects_left()) == (["refused"], [])


@pytest.mark.parametrize("days", [1, 60])
def test_objects_of_records_that_are_over_go_before_ttl_takes_the_record(
    world: World, clock: Traveller, days: int
) -> None:
    key = put(offer(world))
    if days == 60:
        arrivals.look(key)
    age(clock, days * 86_400)
    swept(clock)
    assert objects_left() == []


def test_what_we_cannot_have_asked_for_is_left_to_the_lifecycle(world: World, clock: Traveller) -> None:
    """Such would be all objects, had the sealing key been lost."""
    for key in ("t/acme/unknown", "t/acme/a/b"):
        objects.put(settings().files_bucket, key, PNG)
    age(clock)
    swept(clock)
    assert objects_left() == ["t/acme/a/b", "t/acme/unknown"]


def test_tenants_are_those_who_have_objects_and_each_is_swept_alone(world: World, clock: Traveller) -> None:
    assert list(sweep.tenants()) == []
    own = orphan(world)
    other = world.collect("files", tenant="other", name="a.png", content_type="image/png", size=len(PNG)).ok()
    put(other)
    arrivals.look(other["upload"]["fields"]["key"])
    assert list(sweep.tenants()) == ["acme", "other"]
    age(clock)
    swept(clock, "other")
    assert own in objects_left()
    swept(clock)
    assert own not in objects_left()


def test_it_goes_on_where_a_slice_ended_or_a_worker_died(
    world: World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PAGE", 3)
    kept = [ready(world) for _ in range(4)]
    gone = [orphan(world) for _ in range(7)]
    waiting = [put(offer(world)) for _ in range(3)]
    age(clock)
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    job = swept(clock)
    assert (job.state, job.result) == ("done", {"rows": len(gone)})
    assert sorted(objects_left()) == sorted(kept + waiting)
    assert len(world.rows("files")) == len(kept + waiting)


def test_a_record_costs_half_a_read_unit_and_a_page_one_listing(world: World, clock: Traveller) -> None:
    for _ in range(8):
        ready(world)
    age(clock)
    job = jobs.create(STORE, "sweep", "schedule", {})
    with metered(wire.client()) as units:
        sweep.work(STORE, job, lambda: False)
    assert (units.read, units.write) == (8 / 2 + 1, 1)  # and the horizons; the job


@pytest.mark.slow
def test_trouble_at_any_call_ends_the_same(world: World, clock: Traveller) -> None:
    def prepare() -> Any:
        for key in objects_left():
            objects.delete(settings().files_bucket, key)
        keys = ready(world), orphan(world), put(offer(world))
        age(clock)
        return keys

    def work(_: Any) -> None:
        sweep.work(STORE, jobs.create(STORE, "sweep", "schedule", {}), lambda: False)

    def check(keys: Any) -> None:
        assert sorted(objects_left()) == sorted((keys[0], keys[2]))

    assert "lost DeleteObject" in faults.everywhere(prepare, work, check)
