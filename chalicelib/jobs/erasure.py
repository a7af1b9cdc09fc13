"""Erasing one customer on request: hidden at once by a mark on the customer's item, removed by a job as soon as every
request that found the customer alive has ended, and certified by a receipt.

mark (in the request) → wait → count → remove → exports → receipt → done. Each step can be tried again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from chalicelib import clock, telemetry
from chalicelib.access import Caller
from chalicelib.jobs import leftovers, queue
from chalicelib.settings import settings
from chalicelib.store import audit, customers, erasure, horizons, idempotency, jobs, keys, receipts, suppression
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import Contended
from chalicelib.store.idempotency import Call
from chalicelib.store.jobs import Job, Taken
from chalicelib.store.receipts import Receipt
from chalicelib.store.tables import Control, Customer
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction
from chalicelib.trace_context import packed

ATTEMPTS = 5
PACKAGE_MS = 10_000  # between two looks whether a package that was asked for before is made
LOOK_BACK_MS = 2 * clock.DAY_MS  # exports live for a day after they are made

Reason = Literal["erasure", "self_service"]


@dataclass(frozen=True)
class Started:
    """The job, which is the receipt's id, too; `again` if it was started before."""

    job: Job
    again: bool = False

    @property
    def answer(self) -> dict[str, str]:
        return {"job": self.job.id, "hidden_from": clock.rfc3339(self.job.created_at), "receipt": self.job.id}


def start(store: Store, customer_id: str, reason: Reason, caller: Caller, call: Call | None = None) -> Started | None:
    """Marks the customer dead and writes the job, in one transaction: six write units, two more with a key. None if
    there is no such customer. Raises Contended."""
    started = _started(store, customer_id, reason, caller, call)
    if started:
        _note(store, started.job, customer_id, caller.subject, caller.acting)
        queue.announce(store.tenant, started.job.id)
    return started


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice."""
    from chalicelib.jobs import package  # and what it stands on, which the request that starts this does not need

    if "since" not in job.checkpoint:
        return _waiting(store, job)
    if "counts" not in job.checkpoint and package.is_being_made(store, job.work.get("packages", ())):
        return replace(job, not_before=clock.now_ms() + PACKAGE_MS)
    if "removed" not in job.checkpoint:
        job = _removed(store, job, is_late)
        if "removed" not in job.checkpoint:
            return job
    _clear_exports(store, job)
    receipts.issue(store, _receipt(store, job))
    return replace(job, state="done", result={"rows": sum(_counts(job).values())})


def _started(store: Store, customer_id: str, reason: Reason, caller: Caller, call: Call | None) -> Started | None:
    for _ in range(ATTEMPTS):
        row = store.get("Customers", store.key(keys.customer(customer_id)), "customer")
        if row is None:
            return None
        before = jobs.read(store, row["erasing"]) if "erasing" in row else None
        if before and before.state in (*jobs.OPEN, "done"):
            return Started(before, again=True)
        job = _new(store, row, reason, caller)
        if accepted(lambda job=job, row=row: store.write(_marking(store, job, row, call))):  # type: ignore[misc]
            return Started(job)
        if call and (done := idempotency.recall(store, call)) and (earlier := jobs.read(store, done["job"])):
            return Started(earlier, again=True)
    raise Contended(customer_id)


def _new(store: Store, row: Row, reason: Reason, caller: Caller) -> Job:
    subject, now = receipts.subject_of(store, row["identity"]), clock.now_ms()
    asked = {"customer_id": row["customer_id"], "reason": reason, "subject": subject}
    asked |= {"packages": list(row.get("packages", {}).values())}
    return Job(keys.time_ordered_id(now), "erasure", caller.subject, now, asked, caller.acting)


def _note(store: Store, job: Job, customer_id: str, by: str, role: str) -> None:
    told = {"reason": job.work["reason"], "job": job.id}
    audit.note(store, by, "customer.erased", role=role, customer_id=customer_id, details=told, id=job.id)


def _marking(store: Store, job: Job, row: Row, call: Call | None) -> Transaction:
    transaction = Transaction()
    transaction.put(jobs.item(store, replace(job, version=1)), Control.pk.does_not_exist())
    if call:
        idempotency.remember(store, transaction, call, "started", job=job.id)
    seen = Customer.erasing == row["erasing"] if "erasing" in row else Customer.erasing.does_not_exist()
    item = customers.reference(store, row["customer_id"])
    marks = [Customer.erasing.set(job.id), Customer.trace.set(packed(telemetry.current()))]
    transaction.update(item, marks, Customer.pk.exists() & seen)
    return transaction


def _waiting(store: Store, job: Job) -> Job:
    """Running exports begin anew; whatever request found the customer alive has ended after the pause."""
    _note(store, job, job.work["customer_id"], job.by, job.role)  # the request may have died before it did
    now = clock.now_ms()

    def change(document: dict[str, Any]) -> None:
        document["erased_at"] = max(now, document.get("erased_at", 0))

    horizons.change_document(store, store.key("tenant"), "tenant", change)
    return replace(job, checkpoint={"since": now}, not_before=now + settings().sweep_after * 1000)


def _removed(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """With `removed` in the checkpoint when nothing is left. What is counted is counted once, before anything goes."""
    found = erasure.find(store, job.work["customer_id"])
    if "counts" not in job.checkpoint:
        suppression.customer(store, found.customer_id, found.instances)
        job = jobs.save(store, replace(job, checkpoint={**job.checkpoint, **_seen(store, job, found)}))
    job = replace(job, total=sum(_counts(job).values()))

    def reached(count: int) -> bool:
        nonlocal job
        job = jobs.save(store, jobs.advanced(replace(job, attempts=0), job.done + count, job.total))
        return not is_late()

    if not erasure.remove(store, found, reached):
        return job
    return replace(job, done=job.total or 0, checkpoint={**job.checkpoint, "removed": clock.now_ms()})


def _seen(store: Store, job: Job, found: erasure.Everything) -> dict[str, Any]:
    """The address may have been put right just before."""
    identity = found.customer["identity"] if found.customer else None
    return {
        "counts": found.counts,
        "subject": receipts.subject_of(store, identity) if identity else job.work["subject"],
    }


def _clear_exports(store: Store, job: Job) -> None:
    """Finished exports that were asked for before the customer was hidden may name the customer: they go."""
    span = Span(keys.time_prefix(job.checkpoint["since"] - LOOK_BACK_MS))
    for row in store.query_all(Access("Control"), store.key("jobs"), span, consistent=True):
        other = jobs.of_row(row)
        if other.type == "export" and other.file and other.created_at <= job.checkpoint["since"]:
            _remove_export(store, other)


def _remove_export(store: Store, export: Job) -> None:
    leftovers.clear(leftovers.folder(store, export))
    try:
        jobs.save(store, replace(export, file=None, file_until=0))
    except Taken:
        raise Contended(export.id) from None


def _counts(job: Job) -> dict[str, int]:
    counts: dict[str, int] = job.checkpoint["counts"]
    return counts


def _receipt(store: Store, job: Job) -> Receipt:
    subject, completed_at = job.checkpoint["subject"], job.checkpoint["removed"]
    return Receipt(job.id, job.work["reason"], job.role, job.created_at, completed_at, _counts(job), subject)
