"""From stored items to the rows of the API: columns as kinds.py names them, e-mails of living customers only."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.clock import rfc3339, rfc3339_s
from chalicelib.kinds import Column, Kind
from chalicelib.masking import mask
from chalicelib.store import alive, belongings, records, runtime_log
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Row, Store

ELSEWHERE = frozenset(("email", "experience", "customer_id", "process_instance"))  # columns that `data` does not hold
Reader = Callable[[Any], Any]
Columns = tuple[list[str], list[tuple[str, Reader]]]  # shown as they are stored, and those that something is made of
DEFAULTS: dict[str, Any] = {"drawn": False, "times": 1}


def shown(store: Store, kind: Kind, found: list[Row], cleared: Horizons, masked: bool) -> list[dict[str, Any]]:
    """The rows in their order; those of customers who are gone are left out. One BatchGet for all customers."""
    if kind.name == "customers":
        rows = [customer_row(row) for row in found]
    else:
        owners = owners_of(store, found)
        wanted = {owner for owner in owners if owner}
        rows = named(store, kind, found, owners, alive.known(store, wanted, cleared, only=naming(kind)))
    return [mask(row, kind) for row in rows] if masked else rows


def naming(kind: Kind) -> tuple[str, ...]:
    """What rows of this kind need of their customer."""
    return (*alive.NAMED_BY, "consents") if kind.name == "consents" else alive.NAMED_BY


def named(
    store: Store,
    kind: Kind,
    found: list[Row],
    owners: list[str | None],
    people: Mapping[str, Row | None],
    ids: bool = True,
) -> list[dict[str, Any]]:
    """The rows with their owners, as `alive.known` tells of them. Without `ids` a quarter of the work is spared."""
    pairs = [(row, owner or "") for row, owner in zip(found, owners, strict=True)]
    return [_row(store, kind, row, people.get(owner), ids) for row, owner in pairs if _is_seen(kind, owner, people)]


def _is_seen(kind: Kind, owner: str, people: Mapping[str, Row | None]) -> bool:
    """A row goes with its owner, dead or gone; coupons and codes stay, nameless, and so does what was nobody's."""
    return bool(people.get(owner)) or kind.holder or (not owner and kind.name != "consents")


def of_person(store: Store, kind: Kind, found: list[Row], person: Row) -> list[dict[str, Any]]:
    """Rows of any kind but customers that are known to be this person's, unmasked."""
    return [_row(store, kind, row, person) for row in found]


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


def owners_of(store: Store, found: list[Row]) -> list[str | None]:
    """Each row's customer, alive or not."""
    owners = [records.owner_of(store, row) for row in found]
    instances = {instance for _, instance in owners if instance}
    linked = belongings.customers_of(store, instances) if instances else {}
    return [customer_id or linked.get(instance or "") for customer_id, instance in owners]


def _row(store: Store, kind: Kind, row: Row, person: Row | None, with_id: bool = True) -> dict[str, Any]:
    expires_at = person["expires_at"] if person and kind.name == "consents" else row["expires_at"]
    shown: dict[str, Any] = {
        "id": records.id_of(store, kind, row) if with_id else None,
        "created_at": rfc3339(row["created_at"]),
        "expires_at": rfc3339_s(expires_at),
        "masked": False,
        "customer_id": person["customer_id"] if person else None,
        "experience": row.get("experience"),
    }
    if kind.owned:
        shown["email"] = person["email"] if person else None
    data = row["data"]
    as_stored, readers = _columns(kind)
    for name in as_stored:
        shown[name] = data.get(name)
    for name, read in readers:
        shown[name] = read(data.get(name))
    if kind.name == "log":
        shown["attributes"] |= runtime_log.ids(row)
    if kind.name == "variables":
        shown["process_instance"] = row.get("process_instance")
    if kind.name == "consents" and person:
        state = person["consents"].get(data["consent"], {})
        shown |= {"recorded_at": shown["created_at"], "current": state.get("id") == records.position(row)}
    return shown


def _columns(kind: Kind) -> Columns:
    found = _COLUMNS.get(kind.name)
    if found is None:
        readers = [(column.name, _reader(column)) for column in kind.columns if column.name not in ELSEWHERE]
        as_stored = [name for name, read in readers if read is None]
        found = _COLUMNS[kind.name] = (as_stored, [(name, read) for name, read in readers if read])
    return found


def _reader(column: Column) -> Reader | None:
    """What the API makes of a stored value; None where it is shown as it is."""
    if column.type == "time":
        return lambda value: None if value is None else rfc3339(value)
    if column.type == "json":
        return lambda value: None if value is None else json.loads(value)
    if column.type == "map":
        return lambda value: dict(value or {})
    default = DEFAULTS.get(column.name)
    return None if default is None else lambda value: default if value is None else value


_COLUMNS: dict[str, Columns] = {}
