"""The worker: one holds a job at a time, whoever dies is followed, and what never succeeds ends in words."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from math import ceil
from typing import Any

import pytest
import time_machine

from chalicelib import clock as now
from chalicelib.jobs import queue, worker
from chalicelib.settings import settings
from chalicelib.store import jobs
from chalicelib.store.jobs import Job, Taken
from chalicelib.store.tenancy import Store
from tests.pumping import finished, pump, stored, waiting_messages
from tests.world import World

STORE = Store("acme")
Work = Callable[[Store, Job, Callable[[], bool]], Job]


def message(body: Any, id: str = "m1") -> dict[str, Any]:
    return {"messageId": id, "body": body if isinstance(body, str) else json.dumps(body)}


def deliver(*bodies: Any) -> list[str]:
    """Which of the messages (m1, m2, …) are to come again."""
    event = {"Records": [message(body, f"m{place}") for place, body in enumerate(bodies, 1)]}
    return [failure["itemIdentifier"] for failure in worker.on_messages(event)["batchItemFailures"]]


def work_is(monkeypatch: pytest.MonkeyPatch, work: Work) -> Job:
    """A queued job of a type of its own, whose message is on its way."""
    monkeypatch.setitem(worker.WORK, "test", work)
    job = jobs.create(STORE, "test", "somebody", {})
    queue.send("acme", job.id)
    return job


def end(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    return replace(job, state="done", done=job.done + 1)


def fail(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    raise ValueError("anna@example.com is not to be told")


def test_a_message_delivered_twice_does_the_work_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = work_is(monkeypatch, end)
    told = {"tenant": "acme", "job": job.id}
    assert deliver(told, told) == []
    assert (stored(job.id).state, stored(job.id).done) == ("done", 1)


def test_a_second_worker_leaves_a_held_job_alone_and_comes_back_after_the_lease(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def meanwhile(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
        seen.append(waiting_messages())
        worker.run(store, job.id)
        seen.append(waiting_messages())
        return end(store, job, is_late)

    job = work_is(monkeypatch, meanwhile)
    pump()
    assert seen == [0, 1]
    assert (stored(job.id).done, waiting_messages()) == (1, 1)
    clock.shift(131)
    assert pump() == 1
    assert (stored(job.id).done, waiting_messages()) == (1, 0)


def test_two_workers_that_read_the_same_job_are_told_apart_by_its_version(world: World) -> None:
    job = jobs.create(STORE, "test", "somebody", {})
    jobs.save(STORE, replace(job, state="running"))
    with pytest.raises(Taken):
        jobs.save(STORE, replace(job, state="running"))


def test_a_worker_whose_job_was_taken_over_changes_nothing_any_more(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stalls(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
        monkeypatch.setitem(worker.WORK, "test", end)
        clock.shift(131)
        worker.run(store, job.id)
        return replace(job, state="failed")

    job = work_is(monkeypatch, stalls)
    pump()
    assert (stored(job.id).state, stored(job.id).done) == ("done", 1)


def test_a_worker_that_fails_after_it_was_taken_over_changes_nothing_either(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stalls(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
        monkeypatch.setitem(worker.WORK, "test", end)
        clock.shift(131)
        worker.run(store, job.id)
        raise ValueError

    job = work_is(monkeypatch, stalls)
    pump()
    assert (stored(job.id).state, stored(job.id).error) == ("done", None)


def test_work_that_always_fails_ends_as_failed_and_says_so_in_words_without_personal_data(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, fail)
    assert finished(job.id, clock).attempts == 5
    shown = world.get(f"/v1/jobs/{job.id}").ok()
    assert (shown["state"], shown["error"]["code"]) == ("failed", "gave_up")
    assert "with ValueError" in shown["error"]["detail"] and "anna" not in str(stored(job.id).error)
    clock.shift(3600)
    worker.resend()
    assert (pump(), waiting_messages()) == (0, 0)


def test_a_failed_attempt_is_repeated_after_a_growing_pause(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, fail)
    pauses = []
    for _ in range(4):
        pump()
        pauses.append(ceil((stored(job.id).not_before - now.now_ms()) / 5000) * 5)  # looked at within five seconds
        assert stored(job.id).leased_until == 0
        clock.shift(pauses[-1] + 1)
    assert pauses == [10, 20, 40, 80]


def test_an_attempt_that_fails_once_is_forgotten_by_the_one_that_succeeds(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, fail)
    pump()
    monkeypatch.setitem(worker.WORK, "test", end)
    ended = finished(job.id, clock)
    assert (ended.state, ended.attempts, ended.error) == ("done", 0, None)


def test_work_that_gets_somewhere_before_each_failure_is_not_given_up(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
        job = jobs.save(store, replace(job, done=job.done + 1, attempts=0))
        if job.done < 12:
            raise ValueError
        return replace(job, state="done")

    job = work_is(monkeypatch, stumbles)
    assert (finished(job.id, clock).state, stored(job.id).done) == ("done", 12)


def test_work_that_kills_its_worker_each_time_is_given_up(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths: list[str] = []

    def dies(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
        deaths.append(job.id)
        raise KeyboardInterrupt

    job = work_is(monkeypatch, dies)
    for _ in range(20):
        with suppress(KeyboardInterrupt):
            pump()
        clock.shift(131)
        worker.resend()  # the queue has given the message up by then
    assert (stored(job.id).state, len(deaths)) == ("failed", 5)
    assert stored(job.id).error == {"code": "interrupted", "values": {}}


class _survived:  # noqa: N801 reads as a word where it is used
    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, *_: object) -> bool:
        return kind is KeyboardInterrupt


def test_a_job_of_a_type_that_nobody_knows_is_given_up(world: World, clock: time_machine.Traveller) -> None:
    job = jobs.create(STORE, "unknown", "somebody", {})
    queue.send("acme", job.id)
    assert finished(job.id, clock).state == "failed"


def test_a_poisoned_message_is_left_to_the_queue_and_stops_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, end)
    good = {"tenant": "acme", "job": job.id}
    poison = ["{", "[]", {"tenant": "acme"}, {"tenant": "#", "job": job.id}, {"tenant": "acme", "job": 5}]
    assert deliver(*poison, good) == ["m1", "m2", "m3", "m4", "m5"]
    assert stored(job.id).state == "done"


def test_a_message_for_a_job_that_is_no_more_is_dropped(world: World) -> None:
    assert deliver({"tenant": "acme", "job": "0" * 32}) == []


def test_a_message_of_one_tenant_never_reaches_the_job_of_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, end)
    deliver({"tenant": "other", "job": job.id})
    assert stored(job.id).state == "queued"


def test_a_wait_longer_than_the_queue_can_delay_is_waited_in_parts(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, end)
    jobs.save(STORE, replace(job, not_before=now.now_ms() + 2_000_000))
    pump()
    for _ in range(2):
        clock.shift(901)
        assert (pump(), stored(job.id).state) == (1, "queued")
    clock.shift(300)
    pump()
    assert stored(job.id).state == "done"


def test_the_schedule_leaves_jobs_alone_that_are_held_or_wait_or_have_ended(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(worker.WORK, "test", end)
    held, waits, ended = (jobs.create(STORE, "test", "somebody", {}) for _ in range(3))
    jobs.save(STORE, replace(held, leased_until=now.now_ms() + 130_000))
    jobs.save(STORE, replace(waits, not_before=now.now_ms() + 3_600_000))
    jobs.save(STORE, replace(ended, state="done"))
    clock.shift(301)
    worker.resend()
    assert pump() == 0
    clock.shift(130)  # now whoever held it is known to be dead
    worker.resend()
    assert pump() == 1
    assert (stored(held.id).state, stored(waits.id).state) == ("done", "queued")


def test_a_lagging_index_does_not_make_the_schedule_take_a_held_job(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.create(STORE, "test", "somebody", {})
    jobs.save(STORE, replace(job, leased_until=now.now_ms() + 130_000))
    monkeypatch.setattr(jobs, "overdue", lambda: iter([("acme", job.id)]))
    worker.resend()
    assert (stored(job.id).version, pump()) == (2, 0)


def test_one_job_that_cannot_be_sent_again_does_not_keep_the_others(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work_is(monkeypatch, end)
    queue.client().purge_queue(QueueUrl=settings().jobs_queue)
    monkeypatch.setattr(jobs, "overdue", lambda: iter([("#", "bad"), ("acme", "also bad"), ("acme", job.id)]))
    worker.resend()
    assert pump() == 1
    assert stored(job.id).state == "done"


def test_each_overdue_job_of_any_tenant_is_found(world: World, clock: time_machine.Traveller) -> None:
    made = {(tenant, jobs.create(Store(tenant), "test", "x", {}).id) for tenant in ("acme", "other") for _ in range(3)}
    assert list(jobs.overdue()) == []
    clock.shift(301)
    assert set(jobs.overdue()) == made


def test_a_job_is_forgotten_after_30_days(world: World, clock: time_machine.Traveller) -> None:
    jobs.create(STORE, "test", "somebody", {})
    clock.shift(30 * 86_400 - 5)
    assert len(world.get("/v1/jobs").ok()["items"]) == 1
    clock.shift(10)
    assert world.get("/v1/jobs").ok()["items"] == []
