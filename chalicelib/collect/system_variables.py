"""Variables that Afterchat itself writes whenever they change, so that every chat of the tenant can rely on them."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event
from chalicelib.kinds import KINDS
from chalicelib.store import keys, records
from chalicelib.store.profiles import Profile
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Store

FROM_FIELDS = ("firstname", "lastname", "gender", "birthdate")
KIND = KINDS["variables"]


def of(profile: Profile) -> dict[str, Any]:
    """Their values, as far as the profile tells them."""
    return {"email": profile.email, **{name: profile.fields.get(name) for name in FROM_FIELDS}}


def changed(
    talk: Conversation, customer_id: str, before: Mapping[str, Any], after: Mapping[str, Any], event: Event
) -> list[Activity]:
    """The rows for what differs, ready to be written with the change itself; none of a time that variables are not
    kept from."""
    if talk.moment(event) < talk.cleared.alive_since(KIND, event.experience):
        return []
    differing = {name: value for name, value in after.items() if value != before.get(name)}
    return [_row(talk, customer_id, name, value, event) for name, value in differing.items()]


def rectified(store: Store, customer_id: str, before: Profile, after: Profile) -> list[Activity]:
    """The same for what was put right by hand, in no experience."""
    created_at, old = clock.now_ms(), of(before)
    differing = {name: value for name, value in of(after).items() if value != old[name]}
    rows = []
    for place, (name, value) in enumerate(differing.items()):
        at = keys.time_ordered_id(created_at, place)
        pk, sk = store.key(keys.customer(customer_id)), f"{prefix('', 'tenant', name)}{at}"
        rows.append(records.prepared(store, KIND, pk, sk, created_at, None, data(name, value), at=at))
    return rows


def _row(talk: Conversation, customer_id: str, name: str, value: Any, event: Event) -> Activity:
    return prepared(talk, keys.customer(customer_id), event, data(name, value))


def data(name: str, value: Any, scope: str = "tenant") -> dict[str, Any]:
    """What the record of such a variable holds."""
    return {"name": name, "value": json.dumps(value, ensure_ascii=False), "scope": scope, "system": True}


def prepared(
    talk: Conversation, partition: str, event: Event, data: dict[str, Any], after: str | None = None
) -> Activity:
    """A variable's row; its key begins with scope and name, so that the present value is one short read. `after` is the
    position of the value before."""
    created_at = talk.moment(event)
    at = talk.position(created_at, after)
    sk = f"{prefix(event.experience, data['scope'], data['name'])}{at}"
    pk = talk.store.key(partition)
    row: Activity = records.prepared(
        talk.store, KIND, pk, sk, created_at, event.experience, data, at=at, module=data["name"]
    )
    row.process_instance = event.process_instance
    return row


def prefix(experience: str, scope: str, name: str) -> str:
    return f"variables#{experience if scope == 'experience' else keys.ANYWHERE}#{name}#"
