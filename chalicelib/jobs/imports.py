"""Imports of coupons and codes: the upload starts the job; read, compared, written chunk by chunk, reported, and opened
in one write, so that half an import is never given out. See docs/imports.md."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import import_reading as reading
from chalicelib.jobs import import_writing as writing
from chalicelib.jobs import leftovers, queue
from chalicelib.jobs.import_state import Asked, Reached, asked_of, at, batch_of, reached_of, report_key, result
from chalicelib.promotions import batches
from chalicelib.promotions.batches import Batch
from chalicelib.settings import settings
from chalicelib.store import audit, jobs, keys, objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

MOST_BYTES: Final = 100_000_000
UPLOAD_S: Final = 3600  # how long the form can be used
SETTLED_MS: Final = 2000  # after which every reader of the experience knows that the codes are pending
KEPT_S: Final = clock.DAY_S  # the report
CONTENT_TYPE: Final = "application/octet-stream"
PREFIX: Final = "i/"


def start(store: Store, asked: Asked, file_name: str, caller: Caller) -> tuple[Job, Mapping[str, Any]]:
    """The job, which waits for its file, and the form to upload it with."""
    now = clock.now_ms()
    id = keys.time_ordered_id(now)
    told = {**asdict(asked), "file_name": file_name}
    job = Job(id, "import", caller.subject, now, told, caller.acting, state="waiting")
    audit.note(
        store,
        caller.subject,
        "import.created",
        role=caller.acting,
        kind=asked.kind,
        experience=asked.experience,
        details={"job": id, "dry_run": asked.dry_run},
        id=id,
    )
    batches.save(store, Batch(id, asked.kind, asked.experience, file_name, caller.subject, now, asked.dry_run))
    job = jobs.save(store, replace(job, not_before=now + UPLOAD_S * 1000))
    key = leftovers.upload(store.tenant, id)
    return job, objects.upload_form(settings().files_bucket, key, CONTENT_TYPE, MOST_BYTES, UPLOAD_S)


def arrived(key: str) -> None:
    """An upload is there: `key` is where S3 has it. Only the first one counts; what comes too late goes again."""
    tenant, _, id = key.removeprefix(PREFIX).partition("/")
    store = Store(tenant)
    job = jobs.read(store, id)
    if job is None or job.state not in jobs.UNENDED:
        log.warning("a file came for an import that does not wait for one")
        objects.delete(settings().files_bucket, key)
    elif job.state == "waiting":
        jobs.save(store, replace(job, state="queued", not_before=0))
        queue.send(tenant, id)
    elif job.state == "queued":
        queue.send(tenant, id, job.not_before)


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice. Raises Taken and Failed."""
    while True:
        reached = reached_of(job)
        match reached.phase:
            case "read":
                job = reading.read(store, job, reached, is_late)
            case "compare":
                if not asked_of(job).dry_run:
                    batches.hold(store, batch_of(job), clock.now_ms())
                job = jobs.save(store, reading.compare(store, job, reached))
            case "write":
                job = _written(store, job, reached, is_late)
            case "report":
                job = jobs.save(store, _opened(store, job, reached))
            case "clear":
                return _done(store, job, reached)
        if is_late() or job.not_before > clock.now_ms():
            return job


def _written(store: Store, job: Job, reached: Reached, is_late: Callable[[], bool]) -> Job:
    """Where the rows will lie is noted before the first is written, to take them back; and no code is written before
    all know that it is pending."""
    if not asked_of(job).dry_run:
        batches.change(store, job.id, rows_at=reached.rows_at)
    settled_at = reached.rows_at + SETTLED_MS
    if asked_of(job).kind == "codes" and not asked_of(job).dry_run and clock.now_ms() < settled_at:
        return replace(job, not_before=settled_at)
    return writing.Writing(store, job).run(job, reached, is_late)


def _opened(store: Store, job: Job, reached: Reached) -> Job:
    """The report is there before the batch is opened, and the batch is open before anybody hears of it. Raises Failed
    if it was cleared meanwhile."""
    asked, told = asked_of(job), result(reached)
    writing.report(store, job, reached)
    if asked.dry_run:
        batches.change(store, job.id, state="checked", result=told)
    else:
        writing.still_wanted(store, asked, reached)
        batches.change(store, job.id, result=told)
        batches.open_up(store, batch_of(job), reached.ordinal, reached.rows_at)
        batches.change(store, job.id, state="ready")
    return at(job, replace(reached, phase="clear"))


def _done(store: Store, job: Job, reached: Reached) -> Job:
    """Nothing but the report is kept in the buckets."""
    key = report_key(store, job)
    leftovers.clear(leftovers.folder(store, job), keep=key)
    objects.delete(settings().files_bucket, leftovers.upload(store.tenant, job.id))
    told = result(reached)
    return replace(job, state="done", result=told, file=key, file_until=clock.now_s() + KEPT_S, checkpoint={})
