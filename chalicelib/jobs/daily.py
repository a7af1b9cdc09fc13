"""What is done once a day: the receipt of what expired with customers, the sweep of what nobody refers to, and a look
whether everything that had to be gone is."""

import hashlib
from collections import Counter
from collections.abc import Callable
from functools import partial

from chalicelib import clock, metrics
from chalicelib.jobs import sweep
from chalicelib.settings import settings
from chalicelib.store import experiences, expired, keys, overdue, receipts
from chalicelib.store.receipts import Receipt
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

GRACE_MS = 2 * clock.DAY_MS


class Unfinished(Exception):
    """Some of the day's work failed and is to be tried again; the rest was done."""


def run() -> None:
    """Safe to repeat and to miss. Raises Unfinished."""
    work: list[Callable[[], object]] = [partial(_certify, Store(tenant), day) for tenant, day in expired.days_due()]
    work += [partial(sweep.start, Store(tenant)) for tenant in sweep.tenants()]
    work.append(_look_for_overdue)
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


def _look_for_overdue() -> None:
    """TTL deletes within two days, says AWS: a metric for each table tells what is there longer. One tenant costs at
    most 25 read units a day while nothing is overdue."""
    counts: Counter[str] = Counter()
    for tenant in experiences.tenants():
        found = overdue.of_tables(Store(tenant), GRACE_MS)
        counts.update(found)
        if found.total():
            log.warning("%s records of tenant %s had to be gone two days ago", found.total(), tenant)
    for table in settings().tables:
        metrics.count("OverdueRecords", counts[table], table=table)


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
