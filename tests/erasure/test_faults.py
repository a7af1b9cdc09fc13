"""Trouble at each call of an erasure, of asking for it, and of clearing all customers: the end is the same."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import time_machine

from chalicelib.jobs import purge, worker
from chalicelib.kinds import KINDS
from chalicelib.store import jobs, receipts
from chalicelib.store.tenancy import Store
from tests import faults
from tests.erasure import everything as stored
from tests.erasure.people import UNLIKE, empty_tables, erase, small_guest
from tests.pumping import delete_all, finished
from tests.pumping import stored as job_of
from tests.seeds import ANNA, guest
from tests.world import World

pytestmark = pytest.mark.slow

STORE = Store("acme")
CUSTOMERS = KINDS["customers"]


def residue(person: str) -> list[str]:
    return [where for where, text in stored.texts() if person in text]


def test_trouble_at_any_call_of_the_removal_ends_the_same(world: World, clock: time_machine.Traveller) -> None:
    expected: list[dict[str, int]] = []

    def prepare() -> tuple[str, str]:
        person = small_guest(world)
        job = erase(world, person)
        jobs.save(STORE, worker.WORK["erasure"](STORE, job_of(job), lambda: False))
        return person, job

    def work(prepared: tuple[str, str]) -> None:
        """As the worker does it, without its pauses."""
        job = job_of(prepared[1])
        if job.state in jobs.OPEN:
            done = worker.WORK["erasure"](STORE, job, lambda: False)
            jobs.save(STORE, done)

    def check(prepared: tuple[str, str]) -> None:
        person, job = prepared
        assert job_of(job).state == "done"
        assert residue(person) == []
        counts = (receipts.by_id(STORE, job) or {})["counts"]
        expected.append(counts)
        assert counts == expected[0]
        assert set(counts) == {"customers", "participations", "log", *UNLIKE}
        assert list(stored.objects()) == []
        slots = [sk for _, _, sk in stored.of_tenant("acme") if sk.startswith("winners#")]
        assert len(slots) == 1  # never doubled or lost

    struck = faults.everywhere(prepare, work, check)
    hit = {fault.split(" ")[1] for fault in struck}
    assert {"Query", "BatchGetItem", "DeleteItem", "UpdateItem", "TransactWriteItems", "PutItem", "GetItem"} <= hit
    assert "DeleteObject" in hit


def test_trouble_at_any_call_of_asking_starts_it_once(world: World, clock: time_machine.Traveller) -> None:
    place, kinds = 0, list(faults.KINDS)
    guests = count()
    for kind in kinds:
        place, fault = 0, None
        while fault is None or len(fault.calls) >= place:
            place += 1
            email = f"guest{next(guests)}@example.com"
            empty_tables()
            person = guest(world, email)
            with faults.at(place, kind) as fault:
                reply = world.collect("erasures", email, email=email)
            assert reply.status in (200, 503), reply.text
            again = world.collect("erasures", email, email=email).ok()
            assert again["outcome"] == "started"
            assert reply.status == 503 or reply.json["job"] == again["job"]
            [job] = [job for job in _jobs(world) if job["state"] == "queued"]
            assert job["id"] == again["job"]
            worker.run(STORE, job["id"])  # its message may have been lost
            if kind == "lost":
                finished(job["id"], clock)
                assert residue(person) == []
            [note] = [
                row
                for (_, pk, _), row in stored.of_tenant("acme").items()
                if pk == "acme#audit" and job["id"] in str(row)
            ]
            assert "customer.erased" in str(note)


def _jobs(world: World) -> list[Any]:
    return list(world.get("/v1/jobs").ok()["items"])


def test_trouble_at_any_call_of_clearing_all_customers_ends_the_same(
    world: World, clock: time_machine.Traveller
) -> None:
    def prepare() -> tuple[str, str]:
        """The feeds before that of the customers are read already."""
        person, job = small_guest(world), job_of(delete_all(world, "customers"))
        place = next(i for i, part in enumerate(purge._parts(STORE, CUSTOMERS, None)) if part.kind is CUSTOMERS)
        jobs.save(STORE, replace(job, checkpoint={"part": place}))
        return person, job.id

    def work(prepared: tuple[str, str]) -> None:
        job = job_of(prepared[1])
        if job.state in jobs.OPEN:
            jobs.save(STORE, worker.WORK["purge"](STORE, job, lambda: False))

    def check(prepared: tuple[str, str]) -> None:
        person, job = prepared
        while job_of(job).state in jobs.OPEN:
            work(prepared)
        assert residue(person) == residue(ANNA) == []
        assert (receipts.by_id(STORE, job) or {})["reason"] == "delete_all"

    struck = faults.everywhere(prepare, work, check)
    assert {fault.split(" ")[0] for fault in struck} == set(faults.KINDS)
