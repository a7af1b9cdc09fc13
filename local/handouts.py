"""What the demo's people win and spend: coupons and codes are imported, then claimed, redeemed, played for and drawn,
all over HTTP, as an editor and the chats would."""

import random
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from local import uploads
from local.guests import CLUB, RAFFLE, WHEEL
from local.service import Refused, Service

Deed = Callable[[], object]
JOB_SECONDS = 300
PRIZES = [{"name": "E-Bike", "count": 1}, {"name": "Helm", "count": 11}]


@dataclass
class Handouts:
    """`people` are the customers' ids; `run` names this one, whose deeds may be sent again."""

    service: Service
    people: list[str]
    seed: int
    run: str
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    @property
    def scale(self) -> int:
        return max(1, len(self.people) // 5)

    def imports(self) -> list[Deed]:
        """A file each; what an earlier run brought in is there already."""
        coupons = "\n".join(self._secret("WHEEL", n) for n in range(self.scale))
        codes = "\n".join(f"{self._secret('CLUB', n)};{10 + n % 3 * 20};{n % 50 == 0}" for n in range(self.scale))
        return [
            partial(self._import, "coupons", WHEEL, f"code\n{coupons}\n"),
            partial(self._import, "codes", CLUB, f"code;points;win\n{codes}\n"),
        ]

    def deeds(self) -> list[Deed]:
        """Of some of the people, one after the other for each of them."""
        some = self.chance.sample(self.people, len(self.people) // 3)
        return [
            partial(self._visit, who, events)
            for who, events in zip(some, map(self._events, range(len(some))), strict=True)
        ]

    def draw(self) -> str:
        """The id of a draw of the bike raffle among the entries up to yesterday; who won before does not win again."""
        asked = {"giveaway": "bike", "prizes": PRIZES, "alternates": 3, "exclude": "giveaway", "allow_fewer": True}
        asked |= {"to": (datetime.now(UTC) - timedelta(days=1)).isoformat()}
        started = self.service.post(f"/v1/experiences/{RAFFLE}/draws", asked)
        self._wait(started["job"])
        return str(started["draw"])

    def _import(self, kind: str, experience: str, text: str) -> None:
        asked = {"kind": kind, "experience": experience, "file_name": f"{kind}.csv"}
        started = self.service.post("/v1/imports", asked)
        content = (f"{kind}.csv", "text/csv", text.encode())
        status, answer = uploads.post(self.service.pool, started["upload"], content)
        if status >= 300:
            raise Refused(f"The bucket answered {status} to an import: {answer[:500]}")
        self._wait(started["job"])

    def _events(self, place: int) -> list[tuple[str, dict[str, Any]]]:
        """(experience, event) in their order."""
        welcome = {"type": "points", "amount": self.chance.choice((50, 100, 150)), "reason": "Welcome"}
        events: list[tuple[str, dict[str, Any]]] = [(CLUB, welcome)]
        if place % 2:
            events.append((WHEEL, {"type": "coupon-claims"}))
            code = self._secret("CLUB", place // 2 % self.scale)
            events.append((CLUB, {"type": "code-redemptions", "code": code}))
        if place % 4 == 0:
            events.append((CLUB, {"type": "reward-redemptions", "reward": "mug", "fields": {"city": "Köln"}}))
        if place % 3:
            events.append((WHEEL, {"type": "instant-wins", "instant_win": "wheel"}))
        return events

    def _visit(self, who: str, events: list[tuple[str, dict[str, Any]]]) -> None:
        for number, (experience, event) in enumerate(events):
            call = {"experience": experience, "customer_id": who, "events": [event]}
            self.service.collect(call, f"demo-{self.run}-{who}-{number}")

    def _secret(self, what: str, n: int) -> str:
        return f"{what}-{self.seed}-{zlib.crc32(f'{what} {self.seed} {n}'.encode()):08X}"

    def _wait(self, id: str) -> None:
        deadline = time.monotonic() + JOB_SECONDS
        while (job := self.service.get(f"/v1/jobs/{id}"))["state"] != "done":
            if job["error"]:
                raise Refused(job["error"]["detail"])
            if time.monotonic() > deadline:
                raise Refused(f"Job {id} does not end: does the worker of ./dev run still run?")
            time.sleep(0.2)
