"""What Lambda does between an event and its call: streams to the stream function, the queue to the caller."""

from collections.abc import Callable
from datetime import UTC
from itertools import takewhile
from typing import Any

import time_machine
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends

import app
from chalicelib.settings import settings
from local import events
from local.context import Context
from local.pump import Jobs
from local.resources import PROMISES, STACK
from tests.cloud import REGION, client
from tests.webhooks.receiving import Receiver
from tests.world import World

ALL = "/v1/webhooks"


def listen(world: World, receiver: Receiver, *types: str, tenant: str = "acme", **told: Any) -> Any:
    """The webhook, with its secret."""
    body = {"url": receiver.url, "types": list(types) or ["customer.registered"], **told}
    return world.request("POST", ALL, body, tenant=tenant).ok()


def changes(handed: bool = False) -> list[dict[str, Any]]:
    """What the streams tell and was not handed over yet, as events of Lambda, a table each; from then on it counts as
    handed, if so wanted."""
    found = _unhanded()
    for record in (record for records in found.values() for record in records):
        record["handed"] = handed
    return [events.stream_event([_dated(one) for one in records], name) for name, records in found.items()]


def stream(again: bool = False) -> list[str]:
    """Hands all changes to the stream function; those that are to come again. With `again` they stay to be handed."""
    failed = []
    for name, records in _unhanded().items():
        answer: Any = app.stream(events.stream_event([_dated(one) for one in records], name), Context("stream", 120))
        numbers = [one["itemIdentifier"] for one in answer["batchItemFailures"]]
        for record in takewhile(lambda one: one["dynamodb"]["SequenceNumber"] not in numbers, records):  # noqa: B023
            record["handed"] = not again
        failed += numbers
    return failed


def _unhanded() -> dict[str, list[dict[str, Any]]]:
    """By the stream's name."""
    tables = dynamodb_backends[ACCOUNT][REGION].tables
    shards = {f"arn:aws:dynamodb:{REGION}:{name}": tables[f"{STACK}-{name}"].stream_shard for name in PROMISES}
    told = {name: [item.record for item in shard.items] for name, shard in shards.items() if shard}
    left = {name: [one for one in records if not one.get("handed")] for name, records in told.items()}
    return {name: records for name, records in left.items() if records}


def _dated(record: dict[str, Any]) -> dict[str, Any]:
    """moto's times are UTC and do not say so; DynamoDB's are to the second."""
    at = record["dynamodb"]["ApproximateCreationDateTime"].replace(tzinfo=UTC, microsecond=0)
    return {**record, "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": at}}


def call(function: Callable[..., Any] | None = None, wait: int = 0) -> int:
    """Hands over all messages that are due; answers how many there were."""
    queue = Jobs(client("sqs"), settings().webhooks_queue, function or app.call_webhooks, 10, "webhooks")
    handed = 0
    while count := queue.once(wait=wait):
        handed += count
    return handed


def lose_messages() -> None:
    """All that are due."""
    call(lambda event, context: None)


def deliver() -> None:
    """Everything that happened, up to now."""
    assert stream() == []
    call()


def pass_time(clock: time_machine.Traveller, minutes: float) -> None:
    """Minute by minute, with the schedule each five minutes."""
    for minute in range(round(minutes)):
        clock.shift(60)
        if minute % 5 == 4:
            app.resend(events.scheduled_event("resend"), Context("resend", 60))
        call()


def deliveries(world: World, webhook: str, **query: Any) -> list[Any]:
    return list(world.get(f"{ALL}/{webhook}/deliveries", query=query).ok()["items"])


def waiting() -> int:
    """Messages of the webhooks queue, due or delayed."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    told = client("sqs").get_queue_attributes(QueueUrl=settings().webhooks_queue, AttributeNames=names)["Attributes"]
    return sum(int(number) for number in told.values())


def told(world: World, receiver: Receiver, type: str) -> dict[str, Any]:
    """The data of the one call about such an event."""
    deliver()
    [call] = receiver.of_type(type)
    data: dict[str, Any] = call.json["data"]
    return data
