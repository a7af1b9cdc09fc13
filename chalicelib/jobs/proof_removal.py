"""After proofs of consent were turned off or are kept for a shorter time: what is shown no more is removed, and once
more for writes that were under way."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import queue
from chalicelib.settings import settings
from chalicelib.store import alive, jobs, proofs
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

TYPE = "proofs"
PAGE = 250


def prepare(store: Store, caller: Caller) -> Job:
    """Before the setting is changed, so that it never stands without its removal; without effect if it stays."""
    return jobs.create(store, TYPE, caller.subject, {}, caller.acting)


def announce(store: Store, job: Job) -> None:
    """It stands written: without the message it is late, not lost."""
    try:
        queue.send(store.tenant, job.id)
    except Exception:
        log.exception("job %s waits to be sent again", job.id)


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice. What has to go is asked anew for each page: the period may have been made longer meanwhile."""
    partitions = proofs.partitions(store)
    while (place := job.checkpoint.get("part", 0)) < len(partitions):
        until = proofs.given_up_until(alive.horizons(store))
        page = proofs.page(store, partitions[place], job.checkpoint.get("after", ""), until, PAGE)
        proofs.remove(store, page.rows)
        after = page.rows[-1]["due_at"] if page.more and page.rows else ""
        reached = {"after": after, "part": place if after else place + 1}
        job = replace(job, done=job.done + len(page.rows), checkpoint={**job.checkpoint, **reached}, attempts=0)
        if page.rows:
            job = jobs.save(store, job)
        if is_late():
            return job
    return _swept(job)


def _swept(job: Job) -> Job:
    if "again" in job.checkpoint:
        return replace(job, state="done", result={"rows": job.done})
    return replace(job, checkpoint={"again": True}, not_before=clock.now_ms() + settings().sweep_after * 1000)
