"""Consents: the history of what was asked and answered, each time with the wording; the present state is the customer's."""

from typing import Any

from pynamodb.exceptions import TransactWriteError

from chalicelib import clock
from chalicelib.collect import system_variables
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Consent, Event
from chalicelib.collect.results import Result, of_record
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.store import alive, customers, idempotency, keys, records, tables, wordings
from chalicelib.store.failures import failed_conditions, retrying
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Row, Transaction

MOST_TYPES = 50  # a customer's item holds the state of each


def check(talk: Conversation, events: tuple[Event, ...]) -> None:
    """A double opt-in needs its request, in the store, in this call or in the event; a wording sent as fingerprint
    only must be known."""
    errors: list[FieldError] = []
    requested: set[str] = set()
    for place, event in enumerate(events):
        if not isinstance(event, Consent):
            continue
        at = f"/events/{place}" if len(events) > 1 else ""
        asked = event.status == "requested" or event.requested_at is not None or event.consent in requested
        if event.status == "requested":
            requested.add(event.consent)
        if event.status == "granted" and event.method == "double" and not asked and not _was_asked(talk, event):
            errors.append(
                FieldError(f"{at}/requested_at", "missing", "double opt-in needs the request that came before")
            )
        if event.text is None and event.text_sha256 and wordings.text_of(talk.store, event.text_sha256) is None:
            errors.append(FieldError(f"{at}/text_sha256", "invalid", "is unknown: send the text once"))
    if errors:
        raise Problem.of("validation", errors=errors)


def record(talk: Conversation, event: Consent, call: Call | None) -> Result:
    for _ in range(4):
        person = talk.active(event)
        present = person["consents"].get(event.consent)
        if present and _says_the_same(present, event):
            return _unchanged(talk, event, person, present, call)
        try:
            return _recorded(talk, event, person, present, call)
        except TransactWriteError as error:
            if not failed_conditions(error):
                raise
        before = idempotency.recall(talk.store, call) if call else None
        if before:
            return _replayed(talk, event, person, before)
        talk.people.pop(person["customer_id"])  # changed by somebody else meanwhile: read again
    raise Problem.of("in_progress")


def _recorded(talk: Conversation, event: Consent, person: Row, present: Any, call: Call | None) -> Result:
    store = talk.store
    if event.text is not None:
        wordings.keep(store, event.text)
    row = _row(talk, event, person, call)
    transaction = Transaction(puts=[(row, None)])
    if present is None or present["id"] < row.at:
        _change_state(talk, transaction, event, person, row)
    if call:
        idempotency.remember(store, transaction, call, "recorded", row)
    retrying(lambda: store.write(transaction))
    talk.people[person["customer_id"]] = _with_state(person, event, row)
    return {"outcome": "recorded", **_answer(talk, event, person, row)}


def _row(talk: Conversation, event: Consent, person: Row, call: Call | None) -> tables.Consent:
    created_at = talk.moment(event)
    at = records.new_position(created_at)
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
    row.idem, row.process_instance = call.mark if call else None, event.process_instance
    return row


def _data(event: Consent) -> dict[str, Any]:
    names = ("consent", "status", "text_version", "locale", "channel", "method", "ip")
    times = {name: getattr(event, name) for name in ("requested_at", "confirmed_at")}
    return {
        **{name: getattr(event, name) for name in names},
        **{name: clock.milliseconds(time) for name, time in times.items() if time},
        "text_sha256": _digest(event),
    }


def _change_state(
    talk: Conversation, transaction: Transaction, event: Consent, person: Row, row: tables.Consent
) -> None:
    if event.consent not in person["consents"] and len(person["consents"]) >= MOST_TYPES:
        raise Problem.of("validation", errors=[FieldError("/consent", "too_many", values={"max_length": MOST_TYPES})])
    condition = alive.still_alive(Customer, KINDS["customers"], talk.cleared) & (Customer.version == person["version"])
    consents = _with_state(person, event, row)["consents"]
    item = customers.reference(talk.store, person["customer_id"])
    transaction.update(item, [Customer.consents.set(consents), Customer.version.add(1)], condition)
    before = person["consents"].get(event.consent, {}).get("status")
    name = f"consent_{event.consent}"
    for variable in system_variables.changed(talk, person["customer_id"], {name: before}, {name: event.status}, event):
        transaction.put(variable)


def _with_state(person: Row, event: Consent, row: tables.Consent) -> Row:
    present = person["consents"].get(event.consent)
    if present and present["id"] > row.at:
        return person
    state = {"status": event.status, "id": row.at, "text": _digest(event), "version": event.text_version}
    return {**person, "consents": {**person["consents"], event.consent: state}, "version": person["version"] + 1}


def _says_the_same(present: dict[str, Any], event: Consent) -> bool:
    digest = _digest(event)
    return present["status"] == event.status and (digest is None or present.get("text") == digest)


def _unchanged(talk: Conversation, event: Consent, person: Row, present: Any, call: Call | None) -> Result:
    row = talk.store.get("Customers", talk.store.key(keys.customer(person["customer_id"])), f"consents#{present['id']}")
    replayed = bool(row and call and call.wrote(row.get("idem")))
    found = _answer(talk, event, person, row) if row else {"consent": event.consent, "status": event.status}
    return {"outcome": "recorded" if replayed else "unchanged", "replayed": replayed, **found}


def _replayed(talk: Conversation, event: Consent, person: Row, before: dict[str, Any]) -> Result:
    row = talk.store.get("Customers", before["pk"], before["sk"])
    if row is None:
        raise Problem.of("erased")
    return {"outcome": before["outcome"], "replayed": True, **_answer(talk, event, person, row)}


def _answer(talk: Conversation, event: Consent, person: Row, row: tables.Consent | Row) -> Result:
    shown = of_record(talk.store, "consents", row, person["expires_at"])
    digest = row["data"].get("text_sha256") if isinstance(row, dict) else _digest(event)
    return {**shown, "consent": event.consent, "status": event.status, "text_sha256": digest}


def _digest(event: Consent) -> str | None:
    return wordings.fingerprint(event.text) if event.text is not None else event.text_sha256


def _was_asked(talk: Conversation, event: Consent) -> bool:
    person = talk.person(event)
    return bool(person) and person["consents"].get(event.consent, {}).get("status") == "requested"
