"""From events to calls that are to be made: written down first, then a message each. What is written and has no message
is found by the schedule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import clock, telemetry
from chalicelib.store import deliveries, webhooks
from chalicelib.store.alive import Horizons
from chalicelib.store.deliveries import Delivery
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Row, Store, in_parallel
from chalicelib.store.webhooks import Webhook
from chalicelib.telemetry import log
from chalicelib.trace_context import packed
from chalicelib.webhooks import events, queue
from chalicelib.webhooks.events import Event

Told = tuple[str, str, Event]  # sequence number, tenant, event


def tell(told: list[Told], cleared: Mapping[str, Horizons]) -> set[str]:
    """Safe to repeat. Answers the sequence numbers of those that are to come again; among them those of tenants whose
    horizons are missing, since they could not be read. They say whether there are webhooks at all."""
    failed = {number for number, tenant, _ in told if tenant not in cleared}
    listening: dict[str, list[Webhook]] = {}
    for tenant in {tenant for _, tenant, _ in told if tenant in cleared and cleared[tenant].webhooks}:
        try:
            listening[tenant] = webhooks.all_of(Store(tenant))
        except Exception:
            log.exception("the webhooks of a tenant could not be read")
            failed |= {number for number, of, _ in told if of == tenant}
    heard = [(one, hook) for one in told for hook in listening.get(one[1], ()) if _hears(hook, one[2])]
    return failed | set(filter(None, in_parallel(lambda one: _failed(*one), heard)))


def prepared(store: Store, event: Event) -> list[Delivery]:
    """What is to be written in the transaction that makes the event; then `send` them."""
    return [_delivery(store, webhook, event) for webhook in webhooks.all_of(store) if webhook.wants(event.type)]


def of_job(store: Store, job: Job) -> list[Delivery]:
    """To be written when it ends."""
    event = events.of_job(job, packed(telemetry.current()))
    return prepared(store, event) if event else []


def send(store: Store, written: Iterable[Delivery]) -> None:
    for delivery in written:
        queue.announce(store.tenant, delivery)


def again(store: Store, delivery: Delivery) -> bool:
    """From the first attempt on, at once; False while it is being tried, or was changed meanwhile."""
    if delivery.leased_until > clock.now_ms():
        return False
    anew = replace(delivery, state="waiting", attempts=0, next_at=clock.now_ms(), leased_until=0)
    saved = deliveries.save(store, anew)
    if saved:
        queue.announce(store.tenant, saved)
    return saved is not None


def told_by(records: list[Row]) -> Iterable[Told]:
    """What a batch of stream records tells of. What cannot be understood must not hold up what comes after it."""
    for record in records:
        try:
            found = events.of_change(record)
        except Exception:
            log.exception("a change was not understood by webhooks")
            continue
        if found:
            yield _number(record), *found


def _hears(webhook: Webhook, event: Event) -> bool:
    """What was written before there was the webhook, it is not told, however late the stream is; streams tell times to
    the second."""
    return webhook.wants(event.type) and event.told_at > webhook.created_at - 1000


def _failed(told: Told, webhook: Webhook) -> str | None:
    """The number, if it is to come again. The message is sent though the delivery was there: it may never have been."""
    number, tenant, event = told
    store, delivery = Store(tenant), _delivery(Store(tenant), webhook, event)
    try:
        deliveries.add(store, delivery)
        queue.announce(tenant, delivery)
    except Exception:
        log.exception("an event could not be put into the outbox")
        return number
    return None


def _delivery(store: Store, webhook: Webhook, event: Event) -> Delivery:
    id = deliveries.id_of(store, webhook.id, event.told_at, event.unique)
    told: dict[str, Any] = {"data": event.data, "kind": event.kind, "trace": event.trace}
    return Delivery(webhook.id, id, event.type, event.at, **told, next_at=clock.now_ms())


def _number(record: Row) -> str:
    return str(record["dynamodb"].get("SequenceNumber"))
