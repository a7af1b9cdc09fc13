"""Receipts: proof that an erasure or a removal ran. Each names the digest of the one before, so none can be changed,
dropped or put in unnoticed; they hold counts, times and keyed hashes, never a person.

Found by number (the chain), by id and by subject. They are kept for the tenant's `receipt_months`, the oldest go first.
"""

import random
import re
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from chalicelib import clock
from chalicelib.kinds import policy_version
from chalicelib.store import alive
from chalicelib.store.alive import Horizons
from chalicelib.store.expired import count_expired as count_expired
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import Contended
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction
from chalicelib.verify_receipts import FIRST, digest

ATTEMPTS = 12
PAUSE_S = 0.05  # at most, after somebody else took the end of the chain
MOST_OF_ONE = 100  # receipts of one subject that a search answers
CHAIN = "receipts"
ID = re.compile(r"[0-9a-f]{32}")
START: Row = {"number": 0, "digest": FIRST, "issued_at": 0, "kept_until": 0}

Reason = Literal["erasure", "self_service", "expiry", "delete_all"]


@dataclass(frozen=True)
class Receipt:
    """What is certified. `id` is the job's; `role` of who asked; times in ms; `subject` from `subject_of`."""

    id: str
    reason: Reason
    role: str
    requested_at: int
    completed_at: int
    counts: dict[str, int] = field(default_factory=dict)
    subject: str | None = None
    kind: str | None = None
    experience: str | None = None


def subject_of(store: Store, identity: str) -> str:
    """What a receipt says instead of a person: the keyed hash of the normalised address."""
    return store.keyed_hash(_subject(identity))


def issue(store: Store, receipt: Receipt) -> Row:
    """The receipt as it stands in the chain; a second call with the same id answers the first one's. Four read and
    eight write units, six without a subject. Raises Contended after others took the chain's end many times."""
    kept_months = alive.horizons(store).receipt_months
    for _ in range(ATTEMPTS):
        if issued := by_id(store, receipt.id):
            return issued
        head = head_of(store)
        entry = _entry(receipt, head, kept_months)
        if accepted(lambda head=head, entry=entry: store.write(_chained(store, entry, head))):  # type: ignore[misc]
            return entry
        time.sleep(random.uniform(0, PAUSE_S))
    raise Contended(store.key(CHAIN))


def head_of(store: Store) -> Row:
    """The end of the chain: number and digest of the newest receipt, when it was issued (ms), how long kept (s)."""
    row = store.get("Control", store.key(CHAIN), "head")
    return row["data"] if row else START


def by_id(store: Store, receipt_id: str) -> Row | None:
    """Whether it is still kept is for the caller to ask (`is_kept`)."""
    pointer = store.get("Control", *_pointer(store, receipt_id))
    row = store.get("Control", store.key(CHAIN), position(pointer["data"]["number"])) if pointer else None
    return row["data"] if row else None


def is_kept(entry: Row, cleared: Horizons) -> bool:
    """Whether it is within the tenant's period, as it was then and as it is now. What is not is always the oldest."""
    issued_at, kept_until = (_ms(entry[name]) for name in ("issued_at", "kept_until"))
    return min(kept_until, clock.months_after(issued_at, cleared.receipt_months)) > clock.now_ms()


def newest_first(store: Store, cleared: Horizons, after: int | None, limit: int) -> tuple[list[Row], int | None]:
    """Receipts with numbers below `after`, and the number to go on after."""
    span = Span(position(0), position(after - 1) if after else "r#~")
    page = store.query(Access("Control"), store.key(CHAIN), span, limit=limit, consistent=True)
    kept = [row["data"] for row in page.rows if is_kept(row["data"], cleared)]
    goes_on = page.more and len(kept) == len(page.rows)
    return kept, kept[-1]["number"] if goes_on and kept else None


def of_subject(store: Store, identity: str, cleared: Horizons) -> list[Row]:
    """The receipts of one person, newest first."""
    numbers = []
    for subject in store.keyed_hashes(_subject(identity)):
        pk = store.key(f"subject#{subject}")
        page = store.query(Access("Control"), pk, Span(), limit=MOST_OF_ONE, consistent=True)
        numbers += [row["sk"] for row in page.rows]
    found = store.get_many("Control", [(store.key(CHAIN), number) for number in numbers], consistent=True)
    kept = [row["data"] for row in found.values() if is_kept(row["data"], cleared)]
    return sorted(kept, key=lambda entry: -entry["number"])


def position(number: int) -> str:
    return f"r#{number:012}"


def _entry(receipt: Receipt, head: Row, kept_months: int) -> Row:
    """Neither its time nor the end of its keeping is before that of the receipt before, so that those which are gone
    are always the oldest."""
    issued_at = max(clock.now_ms(), head["issued_at"])
    kept_until = max(clock.months_after(issued_at, kept_months) // 1000, head["kept_until"])
    times = {name: clock.rfc3339(getattr(receipt, name)) for name in ("requested_at", "completed_at")}
    entry: Row = {**asdict(receipt), **times, "number": head["number"] + 1, "policy": policy_version()}
    entry |= {"issued_at": clock.rfc3339(issued_at), "kept_until": clock.rfc3339_s(kept_until)}
    before = clock.rfc3339_s(head["kept_until"]) if head["number"] else None
    entry |= {"previous": head["digest"], "previous_kept_until": before}
    return {**entry, "digest": digest(entry)}


def _chained(store: Store, entry: Row, head: Row) -> Transaction:
    number, kept_until = entry["number"], _ms(entry["kept_until"]) // 1000
    end = {"number": number, "digest": entry["digest"], "issued_at": _ms(entry["issued_at"]), "kept_until": kept_until}
    transaction = Transaction()
    is_new = Control.pk.does_not_exist()
    is_last = Control.version == head["number"] if head["number"] else is_new
    transaction.put(Control(store.key(CHAIN), "head", data=end, version=number), is_last)
    transaction.put(Control(store.key(CHAIN), position(number), data=entry, expires_at=kept_until), is_new)
    by_id = Control(*_pointer(store, entry["id"]), data={"number": number}, expires_at=kept_until)
    transaction.put(by_id, is_new)
    if entry["subject"]:
        pk = store.key(f"subject#{entry['subject']}")
        transaction.put(Control(pk, position(number), expires_at=kept_until))
    return transaction


def _subject(identity: str) -> bytes:
    return b"subject\n" + identity.encode()


def _pointer(store: Store, receipt_id: str) -> tuple[str, str]:
    return store.key(f"receipt#{receipt_id}"), "receipt"


def _ms(time: Any) -> int:
    return clock.milliseconds(clock.parsed(time))
