"""Writes that are safe to send twice: which call wrote a record, kept as keyed hashes for 24 hours, never the answer."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from chalicelib import clock
from chalicelib.settings import settings
from chalicelib.store.tables import Control, Record
from chalicelib.store.tenancy import Row, Store, Transaction

KEPT_S = 24 * 3600


@dataclass(frozen=True)
class Call:
    """One event of one call: keyed hashes of its idempotency key and of the body it came with."""

    key: str
    body: str

    @property
    def mark(self) -> str:
        """What a record carries that this call wrote."""
        return f"{self.key}:{self.body}"

    def wrote(self, mark: str | None) -> bool:
        """Whether a record with this mark came from the same call. Raises KeyReused if from another body."""
        key, _, body = (mark or "").partition(":")
        if key != self.key:
            return False
        if body != self.body:
            raise KeyReused
        return True


class KeyReused(Exception):
    """The key came before, with another body."""


def call_of(store: Store, key: str, event: int, body: bytes) -> Call:
    return Call(_hash(store, f"{key}#{event}"), _hash(store, body.decode("utf-8", "replace")))


def remember(store: Store, transaction: Transaction, call: Call, outcome: str, record: Record) -> None:
    """Written with the record, so that a concurrent duplicate finds the outcome and not a lock."""
    row = Control(*_place(store, call), data={"body": call.body, "outcome": outcome, "pk": record.pk, "sk": record.sk})
    row.expires_at = clock.now_s() + KEPT_S
    transaction.put(row, Control.pk.does_not_exist() | (Control.expires_at <= clock.now_s()))


def recall(store: Store, call: Call) -> dict[str, Any] | None:
    """What the call did before: {outcome, pk, sk}. Raises KeyReused."""
    row: Row | None = store.get("Control", *_place(store, call))
    if row is None or row["expires_at"] <= clock.now_s():
        return None
    if not hmac.compare_digest(row["data"]["body"], call.body):
        raise KeyReused
    return dict(row["data"])


def _place(store: Store, call: Call) -> tuple[str, str]:
    return store.key(f"idem#{call.key}"), "idem"


def _hash(store: Store, text: str) -> str:
    digest = hmac.new(settings().sealing_keys[0], f"{store.tenant}\n{text}".encode(), hashlib.sha256)
    return digest.hexdigest()[:32]
