"""The day's one receipt of what expired with customers, whatever happens to the run that makes it."""

from contextlib import suppress
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.jobs import daily, sweep
from chalicelib.store import expired, overdue, receipts
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Store
from tests import faults
from tests.accountability.conftest import ACME, verdict
from tests.world import World

DAY = 86_400


@pytest.fixture(autouse=True)
def _nothing_to_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "tenants", lambda: iter(()))


def issued(store: Store = ACME) -> list[Any]:
    return receipts.newest_first(store, Horizons(), None, 100)[0]


def test_a_day_of_expiry_is_one_receipt_after_its_end(clock: Traveller, world: World) -> None:
    receipts.count_expired(ACME, {"customers": 1, "consents": 3})
    receipts.count_expired(ACME, {"customers": 1, "files": 2})
    receipts.count_expired(Store("other"), {"customers": 5})
    daily.run()
    assert issued() == []
    clock.shift(DAY)
    daily.run()
    [receipt] = issued()
    assert receipt["counts"] == {"customers": 2, "consents": 3, "files": 2}
    assert (receipt["reason"], receipt["role"], receipt["subject"]) == ("expiry", "", None)
    assert (receipt["requested_at"], receipt["completed_at"]) == (
        "2030-05-21T00:00:00.000Z",
        "2030-05-22T00:00:00.000Z",
    )
    assert [one["counts"] for one in issued(Store("other"))] == [{"customers": 5}]
    assert world.get(f"/v1/receipts/{receipt['id']}").ok() == receipt


def test_nothing_expired_is_no_receipt(clock: Traveller, world: World) -> None:
    clock.shift(DAY)
    daily.run()
    assert issued() == []
    receipts.count_expired(ACME, {})
    clock.shift(DAY)
    daily.run()
    assert issued() == []


def test_runs_twice_and_missed_runs_make_no_difference(clock: Traveller, world: World) -> None:
    for _ in range(3):
        receipts.count_expired(ACME, {"customers": 1})
        clock.shift(DAY)
    daily.run()
    daily.run()
    assert [one["counts"] for one in issued()] == [{"customers": 1}] * 3
    assert list(expired.days_due()) == []
    assert verdict(world)["ok"]


def test_what_comes_after_the_day_was_closed_counts_for_the_next(clock: Traveller, world: World) -> None:
    """A function whose clock is behind the one that closes days."""
    receipts.count_expired(ACME, {"customers": 1})
    clock.shift(DAY)
    daily.run()
    clock.shift(-DAY)
    receipts.count_expired(ACME, {"customers": 7})
    clock.shift(2 * DAY)
    daily.run()
    assert [one["counts"] for one in issued()] == [{"customers": 7}, {"customers": 1}]


@pytest.mark.slow
def test_trouble_at_each_call_ends_in_one_receipt(
    clock: Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "_look_for_overdue", lambda: None)  # it reads, in a hundred calls
    tenants = iter(range(10_000))

    def prepare() -> Store:
        store = Store(f"t{next(tenants)}")
        receipts.count_expired(store, {"customers": 2})
        clock.shift(DAY)
        return store

    def work(_: Store) -> None:
        with suppress(daily.Unfinished):
            daily.run()

    def check(store: Store) -> None:
        assert [one["counts"] for one in issued(store)] == [{"customers": 2}]
        assert list(expired.days_due()) == []

    struck = faults.everywhere(prepare, work, check)
    assert {one.split()[1] for one in struck} == {"Query", "UpdateItem", "GetItem", "TransactWriteItems"}


def test_trouble_with_looking_for_what_is_overdue_is_told_and_keeps_no_receipt_back(
    clock: Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts.count_expired(ACME, {"customers": 2})
    clock.shift(DAY)

    def refuse(*_: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(overdue, "of_tables", refuse)
    with pytest.raises(daily.Unfinished):
        daily.run()
    assert [one["counts"] for one in issued()] == [{"customers": 2}]


def test_one_tenants_trouble_does_not_keep_the_others_from_theirs(
    clock: Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tenant in ("acme", "bad", "other"):
        receipts.count_expired(Store(tenant), {"customers": 1})
    clock.shift(DAY)
    real = receipts.issue

    def issue(store: Store, receipt: receipts.Receipt) -> Any:
        if store.tenant == "bad":
            raise RuntimeError
        return real(store, receipt)

    monkeypatch.setattr(receipts, "issue", issue)
    with pytest.raises(daily.Unfinished):
        daily.run()
    assert [len(issued(Store(tenant))) for tenant in ("acme", "bad", "other")] == [1, 0, 1]
    monkeypatch.setattr(receipts, "issue", real)
    daily.run()
    assert [len(issued(Store(tenant))) for tenant in ("acme", "bad", "other")] == [1, 1, 1]


def test_the_day_also_starts_the_sweep_of_each_tenant(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(sweep, "tenants", lambda: iter(("acme", "other")))
    monkeypatch.setattr(sweep, "start", lambda store: started.append(store.tenant))
    daily.run()
    assert started == ["acme", "other"]


def test_the_schedule_reaches_the_days_work(clock: Traveller, world: World) -> None:
    import app
    from local import events
    from local.context import Context

    receipts.count_expired(ACME, {"customers": 1})
    clock.shift(DAY)
    app.daily(events.scheduled_event("daily"), Context("daily", 60))
    assert len(issued()) == 1
