"""Random histories: whatever is made, deleted, cleared, erased and comes back, before a moment and after it, a table
that is restored to that moment ends as the service itself left what was there."""

from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock as time
from chalicelib.kinds import KINDS
from tests.erasure.people import empty_tables, erase, whole_guest
from tests.pumping import delete_all, finished
from tests.restore import past
from tests.seeds import ANNA, plant
from tests.world import World

PEOPLE = {email: f"pi-{place}" for place, email in enumerate((ANNA, "bob@example.org", "carla@example.net"))}
KIND = st.sampled_from([kind for kind in KINDS if kind != "customers"])
WHO = st.sampled_from(list(PEOPLE))
MAKING = [
    st.tuples(st.just("arrive"), WHO),
    st.tuples(st.just("plant"), KIND, WHO),
    st.tuples(st.just("enter"), WHO),
    st.tuples(st.just("wait"), st.integers(1, 5)),
]
REMOVING = [
    st.tuples(st.just("erase"), WHO),
    st.tuples(st.just("delete"), KIND, st.integers(0, 9)),
    st.tuples(st.just("clear"), st.sampled_from(list(KINDS))),
    st.tuples(st.just("wait"), st.integers(1, 5)),
]
HISTORY = st.tuples(
    st.lists(st.one_of(*MAKING, *MAKING, *REMOVING), min_size=3, max_size=9),
    st.lists(st.one_of(*REMOVING), min_size=1, max_size=4),
)


def play(world: World, clock: time_machine.Traveller, step: tuple[Any, ...]) -> None:
    """One step; those that find nobody do nothing."""
    what, *told = step
    if what == "wait":
        clock.shift(told[0] * 60)
    elif what == "clear":
        assert finished(delete_all(world, told[0]), clock).state == "done"
    elif what == "delete":
        rows = world.rows(told[0])
        if rows:
            world.request("DELETE", f"/v1/records/{told[0]}/{rows[told[1] % len(rows)]['id']}").ok()
    elif what == "arrive":
        whole_guest(world, told[0], instance=PEOPLE[told[0]])
    else:
        _of_person(world, clock, what, told)
    clock.shift(1)


def _of_person(world: World, clock: time_machine.Traveller, what: str, told: list[Any]) -> None:
    people = world.rows("customers", email=told[-1])
    if not people:
        return
    if what == "erase":
        assert finished(erase(world, people[0]["id"]), clock).state == "done"
    elif what == "plant":
        plant(told[0], people[0]["id"])
    else:
        world.collect("participations", giveaway="person", customer_id=people[0]["id"]).ok()


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(HISTORY)
def test_what_is_restored_ends_as_the_service_left_it(
    world: World, clock: time_machine.Traveller, history: tuple[list[Any], list[Any]]
) -> None:
    empty_tables()
    before, since = history
    for step in before:
        play(world, clock, step)
    clock.shift(61)
    moment, items = time.now_ms(), past.now()
    clock.shift(1)
    for step in since:
        play(world, clock, step)
    for table in past.TABLES:
        after = past.reapplied(table, past.restored(table, items[table]), moment)
        assert past.unversioned(after) == past.unversioned(past.still_there(table, items[table])), table
