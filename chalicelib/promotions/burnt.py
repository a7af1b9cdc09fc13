"""Tickets that were taken while their coupons stayed free: those that are known to be unused are given back at once,
those of requests that died are found by looking after each block of tickets when the next but one is begun. They are
given out once more before anybody hears that there are none left."""

from dataclasses import dataclass

from chalicelib import clock
from chalicelib.promotions import coupons, tickets
from chalicelib.promotions.tickets import Batch, Pool, Ticket
from chalicelib.store import alive
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Key, Row, Span, Store, in_parallel

BLOCK = 1000
FEW = 25
SETTLED_MS = 300_000  # after so long an index has all that was brought in


@dataclass(frozen=True)
class Returned:
    """A row of a ticket that can be given out again; it stays until its coupon is known to be nobody's no more."""

    item: Control
    ticket: Ticket


def give_back(store: Store, experience: str, ticket: Ticket) -> None:
    """One write unit. Safe to repeat."""
    batch = ticket.batch
    data = {"id": batch.id, "from": batch.first, "count": batch.count, "at": batch.created_at}
    expires_at = alive.expiry(coupons.KIND, batch.created_at)
    store.put(Control(*_place(store, experience, ticket.number), data=data, expires_at=expires_at))


def some(store: Store, experience: str, pool: Pool, cleared: Horizons) -> tuple[list[Returned], bool]:
    """A few of those given back whose batch can still be issued, and whether there are more."""
    pk = _place(store, experience, 0)[0]
    page = store.query(Access("Control"), pk, Span(), limit=FEW, descending=False, consistent=True)
    found = [_returned(row) for row in page.rows]
    known = {batch.id for batch in pool.batches if batch.is_alive(experience, cleared)}
    for dead in [one for one in found if one.ticket.batch.id not in known]:
        forget(store, dead)
    return [one for one in found if one.ticket.batch.id in known], page.more


def forget(store: Store, returned: Returned) -> None:
    store.delete(returned.item)


def look_after(store: Store, experience: str, pool: Pool, until: int, cleared: Horizons) -> bool:
    """Gives back the burnt tickets of the next block, as far as `until`; False if all are looked after already. About
    half a read unit a ticket."""
    if pool.swept >= until:
        return False
    living = [batch for batch in pool.batches if batch.is_alive(experience, cleared) and batch.end > pool.swept]
    since = min([until, *(max(batch.first, pool.swept) for batch in living)])  # dead batches are not looked at
    end = min(since + BLOCK, until)
    burnt = [ticket for batch in living for ticket in _burnt(store, experience, batch, since, end)]
    in_parallel(lambda ticket: give_back(store, experience, ticket), burnt)
    tickets.mark_swept(store, experience, pool.swept, end)
    return True


def is_settled(batch: Batch) -> bool:
    """Whether a coupon that the index does not have is gone, and not only too new to be seen."""
    return clock.now_ms() - batch.created_at > SETTLED_MS


def _burnt(store: Store, experience: str, batch: Batch, since: int, end: int) -> list[Ticket]:
    ordinals = range(max(since, batch.first) - batch.first, min(end, batch.end) - batch.first)
    if not ordinals:
        return []
    there = coupons.located_all(store, experience, batch.id, ordinals)
    rows = store.get_many("Codes", there.values(), only=("data",))
    return [Ticket(batch.first + ordinal, batch) for ordinal in ordinals if _is_free(rows, there.get(ordinal), batch)]


def _is_free(rows: dict[Key, Row], there: Key | None, batch: Batch) -> bool:
    if there is None or there not in rows:
        return not is_settled(batch)
    return bool(rows[there]["data"]["state"] == "free")


def _returned(row: Row) -> Returned:
    data = row["data"]
    batch = Batch(data["id"], data["from"], data["count"], data["at"])
    return Returned(Control(row["pk"], row["sk"]), Ticket(int(row["sk"]), batch))


def _place(store: Store, experience: str, number: int) -> tuple[str, str]:
    return store.key(f"returned#{experience}"), f"{number:012d}"
