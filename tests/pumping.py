"""The jobs queue in tests: what Lambda would do with its messages, at the pace of the test's own clock."""

from collections.abc import Callable
from typing import Any

import boto3
import time_machine

from chalicelib.settings import settings
from chalicelib.store import jobs
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from local.pump import Jobs
from tests.world import World

MINUTE = 60


def client() -> Any:
    return boto3.client("sqs", region_name=settings().region)


def pump(worker: Callable[..., Any] | None = None) -> int:
    """Hands over all messages that are due, one a call; answers how many there were."""
    import app

    queue = Jobs(client(), settings().jobs_queue, worker or app.worker, 1)
    handed = 0
    while queue.once(wait=0):
        handed += 1
    return handed


def finished(job_id: str, clock: time_machine.Traveller, tenant: str = "acme") -> Job:
    """Lets minutes pass until the job has ended."""
    for _ in range(40):
        pump()
        job = stored(job_id, tenant)
        if job.state not in jobs.OPEN:
            return job
        clock.shift(MINUTE)
    raise AssertionError(f"the job has not ended: {job}")


def stored(job_id: str, tenant: str = "acme") -> Job:
    job = jobs.read(Store(tenant), job_id)
    assert job is not None
    return job


def delete_all(world: World, kind: str, **query: str) -> str:
    """The job's id."""
    started = world.request("DELETE", f"/v1/records/{kind}", query={"confirm": kind, **query}).ok()
    return str(started["job"])


def waiting_messages() -> int:
    """Due or delayed."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    told = client().get_queue_attributes(QueueUrl=settings().jobs_queue, AttributeNames=names)["Attributes"]
    return sum(int(number) for number in told.values())
