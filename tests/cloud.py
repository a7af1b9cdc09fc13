"""moto's cloud, with what infra/resources.yaml declares: made once and emptied for each test, since making it takes
longer than most tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from moto import mock_aws
from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import FakeKey, FakeMultipart, s3_backends
from moto.sqs.models import sqs_backends

from local import resources

REGION = "eu-central-1"

_made: dict[str, str] = {}


@cache
def client(service: str) -> Any:
    """Made once: making one takes as long as the calls that a test makes with it."""
    return boto3.client(service, region_name=REGION)


@contextmanager
def empty_cloud() -> Iterator[dict[str, str]]:
    """The environment variables of the functions that work with it."""
    cloud = mock_aws()
    cloud.start(reset=not _is_whole())
    try:
        if not _is_whole():
            _made.update(resources.create(client))
        for empty in (_empty_tables, _empty_buckets, _empty_queues):
            empty()
        yield dict(_made)
    finally:
        cloud.stop(remove_data=False)


def _is_whole() -> bool:
    """Tests of moto's own throw it away."""
    stores: list[tuple[Callable[[], Any], int]] = [(tables, 5), (_buckets, 2), (_queues, 2)]
    return all(len(list(there())) >= count for there, count in stores)


def tables() -> Any:
    return (table for account in dynamodb_backends.values() for table in account[REGION].tables.values())


def _buckets() -> Any:
    return (bucket for account in s3_backends.values() for bucket in account["aws"].buckets.values())


def _queues() -> Any:
    return (queue for account in sqs_backends.values() for queue in account[REGION].queues.values())


def _empty_tables() -> None:
    for table in tables():
        table.items.clear()
        if table.stream_shard:
            table.stream_shard.items.clear()


def _empty_buckets() -> None:
    """Closes the temporary file that moto opens for each object."""
    for bucket in _buckets():
        bucket.keys.clear()
        bucket.multiparts.clear()
    tracked: Any = (*FakeMultipart.instances_tracked, *FakeKey.instances_tracked)  # type: ignore[attr-defined]
    for left in tracked:
        left.dispose()
    reset_model_data()


def _empty_queues() -> None:
    for queue in _queues():
        queue._messages.clear()
        queue._pending_messages.clear()
        queue.deleted_messages.clear()
