"""What was done, in the tenants' runtime logs: registrations, claims, redemptions, wins, points. The streams tell of
it, so that no call waits for its entry, and nothing is logged that was not written."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from chalicelib.store import alive, keys, runtime_log
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Store, in_parallel
from chalicelib.telemetry import log
from chalicelib.trace_context import TraceContext, unpacked
from chalicelib.webhooks.events import RETURNED, Event

# event of the stream → event of the log, message
WORDS = {
    "customer.registered": ("sign_ins", "sign-ins: registered"),
    RETURNED: ("activity", "a known customer's first activity of the day"),
    "coupon.issued": ("coupon_claims", "coupon-claims: issued"),
    "code.redeemed": ("code_redemptions", "code-redemptions: redeemed"),
    "reward.redeemed": ("reward_redemptions", "reward-redemptions: redeemed"),
    "instant_win.won": ("instant_wins", "instant-wins: won"),
    "points.booked": ("points", "points: booked"),
}
BESIDE = ("code", "reward")  # points that were booked with something else, which is told
ABOUT = ("outcome", "amount", "source", "reward", "instant_win", "cost", "points", "win")

Told = tuple[str, Event]  # tenant, event


def note(told: Iterable[Told], cleared: Mapping[str, Horizons]) -> None:
    """Safe to repeat: the same change has the same entry. Never raises: a log must not hold up an erasure. Tenants
    whose horizons are missing are left out: their changes come again."""
    by_tenant: dict[str, list[Event]] = {}
    for tenant, event in told:
        if event.type in WORDS and event.data.get("source") not in BESIDE and tenant in cleared:
            by_tenant.setdefault(tenant, []).append(event)
    for tenant, events in by_tenant.items():
        try:
            _note(Store(tenant), events, cleared[tenant])
        except Exception:
            log.exception("changes of a tenant were not noted in the runtime log")


def _note(store: Store, events: list[Event], cleared: Horizons) -> None:
    """Of those who live: half a read unit each. Whoever is being erased by now must not be named anew."""
    people = alive.known(store, {event.data["customer_id"] for event in events}, cleared)
    in_parallel(lambda event: _write(store, event), [event for event in events if people[event.data["customer_id"]]])


def _write(store: Store, event: Event) -> None:
    name, message = WORDS[event.type]
    about: dict[str, Any] = {member: event.data[member] for member in ABOUT if event.data.get(member) is not None}
    runtime_log.write(
        store,
        "info",
        name,
        message,
        experience=event.data["experience"],
        customer_id=event.data["customer_id"],
        attributes=about | {"record": event.data["id"]},
        context=_context(event),
        at=f"{keys.time_prefix(event.at)}{sha256(event.unique.encode()).hexdigest()[:20]}",
    )


def _context(event: Event) -> TraceContext | None:
    return unpacked(event.trace) if event.trace else None
