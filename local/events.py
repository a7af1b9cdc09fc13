"""The events that Lambda would receive from SQS, DynamoDB Streams and a schedule, and the replies to them.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, …/with-ddb.html
"""

import base64
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from local.environment import REGION

Event = dict[str, Any]


def queue_event(messages: Sequence[Mapping[str, Any]], arn: str) -> Event:
    return {"Records": [_message(message, arn) for message in messages]}


def _message(message: Mapping[str, Any], arn: str) -> Event:
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "md5OfBody": message.get("MD5OfBody", ""),
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: _lower(value) for name, value in attributes.items()},
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    }


def stream_event(records: Sequence[Mapping[str, Any]], arn: str) -> Event:
    return {"Records": [_change(record, arn) for record in records]}


def _change(record: Mapping[str, Any], arn: str) -> Event:
    event = {name: record[name] for name in ("eventID", "eventName", "eventVersion", "awsRegion") if name in record}
    if "userIdentity" in record:  # whom TTL deletes for: principalId dynamodb.amazonaws.com
        event["userIdentity"] = _lower(record["userIdentity"])
    return event | {
        "eventSource": "aws:dynamodb",
        "eventSourceARN": arn,
        "dynamodb": {
            **_plain(record["dynamodb"]),
            "ApproximateCreationDateTime": record["dynamodb"]["ApproximateCreationDateTime"].timestamp(),
        },
    }


def scheduled_event(name: str) -> Event:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:000000000000:rule/{name}"],
        "detail": {},
    }


def failures(reply: Any, ids: Sequence[str]) -> set[str]:
    """The ids that a reply reports as failed (`batchItemFailures`); a reply that names an unknown one fails all."""
    reported = reply.get("batchItemFailures") if isinstance(reply, Mapping) else None
    if not reported:
        return set()
    named = {str(item.get("itemIdentifier")) for item in reported}
    return named if named <= set(ids) else set(ids)


def _lower(names: Mapping[str, Any]) -> Event:
    return {name[0].lower() + name[1:]: _plain(value) for name, value in names.items()}


def _plain(value: Any) -> Any:
    """As JSON carries it: bytes in base64, sets of them too."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
