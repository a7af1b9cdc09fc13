"""Rewards bought with points: the redemption and the points it costs are written together."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.kinds import KINDS
from chalicelib.promotions import points
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.promotions.points import Booking
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Store, Transaction

KIND = KINDS["redemptions"]


@dataclass(frozen=True)
class Redemption:
    """`unique` and `idem` as with a booking of points."""

    experience: str
    reward: str
    title: str
    cost: int
    fields: dict[str, Any] = field(default_factory=dict)
    unique: str | None = None
    idem: str | None = None


def redeem(store: Store, customer_id: str, wanted: Redemption, cleared: Horizons) -> Outcome:
    """`redeemed` with the redemption, or `insufficient`. A repeated id answers with the earlier redemption. Eleven
    write units, stock not counted. Raises Gone and Contended."""
    at = records.new_position()
    booking = Booking(
        -wanted.cost, wanted.experience, wanted.title, "reward", unique=wanted.unique or at, idem=wanted.idem
    )

    def write(balance: int, transaction: Transaction) -> Outcome:
        row = _row(store, customer_id, wanted, at)
        transaction.put(row, alive.free_or_dead(Activity, KIND, cleared, wanted.experience))
        if wanted.cost:
            points.add(store, transaction, customer_id, booking, balance, at, cleared)
        return Outcome("redeemed", row_of(row), balance)

    def found() -> Outcome | None:
        row = store.get("Activity", *_place(store, customer_id, wanted, at))
        if row is not None and alive.is_alive(row, KIND, cleared):
            return Outcome("redeemed", row, repeated=row["at"] != at)
        if points.earlier(store, customer_id, booking, at, cleared):
            return Outcome("redeemed", repeated=True)  # the redemption was deleted, its points stay spent
        return None

    return points.change(store, customer_id, -wanted.cost, cleared, write, found)


def _row(store: Store, customer_id: str, wanted: Redemption, at: str) -> Activity:
    data = {"reward": wanted.reward, "reward_title": wanted.title, "cost": wanted.cost, "fields": wanted.fields}
    pk, sk = _place(store, customer_id, wanted, at)
    experience, created_at = wanted.experience, keys.time_of(at)
    row: Activity = records.prepared(store, KIND, pk, sk, created_at, experience, data, at=at, module=wanted.reward)
    row.idem = wanted.idem
    return row


def _place(store: Store, customer_id: str, wanted: Redemption, at: str) -> tuple[str, str]:
    return store.key(keys.customer(customer_id)), f"{KIND.name}#{wanted.unique or at}"
