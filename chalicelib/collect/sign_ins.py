"""Sign-ins: who is new is registered, who is known is recognised, and what the chat recorded before becomes theirs."""

from dataclasses import replace
from typing import Any

from pynamodb.exceptions import TransactWriteError, UpdateError

from chalicelib import clock
from chalicelib.collect import linking, state, system_variables
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import SignIn
from chalicelib.collect.results import Result
from chalicelib.problems import Problem
from chalicelib.store import customers, keys, profiles
from chalicelib.store.failures import failed_conditions, is_condition, retrying
from chalicelib.store.idempotency import Call
from chalicelib.store.profiles import Profile
from chalicelib.store.tenancy import Row


def sign_in(talk: Conversation, event: SignIn, call: Call | None) -> Result:
    row = talk.person(event)
    registered = row is None and _registered(talk, event, call)
    if not registered:
        row = _recognised(talk, event)
    row = talk.known(event)
    if event.process_instance:
        linking.link(talk, event.process_instance, row["customer_id"], talk.moment(event))
    replayed = not registered and call is not None and call.wrote(row.get("idem"))
    return {
        "outcome": "registered" if registered or replayed else "recognised",
        "replayed": replayed,
        "id": row["customer_id"],
        "customer_id": row["customer_id"],
        "created_at": clock.rfc3339(row["created_at"]),
        "registered_at": clock.rfc3339(row["created_at"]),
        "expires_at": clock.rfc3339(row["expires_at"] * 1000),
        "state": state.brief(row),
    }


def _registered(talk: Conversation, event: SignIn, call: Call | None) -> bool:
    """False if somebody with this address was registered meanwhile."""
    customer_id, at = keys.random_id(), talk.moment(event)
    profile = _profile(event)
    written = system_variables.changed(talk, customer_id, {}, _system_values(profile), event)
    dead = customers.id_of(talk.store, profile.identity, consistent=True)
    try:
        retrying(
            lambda: profiles.register(
                talk.store,
                customer_id,
                profile,
                at,
                talk.cleared,
                dead=dead if dead and not customers.by_id(talk.store, dead, talk.cleared) else None,
                idem=call.mark if call else None,
                variables=written,
            )
        )
    except TransactWriteError as error:
        if not failed_conditions(error):
            raise
        return False
    talk.keep(customers.by_id(talk.store, customer_id, talk.cleared))
    return True


def _recognised(talk: Conversation, event: SignIn) -> Row:
    """Counts the activity and merges what is new; nothing is written on the same day when nothing changed."""
    for _ in range(4):
        row = talk.active(event)
        before = Profile.of(row)
        after = _merged(before, event)
        if after == before:
            return row
        written = system_variables.changed(
            talk, row["customer_id"], _system_values(before), _system_values(after), event
        )
        try:
            retrying(lambda: talk.store.write(profiles.change(talk.store, row, after, talk.cleared, written)))  # noqa: B023
        except (TransactWriteError, UpdateError) as error:
            if not _changed_meanwhile(error):
                raise
        talk.people.pop(row["customer_id"])
    raise Problem.of("in_progress")


def _changed_meanwhile(error: TransactWriteError | UpdateError) -> bool:
    return bool(failed_conditions(error)) if isinstance(error, TransactWriteError) else is_condition(error)


def _profile(event: SignIn) -> Profile:
    blank = Profile(event.email.display, event.email.normalised, {}, event.locale, event.channel, event.email_verified)
    return blank.with_fields(event.fields or {})


def _merged(before: Profile, event: SignIn) -> Profile:
    told = {name: getattr(event, name) for name in ("locale", "channel", "email_verified")}
    after = replace(before, **{name: value for name, value in told.items() if value is not None})
    return after.with_fields(event.fields or {})


def _system_values(profile: Profile) -> dict[str, Any]:
    known = {name: profile.fields.get(name) for name in system_variables.FROM_FIELDS}
    return {"email": profile.email, **known}
