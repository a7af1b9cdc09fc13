"""A giveaway with entrants whose draws run through the real job, and a clock that runs on and that tests can move."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine

from chalicelib.promotions import verify
from chalicelib.settings import settings
from chalicelib.store import objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from tests.promotions.conftest import Shop
from tests.pumping import finished
from tests.seeds import guest
from tests.world import Reply, World

START = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
CLOSES = START + timedelta(days=14)
DOCUMENT: dict[str, Any] = {
    "title": "Raffle",
    "giveaways": [
        {"id": "bike", "title": "Bike", "rule": "once", "prizes": [{"name": "E-Bike"}], "respond_days": 14},
        {"id": "daily", "title": "Every day", "rule": "daily"},
        {"id": "often", "title": "As often as you like", "rule": "unlimited"},
        {"id": "person", "title": "One a person", "rule": "daily", "ignore_plus_and_dots": True},
    ],
}


@pytest.fixture(autouse=True)  # before the service, whose tokens are of this time
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=True) as traveller:
        yield traveller


@dataclass
class Raffle:
    """The experience `summer`; its giveaways close two weeks after the start."""

    world: World
    clock: time_machine.Traveller
    people: dict[str, str] = field(default_factory=dict)  # address → customer

    @property
    def store(self) -> Store:
        return Store("acme")

    def open(self) -> None:
        closing = {"closes_at": CLOSES.isoformat()}
        document = {**DOCUMENT, "giveaways": [{**one, **closing} for one in DOCUMENT["giveaways"]]}
        etag = self.world.get("/v1/experiences/summer").headers["ETag"]
        self.world.request("PUT", "/v1/experiences/summer", document, headers={"If-Match": etag}).ok()

    def enter(self, name: str, giveaway: str = "bike") -> dict[str, Any]:
        """The entry of `name@example.com`, who signs in if that is new."""
        address = name if "@" in name else f"{name}@example.com"
        if address not in self.people:
            self.people[address] = guest(self.world, address)
        return dict(self.world.collect("participations", customer_id=self.people[address], giveaway=giveaway).ok())

    def close(self) -> None:
        self.clock.move_to(CLOSES + timedelta(hours=1))

    def ask(self, giveaway: str = "bike", **asked: Any) -> Reply:
        asked = {"count": 1, **asked} if "prizes" not in asked else asked
        return self.world.request("POST", "/v1/experiences/summer/draws", {"giveaway": giveaway, **asked})

    def draw(self, giveaway: str = "bike", **asked: Any) -> dict[str, Any]:
        """The draw as it is when its job has ended well."""
        started = self.ask(giveaway, **asked).ok()
        self.finished(started["job"])
        return self.shown(started["draw"])

    def finished(self, job: str) -> Job:
        ended = finished(job, self.clock)
        assert ended.state == "done", ended
        return ended

    def shown(self, draw: str) -> dict[str, Any]:
        return dict(self.world.get(f"/v1/draws/{draw}").ok())

    def certificate(self, draw: str) -> dict[str, Any]:
        return dict(self.world.get(f"/v1/draws/{draw}/certificate", anonymous=True).ok())

    def labels(self, draw: str) -> bytes:
        found = self.world.get(f"/v1/draws/{draw}/labels", anonymous=True)
        assert found.status == 302
        path = urlsplit(found.headers["Location"]).path
        bucket = settings().exports_bucket
        key = path.lstrip("/").removeprefix(f"{bucket}/")
        return b"".join(objects.read(bucket, key))

    def verified(self, draw: str) -> list[str]:
        """What anybody finds with the two public files."""
        certificate = json.loads(json.dumps(self.certificate(draw)))
        labels = self.labels(draw)
        assert hashlib.sha256(labels).hexdigest() == certificate["labels"]["sha256"]
        return verify.verify(certificate, labels)

    def winners(self, draw: str | None = None) -> list[dict[str, Any]]:
        """By slot, the newest of a slot last."""
        rows = self.world.rows("winners", draw=draw) if draw else self.world.rows("winners")
        return sorted(rows, key=lambda row: (row["slot"], row["created_at"]))

    def redraw(self, draw: str, winner: str, reason: str = "under age") -> Reply:
        return self.world.request("POST", f"/v1/draws/{draw}/redraws", {"winner": winner, "reason": reason})


@pytest.fixture
def raffle(clock: time_machine.Traveller, world: World) -> Raffle:
    raffle = Raffle(world, clock)
    raffle.open()
    return raffle


@pytest.fixture
def shop(cloud: dict[str, str]) -> Shop:
    """Draws without HTTP."""
    return Shop(Store("acme"))
