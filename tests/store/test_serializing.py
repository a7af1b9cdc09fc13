"""Reads are sent as botocore would send them, without its walk over shapes."""

import json
from typing import Any

import pytest
from botocore.serialize import create_serializer
from botocore.session import Session

from chalicelib.store import wire
from chalicelib.store.serializing import FastSerializer

KEY = {"pk": {"S": "acme#c#ü"}, "sk": {"S": "customer"}}
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("GetItem", {"TableName": "t", "Key": KEY, "ConsistentRead": True}),
    ("BatchGetItem", {"RequestItems": {"t": {"Keys": [KEY, KEY], "ExpressionAttributeNames": {"#0": "pk"}}}}),
    (
        "Query",
        {
            "TableName": "t",
            "KeyConditionExpression": "#h = :h",
            "ExpressionAttributeValues": {":h": {"S": "a\U0010ffff"}, ":n": {"N": "1"}},
            "Limit": 5,
        },
    ),
    ("GetItem", {"TableName": "t", "Key": {"pk": {"B": b"binary"}}}),
    ("PutItem", {"TableName": "t", "Item": {**KEY, "n": {"M": {"l": {"L": [{"BOOL": True}]}}}}}),
]


@pytest.mark.parametrize(("operation", "parameters"), REQUESTS)
def test_a_request_is_what_botocore_would_send(operation: str, parameters: dict[str, Any]) -> None:
    model = Session().get_service_model("dynamodb").operation_model(operation)
    stock = create_serializer("json", False)
    ours = FastSerializer(stock).serialize_to_request(parameters, model)
    theirs = stock.serialize_to_request(parameters, model)
    assert json.loads(ours.pop("body")) == json.loads(theirs.pop("body"))
    assert ours == theirs


def test_our_client_uses_it(cloud: dict[str, str]) -> None:
    assert isinstance(wire.client()._serializer, FastSerializer)
