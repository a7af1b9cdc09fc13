"""The jobs queue: a message says whose job it is time for, nothing else. Its group is the tenant (SQS fair queues), so
that one tenant's thousand jobs do not keep another's waiting."""

import json
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

from chalicelib import clock
from chalicelib.settings import settings
from chalicelib.telemetry import log

LONGEST_DELAY = 900  # seconds, SQS's own limit
CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=1, read_timeout=5)


def send(tenant: str, job_id: str, not_before: int = 0) -> None:
    """Come to the job at that moment (ms); what is due later than SQS can wait comes early and is sent on."""
    put(settings().jobs_queue, tenant, {"tenant": tenant, "job": job_id}, not_before)


def put(url: str, tenant: str, body: dict[str, str], not_before: int) -> None:
    """A message to any queue of ours, not before that moment (ms) as far as SQS can wait."""
    seconds = -((clock.now_ms() - not_before) // 1000)
    client().send_message(
        QueueUrl=url,
        MessageBody=json.dumps(body),
        DelaySeconds=min(max(0, seconds), LONGEST_DELAY),
        MessageGroupId=tenant,
    )


def announce(tenant: str, job_id: str, not_before: int = 0) -> None:
    """The same for a job that stands written: without its message it is late, not lost."""
    try:
        send(tenant, job_id, not_before)
    except Exception:
        log.exception("job %s waits to be sent again", job_id)


@cache
def client() -> Any:
    return Session().create_client(
        "sqs", region_name=settings().region, endpoint_url=settings().endpoint, config=CONFIG
    )
