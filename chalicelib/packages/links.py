"""The one-time link to a package. Its secret is sealed from the job's id, so nothing secret is stored; it is used up by
a conditional write of the job.

Whoever used it may press the button again for ten minutes from the same page (a `visit`): downloads break, answers get
lost, people click twice.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from chalicelib import clock, cursors
from chalicelib.store import jobs
from chalicelib.store.horizons import Contended
from chalicelib.store.jobs import Job, Taken
from chalicelib.store.keys import TENANT
from chalicelib.store.tenancy import Store

PURPOSE: Final = "link to a package"
VISIT_MS: Final = 600_000
ATTEMPTS: Final = 8

State = Literal["open", "used", "replaced", "expired"]


@dataclass(frozen=True)
class Link:
    """What a secret says: renewing a link counts `number` up, and the ones before lead nowhere."""

    store: Store
    job_id: str
    number: int


def secret_of(store: Store, job: Job) -> str:
    """Of the link that is good now."""
    return cursors.seal(f"{store.tenant}\n{job.id}\n{_told(job)['number']}", PURPOSE)


def read(secret: str) -> Link | None:
    """None for what is no secret of ours."""
    try:
        tenant, job_id, number = cursors.unseal(secret, PURPOSE).split("\n")
    except cursors.Unsealable:
        return None
    return Link(Store(tenant), job_id, int(number)) if TENANT.fullmatch(tenant) else None


def job_of(link: Link) -> Job | None:
    """The finished package; None once it has expired."""
    job = jobs.read(link.store, link.job_id)
    return job if job and job.type == "package" and job.file and job.file_until > clock.now_s() else None


def state_of(job: Job | None, link: Link, visit: str = "") -> State:
    if job is None:
        return "expired"
    told = _told(job)
    if told["number"] != link.number:
        return "replaced"
    if not told["used_at"]:
        return "open"
    again = visit and told["visit"] == _hash(link.store, visit) and clock.now_ms() < told["used_at"] + VISIT_MS
    return "open" if again else "used"


def used_at(job: Job) -> int | None:
    """Milliseconds."""
    found: int | None = _told(job)["used_at"]
    return found


def use(link: Link, visit: str) -> tuple[State, Job | None]:
    """`open` for the one who used it up. Raises Contended."""
    for _ in range(ATTEMPTS):
        job = job_of(link)
        state = state_of(job, link, visit)
        if job is None or state != "open" or used_at(job):
            return state, job
        used = {**_told(job), "used_at": clock.now_ms(), "visit": _hash(link.store, visit)}
        try:
            return "open", jobs.save(link.store, _with(job, used))
        except Taken:
            continue
    raise Contended(link.job_id)


def shown(store: Store, job: Job, base: str) -> dict[str, str | None]:
    """What the role privacy sees of it with its job; `base` is where the service is reached."""
    used = used_at(job)
    link = f"{base}/v1/packages/{secret_of(store, job)}"
    return {"link": link, "link_used_at": clock.rfc3339(used) if used else None}


def renew(store: Store, job: Job) -> Job:
    """The job with a new link; the ones before are good for nothing. Raises Taken."""
    return jobs.save(store, _with(job, {"number": _told(job)["number"] + 1, "used_at": None, "visit": None}))


def _told(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = job.checkpoint.get("link", {"number": 0, "used_at": None, "visit": None})
    return found


def _with(job: Job, told: dict[str, Any]) -> Job:
    return replace(job, checkpoint={**job.checkpoint, "link": told})


def _hash(store: Store, visit: str) -> str:
    return store.keyed_hash(b"visit\n" + visit.encode())
