"""What each function asks of AWS while the tests run, held against its policy: a call that the policy would refuse on
AWS fails the test that made it. The local clouds allow everything."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

import pytest
from botocore.client import BaseClient
from chalice.app import Chalice, EventSourceHandler

from chalicelib.jobs import queue
from chalicelib.store import objects, wire
from local.data import ROOT

Need = tuple[str, str]
"""An action and the resource it is for, such as ("dynamodb:Query", "CustomersTable.Arn/index/feed")."""

Asked = tuple[str, Need]
"""Which function needed what."""

S3: Final = {
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "ListObjectsV2": "ListBucket",
    "DeleteObjects": "DeleteObject",
}
TRANSACTED: Final = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem"}

_acting: ContextVar[str] = ContextVar("acting", default="")  # the store's threads have it, too


@contextmanager
def watched() -> Iterator[set[Asked]]:
    """Gives what functions asked for meanwhile: (function, need)."""
    asked: set[Asked] = set()
    patch = pytest.MonkeyPatch()
    patch.setattr(Chalice, "__call__", _of_requests(Chalice.__call__))
    patch.setattr(EventSourceHandler, "__call__", _of_events(EventSourceHandler.__call__))
    patch.setattr(BaseClient, "_make_api_call", _noting(BaseClient._make_api_call, asked))
    try:
        yield asked
    finally:
        patch.undo()


def _as(function: str, call: Callable[[], Any]) -> Any:
    before = _acting.set(function)
    try:
        return call()
    finally:
        _acting.reset(before)


def _of_requests(answer: Callable[..., Any]) -> Callable[..., Any]:
    def call(app: Chalice, event: dict[str, Any], context: Any) -> Any:
        collects = event["requestContext"]["resourcePath"].startswith("/v1/collect")
        return _as("collect" if collects else "api", lambda: answer(app, event, context))

    return call


def _of_events(answer: Callable[..., Any]) -> Callable[..., Any]:
    def call(handler: Any, event: Any, context: Any) -> Any:
        name = handler.func.__name__
        return _as({"call_webhooks": "webhooks"}.get(name, name), lambda: answer(handler, event, context))

    return call


def _noting(answer: Callable[..., Any], asked: set[Asked]) -> Callable[..., Any]:
    def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        function = _acting.get()
        if function and client in (wire.client(), objects.client(), queue.client()):  # not those of the tests
            asked.update(
                (function, need) for need in needs(client.meta.service_model.service_name, operation, arguments)
            )
        return answer(client, operation, arguments)

    return call


def needs(service: str, operation: str, arguments: dict[str, Any]) -> Iterable[Need]:
    """What a policy must allow for this call."""
    return {"dynamodb": _of_dynamodb, "s3": _of_s3, "sqs": _of_sqs}[service](operation, arguments)


def _of_dynamodb(operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    if operation.startswith("Transact"):
        for item in arguments["TransactItems"]:
            ((action, asked),) = item.items()
            yield f"dynamodb:{TRANSACTED.get(action, action + 'Item')}", _table(asked["TableName"])
    elif operation.startswith("Batch"):
        for table in arguments["RequestItems"]:
            yield f"dynamodb:{operation}", _table(table)
    else:
        index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
        yield f"dynamodb:{operation}", _table(arguments["TableName"]) + index


def _of_s3(operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    bucket, name = _logical(arguments["Bucket"]) + ".Arn", S3.get(operation, operation)
    yield f"s3:{name}", bucket if name == "ListBucket" else f"{bucket}/{arguments['Key']}"


def _of_sqs(operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    yield f"sqs:{operation.replace('Batch', '')}", _logical(arguments["QueueUrl"]) + ".Arn"


def _table(name: str) -> str:
    return _logical(name) + ".Arn"


def _logical(name: str) -> str:
    """The template's name of what the tests' cloud made; buckets have small letters only."""
    return name.rsplit("/", 1)[-1].removeprefix("afterchat-local-")


def refused(asked: Iterable[Asked]) -> list[Asked]:
    return sorted((function, need) for function, need in asked if not allows(function, need))


def allows(policy: str, need: Need) -> bool:
    """Whether the function's policy does; deployed with a key of AWS."""
    action, resource = need
    return any(
        action in actions and any(fnmatchcase(resource.lower(), pattern.lower()) for pattern in patterns)
        for actions, patterns in _statements(policy)
    )


@cache
def _statements(policy: str) -> list[tuple[set[str], list[str]]]:
    document = json.loads((ROOT / f"infra/policies/{policy}.json").read_text())
    found = [one for one in document["Statement"] if "Fn::If" not in one]
    return [(set(_listed(one["Action"])), [_pattern(r) for r in _listed(one["Resource"])]) for one in found]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pattern(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    ((form, told),) = resource.items()
    return ".".join(told) if form == "Fn::GetAtt" else re.sub(r"\$\{([^}]*)\}", r"\1", told)
