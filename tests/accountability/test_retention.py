"""The retention report: what is oldest, what is overdue and what went, told by bounded reads."""

from itertools import count
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as time
from chalicelib.kinds import KINDS
from chalicelib.store import overdue, tallies, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from tests import faults
from tests.accountability.conftest import ACME
from tests.seeds import EVERY_RECORD, guest, plant
from tests.world import World

DAY_MS = 86_400_000
NUMBERS = count(1)


def report(world: World, tenant: str = "acme") -> dict[str, Any]:
    items = world.get("/v1/retention", roles=("privacy",), tenant=tenant).ok()["items"]
    return {item["kind"]: item for item in items}


def removal(world: World, pk: str, feed: str | None, ttl: bool, sk: str = "x") -> dict[str, Any]:
    image: dict[str, Any] = {"pk": {"S": pk}, "sk": {"S": sk}}
    if feed:
        image["feed"] = {"S": feed}
    number = str(next(NUMBERS))
    record: dict[str, Any] = {"eventName": "REMOVE", "dynamodb": {"OldImage": image, "SequenceNumber": number}}
    if ttl:
        record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return record


def test_nothing_is_stored_of_anything(world: World) -> None:
    told = report(world)
    assert list(told) == list(KINDS)
    for kind, item in told.items():
        assert (item["oldest"], item["more_overdue"], item["deleted"]) == (None, False, {})
        assert item["overdue"] == (None if kind == "consents" else 0)
        assert (item["days"], item["since"]) == (KINDS[kind].days, KINDS[kind].promise.since)


@pytest.mark.parametrize("kind", EVERY_RECORD)
def test_the_oldest_and_the_overdue_are_told(clock: Traveller, world: World, kind: str) -> None:
    person, now = guest(world), time.now_ms()
    days = KINDS[kind].days
    if KINDS[kind].promise.since == "creation":
        plant(kind, person, at=now - (days + 2) * DAY_MS)
        plant(kind, person, at=now - days * DAY_MS - 60_000)
    plant(kind, person, at=now - days * DAY_MS + 60_000)
    plant(kind, person)
    item = report(world)[kind]
    if kind == "consents":
        assert (item["overdue"], item["oldest"]) == (None, time.rfc3339(now - days * DAY_MS + 60_000))
        return
    assert (item["overdue"], item["more_overdue"]) == (2, False)
    assert item["oldest"] == time.rfc3339(now - (days + 2) * DAY_MS)


def test_a_customer_is_overdue_after_180_days_without_activity(clock: Traveller, world: World) -> None:
    guest(world)
    clock.shift(180 * 86_400)
    guest(world, "ben@example.com")
    assert report(world)["customers"]["overdue"] == 0
    clock.shift(86_400)
    assert report(world)["customers"]["overdue"] == 1
    assert report(world)["customers"]["oldest"][:10] == "2030-05-21"


def test_many_overdue_are_counted_up_to_a_cap_and_told_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overdue, "MOST", 2)
    for _ in range(40):
        plant("participations", None, at=time.now_ms() - 61 * DAY_MS)
    item = report(world)["participations"]
    assert item["more_overdue"] is True and 0 < item["overdue"] <= 8


def test_what_the_streams_saw_go_is_counted_by_day_and_cause(clock: Traveller, world: World) -> None:
    tallies.count(
        [
            removal(world, "acme#c#1", "acme#customers#2", True),
            removal(world, "acme#c#1", "acme#consents#2", False),
            removal(world, "acme#a#1", "acme#files#2", True),
            removal(world, "acme#log#3", None, True),
            removal(world, "acme#find#an", None, False),
            removal(world, "other#a#1", "other#files#0", False),
            {**removal(world, "acme#a#1", "acme#files#2", True), "eventName": "MODIFY"},
        ]
    )
    clock.shift(86_400)
    tallies.count([removal(world, "acme#a#1", "acme#files#2", False) for _ in range(3)])
    told = report(world)
    assert told["files"]["deleted"] == {"2030-05-21": {"ttl": 1}, "2030-05-22": {"deleted": 3}}
    assert told["customers"]["deleted"] == {"2030-05-21": {"ttl": 1}}
    assert told["consents"]["deleted"] == {"2030-05-21": {"deleted": 1}}
    assert told["log"]["deleted"] == {"2030-05-21": {"ttl": 1}}
    assert report(world, "other")["files"]["deleted"] == {"2030-05-21": {"deleted": 1}}
    clock.shift(30 * 86_400)
    assert report(world)["files"]["deleted"] == {}


def test_the_stream_counts_what_it_has_followed_and_nothing_twice(world: World) -> None:
    """A batch of which one change fails comes again from that one on."""
    from chalicelib.jobs import changes

    records = [removal(world, "acme#a#1", "acme#codes#2", True) for _ in range(3)]
    for number, record in enumerate(records):
        record["dynamodb"]["SequenceNumber"] = str(number)
    broken = {**records[1], "dynamodb": {**records[1]["dynamodb"], "OldImage": {"pk": {"S": "acme#c#x"}, "sk": None}}}
    answer = changes.on_changes({"Records": [records[0], broken, records[2]]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert sum(report(world)["codes"]["deleted"]["2030-05-21"].values()) == 1
    changes.on_changes({"Records": records[1:]})
    assert report(world)["codes"]["deleted"]["2030-05-21"] == {"ttl": 3}


def test_a_tally_in_trouble_holds_nothing_up(world: World) -> None:
    for kind in faults.KINDS:
        with faults.at(1, kind, lasting=True):
            tallies.count([removal(world, "acme#a#1", "acme#files#2", True)])


def test_a_batch_costs_two_writes_a_tenant_and_two_a_day(world: World) -> None:
    batch = [removal(world, "acme#a#1", f"acme#{kind}#2", True) for kind in KINDS if kind != "log" for _ in range(8)]
    with metered(wire.client()) as units:
        tallies.count(batch)
    assert (units.read, units.write) == (0, 4)


def test_the_report_reads_little_however_much_is_stored(world: World) -> None:
    for _ in range(30):
        for kind in ("participations", "codes", "log"):
            plant(kind, None)
    with metered(wire.client()) as units:
        report(world)
    assert units.read <= 40
    assert units.write == 0
    assert Store("acme") == ACME
