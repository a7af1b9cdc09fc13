"""The customer page: everything one person left, and putting personal data right."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.access import require_experience
from chalicelib.bodies import json_object
from chalicelib.collect import system_variables, values
from chalicelib.kinds import KINDS
from chalicelib.masking import mask
from chalicelib.problems import Problem, validation_problem
from chalicelib.roles import ERASERS, PRIVACY, VIEWERS
from chalicelib.routes import Request, Routes
from chalicelib.schemas import COUNTS, CUSTOMER_PAGE, RECORD, WHOLE, members
from chalicelib.store import alive, audit, belongings, customers, deletion, keys, profiles, proofs
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.profiles import Profile
from chalicelib.store.tenancy import Row, Store, in_parallel
from chalicelib.tabs import filters, lists, rows
from chalicelib.tabs.filters import Question

routes = Routes(__name__)
MOST_BYTES = 65_536
FIRST = 50
PREVIEW = members({"erased": COUNTS, "nameless": COUNTS, "files_bytes": WHOLE})


class Rectification(BaseModel):
    """What was wrong; `fields` merge, null removes one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    email: values.Email | None = None
    fields: values.Fields | None = Field(default=None)


@routes.on("GET", "/v1/customers/{id}", VIEWERS | ERASERS, answer=CUSTOMER_PAGE)
def customer_page(request: Request, id: str) -> dict[str, Any]:
    """One customer's personal data and the first 50 records of each kind, with `next` for the list of that kind.

    Whoever may erase a customer but not see one gets it masked. `packages` are the latest jobs by purpose."""
    store, masked = request.store, request.caller.masked
    unrestricted(request)
    cleared = alive.horizons(store)
    person = living(store, id, cleared)
    if not masked:
        _note(request, "customer.revealed", id, once=id)
    kinds = [kind for kind in KINDS.values() if kind.name != "customers"]
    question = Question({"customer_id": id}, limit=FIRST)
    parts = in_parallel(lambda kind: lists.answer(store, kind, question, cleared), kinds)
    customer = rows.customer_row(person)
    page: dict[str, Any] = {"customer": mask(customer, KINDS["customers"]) if masked else customer}
    page["packages"] = person.get("packages", {})
    for kind, part in zip(kinds, parts, strict=True):
        following = filters.seal(part.next, kind, {"customer_id": id}, request.caller) if part.next else None
        page[kind.name] = {"items": rows.shown(store, kind, part.rows, cleared, masked), "next": following}
    return page


@routes.on("PATCH", "/v1/customers/{id}", PRIVACY, body=Rectification, answer=RECORD)
def rectify(request: Request, id: str) -> dict[str, Any]:
    """Correct a customer's e-mail address or personal fields."""
    store = request.store
    unrestricted(request)
    try:
        told = Rectification.model_validate(json_object(request.body, MOST_BYTES))
    except ValidationError as refused:
        raise validation_problem(refused) from None
    cleared = alive.horizons(store)
    for _ in range(4):
        person = living(store, id, cleared)
        corrected = _corrected(Profile.of(person), told)
        if errors := values.too_much(corrected.fields, "/fields"):
            raise Problem.of("validation", errors=errors)
        if corrected == Profile.of(person) or _written(store, person, corrected, cleared):
            _note(request, "customer.rectified", id, email=told.email is not None, fields=len(told.fields or {}))
            found = [living(store, id, cleared)]
            return rows.shown(store, KINDS["customers"], found, cleared, request.caller.masked)[0]
    raise Problem.of("in_progress")


@routes.on("GET", "/v1/customers/{id}/erasure", ERASERS, answer=PREVIEW)
def preview(request: Request, id: str) -> dict[str, Any]:
    """What the erasure of this customer would remove, and what stays without a name."""
    store = request.store
    unrestricted(request)
    cleared = alive.horizons(store)
    living(store, id, cleared)
    kinds = [kind for kind in KINDS.values() if kind.name != "customers"]
    parts = in_parallel(lambda kind: belongings.of_customer(store, kind, id, cleared), kinds)
    found = {"customers": 1} | {kind.name: len(part) for kind, part in zip(kinds, parts, strict=True)}
    winners = sum(found.pop(kind) for kind in deletion.WINNERS)
    nameless = {kind.name: found.pop(kind.name) for kind in kinds if kind.holder}
    [files] = [part for kind, part in zip(kinds, parts, strict=True) if kind.name == "files"]
    return {
        "erased": found,
        "nameless": {**nameless, "winners": winners},
        "files_bytes": sum(row["data"]["size"] for row in files),
    }


def living(store: Store, id: str, cleared: Horizons) -> Row:
    """Raises 404 `customer_unknown`."""
    row = customers.by_id(store, id, cleared) if keys.is_customer_id(id) else None
    if row is None:
        raise Problem.of("customer_unknown", "Nobody has this id, or no longer.")
    return row


def _note(request: Request, action: str, customer_id: str, once: str | None = None, **details: Any) -> None:
    caller = request.caller
    audit.note(
        request.store,
        caller.subject,
        action,
        role=caller.acting,
        customer_id=customer_id,
        details=details or None,
        id=once,
    )


def _corrected(profile: Profile, told: Rectification) -> Profile:
    if told.email:
        profile = replace(profile, email=told.email.display, identity=told.email.normalised)
    return profile.with_fields(told.fields or {})


def _written(store: Store, person: Row, corrected: Profile, cleared: Horizons) -> bool:
    """False if the customer was changed meanwhile. Raises 409 `email_taken`."""
    holder = customers.id_of(store, corrected.identity, consistent=True)
    if holder not in (None, person["customer_id"]) and customers.by_id(store, holder or "", cleared):
        raise Problem.of("email_taken")
    variables = system_variables.rectified(store, person["customer_id"], Profile.of(person), corrected)
    transaction = profiles.change(store, person, corrected, cleared, variables, dead=holder)
    proofs.follow(store, transaction, person["identity"], corrected.identity, cleared)
    return accepted(lambda: store.write(transaction))


def unrestricted(request: Request) -> None:
    """A key that is bound to an experience sees no customer as a whole."""
    require_experience(request.caller, None)
