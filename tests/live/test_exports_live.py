"""Exports of the running service: 50,000 records while the worker is killed, and a download by its address."""

import csv
import io
import os
import signal
import time
from hashlib import sha256
from typing import Any

import pytest
import urllib3

from chalicelib.kinds import KINDS
from chalicelib.store import keys, records
from chalicelib.store.plain import typed_item
from chalicelib.store.tenancy import Store
from tests.live.killing import expire_lease, redelivery_after
from tests.live.service import Row, Service, eventually

pytestmark = pytest.mark.slow

COUNT = 50_000
STACK_TABLE = "afterchat-local-ActivityTable"


def plant(service: Service, tenant: str, person: str, count: int) -> None:
    """Straight into the table: making so many through the Collect API would take minutes."""
    client, store, now = service.cloud("dynamodb"), Store(tenant), time.time_ns() // 1_000_000
    for first in range(0, count, 25):
        puts = [entry(store, person, now - count + number, number) for number in range(first, first + 25)]
        client.batch_write_item(RequestItems={STACK_TABLE: [{"PutRequest": {"Item": put}} for put in puts]})


def entry(store: Store, person: str, at: int, number: int) -> Row:
    kind, position = KINDS["participations"], records.new_position(at)
    data = {
        "giveaway": "often",
        "ticket": f"T{number}",
        "fields": {"city": "Görlitz 🚲", f"answer{number % 5}": "=1\r\n", "note": "x" * 400},  # several parts
    }
    pk = store.key(keys.customer(person))
    row = records.prepared(store, kind, pk, f"{kind.name}#{position}", at, "summer", data, at=position, module="often")
    return typed_item({name: value for name, value in row.attribute_values.items() if value is not None})


def export(service: Service, tenant: str, **asked: Any) -> str:
    return str(service.request("POST", "/v1/exports", {"kind": "participations", **asked}, tenant)["id"])


def downloaded(service: Service, tenant: str, job: str) -> bytes:
    address = service.request("GET", f"/v1/jobs/{job}/file", tenant=tenant)["url"]
    answer = urllib3.request("GET", address, timeout=60)
    assert answer.status == 200, answer.data[:500]
    return answer.data


def kill(service: Service, tenant: str, job: str, beyond: int, total: int) -> int:
    """Kills the worker when the job is further than that; answers how far it was."""
    worker = service.child("local.pump jobs")
    eventually(lambda: service.job(job, tenant)["done"] > beyond, 300)
    os.kill(worker, signal.SIGKILL)
    time.sleep(0.1)  # what it had sent arrives
    reached = service.job(job, tenant)
    assert reached["state"] == "running"
    assert 0 < reached["done"] < total
    assert reached["total"] in (None, total)
    expire_lease(service, tenant, job)
    return int(reached["done"])


def test_an_export_whose_worker_is_killed_twice_is_byte_for_byte_the_undisturbed_one(service: Service) -> None:
    tenant = "exports"
    person = service.prepare(tenant, "summer")
    plant(service, tenant, person, COUNT)
    undisturbed = export(service, tenant)
    ended = service.ended(undisturbed, tenant, 300)
    assert (ended["state"], ended["result"]["rows"]) == ("done", COUNT)
    total = ended["total"]
    with redelivery_after(service, "8"):
        job = export(service, tenant)
        first = kill(service, tenant, job, 0, total)
        second = kill(service, tenant, job, COUNT, total)
        assert first < COUNT < second  # one while reading, one while writing
        disturbed = service.ended(job, tenant, 300)
    assert disturbed["state"] == "done"
    assert disturbed["result"] | {"as_of": ""} == ended["result"] | {"as_of": ""}
    content = downloaded(service, tenant, job)
    assert content == downloaded(service, tenant, undisturbed)
    assert sha256(content).hexdigest() == disturbed["result"]["sha256"]
    assert tickets(content) == [f"T{number}" for number in reversed(range(COUNT))]


def tickets(content: bytes) -> list[str]:
    return [row["ticket"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def test_a_cancelled_export_leaves_nothing_in_the_bucket(service: Service) -> None:
    tenant = "cancelled"
    person = service.prepare(tenant, "summer")
    plant(service, tenant, person, 20_000)
    job = export(service, tenant, format="jsonl")
    eventually(lambda: service.job(job, tenant)["done"] > 0, 60)
    service.request("DELETE", f"/v1/jobs/{job}", tenant=tenant)
    assert service.job(job, tenant)["state"] == "cancelled"
    eventually(lambda: objects(service, tenant) == [], 30)


def objects(service: Service, tenant: str) -> list[str]:
    bucket = "afterchat-local-exportsbucket"
    found = service.cloud("s3").list_objects_v2(Bucket=bucket, Prefix=f"e/{tenant}/")
    return [one["Key"] for one in found.get("Contents", [])]


def test_the_queue_takes_messages_of_a_tenants_group(service: Service) -> None:
    """Standard queues take it since SQS has fair queues; so does the local cloud."""
    tenant = "grouped"
    service.prepare(tenant, "summer")
    assert service.ended(export(service, tenant, format="jsonl"), tenant)["state"] == "done"
