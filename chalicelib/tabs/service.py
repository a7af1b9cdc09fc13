"""What callers ask about the service and themselves: kinds, who am I, configuration, health, the document."""

from typing import Any

from chalicelib import openapi, privacy
from chalicelib.kinds import KINDS, Kind
from chalicelib.problems import invalid, language
from chalicelib.roles import ANY_ROLE
from chalicelib.routes import PUBLIC, ROUTES, Answer, Request, Routes
from chalicelib.schemas import CONFIG, HEALTH, KINDS_LIST, ME
from chalicelib.settings import settings
from chalicelib.store import alive, tenants, webhooks
from chalicelib.tabs import pages
from chalicelib.titles import LOCALES, Locale

routes = Routes(__name__)


@routes.on("GET", "/health", PUBLIC, answer=HEALTH)
def health(request: Request) -> dict[str, Any]:
    """Whether the service answers."""
    return {"status": "ok"}


@routes.on("GET", "/v1/openapi.json", PUBLIC)
def document(request: Request) -> dict[str, Any]:
    """This API as an OpenAPI 3.1 document."""
    return openapi.document(ROUTES.values())


@routes.on("GET", "/v1/config", PUBLIC, answer=CONFIG)
def config(request: Request) -> dict[str, Any]:
    """What a client needs before it has signed in."""
    return {
        "issuer": settings().issuer,
        "client": settings().console_client,
        "audiences": list(settings().audiences),
        "stage": settings().stage,
    }


@routes.on("GET", "/v1/me", ANY_ROLE, answer=ME)
def me(request: Request) -> dict[str, Any]:
    """Who calls, and what this caller may do."""
    caller, tenant = request.caller, alive.horizons(request.store)
    return {
        "tenant": caller.tenant,
        "subject": caller.subject,
        "name": caller.name,
        "roles": sorted(caller.roles),
        "can": caller.verbs,
        "experience": caller.experience,
        "time_zone": tenant.time_zone,
        "locale": tenant.locale,
    }


@routes.on("GET", "/v1/kinds", ANY_ROLE, query={"locale": "de or en, instead of Accept-Language"}, answer=KINDS_LIST)
def kinds(request: Request) -> Answer:
    """What is kept, how long, counted from what, with which columns and filters; and the privacy notice made of it."""
    pages.only(request, "locale")
    locale: Locale = "de" if _language(request) == "de" else "en"
    store, cleared = request.store, alive.horizons(request.store)
    notice = privacy.notice(tenants.read(store, cleared), locale, webhooks.recipients(store, cleared))
    body = {"items": [_kind(kind) for kind in KINDS.values()], "notice": notice}
    return Answer(body, headers={"Content-Language": locale})


def _language(request: Request) -> str:
    asked = request.query.get("locale")
    if asked not in (None, *LOCALES):
        raise invalid("locale", "not_allowed", expected=", ".join(LOCALES))
    return asked or language(request.headers.get("accept-language"))


def _kind(kind: Kind) -> dict[str, Any]:
    columns = [{"name": c.name, "title": c.title, "type": c.type, "masked": bool(c.mask)} for c in kind.columns]
    return {
        "name": kind.name,
        "title": kind.title,
        "days": kind.days,
        "since": kind.promise.since,
        "columns": columns,
        "filters": ["from", "to", *kind.filters],
    }
