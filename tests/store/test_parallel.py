"""Calls that are made at the same time: whatever fails, all of them have ended when the caller hears of it."""

from time import sleep

import pytest

from chalicelib.store.tenancy import in_parallel


@pytest.mark.parametrize("failing", range(4))
def test_a_failure_is_told_when_the_other_calls_have_ended(failing: int) -> None:
    ended: list[int] = []

    def call(number: int) -> None:
        if number == failing:
            raise ConnectionError
        sleep(0.05)
        ended.append(number)

    with pytest.raises(ConnectionError):
        in_parallel(call, range(4))
    assert sorted(ended) == [one for one in range(4) if one != failing]
