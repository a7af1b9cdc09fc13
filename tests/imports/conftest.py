"""A clock that stands still until a test moves it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)  # before the service, whose tokens are of this time
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 10, 15, 30, tzinfo=UTC), tick=True) as traveller:
        yield traveller
