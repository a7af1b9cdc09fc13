"""The system variables that promotions change: coupon_code, code, code_value and loyalty_balance. The streams tell of
it: within the transactions of prizes each would cost as much as the prize."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from chalicelib.collect import system_variables
from chalicelib.kinds import KINDS
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.plain import plain_item
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store, in_parallel
from chalicelib.telemetry import log
from chalicelib.webhooks.events import Event

KIND = KINDS["variables"]
SOURCES = {
    "coupon.issued": {"coupon_code": "code"},
    "code.redeemed": {"code": "code", "code_value": "points"},
    "points.booked": {"loyalty_balance": "balance_after"},
}
Told = tuple[str, str, Event]  # sequence number, tenant, event


def store_values(told: list[Told], changes: list[Row], cleared: Mapping[str, Horizons]) -> set[str]:
    """Safe to repeat: the same change writes the same rows. Answers the sequence numbers of what is to come again."""
    images = {
        str(change["dynamodb"].get("SequenceNumber")): change["dynamodb"].get("NewImage", {}) for change in changes
    }
    failed: set[str] = set()
    for number, tenant, event in told:
        if event.type not in SOURCES or tenant not in cleared:
            continue
        try:
            _store(Store(tenant), event, plain_item(images[number]), cleared[tenant])
        except Exception:
            log.exception("system variables were not stored")
            failed.add(number)
    return failed


def _store(store: Store, event: Event, told: Row, cleared: Horizons) -> None:
    """Half a read unit and five write units a variable. Whoever is being erased gets nothing new; an erasure that
    begins now waits until this is written."""
    customer_id, experience = event.data["customer_id"], event.data["experience"]
    if event.at < cleared.alive_since(KIND, experience) or not alive.known(store, [customer_id], cleared)[customer_id]:
        return
    values = {name: told["data"][source] for name, source in SOURCES[event.type].items() if source in told["data"]}
    in_parallel(lambda item: store.put(_row(store, event, told, *item)), list(values.items()))


def _row(store: Store, event: Event, told: Row, name: str, value: Any) -> Activity:
    scope = "tenant" if name == "loyalty_balance" else "experience"
    experience, at = event.data["experience"], _position(event, told, name)
    pk = store.key(keys.customer(event.data["customer_id"]))
    sk = f"{system_variables.prefix(experience, scope, name)}{at}"
    data = system_variables.data(name, value, scope)
    row: Activity = records.prepared(store, KIND, pk, sk, event.at, experience, data, at=at, module=name)
    return row


def _position(event: Event, told: Row, name: str) -> str:
    """That of the booking; coupons and codes are older than what happened to them."""
    if event.type == "points.booked":
        return str(told["at"])
    return keys.time_prefix(event.at) + sha256(f"{name}\n{event.unique}".encode()).hexdigest()[:20]
