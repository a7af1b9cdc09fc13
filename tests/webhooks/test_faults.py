"""Trouble at each call of the store: an event is told at least once, under one id, and nobody is left half changed."""

from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from chalicelib.jobs.changes import on_changes
from chalicelib.store import alive, webhooks
from chalicelib.store import deliveries as stored
from chalicelib.store.tenancy import Store
from chalicelib.store.webhooks import Target
from chalicelib.webhooks import calls
from tests import faults
from tests.webhooks.calling import changes, deliveries, listen
from tests.webhooks.receiving import Receiver
from tests.world import World

STORE = Store("acme")
numbers = count()
TARGET = Target("https://shop.example/", ["customer.registered"])


def sign_in(world: World) -> list[Any]:
    """The stream records of somebody who signed in; the last two of the stream are theirs."""
    email = f"guest{next(numbers)}@example.com"
    who = world.collect("sign-ins", email=email).ok()["customer_id"]
    told = [one for batch in changes(handed=True) for one in batch["Records"]]
    return [one for one in told if who in str(one["dynamodb"]["Keys"])]


def tell(records: list[Any]) -> set[str]:
    """Answers which are to come again."""
    answer = on_changes({"Records": records})
    return {one["itemIdentifier"] for one in answer["batchItemFailures"]}


def of(records: list[Any], webhook: Any) -> list[stored.Delivery]:
    """The deliveries about who signed in."""
    [ours] = [one for one in records if one["dynamodb"]["NewImage"]["sk"]["S"] == "customer"]
    who = ours["dynamodb"]["NewImage"]["customer_id"]["S"]
    found, _ = stored.newest_first(STORE, webhook["id"], None, 1000)
    return [one for one in found if one.data["id"] == who]


def test_a_change_is_told_whatever_the_store_does_or_comes_again(world: World, receiver: Receiver) -> None:
    """What is to come again comes again, and nothing else."""
    webhook = listen(world, receiver)

    def work(records: list[Any]) -> None:
        left = tell([one for one in records if "done" not in one])
        for record in records:
            record |= {} if record["dynamodb"]["SequenceNumber"] in left else {"done": True}

    def check(records: list[Any]) -> None:
        assert len(of(records, webhook)) == 1

    struck = faults.everywhere(lambda: sign_in(world), work, check)
    assert "lost PutItem" in struck and "throttled Query" in struck


def test_who_cannot_put_it_into_the_outbox_says_which_change_is_to_come_again(world: World, receiver: Receiver) -> None:
    listen(world, receiver)
    records = sign_in(world)
    [ours] = [one for one in records if one["dynamodb"]["NewImage"]["sk"]["S"] == "customer"]
    with faults.at(1, "broken", lasting=True):
        assert tell(records) == {ours["dynamodb"]["SequenceNumber"]}
    assert tell(records) == set()


@pytest.mark.slow
@pytest.mark.parametrize("status", [200, 500])
def test_an_attempt_comes_to_its_end_whatever_the_store_does(
    world: World, receiver: Receiver, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = listen(world, receiver, include=["email"])
    receiver.always = status
    monkeypatch.setattr(calls, "LEASE_MS", -1)  # the second attempt need not wait for the first one's lease

    def prepare() -> str:
        records = sign_in(world)
        tell(records)
        [delivery] = of(records, webhook)
        return delivery.id

    def work(id: str) -> None:
        calls.attempt(STORE, webhook["id"], id)

    def check(id: str) -> None:
        assert [told.id for told in receiver.calls].count(id) in (1, 2)
        found = stored.read(STORE, webhook["id"], id)
        assert found
        assert (found.state, found.status) == ("delivered" if status == 200 else "waiting", status)

    struck = faults.everywhere(prepare, work, check)
    assert "lost PutItem" in struck


def test_a_webhook_is_made_with_its_note_or_can_be_made_again(world: World) -> None:
    def prepare() -> None:
        for one in webhooks.all_of(STORE):
            webhooks.delete(STORE, one.id)

    def check(_: None) -> None:
        assert webhooks.all_of(STORE)
        assert alive.horizons(STORE).webhooks

    struck = faults.everywhere(prepare, lambda _: webhooks.create(STORE, TARGET, "tests"), check)
    assert "lost PutItem" in struck


def test_a_webhook_that_stands_is_noted_though_its_maker_got_no_answer(world: World) -> None:
    """Whoever does not try again has none, or one that is called."""
    for kind in faults.KINDS:
        for place in range(1, 8):
            for one in webhooks.all_of(STORE):
                webhooks.delete(STORE, one.id)
            with faults.at(place, kind), suppress(*faults.TROUBLE):
                webhooks.create(STORE, TARGET, "tests")
            assert alive.horizons(STORE).webhooks or not webhooks.all_of(STORE)


def test_a_webhook_is_deleted_with_its_note(world: World) -> None:
    def check(id: str) -> None:
        assert webhooks.all_of(STORE) == []
        assert not alive.horizons(STORE).webhooks

    prepare = lambda: webhooks.create(STORE, TARGET, "tests").id  # noqa: E731
    faults.everywhere(prepare, lambda id: webhooks.delete(STORE, id), check)


def test_a_job_that_ends_and_what_is_told_of_it_are_written_together(world: World, receiver: Receiver) -> None:
    """Whoever ends a job anew after trouble tells of it under the same id."""
    from dataclasses import replace

    from chalicelib.jobs import worker
    from chalicelib.store import jobs

    webhook = listen(world, receiver, "export.ready")

    def prepare() -> Any:
        job = jobs.create(STORE, "export", "tests", {"kind": "coupons", "format": "csv"})
        return jobs.save(STORE, replace(job, state="running"))

    def work(job: Any) -> None:
        now = jobs.read(STORE, job.id)
        if now and now.state == "running":
            worker._release(STORE, replace(now, state="done", result={"rows": 1}))

    def check(job: Any) -> None:
        now = jobs.read(STORE, job.id)
        assert now and now.state == "done"
        told = [one for one in deliveries(world, webhook["id"], limit=100) if one["data"]["id"] == job.id]
        assert len(told) == 1

    faults.everywhere(prepare, work, check)
