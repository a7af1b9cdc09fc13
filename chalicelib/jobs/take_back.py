"""Taking an import back: first nothing of it is given out any more, then what is still free is removed; what somebody
has stays theirs. Once more after a while, for writes that were under way and indexes that lagged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import queue
from chalicelib.kinds import KINDS
from chalicelib.promotions import batches
from chalicelib.promotions.batches import Batch
from chalicelib.settings import settings
from chalicelib.store import audit, feeds, jobs, keys
from chalicelib.store.failures import accepted
from chalicelib.store.jobs import Job
from chalicelib.store.tables import Code
from chalicelib.store.tenancy import Row, Span, Store, in_parallel

PAGE: Final = 250


def start(store: Store, batch: Batch, caller: Caller) -> Job:
    """A new job, or the one that is at it or has done it. Raises Contended."""
    known = jobs.read(store, batch.taken_by) if batch.taken_by else None
    if known and known.state in (*jobs.OPEN, "done"):
        return known
    job = jobs.create(store, "take_back", caller.subject, _asked(batch), caller.acting)
    audit.note(
        store,
        caller.subject,
        "import.taken_back",
        role=caller.acting,
        kind=batch.kind,
        experience=batch.experience,
        details={"import": batch.id, "job": job.id},
        id=job.id,
    )
    batches.change(store, batch.id, state="taking_back", taken_by=job.id)
    queue.announce(store.tenant, job.id)
    return job


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice: goes on at the checkpoint, until everything is removed or time is up. Raises Taken."""
    batch = batches.read(store, job.work["import"])
    if batch is None:
        return replace(job, state="done", result={"removed": 0, "given": 0})
    if not job.checkpoint:
        batches.close(store, batch)
    partitions = feeds.of_experience(store, KINDS[batch.kind], batch.experience).partitions
    rows_at = job.work["rows_at"]
    while rows_at is not None and (place := job.checkpoint.get("part", 0)) < len(partitions):
        job = _page(store, job, batch, partitions[place], rows_at)
        if is_late():
            return job
    return _swept(store, job, batch)


def _asked(batch: Batch) -> dict[str, Any]:
    """Where its rows lie is known to the import, even if its job did not end well."""
    return {"import": batch.id, "kind": batch.kind, "experience": batch.experience, "rows_at": batch.rows_at}


def _page(store: Store, job: Job, batch: Batch, partition: str, rows_at: int) -> Job:
    """All rows of an import were created in one moment, so they lie together in their experience's feed. How many a
    page has is saved before they go, so that they are counted once, whoever removes them."""
    access, reached = feeds.of_experience(store, KINDS[batch.kind], batch.experience).access, job.checkpoint
    low = reached["after"] + "\x00" if reached.get("after") else keys.time_prefix(rows_at)
    high = reached.get("high") or keys.before(keys.time_prefix(rows_at + 1))
    page = store.query(access, partition, Span(low, high), limit=PAGE, descending=False)
    own = [row for row in page.rows if row["data"].get("import_id") == batch.id]
    if own and "high" not in reached:
        planned = {"high": page.rows[-1]["at"], "own": len(own), "more": page.more}
        job = jobs.save(store, replace(job, checkpoint={**reached, **planned}))
    given = sum(in_parallel(lambda row: _is_given(store, row), own))
    more = job.checkpoint.get("more", page.more)
    counted = {
        "again": reached.get("again", False),
        "part": reached.get("part", 0) + (not more),
        "after": job.checkpoint.get("high", page.rows[-1]["at"] if page.rows else "") if more else "",
        "given": reached.get("given", 0) + given,
    }
    removed = job.checkpoint.get("own", 0) - given
    return replace(job, checkpoint=counted, done=job.done + removed, attempts=0)


def _is_given(store: Store, row: Row) -> bool:
    """Somebody's by now; all others are removed."""
    ours = (Code.at == row["at"]) & (Code.data["state"] == "free")
    if accepted(lambda: store.delete(Code(row["pk"], row["sk"]), ours)):
        return False
    there = store.get("Codes", row["pk"], row["sk"])
    return there is not None and there["at"] == row["at"]


def _swept(store: Store, job: Job, batch: Batch) -> Job:
    """What is given counts as the second look finds it."""
    if not job.checkpoint.get("again") and job.work["rows_at"] is not None:
        not_before = clock.now_ms() + settings().sweep_after * 1000
        return replace(job, checkpoint={"again": True}, not_before=not_before)
    batches.forget(store, batch)
    told = {"removed": job.done, "given": job.checkpoint.get("given", 0)}
    batches.change(store, batch.id, state="taken_back", **told)
    return replace(job, state="done", result=told)
