"""An import of 50,000 codes on the running service, whose worker is killed three times in the middle of a chunk."""

import csv
import os
import signal
import time
from typing import Any

import pytest
import urllib3

from chalicelib.jobs.import_state import CHUNK
from tests.live.killing import expire_lease, redelivery_after
from tests.live.service import Row, Service, eventually

pytestmark = pytest.mark.slow

TENANT = "importer"
CODES = 50_000
HTTP = urllib3.PoolManager()


def begin(service: Service, kind: str, content: bytes) -> str:
    """The job's id; the file is uploaded as a browser does it."""
    body = {"kind": kind, "experience": "summer", "file_name": "codes.csv"}
    answer = service.request("POST", "/v1/imports", body, TENANT)
    form = answer["upload"]
    uploaded = HTTP.request("POST", form["url"], fields={**form["fields"], "file": ("codes.csv", content)})
    assert uploaded.status < 300, uploaded.data
    return str(answer["job"])


def file() -> bytes:
    """Each thousandth code twice, each five thousandth line wrong."""
    codes = [f"CODE-{n:06};{n % 100};{'ja' if n % 500 == 0 else ''}" for n in range(CODES)]
    for place in range(0, CODES, 5000):
        codes.insert(place + 7, "4,00638E+12")
    return "\n".join(["code;points;win", *codes, *codes[1000::1000]]).encode()


def present(service: Service, chunk: int) -> int:
    """How many codes of that chunk are in the table, give or take the few wrong lines before it."""
    numbers = range(chunk * CHUNK, min((chunk + 1) * CHUNK, CODES))
    keys = [{"pk": {"S": f"{TENANT}#codes#summer#code{n:06}"}, "sk": {"S": "code"}} for n in numbers]
    table, found = "afterchat-local-CodesTable", 0
    for start in range(0, len(keys), 100):
        asked = {table: {"Keys": keys[start : start + 100], "ProjectionExpression": "pk"}}
        found += len(service.cloud("dynamodb").batch_get_item(RequestItems=asked)["Responses"][table])
    return found


def kill_within_a_chunk(service: Service, job: str) -> None:
    """Some time after a checkpoint, while the next chunk is written. The lease ends at once, before the new worker asks
    for it."""
    worker, before = service.child("local.pump jobs"), service.job(job, TENANT)["done"]
    eventually(lambda: service.job(job, TENANT)["done"] > before, 60)
    time.sleep(0.4)
    os.kill(worker, signal.SIGKILL)
    time.sleep(0.2)  # what it had sent arrives
    reached = service.job(job, TENANT)
    expire_lease(service, TENANT, job)
    assert (reached["state"], reached["total"] > reached["done"] > 0) == ("running", True)
    assert 0 < present(service, reached["done"] // CHUNK) < CHUNK - 20


def report(service: Service, job: str) -> list[list[str]]:
    link = service.request("GET", f"/v1/jobs/{job}/file", tenant=TENANT)["url"]
    text = HTTP.request("GET", link).data.decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]


def codes_stored(service: Service) -> list[Row]:
    return [item for item in service.stored("CodesTable", TENANT) if item["sk"]["S"] == "code"]


def test_50000_codes_come_in_exactly_though_the_worker_is_killed_three_times(service: Service) -> None:
    service.prepare(TENANT, "summer")
    with redelivery_after(service, "8"):
        job = begin(service, "codes", file())
        for _ in range(3):
            kill_within_a_chunk(service, job)
        ended = service.ended(job, TENANT, 600)
    assert ended["state"] == "done", ended
    wanted = {"lines": CODES + 10 + 50, "added": CODES, "already_there": 0, "twice_in_file": 50, "invalid": 10}
    assert {name: ended["result"][name] for name in wanted} == wanted
    _assert_exact(codes_stored(service), report(service, job), job)


def _assert_exact(rows: list[Row], lines: list[list[str]], job: str) -> None:
    def number(row: Row) -> int:
        data: dict[str, Any] = row["data"]["M"]
        return int(data["code"]["S"][5:])

    assert sorted(map(number, rows)) == list(range(CODES))
    assert {row["data"]["M"]["import_id"]["S"] for row in rows} == {job}
    assert all(int(row["data"]["M"]["points"]["N"]) == number(row) % 100 for row in rows)
    assert sum(row["data"]["M"]["win"]["BOOL"] for row in rows) == CODES // 500
    assert [int(line) for line, *_ in lines] == list(range(2, CODES + 62))
    told = [result for _, _, result, _ in lines]
    assert {result: told.count(result) for result in set(told)} == {"added": CODES, "twice_in_file": 50, "invalid": 10}
    assert {reason for *_, reason in lines} == {"", "excel_number"}
