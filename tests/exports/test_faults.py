"""Trouble at every call of an export, whatever it hits: the file is the same, and nothing else is left."""

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from chalicelib.jobs import leftovers, worker
from chalicelib.settings import settings
from chalicelib.store import jobs, keys, objects, parts, whole_feeds
from chalicelib.store.tenancy import Store
from tests import faults
from tests.exports.exporting import left, start
from tests.pumping import pump, stored
from tests.seeds import guest, plant
from tests.world import World

pytestmark = pytest.mark.slow

STORE = Store("acme")


@dataclass
class Exporting:
    """A job whose messages are handed over by hand: when the queue hands one out again is not what is tested here."""

    world: World
    clock: time_machine.Traveller
    asked: dict[str, Any]

    def prepare(self) -> str:
        leftovers.clear("e/")
        return start(self.world, **self.asked)

    def work(self, job: str) -> None:
        for _ in range(12):
            if stored(job).state not in jobs.OPEN:
                return
            self.clock.shift(200)
            worker.run(STORE, job)
            pump()


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "participations", "format": "csv"},
        {"kind": "customers", "format": "jsonl"},
        {"kind": "variables", "format": "xlsx", "layout": "instances"},
    ],
    ids=lambda asked: f"{asked['kind']} {asked['format']}",
)
def test_whatever_fails_wherever_in_an_export_the_file_is_the_same(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    monkeypatch.setattr(keys, "SHARDS", 2)  # two of three rows lie in one shard: two pages of one row, two parts
    monkeypatch.setattr(whole_feeds, "PAGE", 1)
    monkeypatch.setattr(parts, "LEAST", 1)
    person = guest(world)
    for number in range(3):
        guest(world, f"anna{number}@example.com")
        plant("participations", person)
        plant("variables", None, instance=f"pi-{number % 3}", name=f"v{number}")
    exporting = Exporting(world, clock, asked)
    first = exporting.prepare()
    exporting.work(first)
    expected = digest(first)

    def check(job: str) -> None:
        assert stored(job).error is None
        assert digest(job) == expected
        assert left() == [stored(job).file]

    struck = faults.everywhere(exporting.prepare, exporting.work, check)
    assert {"lost PutObject", "lost PutItem", "broken Query", "throttled GetObject", "unsent DeleteObject"} <= set(
        struck
    )
    assert ("lost UploadPart" in struck) == (asked["format"] != "xlsx")


def digest(job: str) -> Any:
    """What the result says; of Excel files the size, as the moment of the export is in them."""
    result = stored(job).result
    assert result
    file = b"".join(objects.read(settings().exports_bucket, stored(job).file or ""))
    assert len(file) == result["bytes"]
    return (result["rows"], result["sha256"] if not file.startswith(b"PK") else result["rows"])


def test_a_job_whose_message_could_not_be_sent_is_sent_again(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any, **__: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("chalicelib.jobs.queue.send", lost)
        job = start(world, kind="codes")
    assert pump() == 0
    clock.shift(301)
    worker.resend()
    pump()
    assert stored(job).state == "done"
