"""Taking an import back: nothing of it is given out any more, what was given stays, and the numbers are right."""

from contextlib import suppress

import pytest
import time_machine

from chalicelib.jobs import take_back, worker
from chalicelib.promotions import codes, tickets
from chalicelib.store import alive, experiences
from chalicelib.store.jobs import Job
from tests.imports.importing import STORE, announce, bring_in, codes_of, stored, upload
from tests.imports.test_interrupted import Killed, killed_at
from tests.pumping import finished, pump
from tests.seeds import guest
from tests.world import World

FILE = "".join(f"C{n:03}\n" for n in range(30))


def claim(world: World, place: int) -> str:
    events = ({"type": "sign-ins"}, {"type": "coupon-claims"})
    results = world.call(*events, email=f"g{place}@example.com", key=f"k{place}").ok()["results"]
    return str(results[1].get("code") or results[1]["outcome"])


def take(world: World, clock: time_machine.Traveller, id: str) -> Job:
    return finished(world.request("DELETE", f"/v1/imports/{id}").ok()["job"], clock)


def test_what_is_free_goes_and_what_was_given_stays(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, FILE)
    other = bring_in(world, clock, "X1\nX2\n")
    given = {claim(world, place) for place in range(3)}
    ended = take(world, clock, job.id)
    assert (ended.state, ended.result) == ("done", {"removed": 27, "given": 3})
    assert set(codes_of(stored(import_id=job.id))) == given
    assert codes_of(stored(import_id=other.id)) == ["X1", "X2"]
    assert {claim(world, 3), claim(world, 4), claim(world, 5)} == {"X1", "X2", "none_left"}
    [shown] = [one for one in world.get("/v1/imports").ok()["items"] if one["id"] == job.id]
    assert (shown["state"], shown["removed"], shown["given"]) == ("taken_back", 27, 3)


def test_codes_cannot_be_redeemed_from_the_first_moment_of_it(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    job = bring_in(world, clock, "A\nB\nC\n", "codes")
    row = codes.read(STORE, "summer", "a", alive.horizons(STORE))
    assert row
    codes.redeem(STORE, row, person, alive.horizons(STORE))
    world.request("DELETE", f"/v1/imports/{job.id}").ok()
    pump()  # the first look is done, the second waits
    experience = experiences.read(STORE, "summer")
    assert experience and list(experience.pending) == [job.id]
    ended = take(world, clock, job.id)
    assert ended.result == {"removed": 2, "given": 1}
    experience = experiences.read(STORE, "summer")
    assert experience and experience.pending == {}
    assert codes_of(stored("codes")) == ["A"]


def test_taking_back_twice_is_taking_back_once(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, FILE)
    first = world.request("DELETE", f"/v1/imports/{job.id}").ok()
    assert world.request("DELETE", f"/v1/imports/{job.id}").ok() == first
    finished(first["job"], clock)
    assert world.request("DELETE", f"/v1/imports/{job.id}").ok() == first
    assert stored() == []
    assert tickets.read(STORE, "summer").batches == ()


def test_what_was_taken_back_can_be_brought_in_again(world: World, clock: time_machine.Traveller) -> None:
    take(world, clock, bring_in(world, clock, FILE).id)
    job = bring_in(world, clock, FILE)
    assert (job.result or {})["added"] == 30
    assert claim(world, 1).startswith("C0")


def test_an_import_that_runs_is_cancelled_first(world: World, clock: time_machine.Traveller) -> None:
    id = announce(world, "codes")["job"]
    world.request("DELETE", f"/v1/imports/{id}").problem(409, "import_running")
    world.request("DELETE", f"/v1/jobs/{id}").ok()
    assert take(world, clock, id).result == {"removed": 0, "given": 0}


def test_half_an_import_that_was_cancelled_is_taken_back_whole(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.jobs import import_reading

    monkeypatch.setattr(import_reading, "CHUNK", 10)
    answer = announce(world)
    upload(answer, FILE.encode())
    place = 0
    while not stored():
        place += 20
        with killed_at(place), suppress(Killed):
            pump()
        clock.shift(worker.LEASE_MS // 1000 + 1)
        worker.resend()
    assert 0 < len(stored()) < 30
    world.request("DELETE", f"/v1/jobs/{answer['job']}").ok()
    assert claim(world, 1) == "none_left"
    count = len(stored())
    assert take(world, clock, answer["import"]).result == {"removed": count, "given": 0}
    assert stored() == []


def test_a_removal_that_is_killed_counts_right(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_back, "PAGE", 4)
    job = bring_in(world, clock, FILE)
    claim(world, 1)
    id = world.request("DELETE", f"/v1/imports/{job.id}").ok()["job"]
    for place in range(4, 60, 5):
        with killed_at(place), suppress(Killed):
            pump()
        clock.shift(worker.LEASE_MS // 1000 + 1)
        worker.resend()
    assert finished(id, clock).result == {"removed": 29, "given": 1}
    assert len(stored()) == 1


def test_deleting_all_meanwhile_does_no_harm(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, FILE)
    id = world.request("DELETE", f"/v1/imports/{job.id}").ok()["job"]
    world.request("DELETE", "/v1/records/coupons", query={"confirm": "coupons"}).ok()
    assert finished(id, clock).state == "done"
    assert stored() == []
