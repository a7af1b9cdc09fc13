"""One tenant's part of the tables: all reads and writes go through a `Store`, and every key begins with its tenant."""

import hmac
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.settings import settings
from chalicelib.store import wire
from chalicelib.store.keys import TENANT
from chalicelib.store.plain import plain_item
from chalicelib.store.tables import Item
from chalicelib.store.wire import connection

Row = dict[str, Any]  # an item as it was read: plain values by attribute
Key = tuple[str, str]  # partition key (with the tenant) and sort key
THREADS = "store"
T = TypeVar("T")
R = TypeVar("R")


class ForeignKey(Exception):
    """A key of another tenant, or of none, was about to be used: a mistake of ours, never of a caller."""


@dataclass(frozen=True)
class Access:
    """A way to read rows in order: a table or one of its indexes."""

    table: str
    index: str | None = None
    hash: str = "pk"
    range: str = "sk"


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    more: bool


@dataclass(frozen=True)
class Span:
    """Sort keys from `low` to `high`, both included."""

    low: str = " "
    high: str = "\U0010ffff"

    @classmethod
    def prefix(cls, start: str) -> "Span":
        return cls(start, start + "\U0010ffff")


@dataclass(frozen=True)
class Store:
    tenant: str

    def __post_init__(self) -> None:
        if not TENANT.fullmatch(self.tenant):
            raise ForeignKey(self.tenant)

    def key(self, partition: str) -> str:
        return f"{self.tenant}#{partition}"

    def partition(self, pk: str) -> str:
        """The key without its tenant. Raises ForeignKey."""
        self.check(pk)
        return pk[len(self.tenant) + 1 :]

    def keyed_hash(self, text: bytes) -> str:
        """Stands for a text that must not be stored: 128 bits that nobody can compute without our key, or compare with
        another tenant's."""
        return self.keyed_hashes(text)[0]

    def keyed_hashes(self, text: bytes) -> list[str]:
        """The same under each of our keys, the present one first: to find what was written before the key changed."""
        named = self.tenant.encode() + b"\n" + text
        return [hmac.new(key, named, "sha256").hexdigest()[:32] for key in settings().sealing_keys]

    def check(self, pk: str) -> None:
        if not pk.startswith(f"{self.tenant}#"):
            raise ForeignKey(pk)

    def get(self, table: str, pk: str, sk: str, consistent: bool = True) -> Row | None:
        self.check(pk)
        answer = wire.client().get_item(TableName=settings().tables[table], Key=_key(pk, sk), ConsistentRead=consistent)
        return plain_item(answer["Item"]) if "Item" in answer else None

    def get_many(
        self, table: str, keys: Iterable[Key], consistent: bool = False, only: Sequence[str] = ()
    ) -> dict[Key, Row]:
        """Those that exist; 100 keys a call, the calls in parallel. `only` these attributes costs the same units, but
        less time."""
        wanted = list(dict.fromkeys(keys))
        for pk, _ in wanted:
            self.check(pk)
        chunks = [wanted[start : start + 100] for start in range(0, len(wanted), 100)]
        found = in_parallel(lambda chunk: _batch(table, chunk, consistent, only), chunks)
        return {(row["pk"], row["sk"]): row for rows in found for row in rows}

    def query(
        self,
        access: Access,
        pk: str,
        span: Span,
        *,
        limit: int | None = None,
        descending: bool = True,
        consistent: bool = False,
        only: Sequence[str] = (),
    ) -> Page:
        """One page of a partition, at most 1 MB; `more` says that the partition goes on. `only` these attributes costs
        the same units, but less time."""
        self.check(pk)
        arguments: dict[str, Any] = {
            "TableName": settings().tables[access.table],
            "KeyConditionExpression": "#h = :h AND #r BETWEEN :low AND :high",
            "ExpressionAttributeNames": {"#h": access.hash, "#r": access.range},
            "ExpressionAttributeValues": {":h": {"S": pk}, ":low": {"S": span.low}, ":high": {"S": span.high}},
            "ScanIndexForward": not descending,
        }
        if span.low > span.high:  # DynamoDB refuses the question that has no answer
            return Page([], False)
        if access.index:
            arguments["IndexName"] = access.index
        if limit:
            arguments["Limit"] = limit
        if consistent:
            arguments["ConsistentRead"] = True
        if only:
            shown = {f"#{place}": name for place, name in enumerate(only)}
            arguments["ProjectionExpression"] = ", ".join(shown)
            arguments["ExpressionAttributeNames"] |= shown
        answer = wire.client().query(**arguments)
        return Page([plain_item(item) for item in answer["Items"]], "LastEvaluatedKey" in answer)

    def query_all(self, access: Access, pk: str, span: Span, *, consistent: bool = False) -> list[Row]:
        """A whole span, ascending; for partitions that one person's or one tenant's few rows make."""
        rows: list[Row] = []
        more = True
        while more:
            page = self.query(access, pk, span, descending=False, consistent=consistent)
            rows += page.rows
            more = page.more and bool(page.rows)
            span = Span(page.rows[-1][access.range] + "\x00", span.high) if page.rows else span
        return rows

    def put(self, item: Item, condition: Condition | None = None) -> None:
        self.check(item.pk)
        item.save(condition)

    def update(self, item: Item, actions: Sequence[Action], condition: Condition | None = None) -> None:
        self.check(item.pk)
        item.update(list(actions), condition)

    def delete(self, item: Item, condition: Condition | None = None) -> None:
        self.check(item.pk)
        item.delete(condition)

    def write(self, transaction: "Transaction") -> None:
        """All of it or nothing. A single put without conditions on others costs half: it is not a transaction then."""
        transaction.commit(self)


@dataclass
class Transaction:
    """Writes that happen together (TransactWriteItems: at most 100). Conditions name why each of them may fail."""

    puts: list[tuple[Item, Condition | None]] = field(default_factory=list)
    updates: list[tuple[Item, list[Action], Condition | None]] = field(default_factory=list)
    deletes: list[tuple[Item, Condition | None]] = field(default_factory=list)

    def put(self, item: Item, condition: Condition | None = None) -> None:
        self.puts.append((item, condition))

    def update(self, item: Item, actions: Sequence[Action], condition: Condition | None = None) -> None:
        self.updates.append((item, list(actions), condition))

    def delete(self, item: Item, condition: Condition | None = None) -> None:
        self.deletes.append((item, condition))

    def items(self) -> list[Item]:
        """In the order in which DynamoDB gets them, and gives its reasons."""
        return [d[0] for d in self.deletes] + [p[0] for p in self.puts] + [u[0] for u in self.updates]

    def commit(self, store: Store) -> None:
        for item in self.items():
            store.check(item.pk)
        if len(self.items()) == 1:
            return self._commit_single(store)
        with TransactWrite(connection=connection()) as transaction:
            for item, condition in self.deletes:
                transaction.delete(item, condition)
            for item, condition in self.puts:
                transaction.save(item, condition)
            for item, actions, condition in self.updates:
                transaction.update(item, actions, condition)

    def _commit_single(self, store: Store) -> None:
        for item, condition in self.puts:
            store.put(item, condition)
        for item, actions, condition in self.updates:
            store.update(item, actions, condition)
        for item, condition in self.deletes:
            store.delete(item, condition)


def in_parallel(call: Callable[[T], R], arguments: Sequence[T]) -> list[R]:
    """The results in order. The caller's own thread takes the first, which costs a fifth less CPU than waiting for all;
    inside a call everything is done in turn, so that calls never wait for threads that wait for them. The others work
    in the caller's span, too. Whatever fails, nothing is under way any more when this returns or raises."""
    if len(arguments) < 2 or threading.current_thread().name.startswith(THREADS):
        return [call(argument) for argument in arguments]
    others = [_threads().submit(copy_context().run, call, argument) for argument in arguments[1:]]
    try:
        first = call(arguments[0])
    finally:
        wait(others)
    return [first, *(other.result() for other in others)]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=16, thread_name_prefix=THREADS)


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _batch(table: str, keys: Sequence[Key], consistent: bool, only: Sequence[str]) -> list[Row]:
    name = settings().tables[table]
    asked: Any = {name: {"Keys": [_key(*key) for key in keys], "ConsistentRead": consistent, **_projection(only)}}
    rows: list[Row] = []
    while asked:
        answer = wire.client().batch_get_item(RequestItems=asked)
        rows += [plain_item(item) for item in answer["Responses"].get(name, ())]
        asked = answer.get("UnprocessedKeys")
    return rows


def _projection(only: Sequence[str]) -> dict[str, Any]:
    if not only:
        return {}
    names = {f"#{place}": name for place, name in enumerate(("pk", "sk", *only))}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
