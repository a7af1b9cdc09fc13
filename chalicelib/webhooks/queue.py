"""The webhooks queue: a message says which delivery it is time for, nothing else. Its group is the tenant, so that one
whose receivers are slow does not keep others waiting."""

from chalicelib.jobs import queue
from chalicelib.settings import settings
from chalicelib.store.deliveries import Delivery
from chalicelib.telemetry import log


def send(tenant: str, webhook: str, id: str, not_before: int = 0) -> None:
    """Come to the delivery at that moment (ms); what is due later than SQS can wait comes early and is sent on."""
    queue.put(settings().webhooks_queue, tenant, {"tenant": tenant, "webhook": webhook, "delivery": id}, not_before)


def announce(tenant: str, delivery: Delivery) -> None:
    """The same for one that stands written: without its message it is late, not lost."""
    try:
        send(tenant, delivery.webhook, delivery.id, delivery.next_at)
    except Exception:
        log.exception("delivery %s waits to be sent again", delivery.id)
