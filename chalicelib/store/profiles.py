"""What is known of a person: registering with it, changing it, and where it lies.

Personal fields are inline in the customer item while they leave it below one write unit, beside it otherwise.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.store import alive, keys, records, search
from chalicelib.store.alive import Horizons
from chalicelib.store.customers import KIND, expiry_around, position, reference
from chalicelib.store.keys import shard
from chalicelib.store.tables import Activity, Customer, Found, PersonalFields
from chalicelib.store.tenancy import Row, Store, Transaction

INLINE = 400  # bytes of JSON
WHOLE = ("email", "identity", "locale", "channel", "email_verified")  # what is replaced, not merged
Fields = dict[str, Any]


@dataclass(frozen=True)
class Profile:
    """All that is kept of a person besides points and consents. `identity` is the normalised address."""

    email: str
    identity: str
    fields: Fields
    locale: str | None = None
    channel: str | None = None
    email_verified: bool | None = None

    @classmethod
    def of(cls, row: Row) -> "Profile":
        return cls(**{name: row[name] for name in ("fields", *WHOLE) if name in row})

    def with_fields(self, fields: Fields) -> "Profile":
        """Sign-ins merge: None removes a field, others replace it, the rest stays."""
        merged = {**self.fields, **fields}
        return replace(self, fields={name: value for name, value in merged.items() if value is not None})


def registration(
    store: Store,
    customer_id: str,
    profile: Profile,
    at: int,
    cleared: Horizons,
    *,
    dead: str | None = None,
    idem: str | None = None,
    variables: list[Activity],
) -> tuple[Row, Transaction]:
    """A new customer as it will be read, and the transaction that makes it; not yet written. `dead` is whom the address
    still names, found dead. It fails if the address belongs to somebody alive by then."""
    transaction = Transaction()
    entries = search.entries(store, profile.identity, customer_id, at, expiry_around(at))
    transaction.put(entries[0], _is_free(cleared, dead))
    inline, beside = _placed(store, customer_id, profile.fields, at, at)
    customer = _customer(store, customer_id, profile, inline, at, idem)
    customer.trace = records.present_trace()
    for put in (*entries[1:], customer, *beside, *variables):
        transaction.put(put)
    row = {name: value for name, value in customer.attribute_values.items() if value is not None}
    return {**row, "fields": profile.fields}, transaction


def changed(row: Row, profile: Profile) -> Row:
    """The customer as `change` left it."""
    beside = _is_large(profile.fields) or None
    return {**row, **vars(profile), "beside": beside, "version": row["version"] + 1}


def change(
    store: Store,
    row: Row,
    profile: Profile,
    cleared: Horizons,
    variables: list[Activity],
    *,
    dead: str | None = None,
) -> Transaction:
    """The transaction that makes the customer `profile`; not yet written. It fails when somebody else changed the
    customer since `row` was read, or the new address belongs to somebody other than `dead`, found dead."""
    transaction = Transaction()
    inline, beside = _placed(store, row["customer_id"], profile.fields, row["created_at"], row["active_at"])
    values = {name: getattr(profile, name) for name in WHOLE}
    actions = [getattr(Customer, name).set(value) for name, value in values.items() if value != row.get(name)]
    if exactly(profile.fields) != exactly(row["fields"]):
        actions += _field_actions(inline)
        if row.get("beside") and not beside:
            transaction.delete(PersonalFields(reference(store, row["customer_id"]).pk, "fields"))
        for put in beside:
            transaction.put(put)
    if profile.identity != row["identity"]:
        _move(store, transaction, row, profile.identity, _is_free(cleared, dead))
    for variable in variables:
        transaction.put(variable)
    transaction.update(reference(store, row["customer_id"]), [*actions, Customer.version.add(1)], as_seen(row, cleared))
    return transaction


def as_seen(row: Row, cleared: Horizons) -> Condition:
    """Nobody changed the customer since `row` was read; nor slid it on, or what is written now would expire first."""
    same = (Customer.version == row["version"]) & (Customer.active_at == row["active_at"])
    condition: Condition = alive.still_alive(Customer, KIND, cleared) & same
    return condition


def _customer(
    store: Store, customer_id: str, profile: Profile, inline: Fields | None, at: int, idem: str | None
) -> Customer:
    item = reference(store, customer_id)
    values: dict[str, Any] = {name: getattr(profile, name) for name in WHOLE}
    values |= {"customer_id": customer_id, "created_at": at, "active_at": at, "renewed_day": clock.day(at)}
    values |= {"expires_at": alive.customer_expiry(at), "at": position(at, customer_id), "idem": idem}
    values |= {"feed": store.key(keys.feed("customers", shard(customer_id)))}
    values |= {"fields": inline, "beside": inline is None or None}
    for name, value in values.items():
        setattr(item, name, value)
    return item


def _is_free(cleared: Horizons, dead: str | None) -> Any:
    free = alive.free_or_dead(Found, KIND, cleared)
    return free | (Found.customer_id == dead) if dead else free


def _placed(
    store: Store, customer_id: str, fields: Fields, created_at: int, active_at: int
) -> tuple[Fields | None, list[PersonalFields]]:
    if not _is_large(fields):
        return fields, []
    pk, expires_at = reference(store, customer_id).pk, expiry_around(active_at)
    return None, [PersonalFields(pk, "fields", fields=fields, created_at=created_at, expires_at=expires_at)]


def exactly(fields: Fields) -> dict[str, tuple[Any, bool]]:
    """To be compared: for Python, true is equal to 1."""
    return {name: (value, isinstance(value, bool)) for name, value in fields.items()}


def _is_large(fields: Fields) -> bool:
    return len(json.dumps(fields, ensure_ascii=False).encode()) > INLINE


def _field_actions(inline: Fields | None) -> list[Action]:
    if inline is None:
        return [Customer.fields.remove(), Customer.beside.set(True)]
    return [Customer.fields.set(inline), Customer.beside.remove()]


def _move(store: Store, transaction: Transaction, row: Row, identity: str, is_free: Condition) -> None:
    customer_id = row["customer_id"]
    old = {search.whole(store, row["identity"]), *search.parts(store, row["identity"], customer_id)}
    new = search.entries(store, identity, customer_id, row["created_at"], expiry_around(row["active_at"]))
    transaction.put(new[0], is_free)
    for entry in new[1:]:
        transaction.put(entry)
    for place in old - {(entry.pk, entry.sk) for entry in new}:
        transaction.delete(Found(*place))
