"""Imports whose worker is killed, whose calls fail, whose messages come twice: the same rows, the same report."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest
import time_machine

from chalicelib.jobs import import_state, import_writing, imports, worker
from chalicelib.promotions import tickets
from chalicelib.store import experiences, jobs
from tests import faults
from tests.imports.importing import (
    STORE,
    announce,
    bring_in,
    codes_of,
    counts,
    ordinals,
    report,
    stored,
    upload,
)
from tests.pumping import finished, pump
from tests.pumping import stored as stored_job
from tests.world import World

THERE = (7, 21)


def file(start: str = "C", lines: int = 57) -> bytes:
    """Fifty codes, those that follow twice, and one that is wrong."""
    return ("".join(f"{start}{n % 50:03}\n" for n in range(lines)) + "4,00638E+12\n").encode()


class Killed(BaseException):
    """The worker's process is gone: no `except Exception` sees it."""


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.jobs import import_reading

    for module in (import_state, import_reading, import_writing):
        if hasattr(module, "CHUNK"):
            monkeypatch.setattr(module, "CHUNK", 10)
    monkeypatch.setattr(import_reading, "SAVED_EVERY", 2)


@contextmanager
def killed_at(place: int) -> Iterator[list[str]]:
    """Just before the call of that number, to DynamoDB or S3, takes effect; answers the calls so far."""
    calls: list[str] = []

    def call(answer: faults.Answer, operation: str, arguments: faults.Arguments) -> Any:
        calls.append(operation)
        if len(calls) >= place:
            raise Killed
        return answer(operation, arguments)

    with faults.instead(call):
        yield calls


def waiting(world: World, kind: str, start: str = "C", lines: int = 57) -> str:
    answer = announce(world, kind)
    upload(answer, file(start, lines))
    return str(answer["job"])


def assert_exact(job: jobs.Job, kind: str, start: str = "C") -> None:
    assert (job.state, counts(job)) == ("done", (58, 48, 2, 7, 1)), job.error
    rows = stored(kind, job.id)
    assert codes_of(rows) == [f"{start}{n:03}" for n in range(50) if n not in THERE]
    lines = report(job)
    assert [line for line, *_ in lines] == list(range(1, 59))
    assert [result for _, _, result, _ in lines].count("added") == 48
    assert lines[50:] == [
        *((n + 1, f"{start}{n % 50:03}", "twice_in_file", "") for n in range(50, 57)),
        (58, "4,00638E+12", "invalid", "excel_number"),
    ]
    if kind == "coupons":
        assert ordinals(rows) == list(range(48))
        assert tickets.read(STORE, "summer").batches[-1].count == 48
    experience = experiences.read(STORE, "summer")
    assert experience and experience.pending == {}


def there(world: World, clock: time_machine.Traveller, kind: str, start: str = "C") -> None:
    bring_in(world, clock, "".join(f"{start}{n:03}\n" for n in THERE), kind)


@pytest.mark.parametrize("kind", ["coupons", "codes"])
def test_a_worker_killed_again_and_again_leaves_exact_rows_and_an_exact_report(
    world: World, clock: time_machine.Traveller, small_chunks: None, kind: str
) -> None:
    there(world, clock, kind)
    id, kills = waiting(world, kind), 0
    for place in range(3, 400, 9):
        with killed_at(place) as calls, suppress(Killed):
            pump()
        kills += len(calls) >= place
        clock.shift(worker.LEASE_MS // 1000 + 1)
        worker.resend()
        if stored_job(id).state == "done":
            break
        assert kind == "codes" or len(tickets.read(STORE, "summer").batches) in (1, 2)
    assert kills >= 3
    assert_exact(finished(id, clock), kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["coupons", "codes"])
def test_a_worker_killed_at_any_call_leaves_exact_rows(
    world: World, clock: time_machine.Traveller, small_chunks: None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SETTLED_MS", 0)
    place, calls = 0, list[str]()
    while len(calls) >= place:
        place += 11
        start = f"K{place}-"
        there(world, clock, kind, start)
        id = waiting(world, kind, start)
        with killed_at(place) as calls, suppress(Killed):
            pump()
        clock.shift(worker.LEASE_MS // 1000 + 301)
        worker.resend()
        assert_exact(finished(id, clock), kind, start)
    assert place > 70


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["coupons", "codes"])
def test_trouble_at_any_call_is_survived(
    world: World, clock: time_machine.Traveller, small_chunks: None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SETTLED_MS", 0)
    monkeypatch.setattr(faults, "KINDS", ("throttled", "lost"))
    starts = (f"F{n}-" for n in count())

    def work(id: str) -> None:
        worker.run(STORE, id)
        clock.shift(worker.LEASE_MS // 1000 + 1)

    def check(id: str) -> None:
        job = finished(id, clock)
        assert (job.state, counts(job)) == ("done", (5, 4, 0, 0, 1))
        assert len(stored(kind, id)) == 4

    struck = faults.everywhere(lambda: waiting(world, kind, next(starts), 4), work, check)
    assert "lost PutItem" in struck


def test_a_chunk_written_again_adds_nothing(world: World, clock: time_machine.Traveller, small_chunks: None) -> None:
    id = waiting(world, "coupons")
    written = import_writing.Writing._written

    def twice(self: Any, *arguments: Any) -> Any:
        written(self, *arguments)
        return written(self, *arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_writing.Writing, "_written", twice)
        job = finished(id, clock)
    assert counts(job) == (58, 50, 0, 7, 1)
    assert ordinals(stored(import_id=id)) == list(range(50))


def test_what_somebody_else_brings_in_meanwhile_is_already_there(
    world: World, clock: time_machine.Traveller, small_chunks: None
) -> None:
    id = waiting(world, "coupons")
    new = import_writing.Writing._new

    def late(self: Any, *arguments: Any) -> Any:
        decided = new(self, *arguments)
        from chalicelib import clock as now
        from chalicelib.promotions import coupons
        from chalicelib.store import alive

        coupons.add(STORE, "summer", "C003", "other", 0, now.now_ms(), alive.horizons(STORE))
        return decided

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_writing.Writing, "_new", late)
        job = finished(id, clock)
    assert counts(job) == (58, 49, 1, 7, 1)
    assert (4, "C003", "already_there", "") in report(job)
