"""Delete all: hidden at once by a horizon, removed by this job behind it, and swept once more for writes that were
under way. Nothing newer than the horizon is ever touched. A receipt says in the end how much it was."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import queue
from chalicelib.kinds import KINDS, Kind
from chalicelib.settings import settings
from chalicelib.store import audit, deletion, erasure, feeds, horizons, jobs, keys, receipts, suppression
from chalicelib.store.feeds import Feed
from chalicelib.store.jobs import Job
from chalicelib.store.receipts import Receipt
from chalicelib.store.tenancy import Page, Row, Span, Store, in_parallel

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
    asked = {"kind": kind.name, "experience": experience}
    job = jobs.create(store, "purge", caller.subject, asked, caller.acting)
    horizon = job.created_at
    horizons.clear(store, kind, experience, horizon)
    while clock.now_ms() <= horizon:
        time.sleep(0.001)
    queue.announce(store.tenant, job.id)
    return {"job": job.id, "hidden_from": clock.rfc3339(horizon), "receipt": job.id}


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice: goes on at the checkpoint, until everything is removed or time is up."""
    kind, experience, horizon = KINDS[job.work["kind"]], job.work["experience"], job.created_at
    if not job.checkpoint:
        horizons.clear(store, kind, experience, horizon)  # the request may have died before it did
        audit.note(store, job.by, "kind.cleared", role=job.role, kind=kind.name, experience=experience, id=job.id)
    parts = _parts(store, kind, experience)
    while (place := job.checkpoint.get("part", 0)) < len(parts):
        page = _page(store, parts[place], job.checkpoint.get("after", ""), _latest(parts[place].kind, horizon))
        job = _reached(job, parts[place], page, _remove(store, parts[place].kind, page.rows, horizon, whole=kind))
        if page.rows:
            job = jobs.save(store, job)
        if is_late():
            return job
    return _swept(store, job, kind, experience, horizon)


def _remove(store: Store, kind: Kind, rows: list[Row], horizon: int, whole: Kind) -> Counter[str]:
    """How many went, by kind: with a customer also what is in no feed, and names on coupons and codes."""
    if kind.name != "customers":
        return Counter({kind.name: deletion.remove_behind(store, kind, rows, horizon, whole)})
    ids = [store.partition(row["pk"]).removeprefix("c#") for row in rows if row["created_at"] <= horizon]
    return sum(in_parallel(lambda id: _erased(store, id), ids), Counter())


def _erased(store: Store, customer_id: str) -> Counter[str]:
    """The horizon says that the customer is gone, but not whose process instances those were."""
    found = erasure.find(store, customer_id)
    if found.instances:
        suppression.customer(store, customer_id, found.instances)
    erasure.remove(store, found)
    return Counter(found.counts)


def _reached(job: Job, part: Part, page: Page, removed: Counter[str]) -> Job:
    after = page.rows[-1][part.feed.access.range] if page.more and page.rows else ""
    place: int = job.checkpoint.get("part", 0)
    checkpoint = {**job.checkpoint, "after": after, "part": place if after else place + 1}
    checkpoint["counts"] = dict(Counter(job.checkpoint.get("counts", {})) + removed)
    return replace(job, done=job.done + removed.total(), checkpoint=checkpoint, attempts=0)


def _swept(store: Store, job: Job, kind: Kind, experience: str | None, horizon: int) -> Job:
    counts = job.checkpoint.get("counts", {})
    if "again" not in job.checkpoint:
        not_before = clock.now_ms() + settings().sweep_after * 1000
        return replace(job, checkpoint={"again": True, "counts": counts}, not_before=not_before)
    if experience:
        horizons.settle(store, kind, experience, horizon)
    ended = clock.now_ms()
    receipts.issue(
        store, Receipt(job.id, "delete_all", job.role, horizon, ended, counts, kind=kind.name, experience=experience)
    )
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
