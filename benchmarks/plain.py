"""The plain handlers that the program is held against: what one writes in an afternoon with boto3."""

import json
from collections.abc import Callable
from typing import Any

from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeDeserializer
from botocore import xform_name

Handler = Callable[[], dict[str, Any]]

# The canned DynamoDB has all rows of the list in this partition.
REQUEST: dict[str, Any] = {
    "IndexName": "feed",
    "KeyConditionExpression": "feed = :feed",
    "ExpressionAttributeValues": {":feed": {"S": "plain"}},
    "ScanIndexForward": False,
    "Limit": 100,
}


def with_client(client: Any, table: str) -> Handler:
    """One `client.query` of the index, TypeDeserializer, json.dumps. No token, no tenant, no cursor, no e-mail."""
    deserialize = TypeDeserializer().deserialize

    def handler() -> dict[str, Any]:
        answer = client.query(TableName=table, **REQUEST)
        rows = [{name: deserialize(value) for name, value in item.items()} for item in answer["Items"]]
        return _answer(rows, answer.get("LastEvaluatedKey"))

    return handler


def with_table(table: Any) -> Handler:
    """The same by boto3's resource, which deserializes by itself."""

    def handler() -> dict[str, Any]:
        condition = Key("feed").eq("plain")
        answer = table.query(IndexName="feed", KeyConditionExpression=condition, ScanIndexForward=False, Limit=100)
        return _answer(answer["Items"], answer.get("LastEvaluatedKey"))

    return handler


def calls(client: Any, recorded: list[tuple[str, dict[str, Any]]]) -> Callable[[], None]:
    """Only the calls of a request, one after the other."""
    methods = [(getattr(client, xform_name(name)), request) for name, request in recorded]

    def play() -> None:
        for method, request in methods:
            method(**request)

    return play


def _answer(rows: list[dict[str, Any]], last: Any) -> dict[str, Any]:
    body = json.dumps({"items": rows, "next": last}, default=float)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
