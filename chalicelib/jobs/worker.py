"""The worker: takes messages of the jobs queue, works in slices under a lease, hands over when time is up."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import clock, metrics, telemetry
from chalicelib.jobs import (
    arrivals,
    erasure,
    export,
    imports,
    leftovers,
    package,
    proof_removal,
    purge,
    queue,
    sweep,
    take_back,
)
from chalicelib.store import deliveries, jobs, keys, runtime_log
from chalicelib.store.jobs import Failed, Job, Taken
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import Span, log
from chalicelib.trace_context import unpacked
from chalicelib.webhooks import outbox

SLICE_MS = 60_000
LEASE_MS = 130_000  # longer than the function may run
MOST_ATTEMPTS = 5  # in a row that got nowhere
PAUSE_MS = 10_000  # after the first failed attempt; doubles with each


def _draw(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    from chalicelib.jobs import draw  # and what it stands on, which few processes need

    return draw.work(store, job, is_late)


WORK: dict[str, Callable[[Store, Job, Callable[[], bool]], Job]] = {
    "purge": purge.work,
    "erasure": erasure.work,
    "export": export.work,
    "package": package.work,
    "sweep": sweep.work,
    "import": imports.work,
    "take_back": take_back.work,
    "draw": _draw,
    proof_removal.TYPE: proof_removal.work,
}


def on_messages(event: dict[str, Any]) -> dict[str, Any]:
    """Answers which messages are to be delivered again (SQS partial batch response)."""
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if not _succeeds(r)]}


def on_dead_letters(event: dict[str, Any]) -> dict[str, Any]:
    """A job whose message was given up ends as failed, unless somebody is at it."""
    metrics.count("DeadLetters", len(event["Records"]), queue="jobs")
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if not _is_buried(r)]}


def resend() -> None:
    """Jobs whose message was lost get another one. The age of the oldest of them is what an alarm looks at."""
    oldest = clock.now_ms()
    for tenant, job_id in jobs.overdue():
        try:
            job = _remind(Store(tenant), job_id)
            oldest = min(oldest, job.created_at if job else oldest)
        except Exception:
            log.exception("job %s could not be sent again", job_id)
    metrics.count("OldestJob", (clock.now_ms() - oldest) // 1000, "Seconds")


def run(store: Store, job_id: str) -> None:
    """One slice of a job. While somebody else holds it, or it has to wait, the message comes back when that is over:
    whoever holds it may have been killed."""
    job = jobs.read(store, job_id)
    if job is not None and job.state == "cancelled":
        leftovers.remove(store, job)
    if job is None or job.state not in jobs.OPEN:
        return
    free_at = max(job.leased_until, job.not_before)
    if free_at > clock.now_ms():
        queue.send(store.tenant, job_id, free_at)
        return
    below = unpacked(job.trace).child()
    with telemetry.span(f"job {job.type}", kind="consumer", context=below, tenant=store.tenant, job=job_id) as span:
        try:
            _attempt(store, job, span)
        except Taken:
            log.warning("job %s is somebody else's by now, or cancelled", job_id)
            _leave(store, job_id)


def _attempt(store: Store, job: Job, span: Span) -> None:
    """Raises Taken. Attempts are counted when they begin, so that those which killed the worker count, too."""
    if job.attempts >= MOST_ATTEMPTS:
        _end_as_failed(store, job, "interrupted")
        return
    until = clock.now_ms() + SLICE_MS
    held = replace(job, state="running", leased_until=clock.now_ms() + LEASE_MS, attempts=job.attempts + 1)
    held = jobs.save(store, held)
    try:
        done = WORK[job.type](store, held, lambda: clock.now_ms() > until)
    except Taken:
        raise
    except Failed as refused:
        span.failed(refused.code)
        _end_as_failed(store, _as_held(store, held), refused.code)
    except Exception as error:
        span.failed(error)
        log.exception("attempt %s of job %s failed", held.attempts, job.id)
        _try_later(store, held, error)
    else:
        _release(store, replace(done, attempts=0))


def _try_later(store: Store, held: Job, error: Exception) -> None:
    job = _as_held(store, held)
    if job.attempts >= MOST_ATTEMPTS:
        _end_as_failed(store, job, "gave_up", cause=type(error).__name__)
    else:
        pause = PAUSE_MS * 2 ** max(0, job.attempts - 1)
        _release(store, replace(job, not_before=clock.now_ms() + pause))


def _as_held(store: Store, held: Job) -> Job:
    """The job as it was last saved under this lease. Raises Taken."""
    job = jobs.read(store, held.id)
    if job is None or job.leased_until != held.leased_until or job.state not in jobs.OPEN:
        raise Taken(held.id)
    return job


def _end_as_failed(store: Store, job: Job, code: str, **values: str) -> None:
    """`code` is one of job_codes.py, `values` fill its words."""
    error = {"code": code, "values": values}
    ended = jobs.save(store, replace(job, state="failed", leased_until=0, error=error))
    metrics.count("FailedJobs", type=job.type, job=job.id)
    _tell(store, ended)
    leftovers.remove(store, ended)


def _leave(store: Store, job_id: str) -> None:
    job = jobs.read(store, job_id)
    if job and job.state == "cancelled":
        leftovers.remove(store, job)


def _release(store: Store, job: Job) -> None:
    told = outbox.of_job(store, job)
    job = jobs.save(store, replace(job, leased_until=0), [deliveries.item(store, one) for one in told])
    outbox.send(store, told)
    if job.state in jobs.OPEN:
        queue.send(store.tenant, job.id, job.not_before)
    else:
        _tell(store, job)


def _tell(store: Store, ended: Job) -> None:
    """In the runtime log: the job, and nobody whom it was about."""
    told = {"job": ended.id, "type": ended.type, "state": ended.state, "rows": (ended.result or {}).get("rows")}
    told |= {"code": (ended.error or {}).get("code")}
    runtime_log.write(
        store,
        "error" if ended.state == "failed" else "info",
        "job",
        f"{ended.type}: {ended.state}",
        experience=ended.work.get("experience"),
        attributes=told,
        context=None if telemetry.current_span() else unpacked(ended.trace),
        at=keys.time_ordered_id(clock.now_ms()),
    )


def _remind(store: Store, job_id: str) -> Job | None:
    """The job, if it was overdue: the index that named it may lag behind it."""
    job = jobs.read(store, job_id)
    if job is None or job.state not in jobs.UNENDED or max(job.leased_until, job.not_before) > clock.now_ms():
        return None
    _release(store, replace(job, state="queued") if job.state == "waiting" else job)
    return job


def _succeeds(message: dict[str, Any]) -> bool:
    try:
        body = json.loads(message["body"])
        if "Event" in body or "Records" in body:
            with telemetry.span("upload arrived", kind="consumer"):
                arrivals.on_upload(body)
        else:
            run(Store(body["tenant"]), body["job"])
    except Exception:
        log.exception("a message of the jobs queue could not be worked on")
        return False
    return True


def _is_buried(message: dict[str, Any]) -> bool:
    try:
        body = json.loads(message["body"])
        if "Records" in body:
            return True  # an upload that could not be looked at: it is never shown, and swept away
        store = Store(body["tenant"])
        job = jobs.read(store, body["job"])
        if job and job.state in jobs.OPEN and job.leased_until <= clock.now_ms():
            _end_as_failed(store, job, "not_taken")
    except Exception:
        log.exception("a dead letter could not be read")
        return False
    return True
