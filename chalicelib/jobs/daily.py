"""What is done once a day: the receipt of what expired with customers, and the sweep of what nobody refers to."""

import hashlib
from collections.abc import Callable
from functools import partial

from chalicelib import clock
from chalicelib.jobs import sweep
from chalicelib.store import expired, keys, receipts
from chalicelib.store.receipts import Receipt
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log


class Unfinished(Exception):
    """Some of the day's work failed and is to be tried again; the rest was done."""


def run() -> None:
    """Safe to repeat and to miss. Raises Unfinished."""
    work: list[Callable[[], object]] = [partial(_certify, Store(tenant), day) for tenant, day in expired.days_due()]
    work += [partial(sweep.start, Store(tenant)) for tenant in sweep.tenants()]
    failed = sum(not _succeeds(one) for one in work)
    if failed:
        raise Unfinished(failed)


def _succeeds(work: Callable[[], object]) -> bool:
    try:
        work()
    except Exception:
        log.exception("a part of the day's work failed")
        return False
    return True


def receipt_id(store: Store, day: int) -> str:
    """The same each time, and of the day's end as other receipts' ids are of their job's time."""
    digest = hashlib.sha256(f"{store.tenant}\n{day}".encode()).hexdigest()
    return keys.time_prefix((day + 1) * clock.DAY_MS - 1) + digest[:20]


def _certify(store: Store, day: int) -> None:
    counts = expired.close(store, day)
    end = (day + 1) * clock.DAY_MS
    if counts:
        receipts.issue(store, Receipt(receipt_id(store, day), "expiry", "", end - clock.DAY_MS, end, counts))
    expired.settle(store, day)
