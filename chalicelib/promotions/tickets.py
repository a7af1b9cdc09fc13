"""Which coupon is next: one row of the experience counts tickets, a write unit each, at any contention; tickets run
through the batches in their order, and whole batches that are cleared, expired or taken back are skipped at once.

A ticket says where to look, no more: that a coupon goes to one customer is the condition of the write that issues it.
So a ticket can be lost (then `burnt` finds its coupon) or given twice without harm."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.store import alive
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import Contended
from chalicelib.store.plain import typed
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Row, Store

KIND = KINDS["coupons"]
NAME = "tickets"
ATTEMPTS = 8
REMEMBERED = 4  # batches that are used up and still listed, so that adding one of them again is noticed


@dataclass(frozen=True)
class Batch:
    """The coupons of one import; its tickets are the `count` numbers from `first` on."""

    id: str
    first: int
    count: int
    created_at: int

    @property
    def end(self) -> int:
        return self.first + self.count

    def is_alive(self, experience: str, cleared: Horizons) -> bool:
        expired = alive.expiry(KIND, self.created_at) <= clock.now_s()
        return not expired and self.created_at > cleared.of(KIND, experience)


@dataclass(frozen=True)
class Ticket:
    number: int
    batch: Batch

    @property
    def ordinal(self) -> int:
        """Of the coupon in its batch."""
        return self.number - self.batch.first


@dataclass(frozen=True)
class Pool:
    """The row as it was read. Tickets below `taken` are given out, those below `swept` were looked after, there are
    none from `end` on; `low` says that the warning was given."""

    taken: int = 0
    end: int = 0
    swept: int = 0
    low: bool = False
    batches: tuple[Batch, ...] = ()
    version: int = 0

    def batch_of(self, number: int) -> Batch | None:
        return next((batch for batch in self.batches if batch.first <= number < batch.end), None)

    def free(self, experience: str, cleared: Horizons) -> int:
        """Tickets that are left, of batches that live."""
        living = (batch for batch in self.batches if batch.is_alive(experience, cleared))
        return sum(max(0, batch.end - max(batch.first, self.taken)) for batch in living)


def read(store: Store, experience: str) -> Pool:
    """One read unit."""
    row = store.get("Control", *_place(store, experience))
    return _pool(row["data"], row["version"]) if row else Pool()


def take(store: Store, experience: str, cleared: Horizons) -> tuple[Ticket, Pool] | None:
    """The next ticket and the pool after it, or None at the end. One write unit; dead batches cost two more, once.
    Raises Contended."""
    for _ in range(ATTEMPTS):
        pool = _counted(store, experience)
        if pool is None:
            return None
        batch = pool.batch_of(pool.taken - 1)
        if batch and batch.is_alive(experience, cleared):
            return Ticket(pool.taken - 1, batch), pool
        _skip(store, experience, pool, cleared)
    raise Contended(experience)


def add_batch(store: Store, experience: str, import_id: str, count: int, created_at: int) -> None:
    """Makes the coupons 0 … count - 1 of that import issuable, in one write. All of them must be stored with
    `created_at` (ms) as theirs. Safe to repeat. Raises Contended."""

    def add(pool: Pool) -> Pool:
        if count < 1 or any(batch.id == import_id for batch in pool.batches):
            return pool
        batch = Batch(import_id, pool.end, count, created_at)
        return replace(pool, end=batch.end, low=False, batches=(*_needed(pool), batch))

    _change(store, experience, add)


def remove_batch(store: Store, experience: str, import_id: str) -> None:
    """No more tickets for coupons of that import; what is issued stays so. Safe to repeat. Raises Contended."""

    def remove(pool: Pool) -> Pool:
        return replace(pool, batches=tuple(batch for batch in pool.batches if batch.id != import_id))

    _change(store, experience, remove)


def mark_swept(store: Store, experience: str, since: int, until: int) -> None:
    """The tickets from `since` to `until` were looked after."""
    swept = Control.data["swept"]
    accepted(lambda: store.update(reference(store, experience), [swept.set(until)], swept == since))


def reference(store: Store, experience: str) -> Control:
    return Control(*_place(store, experience))


def _counted(store: Store, experience: str) -> Pool | None:
    item, taken = reference(store, experience), Control.data["taken"]
    if not accepted(lambda: store.update(item, [taken.set(taken + 1)], taken < Control.data["end"])):
        return None
    return _pool(item.data, int(item.version or 0))


def _skip(store: Store, experience: str, pool: Pool, cleared: Horizons) -> None:
    """On to the next living batch, or to the end."""
    ahead = [batch.first for batch in pool.batches if batch.first >= pool.taken and batch.is_alive(experience, cleared)]
    target, taken = min([*ahead, pool.end]), Control.data["taken"]
    if target > pool.taken:
        accepted(lambda: store.update(reference(store, experience), [taken.set(target)], taken < target))


def _needed(pool: Pool) -> tuple[Batch, ...]:
    """Without batches that are used up and looked after, but for the last few."""
    over = [batch for batch in pool.batches if batch.end <= min(pool.taken, pool.swept)]
    forgotten = {batch.id for batch in over[:-REMEMBERED]}
    return tuple(batch for batch in pool.batches if batch.id not in forgotten)


def _change(store: Store, experience: str, change: Callable[[Pool], Pool]) -> None:
    """Changes the list of batches while tickets go on being counted."""
    for _ in range(ATTEMPTS):
        pool = read(store, experience)
        after = change(pool)
        if after == pool or _is_changed(store, experience, pool, after):
            return
    raise Contended(experience)


def _is_changed(store: Store, experience: str, pool: Pool, after: Pool) -> bool:
    data = {"end": after.end, "low": after.low, "batches": [_stored(batch) for batch in after.batches]}
    if not pool.version:
        item = Control(*_place(store, experience), data={"taken": 0, "swept": 0, **data}, version=1)
        return accepted(lambda: store.put(item, Control.pk.does_not_exist()))
    actions = [Control.data[name].set(typed(value)) for name, value in data.items()]
    actions.append(Control.version.set(pool.version + 1))
    return accepted(lambda: store.update(reference(store, experience), actions, Control.version == pool.version))


def _stored(batch: Batch) -> dict[str, Any]:
    return {"id": batch.id, "from": batch.first, "count": batch.count, "at": batch.created_at}


def _pool(data: Row, version: int) -> Pool:
    batches = tuple(Batch(one["id"], one["from"], one["count"], one["at"]) for one in data["batches"])
    return Pool(data["taken"], data["end"], data["swept"], data["low"], batches, version)


def _place(store: Store, experience: str) -> tuple[str, str]:
    return store.key(f"x#{experience}"), NAME
