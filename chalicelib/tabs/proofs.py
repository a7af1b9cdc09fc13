"""Proofs of consent: what the holder of an address agreed to, with the wording."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from chalicelib import clock
from chalicelib.bodies import parsed
from chalicelib.collect import values
from chalicelib.problems import invalid
from chalicelib.roles import PRIVACY
from chalicelib.routes import Request, Routes
from chalicelib.schemas import TEXT, TIME, WHOLE, Schema, maybe, members
from chalicelib.store import alive, audit, proofs, wordings
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Row, in_parallel
from chalicelib.tabs.customers import living, unrestricted

routes = Routes(__name__)
TIMES = ("requested_at", "confirmed_at", "recorded_at")
NAMES = ("consent", "status", "text_sha256", "text_version", "locale", "channel", "method", "experience")
PROOF: Schema = members(
    {name: maybe(TEXT) for name in NAMES}
    | {name: maybe(TIME) for name in TIMES}
    | {"kept_until": TIME, "text": {**maybe(TEXT), "description": "the wording itself"}}
)
PROOFS: Schema = members({"months": {**WHOLE, "description": "0: off"}, "items": {"type": "array", "items": PROOF}})


class Holder(BaseModel):
    """The holder of an address, or a living customer, whose address may be masked for whoever asks."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        json_schema_extra={"oneOf": [values.given("email"), values.given("customer_id")]},
    )

    email: values.Email | None = None
    customer_id: str | None = None


@routes.on("POST", "/v1/consent-proofs", PRIVACY, body=Holder, answer=PROOFS)
def consent_proofs(request: Request) -> dict[str, Any]:
    """What somebody agreed to, newest first, also after the customer is gone; empty while proofs are off."""
    told = parsed(Holder, request.body)
    store, cleared = request.store, alive.horizons(request.store)
    found = proofs.of_address(store, _identity(request, told, cleared), cleared)
    audit.note(store, request.caller.subject, "proofs.read", role=request.caller.acting, count=len(found))
    digests = list({row["data"]["text_sha256"] for row in found if row["data"].get("text_sha256")})
    texts = dict(zip(digests, in_parallel(lambda digest: wordings.text_of(store, digest), digests), strict=True))
    return {"months": cleared.consent_proof_months, "items": [_shown(row, texts) for row in found]}


def _identity(request: Request, told: Holder, cleared: Horizons) -> str:
    """Raises 404 `customer_unknown`."""
    if (told.email is None) == (told.customer_id is None):
        raise invalid("/email", "missing")
    if told.email:
        return told.email.normalised
    unrestricted(request)
    return str(living(request.store, told.customer_id or "", cleared)["identity"])


def _shown(row: Row, texts: dict[str, str | None]) -> dict[str, Any]:
    told = row["data"]
    times = {name: clock.rfc3339(told[name]) if told.get(name) is not None else None for name in TIMES}
    named = {name: told.get(name) for name in NAMES}
    text = texts.get(told.get("text_sha256") or "")
    return {**named, **times, "kept_until": clock.rfc3339_s(row["expires_at"]), "text": text}
