"""What a job that did not end well has made in the exports bucket. Lifecycle rules would take days."""

from chalicelib.settings import settings
from chalicelib.store import objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

PREFIXES = ("e", "p")  # exports, packages


def folder(store: Store, job: Job, prefix: str = "e") -> str:
    """Where the job's objects lie."""
    return f"{prefix}/{store.tenant}/{job.id}/"


def upload(tenant: str, job_id: str) -> str:
    """Where an import's file arrives, in the files bucket."""
    return f"i/{tenant}/{job_id}"


def remove(store: Store, job: Job) -> None:
    """All objects of the job. Safe to repeat; if it fails, lifecycle rules are left."""
    try:
        for prefix in PREFIXES:
            clear(folder(store, job, prefix))
        if job.type == "import":
            objects.delete(settings().files_bucket, upload(store.tenant, job.id))
    except Exception:
        log.exception("job %s left something in S3", job.id)


def clear(start: str, keep: str | None = None) -> None:
    """Objects whose keys begin so, but for one."""
    for key in list(objects.keys(settings().exports_bucket, start)):
        if key != keep:
            objects.delete(settings().exports_bucket, key)
