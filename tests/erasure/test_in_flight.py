"""Writes of requests that found the customer alive and land while the customer is being erased leave nothing."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import time_machine

from chalicelib.settings import settings
from chalicelib.store import alive, customers
from chalicelib.store.tenancy import Store
from tests import faults
from tests.erasure import everything as stored
from tests.erasure.people import ANNA, INSTANCE, erase, whole_guest
from tests.pumping import finished, pump
from tests.pumping import stored as job_of
from tests.seeds import guest, plant
from tests.world import Reply, World

STORE = Store("acme")
VALUES = [{"name": "late", "value": "late", "persist": True}]
CALLS: dict[str, dict[str, Any]] = {
    "sign-ins": {"fields": {"late": "late"}, "process_instance": "pi-late"},
    "consents": {"consent": "late", "status": "granted", "text": "Ja."},
    "participations": {"giveaway": "daily", "fields": {"late": "late"}},
    "variables": {"variables": VALUES},
    "log-entries": {"level": "error", "message": "late"},
    "files": {"name": "late.mp3", "content_type": "audio/mpeg", "size": 100},
}


def residue(person: str) -> list[str]:
    """Where the person still is; or what was written late, outside a customer who came anew."""
    return [where for where, text in stored.texts() if person in text]


@pytest.mark.parametrize("type", CALLS)
def test_a_call_that_found_the_customer_alive_and_lands_after_the_mark(
    world: World, clock: time_machine.Traveller, type: str
) -> None:
    person = guest(world)
    jobs: list[str] = []
    replies: list[Reply] = []
    with faults.before(_first_write(type), lambda: jobs.append(erase(world, person))):
        replies.append(world.collect(type, "k", customer_id=person, email=ANNA, **CALLS[type]))
    assert replies[0].status in (200, 404, 409, 410), replies[0].text
    [job] = jobs
    assert job_of(job).state == "queued"
    finished(job, clock)
    assert residue(person) == []
    for kind in ("participations", "variables", "consents", "log", "files"):
        assert [row for row in world.rows(kind) if row["customer_id"] == person] == []


def _first_write(type: str) -> str:
    """What such a call writes first of its own."""
    return "PutItem" if type == "participations" else "TransactWriteItems"


@pytest.mark.parametrize("when", ["after the mark", "after the first slice", "just before the removal"])
@pytest.mark.parametrize("kind", ["participations", "variables", "coupons", "codes", "files", "log", "transactions"])
def test_a_record_that_is_written_late_goes_with_the_rest(
    world: World, clock: time_machine.Traveller, kind: str, when: str
) -> None:
    person = whole_guest(world)
    job = erase(world, person)
    if when != "after the mark":
        pump()
    if when == "just before the removal":
        clock.shift(settings().sweep_after - 1)
        pump()
    plant(kind, person)
    plant("variables", None, instance=INSTANCE)
    plant("log", None, instance=INSTANCE)
    finished(job, clock)
    assert residue(person) == []
    assert [where for where, text in stored.texts() if INSTANCE in text] == []


def test_nothing_is_removed_before_the_longest_request_has_ended(world: World, clock: time_machine.Traveller) -> None:
    person = whole_guest(world)
    before = {place: item for place, item in stored.all_items().items() if person in str(item)}
    job = erase(world, person)
    pump()
    clock.shift(31)  # API Gateway gives up after 29 seconds, the function after 30
    pump()
    assert job_of(job).state == "running"
    left = stored.all_items()
    assert [place for place in before if place not in left] == []


@pytest.mark.parametrize("writes", ["touch", "renew", "rectify", "link"])
def test_writes_that_ask_whether_the_customer_lives_bring_nothing_back(
    world: World, clock: time_machine.Traveller, writes: str
) -> None:
    person = guest(world)
    cleared = alive.horizons(STORE)
    row = customers.by_id(STORE, person, cleared) or {}
    finished(erase(world, person), clock)
    later = row["active_at"] + 8 * 86_400_000
    acts: dict[str, Callable[[], object]] = {
        "touch": lambda: customers.touch(STORE, row, row["active_at"] + 86_400_000, cleared),
        "renew": lambda: customers.touch(STORE, row, later, cleared),
        "rectify": lambda: world.request("PATCH", f"/v1/customers/{person}", {"fields": {"a": "b"}}),
        "link": lambda: world.collect("sign-ins", customer_id=person, email=ANNA, process_instance="pi-x"),
    }
    with suppress(customers.Gone):
        acts[writes]()
    assert residue(person) == []
