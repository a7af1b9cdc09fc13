"""What the streams saw go: removed records counted per tenant, kind, day and cause, in one small row a day.

Statistics, not proof (receipts are): a batch that is delivered again after the function died is counted again, and one
whose row could not be written is missing.
"""

from collections import Counter, defaultdict
from typing import Any

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.store.failures import retrying
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Span, Store
from chalicelib.telemetry import log

KEPT_DAYS = 180
TTL = "dynamodb.amazonaws.com"  # who DynamoDB says removed what had expired
CAUSES = ("ttl", "deleted")


def count(records: list[dict[str, Any]]) -> None:
    """Of the records of a stream batch, those that removed a row of some kind: one write unit per tenant. Give it what
    was followed up to the first failure, since that is what is not delivered again. Never raises for storage: a tally
    must not hold up an erasure."""
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        tenant, kind = _removed(record)
        if kind in KINDS:
            cause = "ttl" if (record.get("userIdentity") or {}).get("principalId") == TTL else "deleted"
            tallies[tenant][f"{cause}_{kind}"] += 1
    for tenant, counts in tallies.items():
        try:
            _add(Store(tenant), counts)
        except Exception:
            log.exception("a tally of removed records was not written")


def of_days(store: Store, days: int) -> dict[str, dict[str, dict[str, int]]]:
    """{kind: {day: {ttl: n, deleted: n}}} of the last days; at most one row a day is read."""
    first = clock.day(clock.now_ms()) - days + 1
    rows = store.query_all(Access("Control"), store.key("removed"), Span(f"{first:06}"))
    found: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in KINDS}
    for row in rows:
        day = clock.rfc3339(int(row["sk"]) * clock.DAY_MS)[:10]
        for kind in KINDS:
            counts = {cause: row[f"{cause}_{kind}"] for cause in CAUSES if f"{cause}_{kind}" in row}
            if counts:
                found[kind][day] = counts
    return found


def _removed(record: dict[str, Any]) -> tuple[str, str]:
    """Tenant and kind as the row's feed names them (the log is its own feed); of what lies beside records, such as
    search entries, links and claims, no kind."""
    if record["eventName"] != "REMOVE":
        return "", ""
    image = record["dynamodb"].get("OldImage", {})
    feed = image.get("feed") or image.get("pk") or {"S": ""}
    tenant, _, rest = feed["S"].partition("#")
    return tenant, rest.partition("#")[0]


def _add(store: Store, counts: Counter[str]) -> None:
    now = clock.now_ms()
    actions: list[Action] = [Path([name]).add(count) for name, count in counts.items()]
    actions.append(Control.expires_at.set(now // 1000 + KEPT_DAYS * clock.DAY_S))
    item = Control(store.key("removed"), f"{clock.day(now):06}")
    retrying(lambda: store.update(item, actions))
