"""A fixed clock that tests move, and the short ways in which they speak of receipts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from chalicelib.store import receipts
from chalicelib.store.receipts import Reason, Receipt
from chalicelib.store.tenancy import Store
from tests.world import World

ACME = Store("acme")


@pytest.fixture(autouse=True)  # before the service, whose tokens are of this time
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2030, 5, 21, 8, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def issue(number: int, email: str | None = None, reason: Reason = "erasure", store: Store = ACME) -> Any:
    subject = receipts.subject_of(store, email) if email else None
    return receipts.issue(store, Receipt(f"{number:032x}", reason, "privacy", 1000, 2000, {"customers": 1}, subject))


def verdict(world: World) -> Any:
    """What walking the whole chain says in the end."""
    query: dict[str, str] = {}
    while True:
        told = world.get("/v1/receipts/verify", query=query, roles=("privacy",)).ok()
        if told["next"] is None:
            return told
        query = {"cursor": told["next"]}


def downloaded(world: World, limit: int = 100) -> list[Any]:
    """All receipts as the list answers them, newest first."""
    items: list[Any] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = world.get("/v1/receipts", query=query, roles=("privacy",)).ok()
        items += page["items"]
        if page["next"] is None:
            return items
        query = {"limit": limit, "cursor": page["next"]}
