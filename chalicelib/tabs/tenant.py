"""The tenant's own affairs: settings, and named keys for machines."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chalicelib import clock
from chalicelib.bodies import json_object
from chalicelib.collect import values
from chalicelib.collect.values import wrong
from chalicelib.named_keys import KEY_ID, StoredKey, mint_key
from chalicelib.openapi import KEY, KEYS, SETTINGS
from chalicelib.problems import Problem, invalid, validation_problem
from chalicelib.roles import ANY_READER, OWNERS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.store import alive, api_keys, experiences, horizons

routes = Routes(__name__)
MOST_BYTES = 65_536


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("not_allowed", expected="the names of the IANA time zone database") from None
    return name


class TenantSettings(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] = alive.Horizons.time_zone
    locale: Literal["de", "en"] = "de"


class NewKey(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    role: Literal["collector", "exporter"]
    experience: values.Id | None = None
    expires_at: values.Time | None = None


@routes.on("GET", "/v1/settings", ANY_READER, answer=SETTINGS)
def show_settings(request: Request) -> dict[str, Any]:
    """The tenant's time zone, which periods and deadlines follow, and its language."""
    present = alive.horizons(request.store)
    return {"time_zone": present.time_zone, "locale": present.locale}


@routes.on("PUT", "/v1/settings", OWNERS, body=TenantSettings, answer=SETTINGS)
def save_settings(request: Request) -> dict[str, Any]:
    """Replace the tenant's settings; what is left out gets its default."""
    told = _parsed(TenantSettings, request).model_dump()
    store = request.store
    horizons.change_document(store, store.key("tenant"), "tenant", lambda document: document.update(told))
    return dict(told)


@routes.on("GET", "/v1/keys", OWNERS, answer=KEYS)
def list_keys(request: Request) -> dict[str, Any]:
    """The named keys, without their secrets."""
    return {"items": [_shown(key) for key in api_keys.all_of(request.store)]}


@routes.on("POST", "/v1/keys", OWNERS, body=NewKey, status=201, answer=KEY)
def make_key(request: Request) -> Answer:
    """Make a named key; its text is in this answer and nowhere else."""
    told = _parsed(NewKey, request)
    store = request.store
    if told.experience and experiences.read(store, told.experience) is None:
        raise invalid("/experience", "invalid", "is not known")
    expires_at = clock.milliseconds(told.expires_at) // 1000 if told.expires_at else None
    if expires_at is not None and expires_at <= clock.now_s():
        raise invalid("/expires_at", "invalid", "is in the past")
    text, key = mint_key(store.tenant, told.name, told.role, request.caller.subject, told.experience, expires_at)
    api_keys.save(store, key)
    return Answer({**_shown(key), "key": text}, 201)


@routes.on("DELETE", "/v1/keys/{id}", OWNERS, status=204)
def revoke_key(request: Request, id: str) -> None:
    """Revoke a key; within half a minute nobody can use it any more."""
    if KEY_ID.fullmatch(id) is None:
        raise Problem.of("key_unknown")
    api_keys.revoke(request.store, id)


def _parsed(model: type[Any], request: Request) -> Any:
    try:
        return model.model_validate(json_object(request.body, MOST_BYTES))
    except ValidationError as refused:
        raise validation_problem(refused) from None


def _shown(key: StoredKey) -> dict[str, Any]:
    times = {name: getattr(key, name) for name in ("created_at", "expires_at", "last_used_at")}
    return {
        **{name: getattr(key, name) for name in ("id", "name", "role", "experience", "last4", "created_by")},
        **{name: clock.rfc3339_s(time) if time else None for name, time in times.items()},
    }
