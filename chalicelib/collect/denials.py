"""A business "no" in the runtime log: no coupon left, not enough points, an unknown code. Nothing else is stored of
one, so it is told when the answer stands; of what was done the streams tell (jobs/log_changes.py)."""

from typing import Any

from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event
from chalicelib.store import runtime_log
from chalicelib.store.tenancy import in_parallel
from chalicelib.telemetry import Span

WORDS = {
    "none_left": "no coupon is left",
    "insufficient": "not enough points",
    "out_of_stock": "out of stock",
    "limit_reached": "the customer's limit is reached",
    "slow_down": "too many wrong codes",
    "unknown": "no such code",
    "taken": "somebody else's code",
    "not_open": "not open yet",
    "closed": "closed",
    "too_late": "too late",
}
ABOUT = ("giveaway", "instant_win", "reward")

Done = tuple[Event, dict[str, Any], Span]  # an event, what is answered, and the work that it was


def tell(talk: Conversation, done: list[Done]) -> None:
    """One entry for what is alike in a call. Never raises."""
    alike: dict[tuple[Any, ...], list[Done]] = {}
    for one in done:
        event, result, _ = one
        if result["outcome"] in WORDS:
            about = tuple(getattr(event, name, None) for name in ABOUT)
            key = (event.type, result["outcome"], event.experience, _customer(talk, event), about)
            alike.setdefault(key, []).append(one)
    in_parallel(lambda same: _tell(talk, same), list(alike.values()))


def _tell(talk: Conversation, same: list[Done]) -> None:
    event, result, span = same[0]
    about = {name: value for name in ABOUT if (value := getattr(event, name, None))}
    runtime_log.write(
        talk.store,
        "info",
        event.type.replace("-", "_"),
        f"{event.type}: {WORDS[result['outcome']]}",
        experience=event.experience,
        customer_id=_customer(talk, event),
        attributes={"outcome": result["outcome"], **about},
        span=span,
        times=len(same),
    )


def _customer(talk: Conversation, event: Event) -> str | None:
    """Whom the call has read already."""
    if event.customer_id in talk.people:
        return event.customer_id
    identity = event.email.normalised if event.email else None
    return next((id for id, row in talk.people.items() if row["identity"] == identity), None)
