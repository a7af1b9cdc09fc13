"""Webhooks: whom to call about what; what became of each call; trying them and sending again."""

import ipaddress
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chalicelib import clock, telemetry
from chalicelib.bodies import parsed
from chalicelib.collect import values
from chalicelib.problems import Problem, invalid
from chalicelib.roles import OWNERS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, WHOLE, Schema, listed, maybe, members, paged
from chalicelib.store import audit, deliveries, keys, webhooks
from chalicelib.store.deliveries import Delivery
from chalicelib.store.tenancy import in_parallel
from chalicelib.store.webhooks import Target, TooMany, Unknown, Webhook
from chalicelib.tabs import filters, pages
from chalicelib.trace_context import packed
from chalicelib.webhooks import outbox
from chalicelib.webhooks.events import TEST, TYPES

routes = Routes(__name__)
PAGE = 100  # deliveries that one call sends again

TEXTS: Schema = {"type": "array", "items": TEXT}
SHOWN: dict[str, Schema] = {
    "id": TEXT,
    "url": TEXT,
    "types": {"type": "array", "items": {"enum": list(TYPES)}},
    "include": TEXTS,
    "description": TEXT,
    "enabled": FLAG,
    "created_by": TEXT,
    "created_at": TIME,
    "failing_since": {**maybe(TIME), "description": "the first failure since the last success"},
    "disabled_at": {**maybe(TIME), "description": "when it was given up; PUT enables it again"},
    "old_secret_until": {**maybe(TIME), "description": "until when calls are signed with the secret of before, too"},
}
WEBHOOK = members(SHOWN)
WITH_SECRET = members(SHOWN | {"secret": {**TEXT, "description": "whsec_…; shown this once"}})
DELIVERY = members(
    {
        "id": {**TEXT, "description": "the header webhook-id"},
        "type": TEXT,
        "state": {"enum": list(deliveries.STATES)},
        "happened_at": TIME,
        "attempts": WHOLE,
        "tried_at": maybe(TIME),
        "next_at": maybe(TIME),
        "status": maybe(WHOLE),
        "error": maybe(TEXT),
        "duration_ms": maybe(WHOLE),
        "trace_id": maybe(TEXT),
        "data": {"type": "object", "description": "what is sent, without personal data"},
    }
)
RESENT = members({"resent": WHOLE, "next": maybe(TEXT)})
LISTED = {"state": "waiting, delivered or failed; looked for among 1,000 rows a page", **pages.LIMIT, **pages.CURSOR}


def _address(url: str) -> str:
    """What can be seen of an address; where its name leads is looked at with each call."""
    from chalicelib import outbound

    try:
        outbound.check(url)
        host = str(urlsplit(url).hostname)
        urlsplit(url).port  # noqa: B018 raises ValueError
    except (outbound.Forbidden, ValueError):
        raise values.wrong("not_an_address") from None
    if (host == "localhost" or _is_literal(host)) and not outbound.allowed(host.replace("localhost", "127.0.0.1")):
        raise values.wrong("not_an_address")
    return url


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _distinct(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _type(name: str) -> str:
    if name not in TYPES:
        raise values.wrong("not_allowed", expected=", ".join(TYPES))
    return name


Type = Annotated[str, AfterValidator(_type), Field(json_schema_extra={"enum": list(TYPES)})]


class NewWebhook(BaseModel):
    """Whom to call about what. `include` names personal data that calls carry beside ids: then the host of `url` is
    named as a recipient in the privacy notice."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[!-~]+$"), AfterValidator(_address)]
    types: Annotated[list[Type], Field(min_length=1, max_length=100), AfterValidator(_distinct)]
    include: Annotated[list[Literal["email", "fields"]], AfterValidator(_distinct)] = []
    description: Annotated[str, Field(max_length=200)] = ""

    @property
    def target(self) -> Target:
        return Target(self.url, self.types, list(self.include), self.description)


class ChangedWebhook(NewWebhook):
    enabled: Annotated[bool, Field(description="true also takes back that it was disabled after failures")] = True


class Again(BaseModel):
    """Either deliveries by their ids, or all that failed and are of events since a time."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        json_schema_extra={"oneOf": [values.given("deliveries"), values.given("since")]},
    )

    deliveries: Annotated[list[str], Field(min_length=1, max_length=100)] | None = None
    since: values.Time | None = None
    cursor: Annotated[str, Field(description="`next` of the answer before")] | None = None


@routes.on("GET", "/v1/webhooks", OWNERS, answer=listed(WEBHOOK))
def list_webhooks(request: Request) -> dict[str, Any]:
    """The webhooks, oldest first, without their secrets."""
    pages.only(request)
    return {"items": [_shown(webhook) for webhook in webhooks.all_of(request.store)]}


@routes.on("POST", "/v1/webhooks", OWNERS, body=NewWebhook, status=201, answer=WITH_SECRET)
def make_webhook(request: Request) -> Answer:
    """Make a webhook; its secret is in this answer and nowhere else."""
    told, store = parsed(NewWebhook, request.body).target, request.store
    try:
        webhook = webhooks.create(store, told, request.caller.subject)
    except TooMany:
        raise Problem.of("too_many_webhooks", most=webhooks.MOST) from None
    _note(request, "created", webhook)
    return Answer(_with_secret(request, webhook), 201)


@routes.on("GET", "/v1/webhooks/{id}", OWNERS, answer=WEBHOOK)
def show_webhook(request: Request, id: str) -> dict[str, Any]:
    """One webhook and whether its calls succeed."""
    return _shown(_found(request, id))


@routes.on("PUT", "/v1/webhooks/{id}", OWNERS, body=ChangedWebhook, answer=WEBHOOK)
def change_webhook(request: Request, id: str) -> dict[str, Any]:
    """Replace what a webhook says; one that was disabled after failures is enabled again."""
    told = parsed(ChangedWebhook, request.body)
    disabled_at = None if told.enabled else clock.now_ms()
    _found(request, id)
    anew = partial(replace, target=told.target, failing_since=None, disabled_at=disabled_at)
    webhook = _changed(request, id, anew)
    _note(request, "changed", webhook)
    return _shown(webhook)


@routes.on("DELETE", "/v1/webhooks/{id}", OWNERS, status=204)
def delete_webhook(request: Request, id: str) -> None:
    """Delete a webhook; what waits to be sent to it is not sent any more."""
    _note(request, "deleted", _found(request, id))
    webhooks.delete(request.store, id)


@routes.on("POST", "/v1/webhooks/{id}/secret", OWNERS, answer=WITH_SECRET)
def rotate_secret(request: Request, id: str) -> dict[str, Any]:
    """Make a new secret, which is in this answer and nowhere else; for 24 hours calls carry both signatures."""
    _found(request, id)
    try:
        webhook = webhooks.rotate(request.store, id)
    except Unknown:
        raise Problem.of("webhook_unknown") from None
    _note(request, "changed", webhook)
    return _with_secret(request, webhook)


@routes.on("POST", "/v1/webhooks/{id}/test", OWNERS, answer=DELIVERY)
def test_webhook(request: Request, id: str) -> dict[str, Any]:
    """Call it once now, with an event of the type `test`, and say what came of it; at most ten seconds."""
    from chalicelib.webhooks import calls  # and an HTTP client with it

    webhook, now, store = _found(request, id), clock.now_ms(), request.store
    data = {"customer_id": None, "experience": None, "id": id, "outcome": TEST}
    trace = packed(telemetry.current())
    delivery = Delivery(id, deliveries.id_of(store, id, now, trace[1]), TEST, now, data, trace=trace, next_at=now)
    deliveries.add(store, delivery)
    return _delivery(calls.attempt(store, webhook.id, delivery.id) or delivery)


@routes.on("GET", "/v1/webhooks/{id}/deliveries", OWNERS, query=LISTED, answer=paged(DELIVERY))
def list_deliveries(request: Request, id: str) -> dict[str, Any]:
    """What a webhook was called about in the last 7 days, newest first, and what came of it."""
    pages.only(request, *LISTED)
    state = request.query.get("state")
    if state not in (None, *deliveries.STATES):
        raise invalid("state", "not_allowed", expected=", ".join(deliveries.STATES))
    purpose = ("deliveries", _found(request, id).id, state or "")
    after, limit = pages.after(request, *purpose), filters.asked(request.query).limit
    found, place = deliveries.newest_first(request.store, id, after, limit, state)
    return {"items": [_delivery(one) for one in found], "next": pages.following(request, place, *purpose)}


@routes.on("POST", "/v1/webhooks/{id}/resend", OWNERS, body=Again, answer=RESENT)
def resend(request: Request, id: str) -> dict[str, Any]:
    """Send deliveries again, under their old webhook-id: some by id, or all that failed since a time. One answer is
    about 100 of them; send `next` as `cursor` until it is null."""
    told, webhook = _told_again(request), _found(request, id)
    if webhook.disabled_at is not None:
        raise Problem.of("webhook_disabled")
    if told.deliveries is not None:
        return {"resent": _named_again(request, id, told.deliveries), "next": None}
    return _failed_again(request, id, told)


def _told_again(request: Request) -> Again:
    told = parsed(Again, request.body)
    if told.deliveries is None and told.since is None:
        raise invalid("/since", "missing")
    if told.deliveries is not None and told.since is not None:
        raise invalid("/deliveries", "not_here", reason="since is given")
    return told


def _named_again(request: Request, id: str, named: list[str]) -> int:
    found = [deliveries.read(request.store, id, one) for one in _distinct(named)]
    known = [delivery for delivery in found if delivery]
    if len(known) < len(found):
        raise Problem.of("delivery_unknown")
    if not all(in_parallel(lambda one: outbox.again(request.store, one), known)):
        raise Problem.of("delivery_under_way")
    return len(known)


def _failed_again(request: Request, id: str, told: Again) -> dict[str, Any]:
    since, purpose = clock.milliseconds(told.since) if told.since else 0, ("resend", id)
    after = pages.opened(request, told.cursor, "/cursor", *purpose) if told.cursor else None
    found, place = deliveries.newest_first(request.store, id, after, PAGE, "failed")
    recent = [one for one in found if keys.time_of(one.id) >= since and one.type != TEST]
    is_over = place is None or keys.time_of(place) < since
    resent = sum(in_parallel(lambda one: outbox.again(request.store, one), recent))
    return {"resent": resent, "next": None if is_over else pages.following(request, place, *purpose)}


def _found(request: Request, id: str) -> Webhook:
    webhook = webhooks.read(request.store, id)
    if webhook is None:
        raise Problem.of("webhook_unknown")
    return webhook


def _changed(request: Request, id: str, change: Callable[[Webhook], Webhook]) -> Webhook:
    try:
        return webhooks.change(request.store, id, change)
    except Unknown:
        raise Problem.of("webhook_unknown") from None


def _note(request: Request, what: str, webhook: Webhook) -> None:
    """Written before it is answered, as all audit rows are; which host it is, its owner may see here."""
    told = {"webhook": webhook.id, "types": webhook.target.types, "include": webhook.target.include}
    audit.note(request.store, request.caller.subject, f"webhook.{what}", role=request.caller.acting, details=told)


def _with_secret(request: Request, webhook: Webhook) -> dict[str, Any]:
    return {**_shown(webhook), "secret": webhooks.secrets_of(request.store, webhook)[0]}


def _shown(webhook: Webhook) -> dict[str, Any]:
    old = [secret.until for secret in webhook.secrets if secret.until and secret.until > clock.now_ms()]
    times = {"created_at": webhook.created_at, "failing_since": webhook.failing_since}
    times |= {"disabled_at": webhook.disabled_at, "old_secret_until": max(old, default=None)}
    return {
        "id": webhook.id,
        **asdict(webhook.target),
        "enabled": webhook.disabled_at is None,
        "created_by": webhook.by,
        **{name: _time(at) for name, at in times.items()},
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    """No key of a record, and the answer was not kept."""
    names = ("id", "type", "state", "attempts", "status", "error", "data")
    next_at = delivery.next_at if delivery.state == "waiting" else None
    times = {"happened_at": delivery.happened_at, "tried_at": delivery.tried_at, "next_at": next_at}
    return {
        **{name: getattr(delivery, name) for name in names},
        **{name: _time(at) for name, at in times.items()},
        "duration_ms": delivery.took,
        "trace_id": delivery.trace[0] if delivery.trace else None,
    }


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.rfc3339(ms)
