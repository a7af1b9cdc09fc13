"""Rewards bought with points: the redemption, the points it costs and the piece of stock are written together, and the
limit per customer is kept on the customer's own item."""

from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.operand import Path

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.promotions import points, stock
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.promotions.points import Booking, Change
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.plain import typed
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store

KIND = KINDS["redemptions"]


@dataclass(frozen=True)
class Redemption:
    """`unique`, `idem` and `at` as with a booking of points. `stock` and `limit` (a customer) are None if unbounded."""

    experience: str
    reward: str
    title: str
    cost: int
    fields: dict[str, Any] = field(default_factory=dict)
    unique: str | None = None
    idem: str | None = None
    stock: int | None = None
    limit: int | None = None
    process_instance: str | None = None
    at: str | None = None

    @property
    def name(self) -> str:
        """Of the reward, where the customer's item counts it."""
        return f"{self.experience}/{self.reward}"


def redeem(store: Store, customer_id: str, wanted: Redemption, cleared: Horizons, seen: Row | None = None) -> Outcome:
    """`redeemed` with the redemption, `limit_reached`, `insufficient` or `out_of_stock`. A repeated id answers with the
    earlier redemption. Twelve write units, ten without stock. Raises Gone and Contended."""
    at = wanted.at or records.new_position()
    booking = _booking(wanted, at)

    def write(change: Change) -> Outcome:
        row = _row(store, customer_id, wanted, at, change.balance)
        row.trace = records.present_trace()
        change.transaction.put(row, alive.free_or_dead(Activity, KIND, cleared, wanted.experience))
        if wanted.cost:
            points.add(store, change, customer_id, booking, at, cleared)
        if wanted.stock is not None:
            stock.give_reward(store, change.transaction, wanted.experience, wanted.reward, wanted.stock)
        if wanted.limit is not None:
            _count(change, wanted, keys.time_of(at), cleared)
        return Outcome("redeemed", row_of(row), change.balance)

    def found() -> Outcome | None:
        return _earlier(store, customer_id, wanted, booking, at, cleared) or _sold_out(store, customer_id, wanted)

    return points.change(
        store,
        customer_id,
        -wanted.cost,
        cleared,
        write,
        found,
        refused=lambda who: _full(who, wanted, cleared),
        seen=seen,
    )


def _earlier(
    store: Store, customer_id: str, wanted: Redemption, booking: Booking, at: str, cleared: Horizons
) -> Outcome | None:
    row = store.get("Activity", *_place(store, customer_id, wanted, at))
    if row is not None and alive.is_alive(row, KIND, cleared):
        return Outcome("redeemed", row, row["data"]["balance_after"], repeated=row["at"] != at)
    spent = points.earlier(store, customer_id, booking, at, cleared) if wanted.unique else None
    if spent:  # the redemption was deleted, its points stay spent
        return Outcome("redeemed", balance=spent["data"]["balance_after"], repeated=True)
    return None


def _sold_out(store: Store, customer_id: str, wanted: Redemption) -> Outcome | None:
    if wanted.stock is None:
        return None
    given = stock.of_reward(store, wanted.experience, wanted.reward).total
    return Outcome("out_of_stock") if given >= wanted.stock else None


def _full(person: Row, wanted: Redemption, cleared: Horizons) -> Outcome | None:
    if wanted.limit is None or len(_counted(person, wanted, cleared)) < wanted.limit:
        return None
    return Outcome("limit_reached", balance=person["points"])


def _counted(person: Row, wanted: Redemption, cleared: Horizons) -> list[int]:
    """When (ms) this customer redeemed it, as far as that is still kept: deleting one redemption gives nothing back,
    but what is past its retention or was cleared counts nowhere."""
    since = cleared.alive_since(KIND, wanted.experience)
    return [at for at in person.get("rewards", {}).get(wanted.name, []) if at >= since]


def _count(change: Change, wanted: Redemption, at: int, cleared: Horizons) -> None:
    counted = [*_counted(change.person, wanted, cleared), at]
    since = clock.now_ms() - KIND.days * clock.DAY_MS
    others = {name: times for name, times in change.person.get("rewards", {}).items() if times[-1] > since}
    change.left["rewards"] = {**others, wanted.name: counted}
    change.actions.append(Path(["rewards"]).set(typed(change.left["rewards"])))


def _booking(wanted: Redemption, at: str) -> Booking:
    return Booking(
        -wanted.cost,
        wanted.experience,
        wanted.title,
        "reward",
        unique=wanted.unique or at,
        idem=wanted.idem,
        process_instance=wanted.process_instance,
    )


def _row(store: Store, customer_id: str, wanted: Redemption, at: str, balance: int) -> Activity:
    data = {"reward": wanted.reward, "reward_title": wanted.title, "cost": wanted.cost, "fields": wanted.fields}
    data |= {"balance_after": balance}
    pk, sk = _place(store, customer_id, wanted, at)
    row: Activity = records.prepared(store, KIND, pk, sk, keys.time_of(at), wanted.experience, data, at=at)
    row.idem, row.process_instance = wanted.idem, wanted.process_instance
    return row


def _place(store: Store, customer_id: str, wanted: Redemption, at: str) -> tuple[str, str]:
    return store.key(keys.customer(customer_id)), f"{KIND.name}#{wanted.unique or at}"
