"""Jobs as they are stored: one document each, changed only by whoever saw its last version."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from chalicelib import clock, telemetry
from chalicelib.settings import settings
from chalicelib.store import audit, keys, wire
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import Contended, unchanged
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction
from chalicelib.trace_context import packed

KEPT_DAYS = 30
RESEND_AFTER_MS = 240_000  # less than the schedule's five minutes, so that it finds what it sent in vain
OPEN = ("queued", "running")
UNENDED = (*OPEN, "waiting")  # waiting: for an upload, until `not_before`
ID = re.compile(r"[0-9a-f]{32}")


class Taken(Exception):
    """Somebody else changed the job since it was read."""


class Failed(Exception):
    """The job cannot end well however often it is tried. `code` is one of job_codes.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Job:
    """`work` is what was asked for; `checkpoint` how far it got. A worker holds it until `leased_until` (ms)."""

    id: str
    type: str
    by: str
    created_at: int
    work: dict[str, Any]
    role: str = ""  # of who asked for it
    state: str = "queued"
    done: int = 0
    total: int | None = None
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    checkpoint: dict[str, Any] = field(default_factory=dict)
    leased_until: int = 0
    not_before: int = 0
    attempts: int = 0  # in a row that got nowhere
    file: str | None = None  # key in the exports bucket
    file_until: int = 0  # epoch seconds
    version: int = 0
    trace: list[str] = field(default_factory=lambda: packed(telemetry.current()))  # of what asked for it


def new(type: str, by: str, work: dict[str, Any], role: str = "") -> Job:
    now = clock.now_ms()
    return Job(keys.time_ordered_id(now), type, by, now, work, role)


def create(store: Store, type: str, by: str, work: dict[str, Any], role: str = "") -> Job:
    return save(store, new(type, by, work, role))


def save(store: Store, job: Job, beside: Iterable[Control] = ()) -> Job:
    """The job with its new version; once it has ended, without the customer that it was about. What is `beside` is
    written with it or not at all. Raises Taken."""
    work = job.work if job.state in UNENDED else _nameless(store, job.work)
    saved = replace(job, work=work, version=job.version + 1)
    transaction = Transaction([(item(store, saved), unchanged(job.version)), *((one, None) for one in beside)])
    if not accepted(lambda: store.write(transaction)):
        raise Taken(job.id)
    return saved


def item(store: Store, job: Job) -> Control:
    """The job as it is stored, with the moment at which its message counts as lost."""
    stored = Control(store.key("jobs"), job.id, data=asdict(job), version=job.version)
    stored.expires_at = job.created_at // 1000 + KEPT_DAYS * clock.DAY_S
    if job.state in UNENDED:
        resend_at = max(job.leased_until, job.not_before, clock.now_ms()) + RESEND_AFTER_MS
        stored.due, stored.due_at = "job", f"{keys.time_prefix(resend_at)}#{job.id}"
    return stored


def advanced(job: Job, done: int, total: int | None) -> Job:
    """Progress as it is shown only grows, even when the work began anew."""
    total = None if total is None else max(total, job.total or 0, job.done, done)
    return replace(job, done=max(job.done, done), total=total if total is not None else job.total)


def cancel(store: Store, job: Job, attempts: int = 8) -> Job:
    """The job cancelled, or as it ended meanwhile. Whoever works on it notices at the next save. Raises Contended."""
    for _ in range(attempts):
        if job.state not in UNENDED:
            return job
        try:
            return save(store, replace(job, state="cancelled"))
        except Taken:
            job = read(store, job.id) or job
    raise Contended(job.id)


def read(store: Store, job_id: str) -> Job | None:
    if not ID.fullmatch(job_id):
        return None
    row = store.get("Control", store.key("jobs"), job_id)
    return of_row(row) if row else None


def newest_first(store: Store, after: str | None, limit: int) -> tuple[list[Job], str | None]:
    span = Span(high=keys.before(after)) if after else Span()
    page = store.query(Access("Control"), store.key("jobs"), span, limit=limit, consistent=True)
    living = [of_row(row) for row in page.rows if row["expires_at"] > clock.now_s()]
    return living, page.rows[-1]["sk"] if page.more else None


def overdue() -> Iterator[tuple[str, str]]:
    """(tenant, job id) of jobs that nobody worked on for four minutes: their message was lost. The one read across
    tenants; it sees keys only."""
    answer = wire.client().query(
        TableName=settings().tables["Control"],
        IndexName="due",
        KeyConditionExpression="due = :job AND due_at < :now",
        ExpressionAttributeValues={":job": {"S": "job"}, ":now": {"S": keys.time_prefix(clock.now_ms())}},
    )
    for item in answer["Items"]:
        yield item["pk"]["S"].partition("#")[0], item["sk"]["S"]


def _nameless(store: Store, work: dict[str, Any]) -> dict[str, Any]:
    """Of a customer the keyed hash stays, as in the audit log."""
    id = work.get("customer_id") or ""
    return {**work, "customer_id": audit.customer_hash(store, id)} if keys.is_customer_id(id) else work


def of_row(row: Row) -> Job:
    known = Job.__dataclass_fields__
    return Job(**{name: value for name, value in row["data"].items() if name in known})
