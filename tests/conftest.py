"""A service over moto, made anew for each test that asks for it."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import issuer, resources
from tests.world import EXPERIENCE, World

REGION = "eu-central-1"
CLOUD = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AFTERCHAT_STAGE": "test",
    "AFTERCHAT_SEALING_KEYS": "a key of the tests",
}


@cache
def client(service: str) -> Any:
    """Made once: making one takes as long as the calls that a test makes with it."""
    return boto3.client(service, region_name=REGION)


@pytest.fixture(scope="session")
def issuer_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("issuer")
    issuer.start(data)
    return data


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, issuer_data: Path) -> Iterator[dict[str, str]]:
    """Tables, buckets and queues of infra/resources.yaml in moto; the environment of the functions."""
    for name, value in {**CLOUD, **issuer.environment(issuer_data)}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        made = resources.create(client)
        empty(made["AFTERCHAT_JOBS_QUEUE"])  # S3 has said that it will write there
        for name, value in made.items():
            monkeypatch.setenv(name, value)
        forget_clients()
        yield dict(os.environ)
    forget_clients()


@pytest.fixture
def world(cloud: dict[str, str], issuer_data: Path) -> World:
    from chalice.test import Client

    import app

    world = World(Client(app.app), issuer_data)
    for tenant in ("acme", "other"):
        world.request("PUT", "/v1/experiences/summer", EXPERIENCE, tenant=tenant).ok()
    return world


def empty(queue: str) -> None:
    for message in client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ()):
        client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def forget_clients() -> None:
    """What the process remembers of its environment."""
    from chalicelib import cursors, keyset
    from chalicelib.jobs import queue
    from chalicelib.settings import settings
    from chalicelib.store import objects, wire

    caches: list[Any] = [settings, cursors._sealers, keyset.keyset, queue.client, objects.client]
    for remembered in caches:
        remembered.cache_clear()
    wire.reset()
