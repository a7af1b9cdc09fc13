"""What an entry or a play is unique in, the end of its key: the rule's period, or the call where there is no limit."""

from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.collect.conversation import local
from chalicelib.collect.rules import PERIODS, began, period
from chalicelib.store import idempotency
from chalicelib.store.idempotency import Call


def unique(rule: str, at: int, zone: ZoneInfo, call: Call | None, position: str) -> str:
    """Without a limit it is the call, whose key is kept for a day; without a call the record's own position."""
    if rule != "unlimited":
        return period(rule, local(at, zone))
    return f"{call.name}.{clock.day(clock.now_ms())}" if call else position


def before(rule: str, at: int, zone: ZoneInfo, call: Call) -> str | None:
    """The period before, if the key may have been used in it: a call sent again after midnight is no second one."""
    if rule == "unlimited":
        return f"{call.name}.{clock.day(clock.now_ms()) - 1}"
    if rule not in PERIODS:
        return None
    start = clock.milliseconds(began(rule, local(at, zone)))
    recent = at - start < idempotency.KEPT_S * 1000
    return period(rule, local(start - 1, zone)) if recent else None
