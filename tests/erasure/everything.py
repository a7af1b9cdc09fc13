"""What really lies in the service: items of all tables, objects of all buckets, messages of all queues, found from the
environment that the template gives the functions, so that what later work adds is looked at, too."""

import json
import os
from collections.abc import Iterator
from typing import Any

from tests.cloud import client
from tests.erasure.markers import unpacked

Item = dict[str, Any]


def tables() -> list[str]:
    named = [value for name, value in os.environ.items() if name.startswith("AFTERCHAT_TABLE_")]
    assert len(named) >= 5
    return sorted(named)


def items(table: str) -> list[Item]:
    """As DynamoDB's typed JSON."""
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def all_items() -> dict[tuple[str, str, str], Item]:
    """By table, pk and sk."""
    return {(table, item["pk"]["S"], item["sk"]["S"]): item for table in tables() for item in items(table)}


def of_tenant(tenant: str) -> dict[tuple[str, str, str], Item]:
    return {place: item for place, item in all_items().items() if place[1].startswith(f"{tenant}#")}


def objects() -> Iterator[tuple[str, str, bytes]]:
    """(bucket, key, content and what S3 keeps beside it) of all objects."""
    s3 = client("s3")
    for bucket in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for one in page.get("Contents", ()):
                found = s3.get_object(Bucket=bucket, Key=one["Key"])
                beside = {name: str(found.get(name)) for name in ("Metadata", "ContentDisposition", "ContentType")}
                yield bucket, one["Key"], found["Body"].read() + json.dumps(beside).encode()


def messages() -> Iterator[tuple[str, str]]:
    """(queue, body), without waiting for those that are delayed: moto tells them, too."""
    sqs = client("sqs")
    for queue in sqs.list_queues().get("QueueUrls", ()):
        told = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
        yield from ((queue, message["Body"]) for message in told.get("Messages", ()))


def texts() -> Iterator[tuple[str, str]]:
    """(where, text) of everything."""
    for (table, pk, sk), item in all_items().items():
        yield f"{table} {pk} {sk}", json.dumps(item, ensure_ascii=False, default=str)
    for bucket, key, content in objects():
        yield f"{bucket}/{key}", unpacked(content)
    yield from messages()
