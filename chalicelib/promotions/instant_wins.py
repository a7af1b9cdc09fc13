"""Instant wins: a play is kept under the key of its period, and what it won is written with it or not at all."""

from dataclasses import dataclass, field
from typing import Any

from pynamodb.exceptions import PutError, TransactWriteError

from chalicelib.kinds import KINDS, Kind
from chalicelib.promotions import wins
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import failed_conditions, is_condition, retrying
from chalicelib.store.horizons import Contended
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store, Transaction

KIND = KINDS["instant_win_participations"]
WINNERS = KINDS["instant_win_winners"]


@dataclass(frozen=True)
class Play:
    """`unique`: the period of the rule, or the idempotency key where plays are unlimited. `prize` is the name of what
    was won, None for nothing; `respond_by` in milliseconds."""

    experience: str
    instant_win: str
    unique: str
    ticket: str
    prize: str | None = None
    respond_by: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    idem: str | None = None
    process_instance: str | None = None


def play(store: Store, customer_id: str, wanted: Play, cleared: Horizons) -> Outcome:
    """`won` or `not_won` with the play, or `already_played` with the earlier one; `winner_of` finds what it won. Four
    write units, or twelve with a prize. That the customer is alive is for the caller to have read; a prize is not
    given to one who is not: raises Gone."""
    at = records.new_position()
    row = _row(store, customer_id, wanted, at)
    transaction = Transaction()
    transaction.put(row, alive.free_or_dead(Activity, KIND, cleared, wanted.experience))
    if wanted.prize is not None:
        winner = _winner(store, customer_id, wanted, at)
        transaction.put(winner)
        wins.note(store, transaction, wins.living(store, customer_id, cleared), WINNERS, winner, cleared)
    try:
        retrying(lambda: store.write(transaction))
    except (PutError, TransactWriteError) as error:
        if not _is_refused(error):
            raise
        return _as_it_is(store, row, customer_id, cleared)
    return Outcome(_name(row.data["won"]), row_of(row))


def winner_of(store: Store, played: Row) -> Row | None:
    """The winner that came of this play, if it won and was not deleted since."""
    return store.get("Activity", played["pk"], f"{WINNERS.name}#{played['at']}") if played["data"]["won"] else None


def _as_it_is(store: Store, row: Activity, customer_id: str, cleared: Horizons) -> Outcome:
    there = store.get("Activity", row.pk, row.sk)
    if there is None or not alive.is_alive(there, KIND, cleared):
        wins.living(store, customer_id, cleared)
        raise Contended(row.sk)
    ours = there["at"] == row.at
    again = row.idem is not None and there.get("idem") == row.idem
    return Outcome(_name(there["data"]["won"]) if ours or again else "already_played", there, repeated=not ours)


def _is_refused(error: PutError | TransactWriteError) -> bool:
    return bool(failed_conditions(error)) if isinstance(error, TransactWriteError) else is_condition(error)


def _name(won: bool) -> str:
    return "won" if won else "not_won"


def _row(store: Store, customer_id: str, wanted: Play, at: str) -> Activity:
    sk = f"{KIND.name}#{wanted.experience}#{wanted.instant_win}#{wanted.unique}"
    return _prepared(store, KIND, customer_id, sk, wanted, at, {"won": wanted.prize is not None})


def _winner(store: Store, customer_id: str, wanted: Play, at: str) -> Activity:
    data = {"prize": wanted.prize, "participated_at": keys.time_of(at), "state": "drawn"}
    data |= {"respond_by": wanted.respond_by}
    return _prepared(store, WINNERS, customer_id, f"{WINNERS.name}#{at}", wanted, at, data)


def _prepared(
    store: Store, kind: Kind, customer_id: str, sk: str, wanted: Play, at: str, own: dict[str, Any]
) -> Activity:
    data = {"instant_win": wanted.instant_win, "ticket": wanted.ticket, "fields": wanted.fields, **own}
    pk, created_at = store.key(keys.customer(customer_id)), keys.time_of(at)
    row: Activity = records.prepared(
        store, kind, pk, sk, created_at, wanted.experience, data, at=at, module=wanted.instant_win
    )
    row.person, row.idem, row.process_instance = customer_id, wanted.idem, wanted.process_instance
    return row
