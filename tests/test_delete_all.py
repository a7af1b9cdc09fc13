"""Delete all as a caller meets it: asked twice, answered at once, a job with progress."""

from typing import Any

import pytest

from chalicelib.clock import now_ms, rfc3339
from chalicelib.kinds import KINDS
from tests.jobs.conftest import clock as clock
from tests.pumping import delete_all, finished, pump, waiting_messages
from tests.seeds import guest, plant
from tests.world import World


def ask(world: World, kind: str, **query: Any) -> Any:
    return world.request("DELETE", f"/v1/records/{kind}", query=query)


@pytest.mark.parametrize(
    ("kind", "query", "names", "code"),
    [
        ("codes", {}, "confirm", "missing"),
        ("codes", {"confirm": "coupons"}, "confirm", "not_allowed"),
        ("codes", {"confirm": ""}, "confirm", "not_allowed"),
        ("codes", {"confirm": "codes", "email": "anna"}, "email", "unknown_member"),
        ("customers", {"confirm": "customers", "experience": "summer"}, "experience", "not_here"),
        ("codes", {"confirm": "codes", "experience": "sumer"}, "experience", "invalid"),
        ("codes", {"confirm": "codes", "experience": "x" * 3000}, "experience", "invalid"),
        ("codes", {"confirm": "codes", "experience": ""}, "experience", "invalid"),
    ],
)
def test_what_is_not_asked_for_clearly_is_refused_and_nothing_begins(
    world: World, kind: str, query: dict[str, str], names: str, code: str
) -> None:
    problem = ask(world, kind, **query).problem(422, "validation")
    assert [(error["parameter"], error["code"]) for error in problem["errors"]] == [(names, code)]
    assert (world.get("/v1/jobs").ok()["items"], waiting_messages()) == ([], 0)


def test_an_unknown_kind_is_refused(world: World) -> None:
    ask(world, "Codes", confirm="Codes").problem(404, "kind_unknown")


@pytest.mark.parametrize("role", ["reader", "viewer", "editor", "exporter", "privacy", "collector"])
def test_only_owners_delete_all(world: World, role: str) -> None:
    query = {"confirm": "codes"}
    world.request("DELETE", "/v1/records/codes", query=query, roles=(role,)).problem(403, "role_missing")
    assert waiting_messages() == 0


def test_the_answer_names_the_job_and_the_moment(world: World) -> None:
    answer = ask(world, "codes", confirm="codes")
    assert (answer.status, set(answer.json)) == (202, {"job", "hidden_from", "receipt"})
    assert answer.json["receipt"] == answer.json["job"]
    job = world.get(f"/v1/jobs/{answer.json['job']}").ok()
    assert (job["type"], job["state"], job["kind"], job["experience"]) == ("purge", "queued", "codes", None)
    assert (job["by"], job["done"], job["total"]) == ("user-of-acme", 0, None)
    assert (job["created_at"] == answer.json["hidden_from"], job["error"], job["result"]) == (True, None, None)


def test_the_job_tells_its_progress_and_its_result(world: World, clock: Any) -> None:
    person = guest(world)
    for _ in range(3):
        plant("transactions", person)
    job = delete_all(world, "transactions", experience="summer")
    pump()
    shown = world.get(f"/v1/jobs/{job}").ok()
    assert (shown["state"], shown["done"], shown["experience"]) == ("running", 3, "summer")
    finished(job, clock)
    shown = world.get(f"/v1/jobs/{job}").ok()
    assert (shown["state"], shown["done"], shown["result"]) == ("done", 3, {"rows": 3})


def test_jobs_are_listed_newest_first_page_by_page(world: World) -> None:
    made = [delete_all(world, kind) for _ in range(5) for kind in KINDS]
    first = world.get("/v1/jobs").ok()
    second = world.get("/v1/jobs", query={"cursor": first["next"]}).ok()
    assert (len(first["items"]), second["next"]) == (50, None)
    assert [job["id"] for job in first["items"] + second["items"]] == sorted(made, reverse=True)


def test_a_job_is_its_tenants_own(world: World) -> None:
    job = delete_all(world, "codes")
    world.get(f"/v1/jobs/{job}", tenant="other").problem(404, "job_unknown")
    assert world.get("/v1/jobs", tenant="other").ok()["items"] == []


@pytest.mark.parametrize("id", ["0" * 32, "x" * 1100, "%2F..%2F", "a%00b", "%C3%A4", "tenant"])
def test_an_id_that_is_no_jobs_is_unknown(world: World, id: str) -> None:
    world.get(f"/v1/jobs/{id}").problem(404, "job_unknown")


@pytest.mark.parametrize("query", [{"cursor": "nonsense"}, {"cursor": ""}, {"limit": "5"}])
def test_a_list_of_jobs_refuses_what_it_does_not_know(world: World, query: dict[str, str]) -> None:
    code = "cursor_invalid" if "cursor" in query else "filter_unknown"
    assert world.get("/v1/jobs", query=query).json["code"] == code


def test_deleting_all_twice_is_two_jobs_that_both_end_well(world: World, clock: Any) -> None:
    person = guest(world)
    plant("codes", person)
    first = delete_all(world, "codes")
    plant("codes", person)
    second = delete_all(world, "codes")
    done = [finished(job, clock) for job in (first, second)]
    assert ([job.state for job in done], sum(job.done for job in done)) == (["done", "done"], 2)
    assert world.rows("codes") == []


def test_an_entry_that_a_fast_clock_dated_ahead_is_cleared_like_any_other(world: World) -> None:
    person = guest(world)
    ahead = rfc3339(now_ms() + 240_000)
    world.collect("participations", giveaway="bike", customer_id=person, occurred_at=ahead).ok()
    delete_all(world, "participations")
    assert world.rows("participations") == []
