"""An erasure on the running service: the worker is killed in the middle of it, while the guest comes back."""

import os
import signal
import time

import pytest

from tests.live.killing import expire_lease, redelivery_after
from tests.live.service import Service, eventually
from tests.live.test_delete_all_live import plant

pytestmark = pytest.mark.slow

TABLES = ("CustomersTable", "ActivityTable", "CodesTable", "RuntimeLogTable", "ControlTable")
ADDRESS = "anna.schmidt@example.com"


def mentions(service: Service, tenant: str, text: str) -> list[str]:
    return [
        f"{table} {item['pk']['S']} {item['sk']['S']}"
        for table in TABLES
        for item in service.stored(table, tenant)
        if text in str(item)
    ]


def test_a_worker_killed_in_the_middle_of_an_erasure_leaves_one_that_ends_right(service: Service) -> None:
    tenant, total = "erased", 3000
    person = service.prepare(tenant, "summer")
    with redelivery_after(service, "8"):
        plant(service, tenant, person, "summer", total)
        # The stream has told of the sign-in.
        eventually(lambda: len(service.rows("log", tenant, event="sign_ins")) == 1, 30)
        started = service.request("DELETE", f"/v1/records/customers/{person}", tenant=tenant)
        job, worker = started["job"], service.child("local.pump jobs")
        assert service.rows("participations", tenant) == []
        signed_in = {"experience": "summer", "email": ADDRESS}
        returned = service.request("POST", "/v1/collect/sign-ins", signed_in, tenant)["customer_id"]
        newer = set(service.enter(tenant, returned, "summer", "later"))
        eventually(lambda: service.job(job, tenant)["done"] > 0, 60)
        os.kill(worker, signal.SIGKILL)
        time.sleep(0.1)  # what it had sent arrives
        reached = service.job(job, tenant)
        assert 0 < reached["done"] < reached["total"] == total + 3
        assert reached["state"] == "running"
        expire_lease(service, tenant, job)  # before the next worker meets it, or that one waits for its end
        ended = service.ended(job, tenant, seconds=240)
    assert (ended["state"], ended["done"]) == ("done", total + 3)
    assert mentions(service, tenant, person) == []
    assert {row["ticket"] for row in service.rows("participations", tenant)} == newer
    receipt = service.request("GET", f"/v1/receipts/{started['receipt']}", tenant=tenant)
    assert receipt["counts"] == {"customers": 1, "log": 1, "participations": total, "variables": 1}
    assert service.child("local.pump jobs") != worker
