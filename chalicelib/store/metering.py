"""Counts what the calls of a client cost in read and write units, for tests and benchmarks.

Assumes, beside the rules in units.py: nobody else writes the same items meanwhile (images before and after are read by
a second client that is not counted); an answer of a failed condition is billed, throttled and failed attempts are not;
a transaction doubles the table's units, not its indexes'; PartiQL is refused."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

from chalicelib.store.images import SHAPING, Images
from chalicelib.store.units import Item, index_units, item_size, read_units, write_units

BILLED_ERRORS = ("ConditionalCheckFailedException", "TransactionCanceledException")


class Operation(NamedTuple):
    operation: str
    table: str
    read: float
    write: float


class Cost(NamedTuple):
    read: float = 0
    write: float = 0


@dataclass
class Units:
    """Units of all calls so far; writes include those of the indexes, which `by_index` tells by table and index."""

    read: float = 0
    write: float = 0
    calls: int = 0
    by_table: dict[str, Cost] = field(default_factory=lambda: defaultdict(Cost))
    by_index: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    operations: list[Operation] = field(default_factory=list)

    def add(self, operation: Operation) -> None:
        self.read += operation.read
        self.write += operation.write
        before = self.by_table[operation.table]
        self.by_table[operation.table] = Cost(before.read + operation.read, before.write + operation.write)
        self.operations.append(operation)


class Write(NamedTuple):
    action: str  # Put, Update, Delete, ConditionCheck
    table: str
    target: Item  # the item of a put, the key of the others


@contextmanager
def metered(client: Any) -> Iterator[Units]:
    """Counts all calls of this low-level client, in any thread, while the block runs."""
    meter = Meter(client)
    hooks: dict[str, Callable[..., None]] = {
        "before-parameter-build.dynamodb": meter.before,
        "after-call.dynamodb": meter.after,
    }
    for event, handler in hooks.items():
        client.meta.events.register(event, handler)
    try:
        yield meter.units
    finally:
        for event, handler in hooks.items():
            client.meta.events.unregister(event, handler)


class Meter:
    def __init__(self, client: Any) -> None:
        self.units = Units()
        self.images = Images(client)
        self._mark = f"metering-{id(self)}"  # one of several meters of a client
        self._tokens: set[str] = set()
        self._lock = Lock()

    def before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if "Statement" in model.name or model.name == "ExecuteTransaction":
            raise ValueError(f"the meter does not know {model.name}")
        writes = _writes(model.name, params)
        context[self._mark] = params, [(write, self._image(write)) for write in writes]

    def after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        error = parsed.get("Error", {}).get("Code")
        reader = READERS.get(model.name)
        params, writes = context.pop(self._mark, ({}, []))
        if not (writes or reader) or (error and error not in BILLED_ERRORS):
            return
        costs = (
            reader(self.images, params, parsed)
            if reader
            else self._write(model.name, params, parsed, writes, bool(error))
        )
        with self._lock:
            self.units.calls += 1
            for table, cost in costs.items():
                self.units.add(Operation(model.name, table, *cost))

    def _write(
        self, name: str, params: dict[str, Any], parsed: dict[str, Any], writes: list[Any], failed: bool
    ) -> dict[str, Cost]:
        transaction, token = name == "TransactWriteItems", params.get("ClientRequestToken")
        if token and token in self._tokens:
            return _sum((w.table, Cost(read=2 * read_units(item_size(old), consistent=True))) for w, old in writes)
        if token and not failed:
            self._tokens.add(token)
        left = _writes(name, {"RequestItems": parsed.get("UnprocessedItems", {})}) if name == "BatchWriteItem" else []
        done = [(write, old) for write, old in writes if write not in left]
        return _sum((w.table, Cost(write=self._one_write(w, old, transaction, failed))) for w, old in done)

    def _one_write(self, write: Write, old: Item | None, transaction: bool, failed: bool) -> float:
        new = self._new_image(write, old, failed)
        units: float = write_units(old, new) * (2 if transaction else 1)
        for index in () if failed else self.images.definition(write.table).indexes:
            if cost := index_units(index, old, new):
                units += cost
                with self._lock:
                    self.units.by_index[write.table, index.name] += cost
        return units

    def _new_image(self, write: Write, old: Item | None, failed: bool) -> Item | None:
        if write.action == "Put":
            return write.target
        if write.action == "Delete" and not failed:
            return None
        return self._image(write) if write.action == "Update" and not failed else old

    def _image(self, write: Write) -> Item | None:
        return self.images.item(write.table, self.images.definition(write.table).key(write.target))


def _get(images: Images, params: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Cost]:
    item = images.item(params["TableName"], params["Key"]) if "ProjectionExpression" in params else parsed.get("Item")
    return {params["TableName"]: Cost(read_units(item_size(item), consistent=params.get("ConsistentRead", False)))}


def _query(images: Images, params: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Cost]:
    """The page's total is rounded, not each of its items, and counts before any filter."""
    items = images.again(params) if any(name in params for name in SHAPING) else parsed.get("Items", [])
    size = sum(map(item_size, items))
    return {params["TableName"]: Cost(read_units(size, consistent=params.get("ConsistentRead", False)))}


def _batch_get(images: Images, params: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Cost]:
    costs = {}
    for table, request in params["RequestItems"].items():
        unread = parsed.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        keys = [key for key in request["Keys"] if key not in unread]
        if "ProjectionExpression" in request:
            found = [images.item(table, key) for key in keys]
        else:
            found = parsed.get("Responses", {}).get(table, [])
        consistent = request.get("ConsistentRead", False)
        sizes = [item_size(item) for item in found] + [0] * (len(keys) - len(found))
        costs[table] = Cost(sum(read_units(size, consistent=consistent) for size in sizes))
    return costs


def _transact_get(images: Images, params: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Cost]:
    gets = [entry["Get"] for entry in params["TransactItems"]]
    items = [images.item(get["TableName"], get["Key"]) for get in gets]
    sizes = zip(gets, map(item_size, items), strict=True)
    return _sum((get["TableName"], Cost(2 * read_units(size, consistent=True))) for get, size in sizes)


READERS = {
    "GetItem": _get,
    "Query": _query,
    "Scan": _query,
    "BatchGetItem": _batch_get,
    "TransactGetItems": _transact_get,
}


def _writes(operation: str, params: Mapping[str, Any]) -> list[Write]:
    match operation:
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return [_request(operation.removesuffix("Item"), params)]
        case "TransactWriteItems":
            return [_request(action, body) for entry in params["TransactItems"] for action, body in entry.items()]
        case "BatchWriteItem":
            return [
                _request(action.removesuffix("Request"), {"TableName": table, **body})
                for table, entries in params["RequestItems"].items()
                for entry in entries
                for action, body in entry.items()
            ]
    return []


def _request(action: str, body: Mapping[str, Any]) -> Write:
    return Write(action, body["TableName"], body["Item"] if action == "Put" else body["Key"])


def _sum(costs: Iterator[tuple[str, Cost]]) -> dict[str, Cost]:
    total: dict[str, Cost] = defaultdict(Cost)
    for table, cost in costs:
        total[table] = Cost(total[table].read + cost.read, total[table].write + cost.write)
    return total
