"""Instant wins: a play is kept under the key of its period; what it won, and the piece of stock, are written with it or
not at all."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pynamodb.exceptions import PutError, TransactWriteError

from chalicelib import cursors
from chalicelib.kinds import KINDS, Kind
from chalicelib.promotions import chance, stock, wins
from chalicelib.promotions.chance import Game, Prize
from chalicelib.promotions.labels import label
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.promotions.stock import Given
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted, is_unmet, retrying
from chalicelib.store.horizons import Contended
from chalicelib.store.tables import Activity, Control
from chalicelib.store.tenancy import Access, Span, Store, Transaction

KIND = KINDS["instant_win_participations"]
WINNERS = KINDS["instant_win_winners"]
ATTEMPTS = 8


@dataclass(frozen=True)
class Play:
    """`unique`: the period of the rule, or the idempotency key where plays are unlimited."""

    experience: str
    game: Game
    unique: str
    fields: dict[str, Any] = field(default_factory=dict)
    idem: str | None = None
    process_instance: str | None = None


@dataclass(frozen=True)
class Win:
    """What a play is about to win: a piece of `prize`, if no more than `most` are given by then, as the customer's win
    of that `number`."""

    prize: Prize
    number: int
    most: int


def play(
    store: Store, customer_id: str, wanted: Play, cleared: Horizons, is_lucky: Callable[[Game], bool] = chance.is_lucky
) -> Outcome:
    """`won` or `not_won` with the play, or `already_played` with the earlier one; its `prize` is in the play. Three
    write units, or ten with a prize. That the customer is alive is for the caller to have read; a prize is not given to
    one who is not: raises Gone. Raises Contended."""
    at = records.new_position()
    lucky = is_lucky(wanted.game)
    for _ in range(ATTEMPTS):
        win = _chosen(store, customer_id, wanted, keys.time_of(at), cleared) if lucky else None
        row = _row(store, customer_id, wanted, at, win)
        if _is_written(store, _transaction(store, customer_id, wanted, row, win, cleared)):
            return Outcome(_name(row.data["won"]), row_of(row))
        there = store.get("Activity", row.pk, row.sk)
        if there is not None and alive.is_alive(there, KIND, cleared):
            ours = there["at"] == at
            return Outcome(_name(there["data"]["won"]) if ours else "already_played", there, repeated=not ours)
    raise Contended(wanted.unique)


def place(store: Store, customer_id: str, experience: str, game: str, unique: str) -> tuple[str, str]:
    return store.key(keys.customer(customer_id)), f"{KIND.name}#{experience}#{game}#{unique}"


def _chosen(store: Store, customer_id: str, wanted: Play, at: int, cleared: Horizons) -> Win | None:
    """The prize that a lucky play wins, unless nothing is left or due, or the customer has won enough."""
    given = _given(store, wanted)
    most = chance.due(wanted.game, _seed(store, given), at)
    prize = chance.choose(wanted.game, given.prizes) if given.total < most else None
    if prize is None:
        return None
    number = _free_number(store, customer_id, wanted, cleared)
    if number is None:
        return None
    wins.living(store, customer_id, cleared)
    return Win(prize, number, most)


def _given(store: Store, wanted: Play) -> Given:
    """Whoever is the first to ask makes the row, with the secret of the winning moments."""
    given = stock.of_win(store, wanted.experience, wanted.game.id)
    if given is None:
        seed = cursors.seal(secrets.token_hex(32), store.tenant, "moments")
        row = stock.open_win(store, wanted.experience, wanted.game.id, seed)
        accepted(lambda: store.put(row, Control.pk.does_not_exist()))
        given = stock.of_win(store, wanted.experience, wanted.game.id)
    if given is None:
        raise Contended(wanted.game.id)
    return given


def _seed(store: Store, given: Given) -> bytes:
    return bytes.fromhex(cursors.unseal(given.seed, store.tenant, "moments"))


def _free_number(store: Store, customer_id: str, wanted: Play, cleared: Horizons) -> int | None:
    """The first of this customer's wins that is still to be had."""
    prefix = _won_prefix(wanted)
    pk = store.key(keys.customer(customer_id))
    rows = store.query_all(Access("Activity"), pk, Span.prefix(prefix), consistent=True)
    taken = {int(row["sk"].removeprefix(prefix)) for row in rows if alive.is_alive(row, WINNERS, cleared)}
    if len(taken) >= wanted.game.wins_per_customer:
        return None
    return min(set(range(len(taken) + 1)) - taken)


def _won_prefix(wanted: Play) -> str:
    return f"{WINNERS.name}#{wanted.experience}#{wanted.game.id}#"


def _transaction(
    store: Store, customer_id: str, wanted: Play, row: Activity, win: Win | None, cleared: Horizons
) -> Transaction:
    transaction = Transaction()
    transaction.put(row, alive.free_or_dead(Activity, KIND, cleared, wanted.experience))
    if win:
        winner = _winner(store, customer_id, wanted, row.at, win)
        winner.trace = records.present_trace()
        transaction.put(winner, alive.free_or_dead(Activity, WINNERS, cleared, wanted.experience))
        prize = win.prize
        stock.give_prize(store, transaction, wanted.experience, wanted.game.id, prize.id, prize.stock, win.most)
    return transaction


def _is_written(store: Store, transaction: Transaction) -> bool:
    try:
        retrying(lambda: store.write(transaction))
    except (PutError, TransactWriteError) as error:
        if not is_unmet(error):
            raise
        return False
    return True


def _name(won: bool) -> str:
    return "won" if won else "not_won"


def _row(store: Store, customer_id: str, wanted: Play, at: str, win: Win | None) -> Activity:
    _, sk = place(store, customer_id, wanted.experience, wanted.game.id, wanted.unique)
    prize = {"id": win.prize.id, "name": win.prize.name} if win else None
    return _prepared(store, KIND, customer_id, sk, wanted, at, {"won": win is not None, "prize": prize})


def _winner(store: Store, customer_id: str, wanted: Play, at: str, win: Win) -> Activity:
    data = {"prize": win.prize.name, "participated_at": keys.time_of(at), "state": "drawn"}
    return _prepared(store, WINNERS, customer_id, f"{_won_prefix(wanted)}{win.number}", wanted, at, data)


def _prepared(
    store: Store, kind: Kind, customer_id: str, sk: str, wanted: Play, at: str, own: dict[str, Any]
) -> Activity:
    data = {"instant_win": wanted.game.id, "ticket": label(at), "fields": wanted.fields, **own}
    pk, created_at = store.key(keys.customer(customer_id)), keys.time_of(at)
    row: Activity = records.prepared(store, kind, pk, sk, created_at, wanted.experience, data, at=at)
    row.person, row.idem, row.process_instance = customer_id, wanted.idem, wanted.process_instance
    return row
