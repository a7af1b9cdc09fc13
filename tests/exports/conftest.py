"""A clock that runs on and that tests can move, and exports of many pieces."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from chalicelib.store import parts, whole_feeds


@pytest.fixture(autouse=True)  # before the service, whose tokens are of this time
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 10, 15, 30, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows a shard and parts of a few bytes, so that few rows go all ways."""
    monkeypatch.setattr(whole_feeds, "PAGE", 2)
    monkeypatch.setattr(parts, "LEAST", 500)
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1)
