"""The warning that an experience's coupons run out: in the runtime log, and to webhooks."""

from typing import Any

from chalicelib import clock, telemetry
from chalicelib.collect.conversation import Conversation
from chalicelib.promotions import tickets
from chalicelib.store import deliveries, runtime_log
from chalicelib.store.deliveries import Delivery
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Control, LogEntry
from chalicelib.store.tenancy import Transaction
from chalicelib.trace_context import packed
from chalicelib.webhooks import events, outbox

LOW = Control.data["low"]


def warn(talk: Conversation, experience: str, free: int, low_at: int) -> None:
    """Once each time that the stock falls to its mark: the entry and the note of it are one transaction."""
    entry = _entry(talk, experience, free, low_at)
    told = _told(talk, entry) if talk.cleared.webhooks else []
    transaction = Transaction([(entry, None), *((deliveries.item(talk.store, one), None) for one in told)])
    transaction.update(tickets.reference(talk.store, experience), [LOW.set(True)], LOW == False)  # noqa: E712
    if accepted(lambda: talk.store.write(transaction)):
        outbox.send(talk.store, told)


def _entry(talk: Conversation, experience: str, free: int, low_at: int) -> LogEntry:
    created_at = clock.now_ms()
    data: dict[str, Any] = {"level": "warning", "event": "coupons_low", "message": f"{free} coupons are left"}
    data |= {"trace_id": talk.trace_id, "attributes": {"free": free, "low_at": low_at}}
    return runtime_log.entry(talk.store, talk.position(created_at), created_at, data, experience)


def _told(talk: Conversation, entry: LogEntry) -> list[Delivery]:
    trace = packed(telemetry.current())
    low = events.of_low_coupons(str(entry.experience), entry.data["attributes"], entry.sk, trace)
    return outbox.prepared(talk.store, low)
