"""Webhooks of the real thing: from a chat's call over streams, queue and a process of its own to a receiver."""

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.live.killing import redelivery_after
from tests.live.service import RAFFLE, Service, eventually
from tests.webhooks.receiving import Receiver

pytestmark = pytest.mark.slow


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.stop()


def listen(service: Service, tenant: str, receiver: Receiver, *types: str) -> Any:
    service.request("PUT", "/v1/experiences/raffle", RAFFLE, tenant)
    return service.request("POST", "/v1/webhooks", {"url": receiver.url, "types": list(types)}, tenant)


def test_one_call_of_a_chat_reaches_the_receiver_signed_and_with_its_failures_made_up_for(
    service: Service, receiver: Receiver
) -> None:
    webhook = listen(service, "hooked", receiver, "customer.registered", "participation.entered")
    receiver.answers = [500]
    events = [{"type": "sign-ins"}, {"type": "participations", "giveaway": "often"}]
    body = {"experience": "raffle", "email": "jana@example.com", "events": events}
    answer = service.request("POST", "/v1/collect", body, "hooked", key="jana")
    eventually(lambda: len(receiver.calls) == 3, 60)
    assert len({call.id for call in receiver.calls}) == 2
    assert {call.headers["x-b3-traceid"] for call in receiver.calls} == {answer["trace_id"]}
    assert all(call.is_signed_with(webhook["secret"]) for call in receiver.calls)
    assert {call.json["data"]["customer_id"] for call in receiver.calls} == {answer["customer_id"]}
    path = f"/v1/webhooks/{webhook['id']}"
    eventually(lambda: _states(service, "hooked", path) == {"delivered"}, 20)
    service.request("DELETE", path, tenant="hooked")


def test_a_worker_that_is_killed_while_it_calls_is_made_up_for_by_the_next(
    service: Service, receiver: Receiver
) -> None:
    webhook = listen(service, "killed", receiver, "customer.registered")
    called, release = threading.Event(), threading.Event()

    def hold(request: BaseHTTPRequestHandler) -> None:
        called.set()
        release.wait(30)

    receiver.behaviour = hold
    with redelivery_after(service, "1", "WebhooksQueue"):
        service.request("POST", "/v1/collect/sign-ins", {"experience": "raffle", "email": "kim@example.com"}, "killed")
        assert called.wait(60)
        os.kill(service.child("local.pump webhooks"), signal.SIGKILL)
        receiver.behaviour = None
        _expire_leases(service, "killed")
        release.set()
        path = f"/v1/webhooks/{webhook['id']}"
        eventually(lambda: _states(service, "killed", path) == {"delivered"}, 60)
    assert len(receiver.calls) == 2
    assert len({call.id for call in receiver.calls}) == 1
    service.request("DELETE", path, tenant="killed")


def _states(service: Service, tenant: str, path: str) -> set[str]:
    return {one["state"] for one in service.request("GET", f"{path}/deliveries", tenant=tenant)["items"]}


def _expire_leases(service: Service, tenant: str) -> None:
    """As if the dead worker's forty seconds were over."""
    for item in service.stored("ControlTable", tenant):
        if "#deliveries#" in item["pk"]["S"]:
            service.cloud("dynamodb").update_item(
                TableName="afterchat-local-ControlTable",
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="SET #data.leased_until = :over",
                ExpressionAttributeNames={"#data": "data"},
                ExpressionAttributeValues={":over": {"N": "0"}},
            )
