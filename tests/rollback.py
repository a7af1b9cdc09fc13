"""moto backs up whole tables for each transaction, which makes a test that stores much quadratic and takes the writes
of other threads along when it rolls back. Here a transaction remembers the items that it names, and no more; one write
happens at a time, as DynamoDB has it for an item; and reading goes on while others write."""

import copy
from collections.abc import Callable
from threading import RLock
from types import SimpleNamespace
from typing import Any

import pytest
from moto.dynamodb import models
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.dynamo_type import Item as Stored
from moto.dynamodb.models.table import Table

Item = tuple[Table, DynamoType, DynamoType, Any]

_writing = RLock()
_transact = models.DynamoDBBackend.transact_write_items


def of_named_items_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(models, "copy", SimpleNamespace(deepcopy=_all_but_tables))
    patch.setattr(models.DynamoDBBackend, "transact_write_items", _alone(_transacted))
    patch.setattr(Table, "all_items", _snapshot)
    for name in ("put_item", "update_item", "delete_item"):
        patch.setattr(models.DynamoDBBackend, name, _alone(getattr(models.DynamoDBBackend, name)))


def _alone(write: Callable[..., Any]) -> Callable[..., Any]:
    def alone(*arguments: Any, **named: Any) -> Any:
        with _writing:
            return write(*arguments, **named)

    return alone


def _snapshot(table: Table) -> list[Stored]:
    """moto's own stumbles over a partition that another thread makes meanwhile; reading one makes it, too."""
    items = [item for partition in list(table.items.values()) for item in list(partition.values())]
    return sorted(items, key=lambda item: (item.hash_key, item.range_key))


def _all_but_tables(value: Any) -> Any:
    return value if isinstance(value, Table) else copy.deepcopy(value)


def _transacted(backend: models.DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    before = [_named(backend, operation) for item in transact_items for operation in item.values()]
    streamed = {id(table): len(table.stream_shard.items) for table, *_ in before if table.stream_shard}
    try:
        _transact(backend, transact_items)
    except Exception:
        for table, partition, place, item in before:
            _put_back(table, partition, place, item)
            if table.stream_shard:
                del table.stream_shard.items[streamed[id(table)] :]
        raise


def _named(backend: models.DynamoDBBackend, operation: dict[str, Any]) -> Item:
    table = backend.get_table(operation["TableName"])
    key = operation.get("Key") or operation["Item"]
    partition, place = DynamoType(key["pk"]), DynamoType(key["sk"])
    return table, partition, place, copy.deepcopy(table.get_item(partition, place))


def _put_back(table: Table, partition: DynamoType, place: DynamoType, item: Any) -> None:
    if item is not None:
        table.items[partition][place] = item
    elif partition in table.items:
        table.items[partition].pop(place, None)
