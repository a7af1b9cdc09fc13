"""A receiver on this machine, a clock that tests move, and what Lambda would do with streams and queue."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.webhooks.receiving import Receiver


@pytest.fixture(autouse=True)  # before the service, whose tokens are of this time
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 10, 15, 30, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls may reach this machine, as in development."""
    monkeypatch.setenv("AFTERCHAT_ALLOW_LOOPBACK", "1")
    os.environ.pop("OTEL_EXPORTER_OTLP_ENDPOINT", None)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.stop()
