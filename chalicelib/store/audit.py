"""The audit log: who did what, when, to how much; of customers nothing but keyed hashes. Rows live 180 days in one
partition of Control, sorted by time."""

import hashlib
import re
from typing import Any

from chalicelib import clock
from chalicelib.store import keys
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store

KEPT_DAYS = 180
HOUR_MS = 3_600_000
BUDGET = 1000  # rows that one request reads to find an action
ACTIONS = (
    "export.created",
    "export.downloaded",
    "export.shown",
    "customer.revealed",
    "file.opened",
    "record.deleted",
    "kind.cleared",
    "customer.erased",
    "customer.rectified",
    "package.created",
    "package.downloaded",
    "proofs.read",
    "receipts.searched",
    "settings.changed",
    "key.made",
    "key.revoked",
    "experience.changed",
    "import.created",
    "import.downloaded",
    "import.taken_back",
    "draw.created",
    "draw.revealed",
    "winner.replaced",
    "winner.changed",
    "webhook.created",
    "webhook.changed",
    "webhook.deleted",
)
_TIME_ORDERED = re.compile(r"[0-9a-f]{32}")


def note(
    store: Store,
    by: str,
    action: str,
    *,
    role: str = "",
    kind: str | None = None,
    experience: str | None = None,
    customer_id: str | None = None,
    count: int | None = None,
    details: dict[str, Any] | None = None,
    id: str | None = None,
) -> None:
    """One row, one write unit. `details` are numbers, names of ours and ids, never what a chat or a person typed.

    With `id`, one row for the same caller, action and customer: for ever if it is a job's id, else within an hour.
    Write it before you answer what it tells of; if it fails, so does the answer."""
    if action not in ACTIONS:
        raise ValueError(action)
    now = clock.now_ms()
    customer = customer_hash(store, customer_id) if customer_id else None
    told: Row = {"by": by, "role": role, "action": action, "kind": kind, "experience": experience, "customer": customer}
    told |= {"count": count, "details": details, "at": now}
    sk = _once(id, by, action, customer or "", now) if id else keys.time_ordered_id(now)
    row = Control(store.key("audit"), sk, data={name: value for name, value in told.items() if value not in (None, "")})
    row.expires_at = now // 1000 + KEPT_DAYS * clock.DAY_S
    accepted(lambda: store.put(row, Control.pk.does_not_exist()))


def customer_hash(store: Store, customer_id: str) -> str:
    """What stands for a customer wherever the id itself would name somebody."""
    return store.keyed_hash(b"customer\n" + customer_id.encode())


def page(
    store: Store, since: int, until: int, after: str | None, limit: int, action: str | None = None
) -> tuple[list[Row], str | None]:
    """Rows from `since` up to, not including, `until` (ms), newest first, and where to go on. An action is looked for
    among 1,000 rows a page, so a page may be short. Rows of once an hour lie at the beginning of theirs."""
    low = keys.time_prefix(since // HOUR_MS * HOUR_MS)
    high = keys.before(after or keys.time_prefix(until))
    ahead = BUDGET if action else limit
    read = store.query(Access("Control"), store.key("audit"), Span(low, high), limit=ahead, consistent=not action)
    kept = [row for row in read.rows if since <= row["data"]["at"] < until and _is_asked(row, action)]
    shown = sorted(kept[:limit], key=lambda row: (row["data"]["at"], row["sk"]), reverse=True)
    if len(kept) > limit:
        return shown, kept[limit - 1]["sk"]
    return shown, read.rows[-1]["sk"] if read.more and read.rows else None


def _is_asked(row: Row, action: str | None) -> bool:
    return row["expires_at"] > clock.now_s() and action in (None, row["data"]["action"])


def _once(id: str, by: str, action: str, customer: str, now: int) -> str:
    """A sort key that is the same each time: of a job's id its time, else the hour."""
    at = keys.time_of(id) if _TIME_ORDERED.fullmatch(id) else now // HOUR_MS * HOUR_MS
    digest = hashlib.sha256("\n".join((id, by, action, customer)).encode()).hexdigest()
    return keys.time_prefix(at) + digest[:20]
