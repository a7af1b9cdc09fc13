"""Jobs as they are stored: one document each, changed only by whoever saw its last version."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib import clock
from chalicelib.settings import settings
from chalicelib.store import keys, wire
from chalicelib.store.failures import is_condition
from chalicelib.store.horizons import unchanged
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store

KEPT_DAYS = 30
RESEND_AFTER_MS = 300_000
OPEN = ("queued", "running")
ID = re.compile(r"[0-9a-f]{32}")


class Taken(Exception):
    """Somebody else changed the job since it was read."""


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


def create(store: Store, type: str, by: str, work: dict[str, Any], role: str = "") -> Job:
    now = clock.now_ms()
    return save(store, Job(keys.time_ordered_id(now), type, by, now, work, role))


def save(store: Store, job: Job) -> Job:
    """The job with its new version. Raises Taken."""
    saved = replace(job, version=job.version + 1)
    item = Control(store.key("jobs"), job.id, data=asdict(saved), version=saved.version)
    item.expires_at = job.created_at // 1000 + KEPT_DAYS * clock.DAY_S
    if job.state in OPEN:
        resend_at = max(job.leased_until, job.not_before, clock.now_ms()) + RESEND_AFTER_MS
        item.due, item.due_at = "job", f"{keys.time_prefix(resend_at)}#{job.id}"
    try:
        store.put(item, unchanged(job.version))
    except PutError as error:
        if is_condition(error):
            raise Taken(job.id) from None
        raise
    return saved


def read(store: Store, job_id: str) -> Job | None:
    if not ID.fullmatch(job_id):
        return None
    row = store.get("Control", store.key("jobs"), job_id)
    return _job(row) if row else None


def newest_first(store: Store, after: str | None, limit: int) -> tuple[list[Job], str | None]:
    span = Span(high=keys.before(after)) if after else Span()
    page = store.query(Access("Control"), store.key("jobs"), span, limit=limit, consistent=True)
    living = [_job(row) for row in page.rows if row["expires_at"] > clock.now_s()]
    return living, page.rows[-1]["sk"] if page.more else None


def overdue() -> Iterator[tuple[str, str]]:
    """(tenant, job id) of jobs that nobody worked on for five minutes: their message was lost. The one read across
    tenants; it sees keys only."""
    answer = wire.client().query(
        TableName=settings().tables["Control"],
        IndexName="due",
        KeyConditionExpression="due = :job AND due_at < :now",
        ExpressionAttributeValues={":job": {"S": "job"}, ":now": {"S": keys.time_prefix(clock.now_ms())}},
    )
    for item in answer["Items"]:
        yield item["pk"]["S"].partition("#")[0], item["sk"]["S"]


def _job(row: Row) -> Job:
    known = Job.__dataclass_fields__
    return Job(**{name: value for name, value in row["data"].items() if name in known})
