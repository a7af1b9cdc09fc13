"""Nobody wins twice who must not: in one draw, after earlier ones, in draws at the same time, under many addresses."""

from itertools import count

import pytest

from chalicelib.jobs import worker
from chalicelib.kinds import KINDS
from chalicelib.store import jobs, records
from chalicelib.store.tables import Activity
from tests.draws.conftest import Raffle
from tests.pumping import finished, stored


def owners(raffle: Raffle, draw: str | None = None) -> list[str]:
    return [row["customer_id"] for row in raffle.winners(draw)]


def test_a_person_with_many_entries_has_one_place_in_a_draw(raffle: Raffle) -> None:
    for _ in range(15):
        raffle.enter("anna", "often")
    for name in ("ben", "carla"):
        raffle.enter(name, "often")
    raffle.close()
    draw = raffle.draw("often", count=3)
    assert sorted(owners(raffle)) == sorted(raffle.people.values())
    reasons = {one["reason"] for one in raffle.certificate(draw["id"])["skipped"]}
    assert reasons <= {"same_person"}
    raffle.verified(draw["id"])


def test_too_few_persons_end_the_job_and_draw_nobody(raffle: Raffle) -> None:
    for _ in range(5):
        raffle.enter("anna", "often")
    raffle.close()
    started = raffle.ask("often", count=2).ok()
    job = finished(started["job"], raffle.clock)
    assert (job.state, job.error and job.error["code"]) == ("failed", "too_few_entrants")
    assert raffle.shown(started["draw"])["state"] == "failed"
    assert raffle.winners() == []
    assert len(owners(raffle, raffle.draw("often", count=2, allow_fewer=True)["id"])) == 1


def test_who_won_in_the_giveaway_or_anywhere_can_be_left_out(raffle: Raffle) -> None:
    for name in ("anna", "ben", "carla"):
        raffle.enter(name, "often")
        raffle.enter(name, "often")
        raffle.enter(name)
    raffle.close()
    first = owners(raffle, raffle.draw("often", count=2)["id"])
    again = raffle.draw("often", count=1, exclude="giveaway")
    assert set(owners(raffle, again["id"])) == set(raffle.people.values()) - set(first)
    raffle.verified(again["id"])
    elsewhere = raffle.draw(count=3, exclude="giveaway")
    assert len(owners(raffle, elsewhere["id"])) == 3
    nobody = raffle.ask(exclude="tenant", allow_fewer=True).ok()
    assert finished(nobody["job"], raffle.clock).state == "failed"
    anybody = raffle.draw("often", count=3)
    assert len(owners(raffle, anybody["id"])) == 3
    assert {one["reason"] for one in raffle.certificate(anybody["id"])["skipped"]} <= {"won_before", "same_person"}


def test_one_person_with_many_addresses_has_one_place(raffle: Raffle) -> None:
    days = count()
    for n, address in enumerate(("anna@example.com", "a.nna@example.com", "anna+x@example.com", "ben@example.com")):
        raffle.clock.shift(86_400 if next(days) else 0)
        raffle.enter(address, "person")
        assert len(raffle.people) == n + 1
    raffle.close()
    draw = raffle.draw("person", count=4, allow_fewer=True)
    assert len(owners(raffle, draw["id"])) == 2
    assert [one["reason"] for one in raffle.certificate(draw["id"])["skipped"]] == ["same_person"] * 2
    again = raffle.ask("person", count=1, exclude="giveaway").ok()
    assert finished(again["job"], raffle.clock).state == "failed"


@pytest.mark.slow
def test_draws_at_the_same_time_never_pick_one_person_twice(raffle: Raffle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SLICE_MS", -1)  # a page or a winner a slice
    for n in range(9):
        raffle.enter(f"guest{n}", "often")
        raffle.enter(f"guest{n}", "often")
    raffle.close()
    started = [raffle.ask("often", count=3, exclude="giveaway").ok() for _ in range(3)]
    raffle.clock.shift(120)
    slices = {one["job"]: iter(range(90)) for one in started}
    while slices:  # in turns, slice by slice, each of them stopped at every chance
        for job in list(slices):
            ended = stored(job).state not in jobs.OPEN or next(slices[job], None) is None
            if ended:
                del slices[job]
                continue
            worker.run(raffle.store, job)
            raffle.clock.shift(5)
    assert [stored(one["job"]).state for one in started] == ["done"] * 3
    assert len(set(owners(raffle))) == len(owners(raffle)) == 9
    for one in started:
        raffle.verified(one["draw"])


def test_an_entry_deleted_after_the_cut_off_is_skipped_and_says_so(raffle: Raffle) -> None:
    entries = [raffle.enter(f"guest{n}") for n in range(5)]
    raffle.close()
    started = raffle.ask(count=2, public_randomness={"source": "lotto"}).ok()
    raffle.finished(started["job"])
    for entry in entries[:3]:
        raffle.world.request("DELETE", f"/v1/records/participations/{entry['id']}").ok()
    path = f"/v1/draws/{started['draw']}/reveal"
    raffle.finished(raffle.world.request("POST", path, {"value": "1"}).ok()["job"])
    assert {row["ticket"] for row in raffle.winners()} == {entry["ticket"] for entry in entries[3:]}
    assert {one["reason"] for one in raffle.certificate(started["draw"])["skipped"]} <= {"gone"}
    raffle.verified(started["draw"])


def test_a_drawn_entry_that_was_marked_elsewhere_is_skipped(raffle: Raffle) -> None:
    """Whatever recorded it: an entry is drawn once."""
    raffle.enter("anna")
    raffle.enter("ben")
    raffle.close()
    row = next(row for row in raffle.world.rows("participations"))
    place = records.place_of(raffle.store, KINDS["participations"], row["id"])
    assert place
    raffle.store.update(Activity(*place), [Activity.data["drawn"].set(True)])
    draw = raffle.draw(count=2, allow_fewer=True)
    assert len(owners(raffle, draw["id"])) == 1
    assert [one["reason"] for one in raffle.certificate(draw["id"])["skipped"]] in ([], ["won_before"])
