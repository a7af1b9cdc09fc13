"""Consents: the history of what was asked and answered, with the wording; the present state is the customer's."""

from collections.abc import Iterator
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.collect import system_variables
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Consent, Event
from chalicelib.collect.results import Result, of_record
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.store import customers, idempotency, keys, profiles, proofs, records, tables, wordings
from chalicelib.store.failures import accepted
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Row, Transaction

ATTEMPTS = 5
MOST_TYPES = 50  # a customer's item holds the state of each

Wrong = tuple[str, tuple[str, str]]  # member, code and detail


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """A double opt-in needs its request, in the store, in this call or in the event; a wording sent as fingerprint
    only must be known, here or from this call."""
    errors: list[FieldError] = []
    earlier: list[Consent] = []
    for place, event in enumerate(events):
        if isinstance(event, Consent):
            for member, error in _wrong(talk, event, earlier, call and call.event(place)):
                errors.append(FieldError(talk.pointer(place, member), *error))
            earlier.append(event)
    if errors:
        raise Problem.of("validation", errors=errors)


def _wrong(talk: Conversation, event: Consent, earlier: list[Consent], call: Call | None) -> Iterator[Wrong]:
    if _lacks_request(talk, event, earlier) and not (call and idempotency.recall(talk.store, call)):
        yield "requested_at", ("missing", "double opt-in needs the request that came before")
    if _lacks_text(talk, event, earlier):
        yield "text_sha256", ("invalid", "is unknown: send the text once")
    if len(_types(talk, event, [*earlier, event])) > MOST_TYPES:
        yield "consent", ("too_many", f"has more than {MOST_TYPES} types for one customer")


def record(talk: Conversation, event: Consent, call: Call | None) -> Result:
    tried: set[str] = set()  # ids of our own attempts, one of which may have been written though its answer was lost
    for _ in range(ATTEMPTS):
        person = talk.active(event)
        present = person["consents"].get(event.consent)
        if present and present["id"] not in tried and _says_the_same(present, event):
            result = _unchanged(talk, event, person, present, call)
        elif present and present["id"] in tried:
            result = _found(talk, event, person, f"consents#{present['id']}", "recorded", False)
        else:
            result = _recorded(talk, event, person, call, tried)
        if result:
            return result
        talk.people.pop(person["customer_id"])  # changed by somebody else meanwhile: read again
    raise Problem.of("in_progress")


def _recorded(talk: Conversation, event: Consent, person: Row, call: Call | None, tried: set[str]) -> Result | None:
    if event.text is not None:
        wordings.keep(talk.store, event.text)
    row = _row(talk, event, person, call)
    tried.add(row.at)
    after = _with_state(person, event, row)
    transaction = Transaction(puts=[(row, None)])
    proofs.add(talk.store, transaction, person["identity"], row, talk.cleared)
    actions: list[Action] = [Customer.version.add(1)]
    if after["consents"] != person["consents"]:
        actions.append(Customer.consents.set(after["consents"]))
        before, now = _statuses(event, person, after)
        for variable in system_variables.changed(talk, person["customer_id"], before, now, event):
            transaction.put(variable)
    item = customers.reference(talk.store, person["customer_id"])
    transaction.update(item, actions, profiles.as_seen(person, talk.cleared))
    if not _is_written(talk, transaction, call, "recorded", row):
        return _recalled(talk, event, person, call, row)
    talk.keep(after)
    return {"outcome": "recorded", "replayed": False, **_answer(talk, event, person, row)}


def _unchanged(talk: Conversation, event: Consent, person: Row, present: Any, call: Call | None) -> Result | None:
    """Remembered, too: sent again after a withdrawal, it must not consent anew."""
    sk = f"consents#{present['id']}"
    pk = talk.store.key(keys.customer(person["customer_id"]))
    found = _found(talk, event, person, sk, "unchanged", None)
    if not call or _is_written(talk, Transaction(), call, "unchanged", tables.Consent(pk, sk)):
        return found
    return _recalled(talk, event, person, call, None)


def _is_written(
    talk: Conversation, transaction: Transaction, call: Call | None, outcome: str, row: tables.Consent
) -> bool:
    if call:
        idempotency.remember(talk.store, transaction, call, outcome, row)
    return accepted(lambda: talk.store.write(transaction))


def _recalled(
    talk: Conversation, event: Consent, person: Row, call: Call | None, row: tables.Consent | None
) -> Result | None:
    """What the call did before; None if it was something else that was in the way."""
    before = idempotency.recall(talk.store, call) if call else None
    if before is None:
        return None
    ours = row is not None and before["sk"] == row.sk
    return _found(talk, event, person, before["sk"], before["outcome"], not ours)


def _found(talk: Conversation, event: Consent, person: Row, sk: str, outcome: str, replayed: bool | None) -> Result:
    row = talk.store.get("Customers", talk.store.key(keys.customer(person["customer_id"])), sk)
    if row is None:
        raise Problem.of("erased")
    return {"outcome": outcome, "replayed": replayed, **_answer(talk, event, person, row)}


def _row(talk: Conversation, event: Consent, person: Row, call: Call | None) -> tables.Consent:
    created_at = talk.moment(event)
    at = talk.position(created_at, after=person["consents"].get(event.consent, {}).get("id"))
    row: tables.Consent = records.prepared(
        talk.store,
        KINDS["consents"],
        talk.store.key(keys.customer(person["customer_id"])),
        f"consents#{at}",
        created_at,
        event.experience,
        _data(event),
        at=at,
        expires_at=customers.expiry_around(person["active_at"]),
    )
    row.by_module = talk.store.key(
        keys.of_module("consents", keys.ANYWHERE, f"{event.consent}#{event.status}", keys.shard(at))
    )
    row.process_instance, row.idem = event.process_instance, call.mark if call else None
    row.trace = records.present_trace()
    return row


def _data(event: Consent) -> dict[str, Any]:
    names = ("consent", "status", "text_version", "locale", "channel", "method", "ip")
    times = {name: getattr(event, name) for name in ("requested_at", "confirmed_at")}
    return {
        **{name: getattr(event, name) for name in names},
        **{name: clock.milliseconds(time) for name, time in times.items() if time},
        "text_sha256": _digest(event),
    }


def _with_state(person: Row, event: Consent, row: tables.Consent) -> Row:
    """The customer afterwards: what happened earlier than the present state changes no state."""
    present = person["consents"].get(event.consent)
    state = {"status": event.status, "id": row.at, "text": _digest(event), "version": event.text_version}
    state["experience"] = event.experience
    newest = present if present and present["id"] > row.at else state
    return {**person, "consents": {**person["consents"], event.consent: newest}, "version": person["version"] + 1}


def _statuses(event: Consent, *people: Row) -> Iterator[dict[str, Any]]:
    """The system variable, before and after."""
    for person in people:
        yield {f"consent_{event.consent}": person["consents"].get(event.consent, {}).get("status")}


def _says_the_same(present: dict[str, Any], event: Consent) -> bool:
    digest = _digest(event)
    return present["status"] == event.status and (digest is None or present.get("text") == digest)


def _answer(talk: Conversation, event: Consent, person: Row, row: tables.Consent | Row) -> Result:
    shown = of_record(talk.store, "consents", row, person["expires_at"])
    digest = row["data"].get("text_sha256") if isinstance(row, dict) else _digest(event)
    return {**shown, "consent": event.consent, "status": event.status, "text_sha256": digest}


def _digest(event: Consent) -> str | None:
    return wordings.fingerprint(event.text) if event.text is not None else event.text_sha256


def _types(talk: Conversation, event: Consent, events: list[Consent]) -> set[str]:
    """Of this person, with those of the call up to here."""
    person = talk.person(event)
    named = {one.consent for one in events if (one.email, one.customer_id) == (event.email, event.customer_id)}
    return named | set(person["consents"] if person else ())


def _lacks_request(talk: Conversation, event: Consent, earlier: list[Consent]) -> bool:
    if event.status != "granted" or event.method != "double" or event.requested_at is not None:
        return False
    if any(one.status == "requested" and one.consent == event.consent for one in earlier):
        return False
    person = talk.person(event)
    present = person["consents"].get(event.consent) if person else None
    return present is None or not (present["status"] == "requested" or _says_the_same(present, event))


def _lacks_text(talk: Conversation, event: Consent, earlier: list[Consent]) -> bool:
    if event.text is not None or not event.text_sha256:
        return False
    told = {_digest(one) for one in earlier if one.text is not None}
    return event.text_sha256 not in told and wordings.text_of(talk.store, event.text_sha256) is None
