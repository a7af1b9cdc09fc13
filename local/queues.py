"""Queues: from the template's properties to SQS's requests."""

import json
from typing import Any

Properties = dict[str, Any]


def create(client: Any, name: str, properties: Properties) -> str:
    """Creates the queue unless it is there, sets its attributes, and returns its URL."""
    try:
        url = client.get_queue_url(QueueName=name)["QueueUrl"]
    except client.exceptions.QueueDoesNotExist:
        url = client.create_queue(QueueName=name)["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={key: text(value) for key, value in properties.items()})
    return str(url)


def arn(client: Any, url: str) -> str:
    return str(client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def text(value: Any) -> str:
    """SQS takes all attributes as text: JSON for structures and booleans."""
    return value if isinstance(value, str) else json.dumps(value)
