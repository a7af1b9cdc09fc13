"""Time stands still but where a test lets it pass."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

START = datetime(2026, 5, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def clock(cloud: dict[str, str]) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller
