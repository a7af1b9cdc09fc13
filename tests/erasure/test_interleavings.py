"""Any order of a guest's calls and an erasure: in the end nothing of the erased is left, and everything of who came
back."""

from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.store.tenancy import Store
from tests import faults
from tests.collect import stored as memory
from tests.erasure import everything as stored
from tests.erasure.people import ANNA
from tests.pumping import finished, pump
from tests.world import World

pytestmark = pytest.mark.slow

STORE = Store("acme")
CALLS: dict[str, dict[str, Any]] = {
    "sign-ins": {"fields": {"firstname": "Anna"}, "process_instance": "pi-1"},
    "consents": {"consent": "news", "status": "granted", "text": "Ja."},
    "participations": {"giveaway": "person"},
    "variables": {"variables": [{"name": "size", "value": "XL", "persist": True}]},
    "log-entries": {"level": "error", "message": "no answer"},
    "files": {"name": "a.png", "content_type": "image/png", "size": 10},
    "state": {},
}
STEPS = st.one_of(
    st.tuples(st.just("call"), st.sampled_from(sorted(CALLS)), st.booleans()),
    st.tuples(st.just("erase"), st.sampled_from(["DELETE", "self"]), st.booleans()),
    st.tuples(st.just("during"), st.sampled_from(sorted(set(CALLS) - {"state"})), st.booleans()),
    st.tuples(st.just("time"), st.sampled_from(["1", "30", "61", "86400"]), st.booleans()),
)


class Guest:
    """One address and all who ever had it; `alive` is who has it now."""

    def __init__(self, world: World, clock: time_machine.Traveller) -> None:
        self.world, self.clock, self.sent = world, clock, 0
        self.alive: str | None = None
        self.dead: list[str] = []
        self.jobs: list[str] = []

    def call(self, type: str, by_id: bool) -> None:
        self.sent += 1
        named = {"customer_id": self.alive} if by_id and self.alive and type != "sign-ins" else {"email": ANNA}
        key = None if type == "state" else f"key-{self.sent}"
        reply = self.world.collect(type, key, **named, **CALLS[type])
        assert reply.status in (200, 404, 409, 410, 422), reply.text
        if type == "sign-ins" and reply.status == 200:
            self.alive = reply.json["customer_id"]
            assert self.alive not in self.dead

    def erase(self, how: str, _: bool) -> None:
        if self.alive is None:
            return
        if how == "DELETE":
            started = self.world.request("DELETE", f"/v1/records/customers/{self.alive}").ok()
        else:
            started = self.world.request("POST", "/v1/collect/erasures", {"customer_id": self.alive}).ok()
        self.jobs.append(started["job"])
        self.dead.append(self.alive)
        self.alive = None

    def during(self, type: str, by_id: bool) -> None:
        """The customer is erased between what the call reads and what it writes."""
        operation = "PutItem" if type == "participations" else "TransactWriteItems"
        if self.alive is None:
            return
        with faults.before(operation, lambda: self.erase("DELETE", True)):
            self.call(type, by_id)
        self.alive = self._present()

    def time(self, seconds: str, _: bool) -> None:
        self.clock.shift(int(seconds))
        pump()

    def _present(self) -> str | None:
        rows = self.world.rows("customers", email=ANNA)
        return rows[0]["id"] if rows else None


@given(steps=st.lists(STEPS, min_size=3, max_size=12))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_calls_and_erasures(
    world: World, clock: time_machine.Traveller, steps: list[tuple[str, str, bool]]
) -> None:
    memory.forget()
    guest = Guest(world, clock)
    guest.call("sign-ins", False)
    for act, what, flag in steps:
        getattr(guest, act)(what, flag)
    for job in guest.jobs:
        assert finished(job, clock).state == "done"
    items = {place: str(item) for place, item in stored.all_items().items()}
    assert [place for place, item in items.items() if any(id in item for id in guest.dead)] == []
    assert guest._present() == guest.alive
    owners = {row["customer_id"] for kind in ("participations", "consents") for row in world.rows(kind)}
    assert owners <= {guest.alive}
