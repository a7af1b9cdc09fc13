"""What becomes of a winner: notified, accepted, declined; by the team, or by the winner in the chat."""

from typing import Any, Literal

from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.promotions import wins
from chalicelib.promotions.outcome import Outcome
from chalicelib.store import alive, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.idempotency import Call, recall, remember
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store, Transaction

KNOWN = (KINDS["winners"], KINDS["instant_win_winners"])
NEXT = {
    "drawn": ("notified", "accepted", "declined"),
    "notified": ("notified", "accepted", "declined"),
    "accepted": ("accepted", "declined"),
    "declined": ("accepted", "declined"),
}
ATTEMPTS = 5


class NotNow(Exception):
    """The winner's state does not lead to that one; it is `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Busy(Exception):
    """Others kept changing the same winner; nothing was done."""


def find(store: Store, winner_id: str, cleared: Horizons) -> tuple[Kind, Row] | None:
    """The living winner with that id, of a draw or an instant win."""
    for kind in KNOWN:
        if row := records.read(store, kind, winner_id, cleared):
            return kind, row
    return None


def change(store: Store, kind: Kind, row: Row, state: str | None, respond_by: int | None, cleared: Horizons) -> Row:
    """Two to five write units, none if nothing changes. Raises NotNow and Busy."""
    for _ in range(ATTEMPTS):
        told = _changed(row["data"], state, respond_by)
        if not told or _is_written(store, kind, row, told, cleared, Transaction()):
            if respond_by:
                wins.remind(store, row, records.id_of(store, kind, row), respond_by)
            return {**row, "data": {**row["data"], **told}}
        row = _again(store, kind, row, cleared)
    raise Busy(row["sk"])


def answer(
    store: Store,
    kind: Kind,
    row: Row,
    answer: Literal["accepted", "declined"],
    fields: dict[str, Any],
    cleared: Horizons,
    call: Call | None,
) -> Outcome:
    """`accepted` or `declined`, or `too_late`: the answer-by time is over, or somebody else won in the winner's place.
    The same answer again is answered as it was; `repeated` if this very call gave it. Raises Busy."""
    for _ in range(ATTEMPTS):
        if call and (before := recall(store, call)):
            return Outcome(before["outcome"], row, repeated=True)
        told = _answered(row["data"], answer, fields)
        if told is None:
            return Outcome("too_late", row)
        transaction = Transaction()
        if call:
            remember(store, transaction, call, answer, Activity(row["pk"], row["sk"]))
        if not (told or call) or _is_written(store, kind, row, told, cleared, transaction, call):
            return Outcome(answer, {**row, "data": {**row["data"], **told}}, repeated=not told)
        row = _again(store, kind, row, cleared)
    raise Busy(row["sk"])


def is_overdue(data: Row) -> bool:
    """No answer came in time."""
    respond_by = data.get("respond_by")
    return data["state"] in ("drawn", "notified") and respond_by is not None and respond_by < clock.now_ms()


def state_is(state: str) -> Any:
    return Activity.data["state"] == state


def _changed(data: Row, state: str | None, respond_by: int | None) -> dict[str, Any]:
    state = state or data["state"]
    if data["state"] not in NEXT or state not in (data["state"], *NEXT[data["state"]]):
        raise NotNow(data["state"])
    told: dict[str, Any] = {"state": state}
    if state == "notified" and "notified_at" not in data:
        told["notified_at"] = clock.now_ms()
    if respond_by:
        told["respond_by"] = respond_by
    return {name: value for name, value in told.items() if data.get(name) != value}


def _answered(data: Row, answer: str, fields: dict[str, Any]) -> dict[str, Any] | None:
    """What is to be written, perhaps nothing; None if it is too late."""
    if data["state"] not in NEXT:
        return None
    merged = {**data.get("fields", {}), **{name: value for name, value in fields.items() if value is not None}}
    told = {"state": answer, "fields": merged}
    told = {name: value for name, value in told.items() if data.get(name, {}) != value}
    respond_by = data.get("respond_by")
    is_over = respond_by is not None and respond_by < clock.now_ms()
    return None if is_over and told else told


def _is_written(
    store: Store,
    kind: Kind,
    row: Row,
    told: dict[str, Any],
    cleared: Horizons,
    transaction: Transaction,
    call: Call | None = None,
) -> bool:
    """If the winner is still as it was read."""
    actions: list[Action] = [Activity.data[name].set(value) for name, value in told.items()]
    actions += [*([Activity.idem.set(call.mark)] if call else []), *records.traced(Activity)]
    living = alive.still_alive(Activity, kind, cleared, row["experience"])
    same = (Activity.at == row["at"]) & state_is(row["data"]["state"])
    transaction.update(Activity(row["pk"], row["sk"]), actions, living & same)
    return accepted(lambda: store.write(transaction))


def _again(store: Store, kind: Kind, row: Row, cleared: Horizons) -> Row:
    now = store.get("Activity", row["pk"], row["sk"])
    if now is None or not alive.is_alive(now, kind, cleared):
        raise NotNow("gone")
    return now
