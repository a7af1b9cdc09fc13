"""Delete all on the running service: while others write, while others read, and when the worker is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread
from typing import Any

import pytest

from chalicelib.kinds import KINDS
from local.data import ROOT
from tests.live.killing import expire_lease, redelivery_after
from tests.live.service import Row, Service, eventually

pytestmark = pytest.mark.slow

KIND = "participations"
WRITERS = 4


@dataclass
class Writing:
    """Calls of writers: when each began and had its answer, and the tickets of its entries."""

    calls: list[tuple[float, float, list[str]]] = field(default_factory=list)

    def begun_after(self, moment: float) -> set[str]:
        return {ticket for began, _, tickets in self.calls if began > moment for ticket in tickets}


def plant(service: Service, tenant: str, person: str, experience: str, count: int) -> set[str]:
    """So many entries; their tickets."""
    with ThreadPoolExecutor(WRITERS) as threads:
        calls = threads.map(
            lambda place: service.enter(tenant, person, experience, f"{experience}-{place}"), range(count // 50)
        )
        return {ticket for tickets in calls for ticket in tickets}


@contextmanager
def writers(service: Service, tenant: str, person: str) -> Iterator[Writing]:
    """Four of them enter again and again while the block runs. A writer that fails, fails the test."""
    stop, writing = Event(), Writing()

    def write(number: int) -> None:
        for place in range(100_000):
            if stop.is_set():
                return
            began = time.time()
            tickets = service.enter(tenant, person, "summer", f"writer-{number}-{place}", count=2)
            writing.calls.append((began, time.time(), tickets))

    with ThreadPoolExecutor(WRITERS) as threads:
        running = [threads.submit(write, number) for number in range(WRITERS)]
        try:
            yield writing
        finally:
            stop.set()
        for one in running:
            one.result()


def start(service: Service, tenant: str, kind: str = KIND, **query: str) -> tuple[str, int]:
    """The job's id and the horizon in ms."""
    answer = service.request("DELETE", f"/v1/records/{kind}", tenant=tenant, query={"confirm": kind, **query})
    return answer["job"], round(datetime.fromisoformat(answer["hidden_from"]).timestamp() * 1000)


def entries(service: Service, tenant: str) -> list[Row]:
    """What really lies in the table."""
    found = service.stored("ActivityTable", tenant)
    return [item for item in found if item["sk"]["S"].startswith(f"{KIND}#")]


def tickets_of(items: list[Row]) -> set[str]:
    return {item["data"]["M"]["ticket"]["S"] for item in items}


def test_5000_entries_are_hidden_at_once_and_removed_while_four_writers_go_on(service: Service) -> None:
    tenant = "writers"
    person = service.prepare(tenant, "summer")
    older = plant(service, tenant, person, "summer", 5000)
    assert len(older) == 5000
    with writers(service, tenant, person) as writing:
        eventually(lambda: len(writing.calls) > 20, 30)
        job, horizon = start(service, tenant)
        answered = time.time()
        seen = service.rows(KIND, tenant)
        assert [row for row in seen if in_ms(row) <= horizon] == []
        assert entries(service, tenant) != []
        ended = service.ended(job, tenant, 300)
    assert (ended["state"], ended["result"]["rows"] >= 5000) == ("done", True)
    left = entries(service, tenant)
    assert [item for item in left if int(item["created_at"]["N"]) <= horizon] == []
    newer = writing.begun_after(answered)
    assert len(newer) > 50
    assert newer - tickets_of(left) == set()
    assert {row["ticket"] for row in service.rows(KIND, tenant)} == tickets_of(left)


def test_one_experience_is_cleared_while_the_feed_of_all_is_read(service: Service) -> None:
    tenant = "readers"
    person = service.prepare(tenant, "summer", "winter")
    for part in range(8):  # in turns, so that each page has both
        plant(service, tenant, person, ("summer", "winter")[part % 2], 200)
    stays = {row["id"] for row in service.rows(KIND, tenant, experience="winter")}
    pages: list[tuple[float, list[Row]]] = []
    begun = Event()

    def read() -> None:
        asked = time.time()
        for page in service.pages(KIND, tenant, limit=10):
            pages.append((asked, page))
            asked = time.time()
            if len(pages) == 5:
                begun.set()

    reader = Thread(target=read)
    reader.start()
    assert begun.wait(30)
    job, _ = start(service, tenant, experience="summer")
    answered = time.time()
    service.ended(job, tenant)
    reader.join(300)
    assert not reader.is_alive()
    ids = [row["id"] for _, page in pages for row in page]
    assert len(ids) == len(set(ids))
    assert stays - set(ids) == set()
    after = [row for asked, page in pages if asked > answered for row in page]
    assert {row["experience"] for row in after} == {"winter"}
    assert {item["experience"]["S"] for item in entries(service, tenant)} == {"winter"}
    assert len(entries(service, tenant)) == len(stays)


def test_a_worker_killed_between_two_checkpoints_leaves_a_job_that_ends_right(service: Service) -> None:
    tenant, total = "killed", 3000
    person = service.prepare(tenant, "summer")
    with redelivery_after(service, "8"):
        plant(service, tenant, person, "summer", total)
        job, _ = start(service, tenant)
        newer = set(service.enter(tenant, person, "summer", "later"))
        worker = service.child("local.pump jobs")
        eventually(lambda: service.job(job, tenant)["done"] > 0, 30)
        os.kill(worker, signal.SIGKILL)
        time.sleep(0.1)  # what it had sent arrives
        reached = service.job(job, tenant)
        assert 0 < reached["done"] < total
        assert reached["state"] == "running"
        expire_lease(service, tenant, job)
        ended = service.ended(job, tenant, 240)
    assert ended["state"] == "done"
    assert tickets_of(entries(service, tenant)) == newer
    assert service.child("local.pump jobs") != worker


def test_each_kind_of_a_small_demo_lists_newest_first_and_all_of_it_can_be_cleared(service: Service) -> None:
    tenant = "demo"
    play_demo(service)
    for kind in KINDS:
        query: dict[str, Any] = {"active_days": 180} if kind == "customers" else {}
        rows = service.rows(kind, tenant, **query)
        ids = [row["id"] for row in rows]
        sorted_by = "last_active_at" if kind == "customers" else "created_at"
        assert ids and len(ids) == len(set(ids)), kind
        times = [in_ms(row, sorted_by) for row in rows]
        assert times == sorted(times, reverse=True) or kind == "customers", kind
    started = [start(service, tenant, kind) for kind in ("customers", "coupons", "codes", "log")]
    shown = [row for kind in KINDS for row in service.rows(kind, tenant)]
    assert [row for row in shown if in_ms(row) <= started[-1][1]] == []  # the log may tell meanwhile what has ended
    assert {service.ended(job, tenant)["state"] for job, _ in started} == {"done"}
    left = [item for table in ("CustomersTable", "ActivityTable") for item in service.stored(table, tenant)]
    assert [item["sk"]["S"] for item in left if "feed" in item] == []


def test_ctrl_c_and_a_second_start_keep_records_tokens_and_cursors_and_jobs_go_on(service: Service) -> None:
    tenant = "restarted"
    person = service.prepare(tenant, "summer", "winter")
    plant(service, tenant, person, "summer", 500)
    kept = plant(service, tenant, person, "winter", 200)
    first = service.request("GET", f"/v1/records/{KIND}", tenant=tenant, query={"experience": "winter"})
    job, _ = start(service, tenant, experience="summer")
    service.stop()
    service.start()
    query = {"experience": "winter", "cursor": first["next"]}
    second = service.request("GET", f"/v1/records/{KIND}", tenant=tenant, query=query)
    assert {row["id"] for row in second["items"]} & {row["id"] for row in first["items"]} == set()
    assert service.ended(job, tenant)["state"] == "done"
    assert {row["ticket"] for row in service.rows(KIND, tenant)} == kept == tickets_of(entries(service, tenant))


def in_ms(row: Row, name: str = "created_at") -> int:
    return round(datetime.fromisoformat(row[name]).timestamp() * 1000)


def play_demo(service: Service) -> None:
    address = ["--url", f"http://127.0.0.1:{service.port}"]
    arguments = ["--customers", "50", "--data", str(service.data), *address]
    subprocess.run([sys.executable, "-m", "local.demo", *arguments], cwd=ROOT, check=True, timeout=120)
