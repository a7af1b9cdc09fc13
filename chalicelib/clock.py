"""Time as Afterchat counts it: milliseconds since 1970 in records, days in UTC, RFC 3339 towards the outside."""

import time
from datetime import UTC, datetime

DAY_S = 86_400
DAY_MS = DAY_S * 1000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def now_s() -> int:
    return now_ms() // 1000


def day(ms: int) -> int:
    """The UTC day, counted from 1970-01-01."""
    return ms // DAY_MS


def rfc3339(ms: int) -> str:
    """`2026-11-22T08:00:00.250Z`; whole seconds are written without a fraction."""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    text = moment.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
    return text[:-6] + "Z"


def milliseconds(moment: datetime) -> int:
    """Of an aware datetime."""
    return round(moment.timestamp() * 1000)
