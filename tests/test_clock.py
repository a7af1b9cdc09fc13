"""Times as the API writes them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.clock import rfc3339, rfc3339_s

MOMENTS = st.integers(0, 4_102_444_800_000)  # until 2100


@given(MOMENTS, MOMENTS)
def test_texts_of_times_sort_as_the_times_do(one: int, other: int) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


@given(MOMENTS)
def test_a_text_says_the_moment_to_the_millisecond(ms: int) -> None:
    assert round(datetime.fromisoformat(rfc3339(ms)).timestamp() * 1000) == ms
    assert datetime.fromisoformat(rfc3339_s(ms // 1000)) == datetime.fromtimestamp(ms // 1000, UTC)
