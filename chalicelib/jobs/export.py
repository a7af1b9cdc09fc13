"""Exports. The feed is read into chunks, the file is made of them; every step is saved, so that another worker goes on
where one was lost. What is cleared or erased meanwhile makes it begin anew. See docs/exports.md."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import export_reading as reading
from chalicelib.jobs import export_tail as tail
from chalicelib.jobs import export_writing as writing
from chalicelib.jobs import leftovers, queue
from chalicelib.jobs.export_state import Asked, Reached, asked_of, at, begun, file_key, reached_of, seen
from chalicelib.jobs.leftovers import folder
from chalicelib.store import alive, audit, jobs
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store

KEPT_S = clock.DAY_S  # how long the finished file can be had


def start(store: Store, asked: Asked, caller: Caller) -> Job:
    job = jobs.create(store, "export", caller.subject, asdict(asked), caller.acting)
    told = {"job": job.id, "format": asked.format, "layout": asked.layout}
    audit.note(
        store,
        caller.subject,
        "export.created",
        role=caller.acting,
        kind=asked.kind,
        experience=asked.experience,
        details=told,
        id=job.id,
    )
    queue.announce(store.tenant, job.id)
    return job


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice: step after step, until the file is there or time is up. Raises Taken and Failed."""
    slice_ = _Slice(store, job)
    while slice_.job.state == "running":
        slice_.step()
        if is_late() or slice_.job.not_before > clock.now_ms():
            break
    return slice_.job


class _Slice:
    """What one worker does under one lease."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store, self._holder, self.job = store, job.version, job
        self._reading: reading.Reading | None = None
        if job.checkpoint:
            self.job = at(job, self._held(reached_of(job)))

    def step(self) -> None:
        cleared = alive.horizons(self._store)
        if not self.job.checkpoint or self._moved(cleared):
            self._begin()
            return
        job = self._stepped(self.job, reached_of(self.job), cleared)
        self.job = jobs.save(self._store, replace(job, attempts=0)) if job.state == "running" else job
        if self.job.checkpoint.get("phase") not in ("read", "tail"):
            self._reading = None  # what it remembers takes memory

    def _begin(self) -> None:
        leftovers.clear(folder(self._store, self.job))
        job = begun(self._store, self.job)
        self.job = jobs.save(self._store, at(job, self._held(reached_of(job))))
        self._reading = None

    def _moved(self, cleared: alive.Horizons) -> bool:
        return seen(cleared, asked_of(self.job).of) != reached_of(self.job).seen

    def _held(self, reached: Reached) -> Reached:
        """From here on chunks are this worker's."""
        before = [one for one in reached.holders if one[0] < reached.chunks]
        return replace(reached, holders=[*before, [reached.chunks, self._holder]])

    def _stepped(self, job: Job, reached: Reached, cleared: alive.Horizons) -> Job:
        match reached.phase:
            case "read":
                return reading.step(self._source(reached, cleared), job, reached)
            case "tail":
                return tail.step(self._source(reached, cleared), job, reached)
            case "merge":
                return writing.merge(self._store, job, reached)
            case "write":
                return writing.write(self._store, job, reached)
            case "check":
                return self._ended(job, reached)

    def _source(self, reached: Reached, cleared: alive.Horizons) -> reading.Reading:
        if self._reading is None:
            self._reading = reading.Reading(self._store, asked_of(self.job), cleared, reached.as_of)
        return self._reading

    def _ended(self, job: Job, reached: Reached) -> Job:
        """Done, unless something was cleared while the file was written and looked at."""
        found = writing.check(self._store, job, reached)
        key = file_key(self._store, job, reached)
        leftovers.clear(folder(self._store, job), keep=key)
        if self._moved(alive.horizons(self._store)):
            return job
        return _done(job, reached, key, {"rows": reached.lines, **found, "as_of": clock.rfc3339(reached.as_of)})


def _done(job: Job, reached: Reached, key: str, result: dict[str, Any]) -> Job:
    job = jobs.advanced(job, 2 * reached.rows, 2 * reached.rows)
    return replace(
        job,
        state="done",
        done=job.total or 0,
        result=result,
        file=key,
        file_until=clock.now_s() + KEPT_S,
        checkpoint={"seen": reached.seen},
    )
