"""Sign-ins: who is new is registered, who is known is recognised, and what the chat recorded before becomes theirs."""

from dataclasses import replace

from chalicelib import clock
from chalicelib.collect import linking, state, system_variables
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event, SignIn
from chalicelib.collect.results import Result
from chalicelib.collect.values import too_much
from chalicelib.problems import Problem
from chalicelib.store import customers, idempotency, keys, profiles
from chalicelib.store.customers import Gone
from chalicelib.store.failures import accepted
from chalicelib.store.idempotency import Call
from chalicelib.store.profiles import Profile
from chalicelib.store.tenancy import Row

ATTEMPTS = 5


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """What is known of a person already and what is told now must stay within the limits of one event."""
    errors = []
    known: dict[str, Profile] = {}
    for place, event in enumerate(events):
        if isinstance(event, SignIn) and event.fields:
            identity, person = event.email.normalised, talk.person(event)
            before = known.get(identity) or (Profile.of(person) if person else _blank(event))
            known[identity] = before.with_fields(event.fields)
            errors += too_much(known[identity].fields, talk.pointer(place, "fields"))
    if errors:
        raise Problem.of("validation", errors=errors)


def sign_in(talk: Conversation, event: SignIn, call: Call | None) -> Result:
    for _ in range(ATTEMPTS):
        person = talk.person(event)
        done = _recognised(talk, event, person, call) if person else _registered(talk, event, call)
        if done:
            row, outcome, replayed = done
            if event.process_instance:
                linking.link(talk, event.process_instance, row["customer_id"], talk.moment(event))
            return {"outcome": outcome, "replayed": replayed, **_answer(talk, row, outcome)}
    raise Problem.of("in_progress")


Done = tuple[Row, str, bool | None]  # the customer, the outcome, and whether it was a replay


def _answer(talk: Conversation, row: Row, outcome: str) -> Result:
    """Who was just registered has no points, consents or wins; and neither when that is answered again."""
    registered_at = clock.rfc3339(row["created_at"])
    blank = {"points": 0, "consents": {}, "wins": {}}
    return {
        "id": row["customer_id"],
        "customer_id": row["customer_id"],
        "created_at": registered_at,
        "registered_at": registered_at,
        "expires_at": clock.rfc3339_s(row["expires_at"]),
        "state": state.brief(row | blank if outcome == "registered" else row, talk.cleared),
    }


def _registered(talk: Conversation, event: SignIn, call: Call | None, dead: str | None = None) -> Done | None:
    """None if somebody with this address is there by now. `dead` is whom the address names, found dead."""
    customer_id, profile = keys.random_id(), _told(_blank(event), event)
    written = system_variables.changed(talk, customer_id, {}, system_variables.of(profile), event)
    row, transaction = profiles.registration(
        talk.store,
        customer_id,
        profile,
        talk.moment(event),
        talk.cleared,
        dead=dead,
        idem=call.mark if call else None,
        variables=written,
    )
    if call:
        idempotency.remember(talk.store, transaction, call, "registered")
    if accepted(lambda: talk.store.write(transaction)):
        return talk.keep(row), "registered", False
    return _not_registered(talk, event, call, dead)


def _not_registered(talk: Conversation, event: SignIn, call: Call | None, dead: str | None) -> Done | None:
    """Somebody else took the address meanwhile, a dead customer's entry still holds it, or the call did this before and
    its customer was erased since: a repeated call must not bring a person back."""
    identity = event.email.normalised
    if talk.look_again(identity):
        return None
    if call and idempotency.recall(talk.store, call):
        raise Problem.of("erased")
    holder = customers.id_of(talk.store, identity, consistent=True)
    return _registered(talk, event, call, holder) if holder and holder != dead else None


def _recognised(talk: Conversation, event: SignIn, person: Row, call: Call | None) -> Done | None:
    """Counts the activity and merges what is new; nothing is written on the same day when nothing changed. None if the
    customer was changed or erased meanwhile."""
    try:
        row = talk.touched(person, event)
    except Gone:
        talk.people.pop(person["customer_id"])
        return None
    if call and call.wrote(row.get("idem")):
        return row, "registered", True
    before = Profile.of(row)
    after = _told(before, event)
    if after == before and profiles.exactly(after.fields) == profiles.exactly(before.fields):
        return row, "recognised", None
    return _changed(talk, event, row, after, call)


def _changed(talk: Conversation, event: SignIn, row: Row, after: Profile, call: Call | None) -> Done | None:
    values = system_variables.of(Profile.of(row)), system_variables.of(after)
    written = system_variables.changed(talk, row["customer_id"], *values, event)
    transaction = profiles.change(talk.store, row, after, talk.cleared, written)
    if call:
        idempotency.remember(talk.store, transaction, call, "recognised")
    if accepted(lambda: talk.store.write(transaction)):
        return talk.keep(profiles.changed(row, after)), "recognised", False
    if call and idempotency.recall(talk.store, call):
        return row, "recognised", True
    talk.people.pop(row["customer_id"])
    return None


def _blank(event: SignIn) -> Profile:
    return Profile(event.email.display, event.email.normalised, {})


def _told(before: Profile, event: SignIn) -> Profile:
    """What was known, and what this sign-in says."""
    told = {name: getattr(event, name) for name in ("locale", "channel", "email_verified")}
    after = replace(before, **{name: value for name, value in told.items() if value is not None})
    return after.with_fields(event.fields or {})
