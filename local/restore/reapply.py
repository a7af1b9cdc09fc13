"""Taking out of a restored table what must not come back: row by row, so that whoever is killed begins again and gets
to the same end. Until a pass finds nothing more."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.settings import settings, variable
from chalicelib.store import wire
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Row, Store, in_parallel
from local.restore import spent
from local.restore.fates import FATES
from local.restore.gone import Gone

PASSES = 3
PAGE = 500

Say = Callable[[str], object]


class Unfinished(Exception):
    """Something was found after the last pass, too: somebody writes to the table."""


def reapply(table: str, to: int, old: str | None = None, say: Say = print) -> Counter[str]:
    """How many rows went, by why. `settings` must name the restored table; `old` is the one it may replace, from which
    codes learn what was given out since. Reads the whole table, twice at least. Raises Unfinished."""
    total: Counter[str] = Counter()
    for _ in range(PASSES):
        found = _pass(table, to, old, say)
        if not found:
            return total
        total += found
    raise Unfinished(", ".join(f"{why}: {count}" for why, count in found.items()))


@contextmanager
def in_place_of(table: str, name: str) -> Iterator[None]:
    """What works with that table works with the one of this name meanwhile."""
    before = os.environ[variable(table)]
    os.environ[variable(table)] = name
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ[variable(table)] = before
        settings.cache_clear()


def rows(table: str) -> Iterator[list[Row]]:
    """All of a table, a page at a time: this is an operator's tool, the service itself never scans."""
    asked: dict[str, Any] = {"TableName": settings().tables[table], "ConsistentRead": True, "Limit": PAGE}
    while asked:
        answer = wire.client().scan(**asked)
        yield [plain_item(item) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        asked = {**asked, "ExclusiveStartKey": last} if last else {}


def _pass(table: str, to: int, old: str | None, say: Say) -> Counter[str]:
    tenants: dict[str, Gone] = {}
    found: Counter[str] = Counter()
    read = 0
    for page in rows(table):
        fates = [fate for row in page if (fate := FATES[table](_of(tenants, row, to), row))]
        if old and table == "Codes":
            fates += spent.fates(page, old, tenants)
        in_parallel(lambda fate: fate.act(), fates)
        found.update(fate.why for fate in fates)
        read += len(page)
        say(f"{read} rows read, {found.total()} changed")
    return found


def _of(tenants: dict[str, Gone], row: Row, to: int) -> Gone:
    tenant = row["pk"].partition("#")[0]
    if tenant not in tenants:
        tenants[tenant] = Gone(Store(tenant), to)
    return tenants[tenant]
