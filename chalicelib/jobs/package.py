"""A package of one person's data: read, packed and put into the exports bucket by a job, for 30 days."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.jobs import leftovers, queue
from chalicelib.packages import Purpose
from chalicelib.packages.contents import Gone, Order
from chalicelib.store import audit, customers, jobs
from chalicelib.store.failures import accepted
from chalicelib.store.jobs import Failed, Job
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Row, Store
from chalicelib.titles import Locale

DAYS: Final = jobs.KEPT_DAYS  # as long as the job itself, whose link leads to it


def start(store: Store, person: Row, purpose: Purpose, locale: Locale, caller: Caller) -> Job:
    """The customer's item names the job, so that an erasure waits until the package is made."""
    work = {"customer_id": person["customer_id"], "purpose": purpose, "locale": locale}
    job = jobs.create(store, "package", caller.subject, work, caller.acting)
    _note(store, job)
    asked = {**person.get("packages", {}), purpose: job.id}
    item = customers.reference(store, person["customer_id"])
    accepted(lambda: store.update(item, [Customer.packages.set(asked)], Customer.pk.exists()))
    queue.announce(store.tenant, job.id)
    return job


def is_being_made(store: Store, ids: Iterable[str]) -> bool:
    """Whether one of these jobs has not ended."""
    found = (jobs.read(store, id) for id in ids)
    return any(job is not None and job.state in jobs.OPEN for job in found)


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """The whole package in one slice; one that was interrupted is begun anew. Raises Failed `customer_gone`."""
    from chalicelib.packages import making  # ZIP and pages, which only the worker needs

    _note(store, job)  # the request may have died before it did
    order = Order(job.work["customer_id"], job.work["purpose"], job.work["locale"], job.created_at)
    key = leftovers.folder(store, job, "p") + "package.zip"
    try:
        told = making.make(store, order, key)
    except Gone:
        raise Failed("customer_gone") from None
    job = replace(jobs.advanced(job, told["rows"], told["rows"]), state="done", result=told)
    return replace(job, file=key, file_until=job.created_at // 1000 + DAYS * clock.DAY_S)


def _note(store: Store, job: Job) -> None:
    customer_id, told = job.work["customer_id"], {"job": job.id, "purpose": job.work["purpose"]}
    audit.note(store, job.by, "package.created", role=job.role, customer_id=customer_id, details=told, id=job.id)
