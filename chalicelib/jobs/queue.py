"""The jobs queue: a message says whose job it is time for, nothing else."""

import json
from functools import cache
from typing import Any

from botocore.session import Session

from chalicelib.settings import settings

LONGEST_DELAY = 900  # seconds, SQS's own limit


def send(tenant: str, job_id: str, delay: int = 0) -> None:
    """Come back to the job after so many seconds; later ones are sent on when they arrive."""
    message = json.dumps({"tenant": tenant, "job": job_id})
    client().send_message(
        QueueUrl=settings().jobs_queue, MessageBody=message, DelaySeconds=max(0, min(delay, LONGEST_DELAY))
    )


@cache
def client() -> Any:
    return Session().create_client("sqs", region_name=settings().region, endpoint_url=settings().endpoint)
