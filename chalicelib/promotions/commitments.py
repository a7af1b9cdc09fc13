"""What a giveaway promises before anybody enters: the fingerprint of a secret from which all its draws follow."""

import secrets
from dataclasses import dataclass
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib import clock, cursors
from chalicelib.promotions import order
from chalicelib.store.failures import is_condition
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction

ROWS = Span.prefix("seed#")


@dataclass(frozen=True)
class Commitment:
    """`used` codes were handed to draws so far, the first one first."""

    sha256: str
    committed_at: int
    used: int
    sealed: str

    def code(self, store: Store, experience: str, giveaway: str, number: int) -> bytes:
        secret = cursors.unseal(self.sealed, *_purpose(store, experience, giveaway))
        return order.code_of(bytes.fromhex(secret), number)


def commit(store: Store, experience: str, giveaways: list[str]) -> dict[str, Commitment]:
    """Commits to those that have no commitment yet, and answers all of the experience. A commitment never changes."""
    present = all_of(store, experience)
    missing = [giveaway for giveaway in giveaways if giveaway not in present]
    for giveaway in missing:
        _commit(store, experience, giveaway)
    return all_of(store, experience) if missing else present


def all_of(store: Store, experience: str) -> dict[str, Commitment]:
    """By giveaway, those that are no longer in the document included: one read unit for about 20 of them."""
    rows = store.query_all(Access("Control"), store.key(f"x#{experience}"), ROWS, consistent=True)
    return {row["sk"].removeprefix("seed#"): _commitment(row) for row in rows}


def read(store: Store, experience: str, giveaway: str) -> Commitment | None:
    row = store.get("Control", *_place(store, experience, giveaway))
    return _commitment(row) if row else None


def take(store: Store, transaction: Transaction, experience: str, giveaway: str, used: int) -> None:
    """Add to the transaction that the next code is a draw's, provided nobody took it meanwhile."""
    row = Control(*_place(store, experience, giveaway))
    transaction.update(row, [Control.data["used"].set(used + 1)], Control.data["used"] == used)


def _commit(store: Store, experience: str, giveaway: str) -> None:
    secret = secrets.token_bytes(32)
    sealed = cursors.seal(secret.hex(), *_purpose(store, experience, giveaway))
    data: dict[str, Any] = {"sealed": sealed, "sha256": order.commitment(secret).hex()}
    data |= {"committed_at": clock.now_ms(), "used": 0}
    try:
        store.put(Control(*_place(store, experience, giveaway), data=data), Control.pk.does_not_exist())
    except PutError as error:
        if not is_condition(error):
            raise


def _commitment(row: Row) -> Commitment:
    data = row["data"]
    return Commitment(data["sha256"], data["committed_at"], data["used"], data["sealed"])


def _place(store: Store, experience: str, giveaway: str) -> tuple[str, str]:
    return store.key(f"x#{experience}"), f"seed#{giveaway}"


def _purpose(store: Store, experience: str, giveaway: str) -> tuple[str, ...]:
    return store.tenant, "seed", experience, giveaway
