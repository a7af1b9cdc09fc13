"""When a person may enter: opening times, and the rule's periods in the tenant's time zone (ISO 8601 weeks)."""

from datetime import datetime, time, timedelta
from typing import Any, Literal

from chalicelib import clock

Giveaway = dict[str, Any]
PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


def opening(giveaway: Giveaway, at: int) -> Literal["not_open", "closed"] | None:
    """Why not at that moment (ms)."""
    opens, closes = bounds(giveaway)
    if opens and at < clock.milliseconds(opens):
        return "not_open"
    return "closed" if closes and at >= clock.milliseconds(closes) else None


def bounds(giveaway: Giveaway) -> list[datetime | None]:
    times = [giveaway.get(name) for name in ("opens_at", "closes_at")]
    return [datetime.fromisoformat(text) if text else None for text in times]


def period(rule: str, moment: datetime) -> str:
    """What entries are unique in; nothing for a rule without limit."""
    year, week, _ = moment.isocalendar()
    names = {"once": "once", "daily": moment.date().isoformat(), "weekly": f"{year}-W{week:02d}"}
    return names.get(rule, "")


def began(rule: str, moment: datetime) -> datetime:
    """The first moment of the day or ISO week."""
    days = moment.weekday() if rule == "weekly" else 0
    return datetime.combine(moment.date() - timedelta(days=days), time(), moment.tzinfo)


def next_entry(giveaway: Giveaway, moment: datetime) -> datetime | None:
    """When who entered at that moment may enter again; None for never."""
    rule, (_, closes) = giveaway["rule"], bounds(giveaway)
    if rule == "once":
        return None
    again = began(rule, moment) + PERIODS[rule] if rule in PERIODS else moment
    return None if closes and again.timestamp() >= closes.timestamp() else again


def first_entry(giveaway: Giveaway, now: datetime) -> datetime | None:
    """When who has not entered may do so."""
    opens, closes = bounds(giveaway)
    first = max(now, opens) if opens else now
    return None if closes and first >= closes else first
