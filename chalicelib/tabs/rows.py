"""From stored items to the rows of the API: columns as kinds.py names them, e-mails of living customers only."""

import json
from collections.abc import Callable
from typing import Any

from chalicelib.clock import rfc3339, rfc3339_s
from chalicelib.kinds import Column, Kind
from chalicelib.masking import mask
from chalicelib.store import alive, belongings, records
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Row, Store

ELSEWHERE = frozenset(("email", "experience", "customer_id", "process_instance"))  # columns that `data` does not hold
DEFAULTS: dict[str, Any] = {"drawn": False, "times": 1}


def shown(store: Store, kind: Kind, found: list[Row], cleared: Horizons, masked: bool) -> list[dict[str, Any]]:
    """The rows in their order; consents of customers who are gone are left out. One BatchGet for all customers."""
    if kind.name == "customers":
        rows = [customer_row(row) for row in found]
    else:
        owners = _owners(store, found)
        only = (*alive.NAMED_BY, "consents") if kind.name == "consents" else alive.NAMED_BY
        people = alive.customers(store, {owner for owner in owners if owner}, cleared, only=only)
        named = [(row, people.get(owner or "")) for row, owner in zip(found, owners, strict=True)]
        rows = [_row(store, kind, row, person) for row, person in named if person or kind.name != "consents"]
    return [mask(row, kind) for row in rows] if masked else rows


def living_customers(store: Store, ids: list[str], cleared: Horizons) -> list[Row]:
    """In that order, with their personal fields: half a read unit each."""
    people = alive.customers(store, ids, cleared)
    return whole(store, [people[id] for id in ids if id in people])


def whole(store: Store, people: list[Row]) -> list[Row]:
    """With the fields of those whose fields are too large to be inline: half a read unit more, each."""
    beside = [(person["pk"], "fields") for person in people if person.get("beside")]
    fields = store.get_many("Customers", beside) if beside else {}
    for person in people:
        large = fields.get((person["pk"], "fields"), {"fields": {}})
        person.setdefault("fields", large["fields"])
    return people


def customer_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["customer_id"],
        "created_at": rfc3339(row["created_at"]),
        "expires_at": rfc3339_s(row["expires_at"]),
        "masked": False,
        "customer_id": row["customer_id"],
        "email": row["email"],
        "registered_at": rfc3339(row["created_at"]),
        "last_active_at": rfc3339(row["active_at"]),
        "locale": row.get("locale"),
        "channel": row.get("channel"),
        "email_verified": row.get("email_verified"),
        "points": row["points"],
        "consents": {consent: state["status"] for consent, state in sorted(row["consents"].items())},
        "fields": row.get("fields", {}),
    }


def _owners(store: Store, found: list[Row]) -> list[str | None]:
    owners = [records.owner_of(store, row) for row in found]
    instances = {instance for _, instance in owners if instance}
    linked = belongings.customers_of(store, instances) if instances else {}
    return [customer_id or linked.get(instance or "") for customer_id, instance in owners]


def _row(store: Store, kind: Kind, row: Row, person: Row | None) -> dict[str, Any]:
    expires_at = person["expires_at"] if person and kind.name == "consents" else row["expires_at"]
    shown: dict[str, Any] = {
        "id": records.id_of(store, kind, row),
        "created_at": rfc3339(row["created_at"]),
        "expires_at": rfc3339_s(expires_at),
        "masked": False,
        "customer_id": person["customer_id"] if person else None,
        "experience": row.get("experience"),
    }
    if kind.owned:
        shown["email"] = person["email"] if person else None
    data = row["data"]
    for name, read in _readers(kind):
        shown[name] = read(data.get(name))
    if kind.name == "variables":
        shown["process_instance"] = row.get("process_instance")
    if kind.name == "consents" and person:
        state = person["consents"].get(data["consent"], {})
        shown |= {"recorded_at": shown["created_at"], "current": state.get("id") == records.position(row)}
    return shown


def _readers(kind: Kind) -> list[tuple[str, Callable[[Any], Any]]]:
    found = _READERS.get(kind.name)
    if found is None:
        found = _READERS[kind.name] = [
            (column.name, _reader(column)) for column in kind.columns if column.name not in ELSEWHERE
        ]
    return found


def _reader(column: Column) -> Callable[[Any], Any]:
    if column.type == "time":
        return lambda value: None if value is None else rfc3339(value)
    if column.type == "json":
        return lambda value: None if value is None else json.loads(value)
    if column.type == "map":
        return lambda value: value or {}
    default = DEFAULTS.get(column.name)
    return lambda value: default if value is None else value


_READERS: dict[str, list[tuple[str, Callable[[Any], Any]]]] = {}
