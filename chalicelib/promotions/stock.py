"""How much of a reward or of an instant win's prizes was given away: one row of the experience each, raised in the
transaction that gives, so that what was promised is never exceeded."""

from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.promotions import tickets
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store, Transaction

REWARD, WIN = "stock#reward#", "stock#win#"


@dataclass(frozen=True)
class Given:
    """`total` of all; `prizes` of each prize of an instant win; `seed` its sealed secret, if it has one."""

    total: int = 0
    prizes: dict[str, int] = field(default_factory=dict)
    seed: str = ""


def of_reward(store: Store, experience: str, reward: str) -> Given:
    return _given(store.get("Control", *_place(store, experience, REWARD + reward)))


def of_win(store: Store, experience: str, instant_win: str) -> Given | None:
    """None before the first prize was asked for: see `open_win`."""
    row = store.get("Control", *_place(store, experience, WIN + instant_win))
    return _given(row) if row else None


def all_of(store: Store, experience: str) -> dict[str, Given]:
    """By the names of their rows; half a read unit."""
    rows = store.query_all(Access("Control"), store.key(f"x#{experience}"), Span.prefix("stock#"))
    return {row["sk"]: _given(row) for row in rows}


def left(store: Store, experience: str, document: dict[str, Any], cleared: Horizons) -> dict[str, Any]:
    """What an experience can still give, as its document limits it. Half a read unit and one."""
    given, pool = all_of(store, experience), tickets.read(store, experience)
    coupons = {"free": pool.free(experience, cleared), "low_at": document.get("coupons", {}).get("low_at", 0)}
    rewards = {
        reward["id"]: max(0, reward["stock"] - given.get(REWARD + reward["id"], Given()).total)
        for reward in document.get("rewards", [])
        if reward.get("stock") is not None
    }
    wins = {win["id"]: _left(win, given.get(WIN + win["id"], Given())) for win in document.get("instant_wins", [])}
    return {"coupons": coupons, "rewards": rewards, "instant_wins": wins}


def open_win(store: Store, experience: str, instant_win: str, seed: str) -> Control:
    """The row of an instant win, ready to be put where none is yet."""
    return Control(*_place(store, experience, WIN + instant_win), data={"given": {}, "seed": seed}, version=0)


def give_reward(store: Store, transaction: Transaction, experience: str, reward: str, stock: int) -> None:
    """Two write units in a transaction, which fails when nothing is left."""
    item = Control(*_place(store, experience, REWARD + reward))
    left = Control.version.does_not_exist() | (Control.version < stock)
    transaction.update(item, [Control.version.add(1)], left if stock else Control.version < 0)


def give_prize(
    store: Store, transaction: Transaction, experience: str, instant_win: str, prize: str, stock: int, most: int
) -> None:
    """The same for one prize of which there are `stock`; `most` may be given of all prizes together by now."""
    item, given = Control(*_place(store, experience, WIN + instant_win)), Control.data["given"][prize]
    left: Condition = (given.does_not_exist() | (given < stock)) & (Control.version < most)
    actions: list[Action] = [given.set((given | 0) + 1), Control.version.add(1)]
    transaction.update(item, actions, left)


def _left(win: dict[str, Any], given: Given) -> dict[str, int]:
    return {prize["id"]: max(0, prize["stock"] - given.prizes.get(prize["id"], 0)) for prize in win["prizes"]}


def _given(row: Row | None) -> Given:
    if row is None:
        return Given()
    data = row.get("data", {})
    return Given(row["version"], data.get("given", {}), data.get("seed", ""))


def _place(store: Store, experience: str, name: str) -> tuple[str, str]:
    return store.key(f"x#{experience}"), name
