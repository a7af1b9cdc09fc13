"""Giveaways with entries planted through storage, for draws by the hundred: closed for long, each in an experience of
its own."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from chalicelib import clock
from chalicelib.jobs import draw as job
from chalicelib.jobs import worker
from chalicelib.kinds import KINDS
from chalicelib.promotions import certificates, commitments, drawing, draws, entrants, verify
from chalicelib.promotions.draws import Draw
from chalicelib.promotions.labels import label
from chalicelib.settings import settings
from chalicelib.store import experiences, jobs, keys, objects, profiles, records
from chalicelib.store.jobs import Job
from chalicelib.store.profiles import Profile
from chalicelib.store.tenancy import Access, Row, Span, Store
from tests.promotions.conftest import Shop

DAY_MS = clock.DAY_MS
numbers = count()


def people(shop: Shop, many: int) -> list[str]:
    return [_person(shop) for _ in range(many)]


def giveaway(shop: Shop, entrants: Sequence[str]) -> str:
    """The experience whose giveaway `bike` these customers entered, in this order, a day ago."""
    experience = f"raffle-{next(numbers)}"
    document = {"title": "Raffle", "giveaways": [{"id": "bike", "title": "Bike"}]}
    experiences.write(shop.store, experience, document, 0)
    commitments.commit(shop.store, experience, ["bike"])
    start = clock.now_ms() - DAY_MS
    for place, person in enumerate(entrants):
        enter(shop.store, experience, person, start + place)
    return experience


def enter(store: Store, experience: str, person: str, at: int) -> None:
    position = records.new_position(at)
    data = {"giveaway": "bike", "ticket": label(position), "fields": {}}
    pk, sk = store.key(keys.customer(person)), f"participations#{experience}#bike#{position}"
    row = records.prepared(store, KINDS["participations"], pk, sk, at, experience, data, at=position, module="bike")
    row.person = person
    store.put(row)


def started(store: Store, experience: str, count: int = 2, **asked: Any) -> Job:
    now = clock.now_ms()
    told = Draw(experience, draws.new_number(now), "bike", "tests", now, 0, now, count, [None] * count, **asked)
    return job.start(store, told, "tests", "owner", 0)[0]


def ended(store: Store, job_id: str, clock: Any) -> Job:
    """Slice after slice, until the job has ended; waits as the queue would."""
    for _ in range(60):
        worker.run(store, job_id)
        found = jobs.read(store, job_id)
        assert found
        if found.state not in jobs.OPEN:
            return found
        clock.shift(131)
    raise AssertionError(found)


def revealed(shop: Shop, value: str) -> tuple[str, str]:
    """A draw of one of three that waited for public randomness, without waiting: its id and its winner's."""
    experience, now = giveaway(shop, people(shop, 3)), clock.now_ms()
    named = {"source": "lotto", "named_at": now}
    waiting = started(shop.store, experience, 1, randomness=named)
    worker.run(shop.store, waiting.id)
    draw = draws.read(shop.store, experience, waiting.work["number"])
    assert draw and draw.state == "waiting"
    known = {**named, "value": value, "revealed_at": now}
    draw = draws.save(shop.store, replace(draw, randomness=known, state="drawing"))
    worker.run(shop.store, job.go_on(shop.store, draw, "tests", "owner").id)
    [winner] = winners(shop.store, draw)
    return draws.id_of(shop.store, experience, draw.number), records.id_of(shop.store, KINDS["winners"], winner)


def drawn(store: Store, ended: Job) -> Draw:
    found = draws.read(store, ended.work["experience"], ended.work["number"])
    assert found
    return found


def read(store: Store, draw: Draw) -> Draw:
    """As it is now."""
    found = draws.read(store, draw.experience, draw.number)
    assert found
    return found


def verified(store: Store, draw: Draw) -> dict[str, Any]:
    """The certificate, checked with its list as anybody can."""
    certificate = certificates.certificate(store, draw, drawing.code_of(store, draw))
    labels = b"".join(objects.read(settings().exports_bucket, entrants.labels_key(store, draw)))
    verify.verify(certificate, labels)
    return certificate


def winners(store: Store, draw: Draw) -> list[Row]:
    """The records of the draw, by slot."""
    id = draws.id_of(store, draw.experience, draw.number)
    found = store.query_all(Access("Activity", "draw", "by_draw", "at"), store.key(keys.of_draw(id)), Span())
    rows = store.get_many("Activity", [(row["pk"], row["sk"]) for row in found], consistent=True).values()
    return sorted(rows, key=lambda row: row["data"]["slot"])


def _person(shop: Shop) -> str:
    id, address = keys.random_id(), f"entrant{next(numbers)}@example.com"
    profile = Profile(address, address, {})
    _, made = profiles.registration(shop.store, id, profile, clock.now_ms(), shop.cleared, variables=[])
    shop.store.write(made)
    return id
