"""Time as Afterchat counts it: milliseconds since 1970 in records, days in UTC, RFC 3339 towards the outside."""

import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

DAY_S = 86_400
DAY_MS = DAY_S * 1000
_EPOCH = date(1970, 1, 1).toordinal()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def now_s() -> int:
    return now_ms() // 1000


def day(ms: int) -> int:
    """The UTC day, counted from 1970-01-01."""
    return ms // DAY_MS


def day_in(ms: int, zone: tzinfo) -> int:
    """The day in that time zone, counted from 1970-01-01."""
    return datetime.fromtimestamp(ms / 1000, zone).toordinal() - _EPOCH


def date_of(day: int) -> str:
    """`2026-11-22`"""
    return date.fromordinal(day + _EPOCH).isoformat()


def rfc3339(ms: int) -> str:
    """`2026-11-22T08:00:00.250Z`, always with milliseconds, so that such texts sort as their times do."""
    minutes, in_minute = divmod(ms, 60_000)
    seconds, fraction = divmod(in_minute, 1000)
    return f"{_minute(minutes)}:{seconds:02}.{fraction:03}Z"


def rfc3339_s(s: int) -> str:
    """`2027-05-21T08:00:00Z`: for what is kept in seconds."""
    minutes, seconds = divmod(s, 60)
    return f"{_minute(minutes)}:{seconds:02}Z"


def milliseconds(moment: datetime) -> int:
    """Of an aware datetime."""
    return round(moment.timestamp() * 1000)


def parsed(text: str) -> datetime:
    """A time as `rfc3339` and `rfc3339_s` write it."""
    return datetime.fromisoformat(text)


def months_after(ms: int, months: int) -> int:
    """The same UTC day and time that many calendar months later, or the last day of a shorter month (ms)."""
    start = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    then = start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
    return milliseconds(then)


@lru_cache(maxsize=4096)
def _minute(minutes: int) -> str:
    return datetime.fromtimestamp(minutes * 60, UTC).isoformat()[:16]
