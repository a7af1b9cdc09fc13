"""What a chat may know of its guest: points, consents, entries, coupon and wins."""

from typing import Any

from chalicelib import clock
from chalicelib.collect.conversation import Conversation, local
from chalicelib.collect.event_types import State
from chalicelib.collect.results import Result
from chalicelib.collect.rules import first_entry, next_entry, period
from chalicelib.kinds import KINDS
from chalicelib.store import alive, belongings, records
from chalicelib.store.alive import Horizons
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row


def read(talk: Conversation, event: State, call: Call | None) -> Result:
    """Counts as an activity: who is talked to is not inactive."""
    person = talk.active(event)
    return {
        "outcome": "state",
        "customer_id": person["customer_id"],
        "registered_at": clock.rfc3339(person["created_at"]),
        **brief(person, talk.cleared),
        "wins": [*brief(person, talk.cleared)["wins"], *_instant_wins(talk, person)],
        "giveaways": _entries(talk, event, person),
        "coupon": _coupon(talk, event, person),
    }


def brief(person: Row, cleared: Horizons) -> dict[str, Any]:
    """What the customer's own item knows: no further read."""
    wins = {id: win for id, win in person["wins"].items() if alive.is_alive(win, KINDS[win["kind"]], cleared)}
    return {
        "points": person["points"],
        "consents": {name: state["status"] for name, state in sorted(person["consents"].items())},
        "wins": [
            {"winner_id": id, "prize": win["prize"], "respond_by": _time(win["respond_by"])} for id, win in wins.items()
        ],
    }


def _instant_wins(talk: Conversation, person: Row) -> list[dict[str, Any]]:
    """Not on the customer's item, where they would cost every prize two write units; the play itself told them."""
    kind = KINDS["instant_win_winners"]
    rows = belongings.of_customer(talk.store, kind, person["customer_id"], talk.cleared)
    return [
        {"winner_id": records.id_of(talk.store, kind, row), "prize": row["data"]["prize"], "respond_by": None}
        for row in rows
    ]


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.rfc3339(ms)


def _entries(talk: Conversation, event: State, person: Row) -> dict[str, Any]:
    """Of each giveaway of this experience: whether entered in the present period, and when to come (again)."""
    rows = belongings.of_customer(talk.store, KINDS["participations"], person["customer_id"], talk.cleared)
    own = {row["sk"] for row in rows if row["experience"] == event.experience}
    now = local(clock.now_ms(), talk.zone)
    entries = {}
    for giveaway in talk.experiences[event.experience].document.get("giveaways", []):
        rule = giveaway["rule"]
        present = f"participations#{event.experience}#{giveaway['id']}#{period(rule, now)}"
        entered = any(sk.startswith(present) if rule == "unlimited" else sk == present for sk in own)
        again = next_entry(giveaway, now) if entered else first_entry(giveaway, now)
        entries[giveaway["id"]] = {
            "entered": entered,
            "next_entry_at": clock.rfc3339_s(clock.milliseconds(again) // 1000) if again else None,
        }
    return entries


def _coupon(talk: Conversation, event: State, person: Row) -> dict[str, Any] | None:
    rows = belongings.of_customer(talk.store, KINDS["coupons"], person["customer_id"], talk.cleared)
    code = next((row["data"]["code"] for row in rows if row["experience"] == event.experience), None)
    return {"code": code} if code else None
