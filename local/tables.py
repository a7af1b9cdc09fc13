"""Tables: from the template's properties to DynamoDB's requests, and what differs in a table that is there."""

from collections.abc import Callable
from typing import Any

Properties = dict[str, Any]

_SAME = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")


def request(name: str, properties: Properties) -> Properties:
    """The CreateTable request (Amazon DynamoDB API reference) for an AWS::DynamoDB::Table."""
    wanted = {key: properties[key] for key in _SAME if key in properties}
    if "StreamSpecification" in properties:
        wanted["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    return {"TableName": name, **wanted}


def create(client: Any, name: str, properties: Properties) -> bool:
    """Creates the table unless it is there, and sets its TTL. False if one is there that differs from the template."""
    wanted = request(name, properties)
    try:
        client.create_table(**wanted)
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    except client.exceptions.ResourceInUseException:
        if shape(client.describe_table(TableName=name)["Table"]) != shape(wanted):
            return False
    _expire(client, name, properties)
    return True


def shape(table: Properties) -> Properties:
    """What cannot be changed under the program's feet: keys, attributes, indexes and stream, in any order."""
    indexes = [*table.get("GlobalSecondaryIndexes", []), *table.get("LocalSecondaryIndexes", [])]
    return {
        "attributes": _sorted(table["AttributeDefinitions"], lambda one: one["AttributeName"]),
        "keys": _keys(table),
        "indexes": {one["IndexName"]: (_keys(one), _projection(one)) for one in indexes},
        "stream": (table.get("StreamSpecification") or {}).get("StreamViewType"),
    }


def _keys(part: Properties) -> list[Properties]:
    return _sorted(part["KeySchema"], lambda one: one["KeyType"])


def _projection(index: Properties) -> tuple[str, list[str]]:
    projection = index["Projection"]
    return projection["ProjectionType"], sorted(projection.get("NonKeyAttributes", []))


def _sorted(rows: list[Properties], key: Callable[[Properties], str]) -> list[Properties]:
    return sorted(rows, key=key)


def _expire(client: Any, name: str, properties: Properties) -> None:
    """A call of its own, because the local cloud's CloudFormation would leave the specification out."""
    wanted = properties.get("TimeToLiveSpecification")
    if not wanted:
        return
    state = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if state.get("AttributeName") != wanted["AttributeName"] or state["TimeToLiveStatus"] not in (
        "ENABLED",
        "ENABLING",
    ):
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
