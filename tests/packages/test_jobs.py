"""The package's job: whole or not at all, whatever fails; before an erasure, never after; no person named by it."""

import hashlib
import json
from random import Random
from typing import Any

import pytest
import time_machine

from chalicelib.clock import DAY_S
from chalicelib.jobs import queue, worker
from chalicelib.settings import settings
from chalicelib.store import audit, jobs, keys, objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Access, Span, Store
from tests import faults
from tests.packages.packing import PRIVACY, ask, clear, content, data, link_of, made, opened, upload
from tests.pumping import finished, pump, stored
from tests.seeds import ANNA, POSTAL, guest, plant
from tests.world import Reply, World

ACME = Store("acme")


def packages(tenant: str = "acme") -> list[str]:
    return list(objects.keys(settings().exports_bucket, f"p/{tenant}/"))


def erase(world: World, person: str) -> str:
    """The job's id."""
    return str(world.request("DELETE", f"/v1/records/customers/{person}", roles=PRIVACY).ok()["job"])


def told(row: dict[str, Any]) -> str:
    return json.dumps(row, default=str)


# -- the order --


def test_an_order_answers_the_job_and_the_job_ends_with_a_file(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    plant("participations", anna)
    reply = ask(world, anna)
    assert reply.status == 202
    assert (reply.json["type"], reply.json["state"], reply.json["result"]) == ("package", "queued", None)
    assert world.get(f"/v1/customers/{anna}").ok()["packages"] == {"access": reply.json["id"]}
    finished(reply.json["id"], clock)
    shown = world.get(f"/v1/jobs/{reply.json['id']}", roles=PRIVACY).ok()
    assert (shown["state"], shown["done"], shown["total"]) == ("done", 3, 3)
    assert shown["file_until"] == "2026-06-20T08:30:00Z"
    made_up = content(stored(reply.json["id"]))
    result = shown["result"]
    assert (result["bytes"], result["sha256"]) == (len(made_up), hashlib.sha256(made_up).hexdigest())
    assert (result["purpose"], result["locale"], result["rows"]) == ("access", "de", 3)


@pytest.mark.parametrize(
    "body", [{}, {"purpose": "all"}, {"purpose": "access", "locale": "fr"}, {"purpose": "access", "email": ANNA}]
)
def test_a_wrong_order_is_refused(world: World, clock: time_machine.Traveller, body: dict[str, str]) -> None:
    anna = guest(world)
    world.request("POST", f"/v1/customers/{anna}/packages", body, roles=PRIVACY).problem(422, "validation")


def test_nobody_is_packed_who_is_not_there_or_of_another_tenant(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    ask(world, anna, tenant="other").problem(404, "customer_unknown")
    ask(world, keys.random_id()).problem(404, "customer_unknown")
    ask(world, "x").problem(404, "customer_unknown")
    clock.shift(181 * DAY_S)
    ask(world, anna).problem(404, "customer_unknown")


def test_only_the_role_privacy_gets_the_file(world: World, clock: time_machine.Traveller) -> None:
    job = made(world, clock, guest(world))
    path = f"/v1/jobs/{job.id}/file"
    for roles in (("reader",), ("viewer",), ("editor",), ("viewer", "exporter"), ("collector",)):
        world.get(path, roles=roles).problem(403, "role_missing")
    assert f"/p/acme/{job.id}/" in world.get(path, roles=PRIVACY).ok()["url"]
    world.get(path, roles=PRIVACY, tenant="other").problem(404, "job_unknown")
    clock.shift(30 * DAY_S)
    assert world.get(path, roles=PRIVACY).status in (404, 410)


# -- nothing about the person left --


def test_no_row_of_control_names_the_person_once_the_package_is_made(
    world: World, clock: time_machine.Traveller
) -> None:
    fields = {**POSTAL, "postal_code": "D-01067"}  # five digits alone may stand in any hash
    anna = guest(world, fields=fields)
    job = made(world, clock, anna)
    assert job.work["customer_id"] == audit.customer_hash(ACME, anna)
    for partition in ("jobs", "audit"):
        for row in ACME.query_all(Access("Control"), ACME.key(partition), Span()):
            for mark in (anna, ANNA, *fields.values()):
                assert mark not in told(row)
    assert packages() == [job.file]
    assert anna not in str(job.file)


def test_orders_and_downloads_are_in_the_audit_log(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    job = made(world, clock, anna, "portability")
    clock.shift(1)
    world.get(f"/v1/jobs/{job.id}/file", roles=PRIVACY).ok()
    rows, _ = audit.page(ACME, 0, 2**47, None, 50)
    noted = [row["data"] for row in rows if row["data"]["action"].startswith("package")]
    assert [row["action"] for row in noted] == ["package.downloaded", "package.created"]
    assert noted[1]["customer"] == audit.customer_hash(ACME, anna)
    assert noted[1]["details"] == {"job": job.id, "purpose": "portability"}
    assert {row["by"] for row in noted} == {"user-of-acme"}


# -- erasure --


def test_a_package_survives_the_erasure_behind_its_link(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world, fields=POSTAL)
    upload(anna, "a.txt", b"hello")
    job = made(world, clock, anna)
    assert finished(erase(world, anna), clock).state == "done"
    assert opened(job).read("files/a.txt") == b"hello"
    assert data(job)["records"]["customers"][0]["fields"] == POSTAL
    assert world.request("POST", link_of(world, job), anonymous=True).status == 303
    ask(world, anna).problem(404, "customer_unknown")


def test_a_package_asked_for_before_the_erasure_is_made_first(world: World, clock: time_machine.Traveller) -> None:
    """However late: the erasure hides the customer at once, and removes when the package is whole."""
    anna = guest(world, fields=POSTAL)
    plant("participations", anna, fields=POSTAL)
    plant("consents", anna)
    upload(anna, "a.txt", b"hello")
    wanted = ask(world, anna).ok()["id"]
    clock.shift(1)
    erasure = erase(world, anna)
    run_all_but(wanted, clock)
    assert stored(erasure).state in jobs.OPEN
    assert world.rows("participations") == []
    package = finished(wanted, clock)
    assert package.state == "done", package.error
    records = data(package)["records"]
    assert [len(records[kind]) for kind in ("customers", "consents", "participations", "files")] == [1, 1, 1, 1]
    assert records["consents"][0]["text"]
    assert opened(package).read("files/a.txt") == b"hello"
    assert finished(erasure, clock).state == "done"
    assert packages() == [package.file]


def run_all_but(left: str, clock: time_machine.Traveller) -> None:
    """The queue for ten minutes, as if the workers that took one job's messages were killed each time."""
    run = worker.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "run", lambda store, id: None if id == left else run(store, id))
        for _ in range(20):
            pump()
            clock.shift(30)
    queue.send("acme", left)


def test_an_erasure_does_not_wait_for_packages_that_failed(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    wanted = ask(world, anna).ok()["id"]
    world.request("DELETE", f"/v1/jobs/{wanted}", roles=PRIVACY).ok()
    assert finished(erase(world, anna), clock).state == "done"
    assert stored(wanted).state == "cancelled"
    assert packages() == []


def test_a_package_of_somebody_who_is_gone_fails_in_plain_words(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    wanted = ask(world, anna).ok()["id"]
    clock.shift(1)
    clear(world, "customers")
    clock.shift(1)
    assert finished(wanted, clock).state == "failed"
    german = {"Accept-Language": "de"}
    error = world.get(f"/v1/jobs/{wanted}", roles=PRIVACY, headers=german).ok()["error"]
    assert error["code"] == "customer_gone"
    assert "gelöscht" in error["detail"]
    assert anna not in str(stored(wanted))
    assert packages() == []


def test_who_goes_while_it_is_packed_leaves_no_package(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cleared between the reading and the end."""
    anna = guest(world)
    upload(anna, "a.txt", b"hello")
    find = objects.find

    def after_clearing(bucket: str, key: str) -> Any:
        monkeypatch.setattr(objects, "find", find)
        clear(world, "customers")
        return find(bucket, key)

    monkeypatch.setattr(objects, "find", after_clearing)
    clock.shift(1)
    wanted = ask(world, anna).ok()["id"]
    assert finished(wanted, clock).state == "failed"
    assert packages() == []


# -- trouble --


def test_a_cancelled_package_leaves_nothing(world: World, clock: time_machine.Traveller) -> None:
    wanted = ask(world, guest(world)).ok()["id"]
    with faults.before("PutObject", lambda: cancel(world, wanted)):
        pump()
    clock.shift(200)
    pump()
    assert stored(wanted).state == "cancelled"
    assert packages() == []


def cancel(world: World, job_id: str) -> Reply:
    return world.request("DELETE", f"/v1/jobs/{job_id}", roles=PRIVACY)


def test_a_worker_killed_at_any_call_leaves_a_package_that_is_made_anew(
    world: World, clock: time_machine.Traveller
) -> None:
    anna = guest(world)
    plant("participations", anna)
    upload(anna, "big.bin", bytes(9_000_000))
    expected = content(made(world, clock, anna, locale="en"))
    for place in range(1, 200):
        wanted = ask(world, anna, locale="en").ok()["id"]
        with faults.at(place, "unsent", lasting=True) as fault:
            pump()
        job = finished(wanted, clock)
        assert job.state == "done"
        assert abs(len(content(job)) - len(expected)) < 200
        if not fault.hit:
            break
    else:
        raise AssertionError("there is no end to it")
    assert place > 10


@pytest.mark.slow
def test_faults_at_every_call_end_the_same(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    plant("participations", anna)
    upload(anna, "a.txt", b"hello")

    def prepare() -> str:
        return str(ask(world, anna).ok()["id"])

    def work(job_id: str) -> None:
        worker.run(ACME, job_id)
        clock.shift(200)

    def check(job_id: str) -> None:
        job = finished(job_id, clock)
        assert job.state == "done", job.error
        assert opened(job).testzip() is None
        assert opened(job).read("files/a.txt") == b"hello"
        assert [row["lacks"] for row in data(job)["records"]["files"]] == [None]

    struck = faults.everywhere(prepare, work, check)
    assert {"broken PutObject", "lost PutObject", "throttled GetObject", "conflict PutItem"} <= set(struck)
    uploads = objects.client().list_multipart_uploads(Bucket=settings().exports_bucket)
    assert "Uploads" not in uploads


def test_no_half_package_is_left_when_its_upload_breaks(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    upload(anna, "big.bin", Random(1).randbytes(9_000_000))
    wanted = ask(world, anna).ok()["id"]
    with faults.before("CompleteMultipartUpload", lambda: 1 / 0):
        pump()
    assert packages() == []
    assert "Uploads" not in objects.client().list_multipart_uploads(Bucket=settings().exports_bucket)
    job: Job = finished(wanted, clock)
    assert len(opened(job).read("files/big.bin")) == 9_000_000
