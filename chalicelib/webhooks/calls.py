"""Calling webhooks: tried again for a day, never lost, and not twice at once."""

import random
from contextlib import ExitStack
from dataclasses import replace

from chalicelib import clock, metrics, outbound, telemetry
from chalicelib.outbound import Failed, Forbidden
from chalicelib.store import deliveries, keys, runtime_log, webhooks
from chalicelib.store.deliveries import Delivery
from chalicelib.store.tenancy import Store
from chalicelib.store.webhooks import Webhook
from chalicelib.telemetry import Span, log
from chalicelib.trace_context import sent, unpacked
from chalicelib.webhooks import payloads, queue
from chalicelib.webhooks.events import TEST

PAUSES_S = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)  # after each failed attempt; together a day
LEASE_MS = 40_000  # longer than the function may run
GIVEN_UP_MS = 5 * clock.DAY_MS  # of nothing but failures
SUCCESS = range(200, 300)
GONE = 410  # the receiver wants no more calls, says Standard Webhooks


def attempt(store: Store, webhook_id: str, id: str) -> Delivery | None:
    """One attempt, if it is time for one and nobody else is at it; the delivery after it. While it is not, the message
    comes back: whoever holds it may have been killed."""
    delivery = deliveries.read(store, webhook_id, id)
    if delivery is None or delivery.state != "waiting":
        return delivery
    free_at = max(delivery.next_at, delivery.leased_until)
    if free_at > clock.now_ms():
        queue.send(store.tenant, webhook_id, id, free_at)
        return delivery
    webhook = webhooks.read(store, webhook_id)
    if refusal := _refusal(webhook, delivery):
        return deliveries.save(store, replace(delivery, state="failed", error=refusal))
    # Attempts are counted when they begin, so that those which killed the worker count, too.
    begun = replace(delivery, attempts=delivery.attempts + 1, leased_until=clock.now_ms() + LEASE_MS)
    held = deliveries.save(store, begun)
    return _attempted(store, webhook, held) if webhook and held else None


def _refusal(webhook: Webhook | None, delivery: Delivery) -> str | None:
    """Why there is to be no attempt."""
    if webhook is None:
        return "the webhook was deleted"
    if webhook.disabled_at is not None and delivery.type != TEST:
        return "the webhook is disabled"
    return "interrupted each time" if delivery.attempts > len(PAUSES_S) else None


def _attempted(store: Store, webhook: Webhook, held: Delivery) -> Delivery:
    began = clock.now_ms()
    with ExitStack() as within:
        if held.trace:
            within.enter_context(telemetry.entered(unpacked(held.trace)))
        span = within.enter_context(telemetry.span(f"POST {webhook.target.host}", kind="client"))
        status, error = _called(store, webhook, held, span)
        told = {"http.request.method": "POST", "server.address": webhook.target.host, "webhook.type": held.type}
        span.set(**told, **{"http.response.status_code": status})
        if error:
            span.failed(error)
    took = clock.now_ms() - began
    tried = replace(held, tried_at=began, status=status, error=error, took=took, leased_until=0)
    tried = _again(tried) if error else replace(tried, state="delivered")
    saved = deliveries.save(store, tried)
    if saved and saved.state == "waiting":
        queue.announce(store.tenant, saved)
    _follow_up(store, webhook, saved or tried, span)
    return saved or tried


def _called(store: Store, webhook: Webhook, delivery: Delivery, span: Span) -> tuple[int | None, str | None]:
    """The status, and what went wrong."""
    content = payloads.body(store, webhook, delivery)
    headers = payloads.signed(store, webhook, delivery, content) | sent(span.context)
    try:
        answered = outbound.post(webhook.target.url, content, headers)
    except (Forbidden, Failed) as error:
        return None, str(error)
    return answered.status, None if answered.status in SUCCESS else f"answered {answered.status}"


def _again(tried: Delivery) -> Delivery:
    """Waiting for the next attempt, or failed after the last; a test has one. Pauses differ by up to a tenth, so that a
    receiver that comes back is not met by all at once."""
    if tried.attempts > len(PAUSES_S) or tried.type == TEST or tried.status == GONE:
        return replace(tried, state="failed")
    pause = PAUSES_S[tried.attempts - 1] * random.uniform(900, 1000)
    return replace(tried, next_at=clock.now_ms() + round(pause))


def _follow_up(store: Store, webhook: Webhook, tried: Delivery, span: Span) -> None:
    """What came of the call stands written, whatever comes of this."""
    level, what = _outcome(tried)
    about = {"webhook": webhook.id, "delivery": tried.id, "type": tried.type, "attempt": tried.attempts}
    about |= {"status": tried.status, "duration_ms": tried.took}
    told = {name: value for name, value in about.items() if value is not None}
    message = f"{tried.type} to {webhook.target.host}: {what}"
    runtime_log.write(
        store,
        level,
        "webhook",
        message,
        experience=tried.data["experience"],
        attributes=told,
        span=span,
        at=keys.time_ordered_id(clock.now_ms()),  # one of its own: each call is in its trace
    )
    if tried.error and tried.type != TEST:
        metrics.count("WebhookFailures", webhook=webhook.id, state=tried.state)
    try:
        _note_health(store, webhook, tried)
    except Exception:
        log.exception("the health of a webhook was not noted")


def _outcome(tried: Delivery) -> tuple[runtime_log.Level, str]:
    if tried.error is None:
        return "info", f"answered {tried.status}"
    return ("error", f"{tried.error}, given up") if tried.state == "failed" else ("warning", tried.error)


def _note_health(store: Store, webhook: Webhook, tried: Delivery) -> None:
    """Since when it fails; after five days, or when the receiver says that it is gone, it is disabled. A test tells
    nothing but that it works."""
    now, since = clock.now_ms(), webhook.failing_since
    if tried.error is None:
        if since is not None and webhook.disabled_at is None:
            webhooks.note(store, webhook, failing_since=None)
    elif tried.type != TEST:
        given_up = tried.status == GONE or (since is not None and now - since >= GIVEN_UP_MS)
        if given_up or since is None:
            noted = webhooks.note(store, webhook, failing_since=since or now, disabled_at=now if given_up else None)
            if noted and given_up:
                runtime_log.write(store, "error", "webhook_disabled", f"calls to {webhook.target.host} were given up")
                metrics.count("DisabledWebhooks", webhook=webhook.id)
