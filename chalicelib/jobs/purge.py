"""Delete all: hidden at once by a horizon, removed by this job behind it, and swept once more for writes that were
under way. Nothing newer than the horizon is ever touched."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pynamodb.exceptions import DeleteError

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import queue
from chalicelib.kinds import KINDS, Kind
from chalicelib.settings import settings
from chalicelib.store import customers, feeds, horizons, jobs, keys
from chalicelib.store.failures import is_condition
from chalicelib.store.jobs import Job
from chalicelib.store.records import MODELS
from chalicelib.store.tenancy import Row, Span, Store, in_parallel

PAGE = 250


def start(store: Store, kind: Kind, experience: str | None, caller: Caller) -> dict[str, Any]:
    """The job is written first, so that a horizon never stands without its removal; the answer comes when the clock is
    past the horizon, so that whatever the caller makes next stays."""
    horizon = clock.now_ms()
    job = jobs.create(store, "purge", caller.subject, {"kind": kind.name, "experience": experience, "horizon": horizon})
    horizons.clear(store, kind, experience, horizon)
    while clock.now_ms() <= horizon:
        time.sleep(0.001)
    queue.send(store.tenant, job.id)
    return {"job": job.id, "hidden_from": clock.rfc3339(horizon)}


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice: goes on at the checkpoint, until everything is removed or time is up."""
    kind, experience, horizon = KINDS[job.work["kind"]], job.work["experience"], job.work["horizon"]
    if not job.checkpoint:
        horizons.clear(store, kind, experience, horizon)  # the request may have died before it did
    steps = list(_steps(store, kind, experience))
    while (place := job.checkpoint.get("step", 0)) < len(steps):
        low = job.checkpoint.get("low", "")
        last, removed = _remove_page(store, *steps[place], Span(low + "\x00", _before(horizon)))
        reached = {"low": last} if last else {"low": "", "step": place + 1}
        job = replace(job, done=job.done + removed, checkpoint={**job.checkpoint, **reached})
        if last:
            job = jobs.save(store, job)
        if is_late():
            return job
    return _swept(store, job, kind, experience, horizon)


def _swept(store: Store, job: Job, kind: Kind, experience: str | None, horizon: int) -> Job:
    if "again" not in job.checkpoint:
        not_before = clock.now_ms() + settings().sweep_after * 1000
        return replace(job, checkpoint={"again": True, "step": 0}, not_before=not_before)
    if experience:
        horizons.settle(store, kind, experience, horizon)
    return replace(job, state="done", result={"rows": job.done})


def _steps(store: Store, kind: Kind, experience: str | None) -> Iterator[tuple[Kind, str, feeds.Feed]]:
    """(kind, partition, feed) in turn. With the customers go all kinds that belong to them, customers last."""
    gone = [one for one in KINDS.values() if one.of_customers] if kind.name == "customers" else [kind]
    for one in sorted(gone, key=lambda one: one.name == "customers"):
        feed = feeds.of_experience(store, one, experience) if experience else feeds.of_tenant(store, one)
        for partition in feed.partitions:
            yield one, partition, feed


def _remove_page(store: Store, kind: Kind, partition: str, feed: feeds.Feed, span: Span) -> tuple[str, int]:
    """Where the page ended, "" after the last one, and how many rows were removed."""
    rows = store.query(feed.access, partition, span, limit=PAGE, descending=False).rows
    if kind.name == "customers":
        found = store.get_many("Customers", [(row["pk"], row["sk"]) for row in rows], consistent=True)
        removed = in_parallel(lambda row: _forget(store, row, span), list(found.values()))
    else:
        removed = in_parallel(lambda row: _remove(store, kind, row, span), rows)
    return rows[-1][feed.access.range] if rows else "", sum(removed)


def _forget(store: Store, row: Row, span: Span) -> bool:
    behind = keys.time_prefix(row["created_at"]) <= span.high
    if behind:
        customers.forget(store, row)
    return behind


def _remove(store: Store, kind: Kind, row: Row, span: Span) -> bool:
    """Natural keys may have been taken again since the feed was read; what is there now decides."""
    model = MODELS[kind.promise.table]
    try:
        store.delete(model(row["pk"], row["sk"]), model.created_at <= keys.time_of(span.high))
    except DeleteError as error:
        if not is_condition(error):
            raise
        return False
    return True


def _before(horizon: int) -> str:
    """The greatest sort key of that millisecond."""
    return keys.time_prefix(horizon) + "\uffff"
