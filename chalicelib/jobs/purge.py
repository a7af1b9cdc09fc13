"""Delete all: hidden at once by a horizon, removed by this job behind it, and swept once more for writes that were
under way. Nothing newer than the horizon is ever touched."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import queue
from chalicelib.kinds import KINDS, Kind
from chalicelib.settings import settings
from chalicelib.store import deletion, feeds, horizons, jobs, keys
from chalicelib.store.feeds import Feed
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Page, Span, Store
from chalicelib.telemetry import log

PAGE = 250


@dataclass(frozen=True)
class Part:
    """One partition of one feed."""

    kind: Kind
    feed: Feed
    partition: str


def start(store: Store, kind: Kind, experience: str | None, caller: Caller) -> dict[str, Any]:
    """The job is written first, so that a horizon never stands without its removal; the answer comes when the clock is
    past the horizon, so that whatever the caller makes next stays."""
    job = jobs.create(store, "purge", caller.subject, {"kind": kind.name, "experience": experience})
    horizon = job.created_at
    horizons.clear(store, kind, experience, horizon)
    while clock.now_ms() <= horizon:
        time.sleep(0.001)
    _announce(store, job)
    return {"job": job.id, "hidden_from": clock.rfc3339(horizon)}


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice: goes on at the checkpoint, until everything is removed or time is up."""
    kind, experience, horizon = KINDS[job.work["kind"]], job.work["experience"], job.created_at
    if not job.checkpoint:
        horizons.clear(store, kind, experience, horizon)  # the request may have died before it did
    parts = _parts(store, kind, experience)
    while (place := job.checkpoint.get("part", 0)) < len(parts):
        page = _page(store, parts[place], job.checkpoint.get("after", ""), _latest(parts[place].kind, horizon))
        removed = deletion.remove_behind(store, parts[place].kind, page.rows, horizon, whole=kind)
        after = page.rows[-1][parts[place].feed.access.range] if page.more and page.rows else ""
        reached = {"after": after, "part": place if after else place + 1}
        job = replace(job, done=job.done + removed, checkpoint={**job.checkpoint, **reached}, attempts=0)
        if page.rows:
            job = jobs.save(store, job)
        if is_late():
            return job
    return _swept(store, job, kind, experience, horizon)


def _announce(store: Store, job: Job) -> None:
    """It stands written: without the message it is late, not lost."""
    try:
        queue.send(store.tenant, job.id)
    except Exception:
        log.exception("job %s waits to be sent again", job.id)


def _swept(store: Store, job: Job, kind: Kind, experience: str | None, horizon: int) -> Job:
    if "again" not in job.checkpoint:
        not_before = clock.now_ms() + settings().sweep_after * 1000
        return replace(job, checkpoint={"again": True}, not_before=not_before)
    if experience:
        horizons.settle(store, kind, experience, horizon)
    return replace(job, state="done", result={"rows": job.done})


def _parts(store: Store, kind: Kind, experience: str | None) -> list[Part]:
    """With the customers go all kinds that belong to them, and log entries that name them; customers last."""
    gone = [one for one in KINDS.values() if one.of_customers or one.name == "log"]
    gone = sorted(gone, key=lambda one: one.name == "customers") if kind.name == "customers" else [kind]
    found = [
        (one, feeds.of_experience(store, one, experience) if experience else feeds.of_tenant(store, one))
        for one in gone
    ]
    return [Part(one, feed, partition) for one, feed in found for partition in feed.partitions]


def _page(store: Store, part: Part, after: str, latest: int) -> Page:
    span = Span(after + "\x00", keys.time_prefix(latest) + "\uffff")
    return store.query(part.feed.access, part.partition, span, limit=PAGE, descending=False)


def _latest(kind: Kind, horizon: int) -> int:
    """Where what lies behind the horizon ends in its feed. Customers are sorted by activity, and a request that found
    one alive may have moved it beyond the horizon since."""
    return horizon + settings().sweep_after * 1000 if kind.name == "customers" else horizon
