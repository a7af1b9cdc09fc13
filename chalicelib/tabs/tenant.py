"""The tenant's own affairs: settings, and named keys for machines."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chalicelib import access, clock
from chalicelib.bodies import parsed
from chalicelib.collect import rate, values
from chalicelib.collect.values import wrong
from chalicelib.kinds import KINDS
from chalicelib.named_keys import KEY_ID, StoredKey, mint_key
from chalicelib.problems import Problem, invalid
from chalicelib.roles import ANY_READER, OWNERS, PRIVACY
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import KEY, KEYS, SETTINGS
from chalicelib.store import alive, api_keys, audit, experiences, tenants
from chalicelib.store.tenants import TenantSettings
from chalicelib.titles import Locale

routes = Routes(__name__)


def _kind(name: str) -> str:
    if name not in KINDS:
        raise wrong("not_allowed", expected=", ".join(KINDS))
    return name


Line = Annotated[str, Field(min_length=1, max_length=1000)]
PLAIN = ("id", "name", "role", "experience", "last4", "created_by", "collect_rate")  # what is shown as it is stored
Rate = Annotated[int, Field(ge=1, le=rate.MOST)]  # calls of the Collect API a second
KindName = Annotated[str, AfterValidator(_kind), Field(json_schema_extra={"enum": list(KINDS)})]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("not_allowed", expected="the names of the IANA time zone database") from None
    return name


class PrivacyTexts(BaseModel):
    """Who answers for the data and what each kind is for, in one language; what is left out is not told."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    controller: Line | None = None
    contact: Line | None = None
    dpo: Line | None = None
    authority: Line | None = None
    purposes: dict[KindName, Line] = {}


class NewSettings(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] = alive.Horizons.time_zone
    locale: Locale = "de"
    consent_proof_months: Annotated[int, Field(ge=0, le=120)] = 0
    receipt_months: Annotated[int, Field(ge=1, le=120)] = 36
    collect_rate: Rate | None = None
    privacy: dict[Locale, PrivacyTexts] = {}


class NewKey(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    role: Literal["collector", "exporter"]
    experience: values.Id | None = None
    expires_at: values.Time | None = None
    collect_rate: Rate | None = None


@routes.on("GET", "/v1/settings", ANY_READER, answer=SETTINGS)
def show_settings(request: Request) -> Answer:
    """Time zone and language, how long receipts and proofs of consent are kept, and the texts of the privacy notice."""
    return _settings(tenants.read(request.store))


@routes.on("PUT", "/v1/settings", PRIVACY, body=NewSettings, answer=SETTINGS)
def save_settings(request: Request) -> Answer:
    """Replace the tenant's settings; what is left out gets its default. The role privacy may change its part.

    With If-Match nothing is replaced that somebody else changed since it was read. A proof of consent that a shorter
    period leaves behind is shown no more when this has answered."""
    from chalicelib.jobs import proof_removal

    store, caller = request.store, request.caller
    told = TenantSettings(**parsed(NewSettings, request.body).model_dump(exclude_none=True))
    before = tenants.read(store)
    if request.headers.get("if-match") not in (None, _tag(before)):
        raise Problem.of("precondition_failed", headers={"ETag": _tag(before)})
    changed = tuple(name for name in asdict(told) if getattr(told, name) != getattr(before, name))
    if not set(changed) <= set(tenants.PROTECTION):
        access.require(caller, OWNERS)
    audit.note(store, caller.subject, "settings.changed", role=caller.acting, details={"names": list(changed)})
    gives_up = told.consent_proof_months < before.consent_proof_months
    job = proof_removal.prepare(store, caller) if gives_up else None
    if changed:
        tenants.save(store, told, changed)
    if job:
        proof_removal.announce(store, job)
    return _settings(told)


@routes.on("GET", "/v1/keys", OWNERS, answer=KEYS)
def list_keys(request: Request) -> dict[str, Any]:
    """The named keys, without their secrets."""
    return {"items": [_shown(key) for key in api_keys.all_of(request.store)]}


@routes.on("POST", "/v1/keys", OWNERS, body=NewKey, status=201, answer=KEY)
def make_key(request: Request) -> Answer:
    """Make a named key; its text is in this answer and nowhere else."""
    told = parsed(NewKey, request.body)
    store = request.store
    if told.experience and experiences.read(store, told.experience) is None:
        raise invalid("/experience", "invalid", "is not known")
    expires_at = clock.milliseconds(told.expires_at) // 1000 if told.expires_at else None
    if expires_at is not None and expires_at <= clock.now_s():
        raise invalid("/expires_at", "invalid", "is in the past")
    text, key = mint_key(store.tenant, told.name, told.role, request.caller.subject, told.experience, expires_at)
    key = replace(key, collect_rate=told.collect_rate)
    caller, made = request.caller, {"key": key.id, "role": key.role}
    audit.note(store, caller.subject, "key.made", role=caller.acting, experience=key.experience, details=made)
    api_keys.save(store, key)
    return Answer({**_shown(key), "key": text}, 201)


@routes.on("DELETE", "/v1/keys/{id}", OWNERS, status=204)
def revoke_key(request: Request, id: str) -> None:
    """Revoke a key; within half a minute nobody can use it any more."""
    if KEY_ID.fullmatch(id) is None:
        raise Problem.of("key_unknown")
    caller = request.caller
    audit.note(request.store, caller.subject, "key.revoked", role=caller.acting, details={"key": id}, id=id)
    api_keys.revoke(request.store, id)


def _settings(found: TenantSettings) -> Answer:
    return Answer(asdict(found), headers={"ETag": _tag(found)})


def _tag(found: TenantSettings) -> str:
    text = json.dumps(asdict(found), sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _shown(key: StoredKey) -> dict[str, Any]:
    times = {name: getattr(key, name) for name in ("created_at", "expires_at", "last_used_at")}
    return {
        **{name: getattr(key, name) for name in PLAIN},
        **{name: clock.rfc3339_s(time) if time else None for name, time in times.items()},
    }
