"""Writes that are safe to send twice: which call wrote a record, as keyed hashes for 24 hours, never the answer.

What names the record is sealed, since a record's key names its customer; when a customer is erased, it goes, too."""

from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock, cursors
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Control, Item
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction

KEPT_S = 24 * 3600
ERASED = "erased"
PURPOSE = "idempotency"


@dataclass(frozen=True)
class Call:
    """One event of one call: keyed hashes of its idempotency key and of what was asked, and which event it is."""

    key: str
    body: str
    place: str = "0"

    @property
    def name(self) -> str:
        return f"{self.key}.{self.place}"

    @property
    def mark(self) -> str:
        """What a record carries that this call wrote: who and when."""
        return f"{self.name}:{self.body}:{clock.now_s()}"

    def event(self, place: int) -> "Call":
        return replace(self, place=str(place))

    def part(self, number: int) -> "Call":
        """For an event that needs several transactions, each remembered by itself."""
        return replace(self, place=f"{self.place}-{number}") if number else self

    def wrote(self, mark: str | None) -> bool:
        """Whether a record with this mark came from the same call. Raises KeyReused if from another body."""
        if mark is None:
            return False
        name, body, written = mark.split(":")
        if name != self.name or int(written) + KEPT_S <= clock.now_s():
            return False
        if body != self.body:
            raise KeyReused
        return True


class KeyReused(Exception):
    """The key came before, with another body."""


class Erased(Exception):
    """What the call recorded was erased with its customer."""


def call_of(store: Store, key: str, route: str, body: bytes) -> Call:
    return Call(store.keyed_hash(key.encode()), store.keyed_hash(route.encode() + b"\n" + body))


def remember(
    store: Store, transaction: Transaction, call: Call, outcome: str, record: Item | None = None, **told: str
) -> None:
    """Written with the record, so that a concurrent duplicate finds the outcome and not a lock. `told` is answered
    again, too: ids of ours, nothing of a person."""
    data: dict[str, Any] = {"body": call.body, "outcome": outcome, **told}
    if record is not None:
        data["record"] = cursors.seal(f"{store.partition(record.pk)}\n{record.sk}", store.tenant, PURPOSE)
    row = Control(*_place(store, call.key, call.place), data=data, expires_at=clock.now_s() + KEPT_S)
    transaction.put(row, Control.pk.does_not_exist() | (Control.expires_at <= clock.now_s()))


def recall(store: Store, call: Call, consistent: bool = True) -> Row | None:
    """What the call did before: {outcome, pk, sk}. Raises KeyReused and Erased."""
    row = store.get("Control", *_place(store, call.key, call.place), consistent=consistent)
    return _done(store, row, call) if row and row["expires_at"] > clock.now_s() else None


def recall_any(store: Store, call: Call) -> Row | None:
    """What some event of the call did before; half a read unit. Raises KeyReused and Erased."""
    rows = store.query_all(Access("Control"), _place(store, call.key, call.place)[0], Span())
    done = [_done(store, row, call) for row in rows if row["expires_at"] > clock.now_s()]
    return done[0] if done else None


def bury(store: Store, mark: str | None) -> None:
    """The call that left this mark on a record that goes is answered with `erased` from now on, for the rest of its 24
    hours: one write unit. Safe to repeat."""
    parts = mark.split(":") if mark else []
    if len(parts) != 3 or int(parts[2]) + KEPT_S <= clock.now_s():
        return
    name, body, written = parts
    key, _, place = name.partition(".")
    row = Control(*_place(store, key, place), data={"body": body, "outcome": ERASED}, expires_at=int(written) + KEPT_S)
    is_its_own = (Control.data["body"] == body) | (Control.expires_at <= clock.now_s())
    accepted(lambda: store.put(row, Control.pk.does_not_exist() | is_its_own))


def _done(store: Store, row: Row, call: Call) -> Row:
    data: Row = row["data"]
    if data["body"] != call.body:
        raise KeyReused
    if data["outcome"] == ERASED:
        raise Erased
    if "record" not in data:
        return data
    partition, _, sk = cursors.unseal(data["record"], store.tenant, PURPOSE).partition("\n")
    return {**data, "pk": store.key(partition), "sk": sk}


def _place(store: Store, key: str, place: str) -> tuple[str, str]:
    return store.key(f"idem#{key}"), place
