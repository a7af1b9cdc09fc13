"""Receipts of what was removed: the list, one, those of a person, and whether the chain is whole."""

from dataclasses import astuple
from typing import Any

from pydantic import BaseModel, ConfigDict

from chalicelib.bodies import parsed
from chalicelib.collect import values
from chalicelib.problems import Problem
from chalicelib.roles import PRIVACY
from chalicelib.routes import Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, WHOLE, Schema, listed, maybe, members
from chalicelib.store import alive, audit, receipt_chain, receipts
from chalicelib.store.receipt_chain import Walk
from chalicelib.store.tenancy import Store
from chalicelib.tabs import filters, pages

routes = Routes(__name__)
QUERY = {**pages.LIMIT, **pages.CURSOR}
RECEIPT: Schema = members(
    {
        "number": WHOLE,
        "id": TEXT,
        "reason": {"enum": ["erasure", "self_service", "expiry", "delete_all"]},
        "role": TEXT,
        "subject": {**maybe(TEXT), "description": "keyed hash of the e-mail address"},
        "kind": maybe(TEXT),
        "experience": maybe(TEXT),
        "counts": {"type": "object", "additionalProperties": WHOLE},
        "requested_at": TIME,
        "completed_at": TIME,
        "issued_at": TIME,
        "kept_until": TIME,
        "policy": {**TEXT, "description": "SHA-256 of the table of kinds"},
        "previous": {**TEXT, "description": "digest of the receipt before"},
        "previous_kept_until": maybe(TIME),
        "digest": {**TEXT, "description": "SHA-256 of the others, as JSON with sorted names and no blanks"},
    }
)
HEAD: Schema = members({"number": WHOLE, "digest": TEXT})
PAGE: Schema = members({"items": {"type": "array", "items": RECEIPT}, "next": maybe(TEXT), "head": HEAD})
VERDICT: Schema = members(
    {
        "ok": FLAG,
        "count": WHOLE,
        "first": maybe(WHOLE),
        "last": maybe(WHOLE),
        "digest": TEXT,
        "head": HEAD,
        "broken_at": maybe(WHOLE),
        "reason": maybe(TEXT),
        "next": maybe(TEXT),
    }
)


class Subject(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    email: values.Email


@routes.on("GET", "/v1/receipts", PRIVACY, query=QUERY, answer=PAGE)
def list_receipts(request: Request) -> dict[str, Any]:
    """Receipts of erasures, expiry and delete-alls, newest first; `head` is the end of the chain."""
    pages.only(request, *QUERY)
    limit, after = filters.asked(request.query).limit, pages.after(request, "receipts")
    cleared = alive.horizons(request.store)
    items, place = receipts.newest_first(request.store, cleared, int(after) if after else None, limit)
    return {"items": items, "next": pages.following(request, place, "receipts"), "head": _head(request.store)}


@routes.on("GET", "/v1/receipts/verify", PRIVACY, query=pages.CURSOR, answer=VERDICT)
def verify_receipts(request: Request) -> dict[str, Any]:
    """Walk the chain from the oldest receipt kept; 500 a call, go on with `next`."""
    pages.only(request, "cursor")
    walked = receipt_chain.walk(request.store, _begun(pages.after(request, "verify")))
    place = None if walked.done else ",".join(map(str, astuple(walked)[:4]))
    return {
        "ok": walked.broken_at is None,
        "count": walked.count,
        "first": walked.first or None,
        "last": walked.last or None,
        "digest": walked.digest,
        "head": _head(request.store),
        "broken_at": walked.broken_at,
        "reason": walked.reason,
        "next": pages.following(request, place, "verify"),
    }


@routes.on("POST", "/v1/receipts/search", PRIVACY, body=Subject, answer=listed(RECEIPT))
def search_receipts(request: Request) -> dict[str, Any]:
    """The receipts of one person, found by the e-mail address; the address is not stored."""
    told = parsed(Subject, request.body)
    store = request.store
    found = receipts.of_subject(store, told.email.normalised, alive.horizons(store))
    audit.note(store, request.caller.subject, "receipts.searched", role=request.caller.acting, count=len(found))
    return {"items": found}


@routes.on("GET", "/v1/receipts/{id}", PRIVACY, answer=RECEIPT)
def one_receipt(request: Request, id: str) -> dict[str, Any]:
    """One receipt, by the id of its job; it is there when the removal is finished."""
    store = request.store
    entry = receipts.by_id(store, id) if receipts.ID.fullmatch(id) else None
    if entry is None or not receipts.is_kept(entry, alive.horizons(store)):
        raise Problem.of("receipt_unknown")
    return entry


def _begun(state: str | None) -> Walk:
    if state is None:
        return Walk()
    count, first, last, digest = state.split(",")
    return Walk(int(count), int(first), int(last), digest)


def _head(store: Store) -> dict[str, Any]:
    head = receipts.head_of(store)
    return {"number": head["number"], "digest": head["digest"]}
