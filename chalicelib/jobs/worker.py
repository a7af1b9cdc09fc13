"""The worker: takes messages of the jobs queue, works in slices under a lease, hands over when time is up; and what
follows from changes in the tables."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.jobs import purge, queue
from chalicelib.store import customers, jobs
from chalicelib.store.jobs import Job, Taken
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

SLICE_MS = 60_000
LEASE_MS = 130_000  # longer than the function may run

WORK: dict[str, Callable[[Store, Job, Callable[[], bool]], Job]] = {"purge": purge.work}


def on_messages(event: dict[str, Any]) -> dict[str, Any]:
    """Answers which messages are to be delivered again (SQS partial batch response)."""
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if not _succeeds(r)]}


def on_changes(event: dict[str, Any]) -> dict[str, Any]:
    """When a customer is gone, by TTL or by hand, what lies around the customer goes, too."""
    failed = []
    for record in event["Records"]:
        try:
            _follow(record)
        except Exception:
            log.exception("a change could not be followed")
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failed}


def resend() -> None:
    for tenant, job_id in list(jobs.overdue()):
        job = jobs.read(Store(tenant), job_id)
        if job and job.state in jobs.OPEN:
            _release(Store(tenant), job)


def run(store: Store, job_id: str) -> None:
    """One slice of a job. Whoever holds the lease works; a second message for the same job is dropped."""
    job = jobs.read(store, job_id)
    if job is None or job.state not in jobs.OPEN or job.leased_until > clock.now_ms():
        return
    wait = job.not_before - clock.now_ms()
    if wait > 0:
        return queue.send(store.tenant, job_id, wait // 1000 + 1)
    try:
        job = jobs.save(store, replace(job, state="running", leased_until=clock.now_ms() + LEASE_MS))
        until = clock.now_ms() + SLICE_MS
        job = WORK[job.type](store, job, lambda: clock.now_ms() > until)
        _release(store, job)
    except Taken:
        log.warning("job %s is somebody else's by now", job_id)


def _release(store: Store, job: Job) -> None:
    job = jobs.save(store, replace(job, leased_until=0))
    if job.state in jobs.OPEN:
        queue.send(store.tenant, job.id, max(0, job.not_before - clock.now_ms()) // 1000)


def _succeeds(message: dict[str, Any]) -> bool:
    try:
        body = json.loads(message["body"])
        run(Store(body["tenant"]), body["job"])
    except Exception:
        log.exception("a slice of a job failed")
        return False
    return True


def _follow(record: dict[str, Any]) -> None:
    image = record["dynamodb"].get("OldImage", {})
    if record["eventName"] == "REMOVE" and image.get("sk") == {"S": "customer"}:
        row = plain_item(image)
        customers.forget(Store(row["pk"].partition("#")[0]), row)
