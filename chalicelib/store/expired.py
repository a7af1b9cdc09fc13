"""What expiry took with customers, counted a day and tenant until the day's one receipt is made of it."""

from collections.abc import Iterator

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import keys, wire
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Row, Store

DUE = "expiry"
KEPT_DAYS = 30  # after the receipt


def count_expired(store: Store, counts: dict[str, int]) -> None:
    """Add what a customer's expiry removed, by kind, to today's tally. One write unit, and one more for the first of a
    day."""
    day = clock.day(clock.now_ms())
    if not _is_added(store, day, counts):
        _is_added(store, day + 1, counts)  # closed already: somebody's clock is behind


def days_due() -> Iterator[tuple[str, int]]:
    """(tenant, day) of all tallies whose day is over and that have no receipt yet. A read across tenants; keys only."""
    asked = {
        "TableName": settings().tables["Control"],
        "IndexName": "due",
        "KeyConditionExpression": "due = :due AND due_at < :now",
        "ExpressionAttributeValues": {":due": {"S": DUE}, ":now": {"S": keys.time_prefix(clock.now_ms())}},
    }
    while asked:
        answer = wire.client().query(**asked)
        for item in answer["Items"]:
            yield item["pk"]["S"].partition("#")[0], int(item["sk"]["S"])
        last = answer.get("LastEvaluatedKey")
        asked = {**asked, "ExclusiveStartKey": last} if last else {}


def close(store: Store, day: int) -> Row:
    """Nothing is added to that day any more; answers its counts by kind. Safe to repeat."""
    item = Control(store.key("expired"), f"{day:06}")
    accepted(lambda: store.update(item, [Path(["closed"]).set(True)], Control.pk.exists()))
    row = store.get("Control", item.pk, item.sk) or {}
    return {kind: row[f"expired_{kind}"] for kind in KINDS if f"expired_{kind}" in row}


def settle(store: Store, day: int) -> None:
    """After the receipt: the day is not due any more. Safe to repeat."""
    item = Control(store.key("expired"), f"{day:06}")
    gone = clock.now_s() + KEPT_DAYS * clock.DAY_S
    actions: list[Action] = [Control.due.remove(), Control.due_at.remove(), Control.expires_at.set(gone)]
    accepted(lambda: store.update(item, actions, Control.pk.exists()))


def _is_added(store: Store, day: int, counts: dict[str, int]) -> bool:
    actions: list[Action] = [Path([f"expired_{kind}"]).add(count) for kind, count in counts.items() if count]
    due_at = f"{keys.time_prefix((day + 1) * clock.DAY_MS)}#{store.tenant}"
    actions += [Control.due.set(DUE), Control.due_at.set(due_at)]
    item = Control(store.key("expired"), f"{day:06}")
    return accepted(lambda: store.update(item, actions, Path(["closed"]).does_not_exist()))
