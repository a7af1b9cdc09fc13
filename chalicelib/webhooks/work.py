"""The functions of the webhooks queue: what its messages and the schedule start."""

import json
from typing import Any

from chalicelib.store import deliveries
from chalicelib.store.tenancy import Store, in_parallel
from chalicelib.telemetry import log
from chalicelib.webhooks import calls, queue


def on_messages(event: dict[str, Any]) -> dict[str, Any]:
    """All at once, since a receiver may take ten seconds. Answers which messages are to be delivered again."""
    failed = [id for id in in_parallel(_failed, event["Records"]) if id]
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}


def resend() -> None:
    """Deliveries whose message was lost get another one."""
    in_parallel(_remind, list(deliveries.overdue()))


def _failed(message: dict[str, Any]) -> str | None:
    try:
        body = json.loads(message["body"])
        calls.attempt(Store(body["tenant"]), body["webhook"], body["delivery"])
    except Exception:
        log.exception("a message of the webhooks queue could not be worked on")
        return str(message["messageId"])
    return None


def _remind(named: tuple[str, str, str]) -> None:
    try:
        queue.send(*named)
    except Exception:
        log.exception("delivery %s could not be sent again", named[2])
