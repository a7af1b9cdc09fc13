"""Drawn participations: winner, mark on the entry and the customer's own note of it are written together."""

from collections.abc import Callable
from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.promotions import wins
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import failed_conditions, retrying
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store, Transaction

KIND = KINDS["winners"]
ENTRIES = KINDS["participations"]


@dataclass(frozen=True)
class Place:
    """One place of a draw. `respond_by` in milliseconds; `replaces` is the id of the winner that this one follows."""

    draw_id: str
    slot: int
    prize: str | None = None
    respond_by: int | None = None
    replaces: str | None = None


def record(
    store: Store, entry: Row, won: Place, cleared: Horizons, also: Callable[[Transaction], object] | None = None
) -> Outcome:
    """`drawn` with the winner, whose 60 days count from now; `not_drawn` if the entry is gone or drawn already. The
    same place and entry again answer with the winner that is there. That a place has one winner is for the draw to see
    to: winners lie with their customers; what `also` adds is written with it. Raises Gone if the customer is."""
    customer_id = str(records.owner_of(store, entry)[0])
    person = wins.living(store, customer_id, cleared)
    winner = _winner(store, entry, won, clock.now_ms())
    winner.trace = records.present_trace()
    transaction = Transaction()
    transaction.put(winner, alive.free_or_dead(Activity, KIND, cleared, entry["experience"]))
    undrawn = alive.still_alive(Activity, ENTRIES, cleared, entry["experience"]) & _NOT_DRAWN
    same = Activity.at == entry["at"]  # and not what came to its place since
    transaction.update(Activity(entry["pk"], entry["sk"]), [Activity.data["drawn"].set(True)], undrawn & same)
    wins.note(store, transaction, person, KIND, winner, cleared)
    if also:
        also(transaction)
    try:
        retrying(lambda: store.write(transaction))
    except TransactWriteError as error:
        if not failed_conditions(error):
            raise
        return _as_it_is(store, winner, customer_id, cleared)
    return Outcome("drawn", row_of(winner))


_NOT_DRAWN = Activity.data["drawn"].does_not_exist() | (Activity.data["drawn"] == False)  # noqa: E712


def _as_it_is(store: Store, winner: Activity, customer_id: str, cleared: Horizons) -> Outcome:
    there = store.get("Activity", winner.pk, winner.sk)
    if there is not None and alive.is_alive(there, KIND, cleared):
        same = there["data"]["ticket"] == winner.data["ticket"]
        return Outcome("drawn", there, repeated=there["at"] != winner.at) if same else Outcome("not_drawn", there)
    wins.living(store, customer_id, cleared)
    return Outcome("not_drawn")


def _winner(store: Store, entry: Row, won: Place, drawn_at: int) -> Activity:
    at, giveaway = records.new_position(drawn_at), entry["data"]["giveaway"]
    data = {"giveaway": giveaway, "draw_id": won.draw_id, "slot": won.slot, "prize": won.prize, "state": "drawn"}
    data |= {"ticket": entry["data"]["ticket"], "participated_at": entry["created_at"]}
    data |= {"respond_by": won.respond_by, "replaces": won.replaces, "fields": entry["data"].get("fields", {})}
    sk = f"{KIND.name}#{won.draw_id}#{won.slot:06d}"
    winner: Activity = records.prepared(
        store, KIND, entry["pk"], sk, drawn_at, entry["experience"], data, at=at, module=giveaway
    )
    winner.by_draw = store.key(keys.of_draw(won.draw_id))
    winner.person, winner.process_instance = entry.get("person"), entry.get("process_instance")
    return winner
