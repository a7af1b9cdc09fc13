"""What the tables hold, for tests that nothing was written, or how often and how long."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from chalicelib.settings import settings
from chalicelib.store import wire
from chalicelib.store.plain import plain_item


def items(table: str) -> list[dict[str, Any]]:
    """All items of a table (Customers, Activity …), few as they are in tests."""
    found = wire.client().scan(TableName=settings().tables[table], ConsistentRead=True)["Items"]
    return sorted((plain_item(item) for item in found), key=lambda item: (item["pk"], item["sk"]))


def everything() -> dict[str, list[dict[str, Any]]]:
    return {table: items(table) for table in settings().tables}


def forget() -> None:
    """Empty the tables of what was collected, so that a test may go on with a small world."""
    for name in settings().tables:
        for item in items(name):
            if name != "Control" or "#idem#" in item["pk"]:
                key = {part: {"S": item[part]} for part in ("pk", "sk")}
                wire.client().delete_item(TableName=settings().tables[name], Key=key)
    for account in dynamodb_backends.values():
        for table in account[settings().region].tables.values():
            if table.stream_shard:  # all changes ever made, which moto copies with every transaction
                table.stream_shard.items.clear()


def told() -> dict[str, list[dict[str, Any]]]:
    """What callers had recorded: all but what Afterchat itself says in the log of refused calls and the like."""
    return {
        table: [item for item in items if "span" not in item.get("data", {})] for table, items in everything().items()
    }


@contextmanager
def nothing_written() -> Iterator[None]:
    before = told()
    yield
    assert told() == before
