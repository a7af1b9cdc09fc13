"""Trouble at each call to DynamoDB of each write path: the answer is right, or says "send it again", and then it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from time_machine import Traveller

from tests import faults
from tests.collect import stored
from tests.world import World

FIRST = {"type": "sign-ins", "fields": {"firstname": "Anna", "street": "x" * 500}}
VALUES = [{"name": f"v{i}", "value": i, "persist": True} for i in range(3)]


@dataclass(frozen=True)
class Path:
    """Events of one call by a guest who signed in before, or not; what there must be of that guest in the end."""

    events: tuple[dict[str, Any], ...]
    outcomes: tuple[str, ...]
    known: bool = True
    days_later: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def event(type: str, **told: Any) -> dict[str, Any]:
    return {"type": type, **told}


PATHS = {
    "register": Path((FIRST,), ("registered",), known=False, rows={"customers": 1, "variables": 2}),
    "change": Path(
        (event("sign-ins", fields={"firstname": "Änna", "street": None}),), ("recognised",), rows={"variables": 3}
    ),
    "renewal": Path((event("sign-ins"),), ("recognised",), days_later=8),
    "consent": Path(
        (event("consents", consent="news", status="granted", text="Yes"),),
        ("recorded",),
        rows={"consents": 1, "variables": 3},
    ),
    "variables": Path((event("variables", variables=VALUES),), ("stored",), rows={"variables": 5}),
    "once": Path((event("participations", giveaway="bike"),), ("entered",), rows={"participations": 1}),
    "person": Path((event("participations", giveaway="person"),), ("entered",), rows={"participations": 1}),
    "unlimited": Path((event("participations", giveaway="often"),), ("entered",), rows={"participations": 1}),
    "log": Path((event("log-entries", level="info", message="x"),), ("recorded",), rows={"log": 1}),
    "all": Path(
        (
            FIRST,
            event("consents", consent="news", status="requested", text="Do you?"),
            event("consents", consent="news", status="granted", method="double", text="Do you?"),
            event("participations", giveaway="often"),
            event("variables", variables=VALUES[:2]),
        ),
        ("registered", "recorded", "recorded", "entered", "stored"),
        known=False,
        days_later=1,
        rows={"customers": 1, "consents": 2, "participations": 1, "variables": 6},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PATHS)
def test_trouble_at_any_call_never_doubles_or_halves_what_is_recorded(
    clock: Traveller, world: World, name: str
) -> None:
    path, guests = PATHS[name], count()

    def guest() -> str:
        email = f"guest{next(guests)}@example.com"
        if path.known:
            world.collect("sign-ins", email=email, fields=FIRST["fields"]).ok()
            clock.shift(timedelta(days=path.days_later))
        return email

    def check() -> None:
        [id] = {row["customer_id"] for row in stored.items("Customers") if row["sk"] == "customer"}
        for kind, number in path.rows.items():
            rows = [row for row in world.rows(kind) if row.get("event") != "call_failed"]
            assert len(rows) == number, kind
        assert outlives_its_customer(id)

    struck = trouble(world, path, guest, check)
    assert len({operation for _, operation in struck}) >= 2  # reads and writes were struck


def trouble(world: World, path: Path, guest: Callable[[], str], check: Callable[[], None]) -> set[tuple[str, str]]:
    struck: set[tuple[str, str]] = set()
    for kind in faults.KINDS:
        place, hit = 0, True
        while hit:
            place += 1
            stored.forget()
            email = guest()
            with faults.at(place, kind) as fault:
                reply = world.call(*path.events, key=email, email=email)
            assert reply.status in (200, 409, 429, 503), (kind, fault.hit, reply.text)
            for answer in (reply, world.call(*path.events, key=email, email=email)):
                if answer.status == 200 or answer is not reply:
                    assert tuple(result["outcome"] for result in answer.ok()["results"]) == path.outcomes
            check()
            hit = len(fault.calls) >= place
            struck |= {(kind, fault.hit)} if fault.hit else set()
    return struck


def outlives_its_customer(id: str) -> bool:
    """Nothing that lies around a customer expires before the customer."""
    rows = [row for row in stored.items("Customers") if id in row["pk"] or row.get("customer_id") == id]
    [customer] = [row for row in rows if row["sk"] == "customer"]
    return len(rows) > 2 and all(row["expires_at"] >= customer["expires_at"] for row in rows)
