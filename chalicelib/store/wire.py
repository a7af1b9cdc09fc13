"""The one DynamoDB client and PynamoDB's way to it: botocore's signing and retries with a response parser that
leaves out the walk over shapes, which costs botocore more than the rest of a call."""

import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any, ClassVar, cast

import orjson
from botocore.config import Config
from botocore.model import Shape
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.session import Session
from pynamodb.connection import Connection, TableConnection
from pynamodb.models import Model

from chalicelib.settings import settings
from chalicelib.store import serializing

log = logging.getLogger(__name__)

# Answers that hold no timestamps: their JSON is what botocore would make of it, but for binary values.
PLAIN_ANSWERS = frozenset(
    f"{operation}Output"
    for operation in (
        *("GetItem", "BatchGetItem", "Query", "TransactGetItems", "ExecuteStatement", "BatchExecuteStatement"),
        *("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"),
    )
)

CONFIG = Config(
    user_agent="afterchat",  # or botocore composes one twice a call, an eighth of the call's cost
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=1,
    read_timeout=5,
    max_pool_connections=32,
    parameter_validation=False,
)

BINARY = re.compile(rb'B(?<="B)S?"')  # "B" or "BS", found five times as fast as by a search for the quote

_lock = Lock()


class FastParser(JSONParser):  # type: ignore[misc]
    """Errors, binary values and answers with timestamps take the stock path."""

    def _do_parse(self, response: Mapping[str, Any], shape: Shape | None) -> dict[str, Any]:
        body = response["body"]
        if shape is None or shape.name not in PLAIN_ANSWERS or BINARY.search(body):
            return cast(dict[str, Any], super()._do_parse(response, shape))
        try:
            answer = orjson.loads(body or b"{}")
        except ValueError:  # the stock parser knows what to make of a broken answer
            return cast(dict[str, Any], super()._do_parse(response, shape))
        parsed = {name: value for name, value in answer.items() if value is not None}
        self._inject_response_metadata(parsed, response["headers"])
        return parsed


class FastParsers(ResponseParserFactory):  # type: ignore[misc]
    def create_parser(self, protocol_name: str) -> Any:
        return FastParser(**self._defaults) if protocol_name == "json" else super().create_parser(protocol_name)


# One answer a kind of call, as DynamoDB sends them; the last one has a binary value.
CANNED = (
    ("GetItem", b'{"Item":{"pk":{"S":"a"},"n":{"N":"1.5"},"m":{"M":{"l":{"L":[{"BOOL":true},{"NULL":true}]}}}}}'),
    ("Query", b'{"Count":1,"Items":[{"s":{"SS":["a"]}}],"LastEvaluatedKey":{"pk":{"S":"\xc3\xa4"}},"ScannedCount":1}'),
    ("BatchGetItem", b'{"Responses":{"t":[{"pk":{"S":"a"}}]},"UnprocessedKeys":{"t":{"Keys":[{"pk":{"S":"b"}}]}}}'),
    ("TransactWriteItems", b"{}"),
    (
        "UpdateItem",
        b'{"Attributes":{"n":{"N":"1"}},"ConsumedCapacity":{"CapacityUnits":2.0,"GlobalSecondaryIndexes":'
        b'{"feed":{"CapacityUnits":1.0}},"Table":{"CapacityUnits":1.0},"TableName":"t"},"ItemCollectionMetrics":null}',
    ),
    ("GetItem", b'{"Item":{"pk":{"S":"a"},"b":{"B":"AAEC"}}}'),
)


def client() -> Any:
    """The client of this process: 4 attempts in all, 1 s to connect, 5 s to read; safe to share between threads."""
    with _lock:
        return _client()


def reset() -> None:
    """Forget the client, so that the next one sees changed settings; for tests."""
    with _lock:
        _client.cache_clear()


@cache
def _client() -> Any:
    session = Session()
    if is_sound(session):
        session.register_component("response_parser_factory", FastParsers())
    endpoint = settings().dynamodb_endpoint or settings().endpoint
    made = session.create_client("dynamodb", region_name=settings().region, endpoint_url=endpoint, config=CONFIG)
    serializing.speed_up(made)
    return made


def is_sound(session: Session) -> bool:
    """Whether both parsers make the same of the canned answers: `_do_parse` is botocore's private affair."""
    try:
        differing = [operation for operation, body in CANNED if not _is_same(session, operation, body)]
        reason = f"differs for {differing}" if differing else ""
        reason = reason or ("" if "_do_parse" in vars(JSONParser) else "has lost its hook")
    except Exception as error:
        reason = f"fails with {error!r}"
    if reason:
        log.warning("the fast response parser %s; using botocore's own, lists cost more", reason)
    return not reason


def _is_same(session: Session, operation: str, body: bytes) -> bool:
    shape = session.get_service_model("dynamodb").operation_model(operation).output_shape
    response = {"body": body, "headers": {"x-amzn-requestid": "1"}, "status_code": 200}
    fast, stock = (parser.parse(dict(response), shape) for parser in (FastParser(), JSONParser()))
    return bool(fast == stock)


class WiredConnection(Connection):
    """PynamoDB's connection over our client."""

    @property
    def client(self) -> Any:
        return client()


@cache
def connection() -> WiredConnection:
    """The connection of all tables; what `TransactWrite` and `TransactGet` take."""
    return WiredConnection()


class Table(Model):
    """A model over our client. `table` is the logical name; the real one is read from the settings when it is used."""

    table: ClassVar[str]

    @classmethod
    def _get_connection(cls) -> TableConnection:
        cls.Meta.table_name = settings().tables[cls.table]
        made = super()._get_connection()
        if made.connection is not connection():
            with suppress(ValueError):  # another model of the same table was here before
                connection().add_meta_table(made.get_meta_table())
            made.connection = connection()
        return made
