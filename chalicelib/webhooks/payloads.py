"""What a call carries: ids and codes of state, personal data only where its webhook names it; and its signature.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""

from datetime import UTC, datetime
from typing import Any

import orjson
from standardwebhooks import Webhook as Signer

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.store import alive, customers, records, webhooks
from chalicelib.store.alive import Horizons
from chalicelib.store.deliveries import Delivery
from chalicelib.store.tenancy import Row, Store
from chalicelib.store.webhooks import Webhook

INCLUDED = ("email", "fields")


def body(store: Store, webhook: Webhook, delivery: Delivery) -> bytes:
    data = {**delivery.data, **_personal(store, webhook, delivery)}
    told = {"type": delivery.type, "timestamp": clock.rfc3339(delivery.happened_at), "data": data}
    return orjson.dumps(told)


def signed(store: Store, webhook: Webhook, delivery: Delivery, content: bytes) -> dict[str, str]:
    """The headers of a call at this moment."""
    now = datetime.fromtimestamp(clock.now_s(), UTC)
    secrets = webhooks.secrets_of(store, webhook)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Afterchat",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(clock.now_s()),
        "webhook-signature": " ".join(Signer(secret).sign(delivery.id, now, content.decode()) for secret in secrets),
    }


def _personal(store: Store, webhook: Webhook, delivery: Delivery) -> dict[str, Any]:
    """What this webhook is to learn of a person, looked up now: null of somebody who is gone."""
    wanted, customer_id = webhook.target.include, delivery.data.get("customer_id")
    if not wanted or customer_id is None:
        return {}
    cleared = alive.horizons(store)
    person = customers.by_id(store, customer_id, cleared)
    if person is None:
        return dict.fromkeys(wanted)
    told = {"email": person["email"]}
    if "fields" in wanted:
        told["fields"] = _fields(store, delivery, person, cleared)
    return {name: told[name] for name in wanted}


def _fields(store: Store, delivery: Delivery, person: Row, cleared: Horizons) -> Any:
    """Of the record that the event is about; null where it has none, or is gone."""
    if delivery.kind == "customers":
        return person["fields"]
    row = records.read(store, KINDS[delivery.kind], delivery.data["id"], cleared) if delivery.kind else None
    return row["data"].get("fields", {}) if row else None
