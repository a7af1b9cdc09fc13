"""Imports from the announcement to the open batch: what comes in, what the report says, and when it can be had."""

from dataclasses import replace

import pytest
import time_machine

from chalicelib.jobs import worker
from chalicelib.promotions import tickets
from chalicelib.store import experiences, jobs
from tests.imports.importing import (
    STORE,
    announce,
    bring_in,
    codes_of,
    counts,
    left_in_buckets,
    ordinals,
    report,
    stored,
    upload,
)
from tests.pumping import finished, pump
from tests.pumping import stored as stored_job
from tests.world import World


def pending() -> dict[str, int]:
    experience = experiences.read(STORE, "summer")
    assert experience
    return experience.pending


def test_coupons_come_in_with_dense_numbers_and_a_report(world: World, clock: time_machine.Traveller) -> None:
    bring_in(world, clock, "B\n")
    job = bring_in(world, clock, "Code\nA\n\nB\n C \nA\n4,00638E+12\nD;x\n")
    assert (job.state, counts(job)) == ("done", (6, 2, 1, 1, 2))
    rows = stored(import_id=job.id)
    assert (codes_of(rows), ordinals(rows)) == (["A", "C"], [0, 1])
    assert report(job) == [
        (2, "A", "added", ""),
        (4, "B", "already_there", ""),
        (5, "C", "added", ""),
        (6, "A", "twice_in_file", ""),
        (7, "4,00638E+12", "invalid", "excel_number"),
        (8, "D", "invalid", "too_many_columns"),
    ]
    assert [batch.count for batch in tickets.read(STORE, "summer").batches] == [1, 2]
    assert job.result and (job.result["separator"], job.result["encoding"]) == (";", "utf-8")


def test_codes_come_in_with_points_and_win_and_under_one_spelling(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, "code;points;win\nAB-1;50;ja\nab 1;;\nC;;", "codes")
    assert counts(job) == (3, 2, 0, 1, 0)
    first, second = stored("codes")
    assert {name: first["data"][name] for name in ("code", "points", "win", "state")} == {
        "code": "AB-1",
        "points": 50,
        "win": True,
        "state": "free",
    }
    assert (second["data"]["points"], second["data"]["win"]) == (0, False)
    assert [line["code"] for line in (job.result or {})["preview"]] == ["AB-1", "ab 1", "C"]


def test_a_dry_run_says_the_same_and_leaves_nothing(world: World, clock: time_machine.Traveller) -> None:
    file = "B\n" + "\n".join("ABCDEFGB") + "\n" + "x" * 300
    bring_in(world, clock, "B\n")
    tried = bring_in(world, clock, file, dry_run=True)
    assert codes_of(stored()) == ["B"]
    assert len(tickets.read(STORE, "summer").batches) == 1
    done = bring_in(world, clock, file)
    assert counts(tried) == counts(done) == (10, 6, 1, 2, 1)
    assert report(tried) == report(done)
    assert [line["code"] for line in (tried.result or {})["preview"]] == ["B", "A", "B", "C", "D"]


def test_codes_are_pending_until_the_last_write(world: World, clock: time_machine.Traveller) -> None:
    answer = announce(world, "codes")
    upload(answer, b"A\nB\n")
    pump()
    assert list(pending()) == [answer["import"]]
    assert finished(answer["job"], clock).state == "done"
    assert pending() == {}


def test_an_import_of_nothing_new_opens_nothing(world: World, clock: time_machine.Traveller) -> None:
    bring_in(world, clock, "A")
    assert counts(bring_in(world, clock, "A")) == (1, 0, 1, 0, 0)
    assert counts(bring_in(world, clock, "code\n\n")) == (0, 0, 0, 0, 0)
    assert len(tickets.read(STORE, "summer").batches) == 1


def test_what_is_left_in_the_buckets_is_the_report(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, "A\nB\n")
    assert left_in_buckets() == [job.file]
    link = world.get(f"/v1/jobs/{job.id}/file").ok()["url"]
    assert "coupons-summer-2026-03-10.csv" in link
    clock.shift(86_400)
    world.get(f"/v1/jobs/{job.id}/file").problem(410, "job_file_gone")


def test_a_form_that_nobody_uses_ends_the_job_in_words(world: World, clock: time_machine.Traveller) -> None:
    answer = announce(world)
    assert stored_job(answer["job"]).state == "waiting"
    clock.shift(3600 + 301)
    worker.resend()
    job = finished(answer["job"], clock)
    assert (job.state, (job.error or {})["code"]) == ("failed", "nothing_uploaded")
    shown = world.get(f"/v1/jobs/{job.id}", headers={"Accept-Language": "de"}).ok()
    assert "hochgeladen" in shown["error"]["detail"]


def test_an_upload_whose_message_was_lost_is_found_after_the_hour(world: World, clock: time_machine.Traveller) -> None:
    from tests.files.uploads import put

    answer = announce(world)
    put(answer, b"A\n")
    clock.shift(3600 + 301)
    worker.resend()
    assert finished(answer["job"], clock).state == "done"


def test_a_second_upload_changes_nothing(world: World, clock: time_machine.Traveller) -> None:
    answer = announce(world)
    upload(answer, b"A\n")
    done = finished(answer["job"], clock)
    upload(answer, b"B\n")
    pump()
    assert (codes_of(stored()), left_in_buckets()) == (["A"], [done.file])


def test_a_cancelled_import_brings_nothing_in(world: World, clock: time_machine.Traveller) -> None:
    answer = announce(world)
    world.request("DELETE", f"/v1/jobs/{answer['job']}").ok()
    upload(answer, b"A\n")
    pump()
    assert stored_job(answer["job"]).state == "cancelled"
    assert (stored(), left_in_buckets()) == ([], [])
    assert [one["state"] for one in world.get("/v1/imports").ok()["items"]] == ["cancelled"]


@pytest.mark.parametrize("experience", [{}, {"experience": "summer"}])
def test_what_is_deleted_meanwhile_ends_the_import(
    world: World, clock: time_machine.Traveller, experience: dict[str, str]
) -> None:
    """Even if the removal is over before the import goes on."""
    answer = announce(world, "codes")
    upload(answer, b"A\nB\n")
    pump()  # has read the file and waits
    clock.shift(1)
    late = stored_job(answer["job"])
    jobs.save(STORE, replace(late, not_before=late.not_before + 3_600_000))
    cleared = world.request("DELETE", "/v1/records/codes", query={"confirm": "codes", **experience}).ok()
    finished(cleared["job"], clock)
    clock.shift(3600)
    worker.resend()
    job = finished(answer["job"], clock)
    assert (job.state, (job.error or {})["code"]) == ("failed", "cleared_meanwhile")
    assert world.rows("codes") == []
    assert counts(bring_in(world, clock, "A\nB\n", "codes")) == (2, 2, 0, 0, 0)


def test_what_expired_can_be_brought_in_again(world: World, clock: time_machine.Traveller) -> None:
    bring_in(world, clock, "A")
    clock.shift(720 * 86_400)
    job = bring_in(world, clock, "A")
    assert counts(job) == (1, 1, 0, 0, 0)
    assert [row["data"]["import_id"] for row in stored()] == [job.id]


def test_a_claim_gives_what_was_brought_in(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, "A\nB\nC\n")
    given = {
        world.call({"type": "sign-ins"}, {"type": "coupon-claims"}, email=f"g{n}@example.com", key=f"k{n}").ok()[
            "results"
        ][1]["code"]
        for n in range(3)
    }
    assert given == {"A", "B", "C"}
    assert {row["import_id"] for row in world.rows("coupons")} == {job.id}
