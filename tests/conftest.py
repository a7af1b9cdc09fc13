"""A service over moto, made anew for each test that asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from local import issuer
from tests import chance, permissions, rollback, serializing
from tests.cloud import REGION, empty_cloud
from tests.world import EXPERIENCE, World

CLOUD = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AFTERCHAT_STAGE": "test",
    "AFTERCHAT_SEALING_KEYS": "a key of the tests",
}

# The same examples each time, however busy the machine: what fails in CI fails here. New ones are tried with
# `--hypothesis-profile=default`.
hypothesis.settings.register_profile("afterchat", deadline=None, derandomize=True)
hypothesis.settings.load_profile("afterchat")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="no slow tests, and one example of each sentence")
    parser.addoption("--chance", default="afterchat", help="a word that other ids, shards and tickets are drawn from")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--quick"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)  # files are handed out in this order: the long ones first
        return
    unmarked = [item for item in items if item.get_closest_marker("slow") is None]
    first = {item.nodeid.partition("[")[0]: item for item in reversed(unmarked)}
    quick = [item for item in unmarked if first[item.nodeid.partition("[")[0]] is item]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(quick)])
    items[:] = quick


@pytest.fixture(scope="session")
def issuer_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("issuer")
    issuer.start(data)
    return data


@pytest.fixture(autouse=True, scope="session")
def asked_of_aws() -> Iterator[set[permissions.Asked]]:
    with permissions.watched() as asked:
        yield asked


@pytest.fixture(autouse=True)
def asks_no_more_than_it_may(asked_of_aws: set[permissions.Asked]) -> Iterator[None]:
    """In any test: a function that asks for more than its policy allows would fail on AWS."""
    asked_of_aws.clear()
    yield
    refused = permissions.refused(asked_of_aws)
    assert not refused, f"infra/policies does not allow: {refused[:5]}"


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, issuer_data: Path, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """Tables, buckets and queues of infra/resources.yaml in moto; the environment of the functions."""
    for name, value in {**CLOUD, **issuer.environment(issuer_data)}.items():
        monkeypatch.setenv(name, value)
    rollback.of_named_items_only(monkeypatch)
    serializing.of_items_as_they_are(monkeypatch)
    with empty_cloud() as made, chance.drawn_from(f"{request.config.getoption('chance')} {request.node.nodeid}"):
        for name, value in made.items():
            monkeypatch.setenv(name, value)
        forget_settings()
        yield dict(os.environ)
    forget_settings()


@pytest.fixture
def world(cloud: dict[str, str], issuer_data: Path) -> World:
    from chalice.test import Client

    import app

    world = World(Client(app.app), issuer_data)
    for tenant in ("acme", "other"):
        world.request("PUT", "/v1/experiences/summer", EXPERIENCE, tenant=tenant).ok()
    return world


def forget_settings() -> None:
    """What the process remembers of its environment; its clients of the cloud it keeps."""
    from chalicelib import cursors, keyset
    from chalicelib.collect import rate
    from chalicelib.settings import settings
    from chalicelib.store import runtime_log

    caches: list[Any] = [settings, cursors._sealers, keyset.keyset, runtime_log.floods, rate.meter]
    for remembered in caches:
        remembered.cache_clear()
