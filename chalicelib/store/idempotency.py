"""Writes that are safe to send twice: which call wrote a record, as keyed hashes for 24 hours, never the answer."""

from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.store.tables import Control, Item
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction

KEPT_S = 24 * 3600


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


def call_of(store: Store, key: str, route: str, body: bytes) -> Call:
    return Call(store.keyed_hash(key.encode()), store.keyed_hash(route.encode() + b"\n" + body))


def remember(store: Store, transaction: Transaction, call: Call, outcome: str, record: Item) -> None:
    """Written with the record, so that a concurrent duplicate finds the outcome and not a lock."""
    data = {"body": call.body, "outcome": outcome, "pk": record.pk, "sk": record.sk}
    row = Control(*_place(store, call), data=data, expires_at=clock.now_s() + KEPT_S)
    transaction.put(row, Control.pk.does_not_exist() | (Control.expires_at <= clock.now_s()))


def recall(store: Store, call: Call) -> Row | None:
    """What the call did before: {outcome, pk, sk}. Raises KeyReused."""
    row = store.get("Control", *_place(store, call))
    return _done(row, call) if row and row["expires_at"] > clock.now_s() else None


def recall_any(store: Store, call: Call) -> Row | None:
    """What some event of the call did before; half a read unit. Raises KeyReused."""
    rows = store.query_all(Access("Control"), _place(store, call)[0], Span())
    done = [_done(row, call) for row in rows if row["expires_at"] > clock.now_s()]
    return done[0] if done else None


def _done(row: Row, call: Call) -> Row:
    if row["data"]["body"] != call.body:
        raise KeyReused
    data: Row = row["data"]
    return data


def _place(store: Store, call: Call) -> tuple[str, str]:
    return store.key(f"idem#{call.key}"), call.place
