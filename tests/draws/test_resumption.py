"""A draw ends the same however often its worker is killed, refused or doubled: each slot has the one winner whom the
certificate names, and every marked entry won."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import time_machine

from chalicelib.jobs import worker
from chalicelib.store import jobs, wire
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Access, Span
from tests import faults
from tests.draws import planted
from tests.promotions.conftest import Shop

WRITES = (*faults.WRITES, "TransactWriteItems")


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


@contextmanager
def killed_at(place: int) -> Iterator[list[str]]:
    """The process dies after write number `place` took effect; answers the writes there were. To die after a read is
    to die after the write before it."""
    writes: list[str] = []

    def call(answer: Any, operation: str, arguments: Any) -> Any:
        done = answer(operation, arguments)
        if operation in WRITES:
            writes.append(operation)
            if len(writes) == place:
                raise Killed
        return done

    with faults.instead(call), suppress(Killed):
        yield writes


def check(shop: Shop, ended: Job, number: int = 1) -> None:
    assert ended.state == "done", ended.error
    draw = planted.drawn(shop.store, ended)
    certificate = planted.verified(shop.store, draw)
    rows = planted.winners(shop.store, draw)
    named = [(one["slot"], one["label"]) for one in certificate["drawn"] if one["slot"]]
    assert [(row["data"]["slot"], row["data"]["ticket"]) for row in rows] == named
    assert (len(rows), certificate["commitment"]["number"]) == (2, number)
    assert marked(shop, ended.work["experience"]) == {label for _, label in named}
    for row in rows:
        wins = shop.person(row["pk"].split("#")[-1])["wins"].values()
        assert [win["experience"] for win in wins].count(draw.experience) == 1


def marked(shop: Shop, experience: str) -> set[str]:
    """Tickets of entries that say they were drawn."""
    found: set[str] = set()
    for shard in range(4):
        pk = shop.store.key(f"x#{experience}#participations#{shard}")
        rows = shop.store.query_all(Access("Activity", "experience", "by_experience", "at"), pk, Span())
        found |= {row["data"]["ticket"] for row in rows if row["data"].get("drawn")}
    return found


@pytest.mark.slow
def test_a_worker_killed_after_any_write_leaves_a_draw_that_ends_the_same(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    entrants = planted.people(shop, 5)
    place, writes = 0, [""]
    while len(writes) >= place:
        place += 1
        clock.shift(5)
        job = planted.started(shop.store, planted.giveaway(shop, entrants), alternates=1)
        with killed_at(place) as writes:
            worker.run(shop.store, job.id)
        clock.shift(131)
        check(shop, planted.ended(shop.store, job.id, clock))
    assert place > 10
    assert writes.count("TransactWriteItems") == 3  # the code and two winners


@pytest.mark.slow
def test_trouble_at_any_call_changes_nothing(shop: Shop, clock: time_machine.Traveller) -> None:
    entrants = planted.people(shop, 4)
    struck = set()
    for place, kind in _trouble(shop, clock, entrants):
        clock.shift(5)
        job = planted.started(shop.store, planted.giveaway(shop, entrants))
        with faults.at(place, kind) as fault, suppress(*faults.TROUBLE):
            worker.run(shop.store, job.id)
        struck.add(f"{kind} {fault.hit}")
        clock.shift(131)
        check(shop, planted.ended(shop.store, job.id, clock))
    assert {"lost TransactWriteItems", "conflict TransactWriteItems", "lost PutItem", "broken Query"} <= struck


def _trouble(shop: Shop, clock: time_machine.Traveller, entrants: list[str]) -> list[tuple[int, faults.Kind]]:
    """Each write is refused and loses its answer; each third read fails."""
    job = planted.started(shop.store, planted.giveaway(shop, entrants))
    with faults.at(10_000, "broken") as fault:
        worker.run(shop.store, job.id)
    found: list[tuple[int, faults.Kind]] = []
    for place, operation in enumerate(fault.calls, 1):
        if operation in WRITES:
            found += [(place, "conflict"), (place, "lost")]
        elif place % 3 == 0:
            found.append((place, "broken"))
    return found


def test_many_slices_make_the_same_draw_as_one(shop: Shop, clock: time_machine.Traveller, monkeypatch: Any) -> None:
    monkeypatch.setattr(worker, "SLICE_MS", -1)  # always late
    entrants = planted.people(shop, 5)
    job = planted.started(shop.store, planted.giveaway(shop, entrants), alternates=1)
    slices = 0
    while (found := jobs.read(shop.store, job.id)) and found.state in jobs.OPEN:
        worker.run(shop.store, job.id)
        slices += 1
    assert found and slices > 2
    check(shop, found)


def test_a_message_that_comes_twice_draws_once(shop: Shop, clock: time_machine.Traveller) -> None:
    job = planted.started(shop.store, planted.giveaway(shop, planted.people(shop, 4)))
    ended = planted.ended(shop.store, job.id, clock)
    worker.run(shop.store, job.id)
    check(shop, ended)


def test_draws_of_one_giveaway_take_one_code_each(shop: Shop, clock: time_machine.Traveller) -> None:
    entrants = planted.people(shop, 5)
    experience = planted.giveaway(shop, entrants)
    first, second = (planted.started(shop.store, experience) for _ in range(2))
    with faults.before("TransactWriteItems", lambda: planted.ended(shop.store, second.id, clock)):
        planted.ended(shop.store, first.id, clock)
    numbers = []
    for job in (first, second):
        found = jobs.read(shop.store, job.id)
        assert found
        draw = planted.drawn(shop.store, found)
        planted.verified(shop.store, draw)
        numbers.append((draw.commitment or {})["number"])
    assert sorted(numbers) == [1, 2]


def test_the_list_is_the_same_however_small_its_pages(shop: Shop, monkeypatch: Any) -> None:
    from chalicelib.promotions import entrants
    from chalicelib.store.tenancy import Store

    experience = planted.giveaway(shop, planted.people(shop, 3) * 30)
    draw = planted.drawn(shop.store, planted.started(shop.store, experience))
    whole = [at for page in entrants.pages(shop.store, draw) for at in page]
    assert whole == sorted(whole) and len(whole) == 90
    query = Store.query
    monkeypatch.setattr(Store, "query", lambda *a, **more: query(*a, **{**more, "limit": 3}))
    pages = list(entrants.pages(shop.store, draw))
    assert [at for page in pages for at in page] == whole
    assert len(pages) > 5
    assert [at for page in entrants.pages(shop.store, draw, whole[40]) for at in page] == whole[41:]
    assert wire.client()
