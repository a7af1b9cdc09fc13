"""A clock that stands still until a test moves it; ask for it before the world, so that its tokens are of that time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2030, 5, 21, 8, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Berlin


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates
