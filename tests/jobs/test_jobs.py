"""Jobs as their owners see them: cancelled, failed in words, their files, and in whose turn they are done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from chalicelib import clock as now
from chalicelib.job_codes import JOB_CODES
from chalicelib.jobs import worker
from chalicelib.settings import settings
from chalicelib.store import jobs, objects, whole_feeds
from chalicelib.store.jobs import Job, Taken
from chalicelib.store.tenancy import Store
from local.pump import Jobs, dead_letters
from tests.exports.exporting import left, start
from tests.pumping import client, delete_all, finished, pump, stored
from tests.seeds import plant
from tests.world import World

STORE = Store("acme")


def step() -> None:
    """One message of the queue."""
    import app

    Jobs(client(), settings().jobs_queue, app.worker, 1).once(wait=0)


@pytest.fixture
def running(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """An export of which each step is a slice, and that has made something."""
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    monkeypatch.setattr(whole_feeds, "PAGE", 2)
    for _ in range(20):
        plant("participations", None)
    job = start(world, "participations")
    step()
    step()
    assert (stored(job).state, len(left())) == ("running", 1)
    return job


def cancel(world: World, job: str, **options: Any) -> Any:
    return world.request("DELETE", f"/v1/jobs/{job}", **options)


# -- cancel --


def test_a_cancelled_job_ends_and_what_was_half_made_goes(world: World, running: str) -> None:
    assert cancel(world, running).status == 204
    assert world.get(f"/v1/jobs/{running}").ok()["state"] == "cancelled"
    pump()
    assert (stored(running).state, left()) == ("cancelled", [])
    assert cancel(world, running).status == 204


def test_a_worker_that_is_at_it_stops_at_its_next_save_and_clears_up(
    world: World, clock: time_machine.Traveller, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, puts = objects.put, list[str]()

    def meanwhile(bucket: str, key: str, *content: Any) -> None:
        cancel(world, running)
        puts.append(key)
        put(bucket, key, *content)

    monkeypatch.setattr(worker, "SLICE_MS", 60_000)
    monkeypatch.setattr(objects, "put", meanwhile)
    step()
    assert (len(puts), stored(running).state, left()) == (1, "cancelled", [])


def test_what_a_killed_worker_left_of_a_cancelled_job_goes_when_its_lease_is_over(
    world: World, clock: time_machine.Traveller, running: str
) -> None:
    job = jobs.save(STORE, replace(stored(running), leased_until=now.now_ms() + 130_000))
    cancel(world, running)
    objects.put(settings().exports_bucket, f"e/acme/{job.id}/late", b"")
    clock.shift(140)
    pump()
    assert left() == []


def test_a_failure_of_a_worker_does_not_bring_a_cancelled_job_back(
    world: World, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        cancel(world, running)
        raise ValueError

    monkeypatch.setattr(objects, "put", fails)
    step()
    assert stored(running).state == "cancelled"


def test_a_job_that_ended_cannot_be_cancelled(world: World, clock: time_machine.Traveller) -> None:
    job = start(world, "codes")
    finished(job, clock)
    cancel(world, job).problem(409, "job_ended")
    assert stored(job).state == "done"


def test_what_deletes_cannot_be_cancelled(world: World) -> None:
    cancel(world, delete_all(world, "log")).problem(409, "not_cancellable")


@pytest.mark.parametrize("roles", [("reader",), ("viewer", "editor"), ("privacy",), ("exporter",)])
def test_only_who_may_start_such_a_job_may_cancel_it(world: World, running: str, roles: tuple[str, ...]) -> None:
    cancel(world, running, roles=roles).problem(403, "role_missing")
    assert cancel(world, running, roles=("viewer", "exporter")).status == 204


def test_a_job_of_another_tenant_is_unknown(world: World, running: str) -> None:
    cancel(world, running, tenant="other").problem(404, "job_unknown")
    world.get(f"/v1/jobs/{running}/file", tenant="other").problem(404, "job_unknown")


# -- the file --


def test_a_file_is_had_by_a_url_that_is_made_on_click_and_lives_for_minutes(
    world: World, clock: time_machine.Traveller
) -> None:
    job = start(world, "codes", experience="summer")
    world.get(f"/v1/jobs/{job}/file").problem(404, "job_file_unknown")
    finished(job, clock)
    before = now.now_s()
    answer = world.get(f"/v1/jobs/{job}/file", roles=("viewer", "exporter")).ok()
    assert f"/e/acme/{job}/" in answer["url"] and "X-Amz-Expires=300" in answer["url"]
    assert "codes-summer-2026-03-10.csv" in answer["url"]
    assert now.rfc3339_s(before + 300) <= answer["expires_at"] <= now.rfc3339_s(now.now_s() + 300)


def test_a_file_is_gone_after_a_day_whether_or_not_it_was_removed(world: World, clock: time_machine.Traveller) -> None:
    job = start(world, "codes")
    until = finished(job, clock).file_until
    assert world.get(f"/v1/jobs/{job}").ok()["file_until"] == now.rfc3339_s(until)
    assert until == pytest.approx(now.now_s() + 86_400, abs=120)
    clock.shift(86_401)
    world.get(f"/v1/jobs/{job}/file").problem(410, "job_file_gone")
    shown = world.get(f"/v1/jobs/{job}").ok()
    assert (shown["state"], shown["file_until"]) == ("done", None)


def test_after_an_erasure_no_file_of_before_is_handed_out(world: World, clock: time_machine.Traveller) -> None:
    from chalicelib.store import horizons

    job = start(world, "participations")
    finished(job, clock)
    world.get(f"/v1/jobs/{job}/file").ok()
    horizons.change_document(STORE, STORE.key("tenant"), "tenant", lambda told: told.update(erased_at=now.now_ms()))
    world.get(f"/v1/jobs/{job}/file").problem(410, "job_file_gone")


def test_a_package_is_had_by_who_may_make_one(world: World) -> None:
    job = jobs.create(STORE, "package", "somebody", {"customer_id": "x"})
    until = now.now_s() + 100
    jobs.save(STORE, replace(job, state="done", file=f"p/acme/{job.id}/file", file_until=until))
    answer = world.get(f"/v1/jobs/{job.id}/file", roles=("privacy",)).ok()
    assert ".zip" in answer["url"] and answer["expires_at"] == now.rfc3339_s(until)
    world.get(f"/v1/jobs/{job.id}/file", roles=("viewer", "exporter")).problem(403, "role_missing")


@pytest.mark.parametrize("roles", [("reader",), ("viewer",), ("editor",), ("privacy",)])
def test_only_who_may_export_gets_an_export(
    world: World, clock: time_machine.Traveller, roles: tuple[str, ...]
) -> None:
    job = start(world, "codes")
    finished(job, clock)
    world.get(f"/v1/jobs/{job}/file", roles=roles).problem(403, "role_missing")


def test_a_job_that_makes_no_file_has_none(world: World) -> None:
    world.get(f"/v1/jobs/{delete_all(world, 'log')}/file").problem(404, "job_file_unknown")


# -- errors --


def fail(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    raise ValueError


def test_why_a_job_failed_is_told_in_the_readers_language(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(worker.WORK, "export", fail)
    job = start(world, "codes")
    finished(job, clock)

    def told(language: str) -> str:
        return str(world.get(f"/v1/jobs/{job}", headers={"Accept-Language": language}).ok()["error"]["detail"])

    assert told("de-AT").startswith("Es ist bei jedem Versuch gescheitert, zuletzt mit ValueError.")
    assert told("en").startswith("It failed each time it was tried, the last time with ValueError.")
    listed = world.get("/v1/jobs", headers={"Accept-Language": "de"}).ok()["items"][0]
    assert listed["error"] == {"code": "gave_up", "detail": told("de")}


@pytest.mark.parametrize("code", JOB_CODES)
def test_every_reason_has_words_in_both_languages(code: str) -> None:
    words = JOB_CODES[code]
    assert words.en and words.de and words.en != words.de


# -- dead letters --


def test_a_job_whose_messages_were_given_up_ends_as_failed_and_says_so(world: World, running: str) -> None:
    import app

    queue, dead = client(), dead_letters(client(), settings().jobs_queue)
    queue.send_message(QueueUrl=dead, MessageBody=f'{{"tenant": "acme", "job": "{running}"}}')
    assert Jobs(queue, dead, app.dead_letters, 1, "dead_letters").once(wait=0) == 1
    ended = stored(running)
    assert (ended.state, (ended.error or {})["code"], left()) == ("failed", "not_taken", [])


def bury(*bodies: str) -> list[str]:
    records = [{"messageId": f"m{place}", "body": body} for place, body in enumerate(bodies, 1)]
    return [one["itemIdentifier"] for one in worker.on_dead_letters({"Records": records})["batchItemFailures"]]


def test_a_job_that_somebody_holds_or_that_has_ended_is_not_failed_by_a_dead_letter(
    world: World, clock: time_machine.Traveller, running: str
) -> None:
    jobs.save(STORE, replace(stored(running), leased_until=now.now_ms() + 130_000))
    other = start(world, "codes")
    finished(other, clock)
    jobs.save(STORE, replace(stored(running), leased_until=now.now_ms() + 130_000))
    told = [f'{{"tenant": "acme", "job": "{job}"}}' for job in (running, other, "0" * 32)]
    assert bury(*told, '{"Records": []}') == []
    assert (stored(running).state, stored(other).state) == ("running", "done")


def test_a_dead_letter_that_cannot_be_read_stays(world: World) -> None:
    assert bury("{", '{"tenant": "#", "job": "x"}') == ["m1", "m2"]


# -- turns and progress --


def test_messages_carry_their_tenant_as_group(world: World) -> None:
    job = start(world, "codes")
    [message] = client().receive_message(QueueUrl=settings().jobs_queue, AttributeNames=["All"])["Messages"]
    assert (message["Attributes"]["MessageGroupId"], job in message["Body"]) == ("acme", True)


def test_progress_only_grows(world: World) -> None:
    job = replace(jobs.create(STORE, "test", "somebody", {}), done=50, total=100)
    anew = jobs.advanced(job, 0, None)
    assert (anew.done, anew.total) == (50, 100)
    assert [(one.done, one.total) for one in (jobs.advanced(job, 10, 20), jobs.advanced(job, 60, 120))] == [
        (50, 100),
        (60, 120),
    ]


def test_two_who_cancel_at_once_both_succeed(world: World, running: str) -> None:
    seen = stored(running)
    assert jobs.cancel(STORE, seen).state == "cancelled"
    assert jobs.cancel(STORE, seen).state == "cancelled"
    with pytest.raises(Taken):
        jobs.save(STORE, seen)
