"""Webhooks as they are stored: whom to call about what, with which secrets; and whether a tenant has any at all."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from chalicelib import clock, cursors
from chalicelib.store import keys
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import Document, change_document, unchanged
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store

PARTITION = "webhooks"
MOST = 20  # a tenant
OVERLAP_MS = clock.DAY_MS  # in which a call carries the signature of the old secret, too
MOST_SECRETS = 5
PREFIX = "whsec_"  # https://www.standardwebhooks.com


class Unknown(Exception):
    """There is no such webhook, or no more."""


class TooMany(Exception):
    """The tenant has as many as it may."""


@dataclass(frozen=True)
class Secret:
    """`sealed` text; signs until `until` (ms), or for good."""

    sealed: str
    until: int | None = None


@dataclass(frozen=True)
class Target:
    """What its owner says of a webhook. `include` are names of personal data that its calls carry."""

    url: str
    types: list[str]
    include: list[str] = field(default_factory=list)
    description: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True)
class Webhook:
    """Times in ms. `failing_since` is the first failure since the last success; `disabled_at` when it was given up."""

    id: str
    target: Target
    by: str
    created_at: int
    secrets: list[Secret] = field(default_factory=list)
    failing_since: int | None = None
    disabled_at: int | None = None
    version: int = 0

    def wants(self, type: str) -> bool:
        return self.disabled_at is None and type in self.target.types


def create(store: Store, target: Target, by: str) -> Webhook:
    """Raises TooMany. Noted before it is there, for a crash in between, and once more after it: whoever deletes the
    last other one meanwhile takes the note away."""
    if len(all_of(store)) >= MOST:
        raise TooMany
    now = clock.now_ms()
    id = keys.time_ordered_id(now)
    webhook = Webhook(id, target, by, now, [Secret(_sealed(store, id))], version=1)
    _note(store, True)
    store.put(_item(store, webhook), unchanged(0))
    _note(store, True)
    return webhook


def change(store: Store, id: str, changed: Callable[[Webhook], Webhook]) -> Webhook:
    """What is there now, changed. Raises Unknown and Contended."""

    def apply(document: Document) -> None:
        if not document:
            raise Unknown(id)
        document |= _document(changed(_webhook(document, 0)))

    return _webhook(*change_document(store, store.key(PARTITION), id, apply))


def note(store: Store, webhook: Webhook, **health: int | None) -> bool:
    """What came of a call, unless somebody else changed the webhook since it was read: the next call says it, too."""
    noted = replace(webhook, version=webhook.version + 1, **health)  # type: ignore[arg-type]
    return accepted(lambda: store.put(_item(store, noted), unchanged(webhook.version)))


def rotate(store: Store, id: str) -> Webhook:
    """A new secret; those of before sign, too, for a day. Raises Unknown and Contended."""
    new, now = Secret(_sealed(store, id)), clock.now_ms()

    def rotated(webhook: Webhook) -> Webhook:
        old = [replace(secret, until=secret.until or now + OVERLAP_MS) for secret in _valid(webhook)]
        return replace(webhook, secrets=[new, *old][:MOST_SECRETS])

    return change(store, id, rotated)


def read(store: Store, id: str) -> Webhook | None:
    row = store.get("Control", store.key(PARTITION), id) if keys.is_time_ordered_id(id) else None
    return _webhook(row["data"], row["version"]) if row else None


def all_of(store: Store) -> list[Webhook]:
    """Oldest first; one read unit for a few of them."""
    rows = store.query_all(Access("Control"), store.key(PARTITION), Span(), consistent=True)
    return [_webhook(row["data"], row["version"]) for row in rows]


def recipients(store: Store, cleared: Horizons) -> list[str]:
    """The hosts that get personal data."""
    if not cleared.webhooks:
        return []
    return sorted({webhook.target.host for webhook in all_of(store) if webhook.target.include})


def delete(store: Store, id: str) -> None:
    """What is under way to it is not sent any more. Safe to repeat."""
    store.delete(Control(store.key(PARTITION), id))
    _note(store, False)


def secrets_of(store: Store, webhook: Webhook) -> list[str]:
    """Those that sign now, the newest first, as `whsec_…`."""
    return [cursors.unseal(secret.sealed, store.tenant, "webhook", webhook.id) for secret in _valid(webhook)]


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _valid(webhook: Webhook) -> list[Secret]:
    return [secret for secret in webhook.secrets if secret.until is None or secret.until > clock.now_ms()]


def _sealed(store: Store, id: str) -> str:
    return cursors.seal(new_secret(), store.tenant, "webhook", id)


def _note(store: Store, there_are: bool) -> None:
    """In the tenant's document, so that tenants without webhooks pay nothing for them. That there are none is looked at
    after the document was read, so whoever makes one meanwhile is noticed."""

    def change(document: Document) -> None:
        document["webhooks"] = there_are or bool(all_of(store))

    change_document(store, store.key("tenant"), "tenant", change)


def _item(store: Store, webhook: Webhook) -> Control:
    return Control(store.key(PARTITION), webhook.id, data=_document(webhook), version=webhook.version)


def _document(webhook: Webhook) -> dict[str, Any]:
    return {name: value for name, value in asdict(webhook).items() if name != "version"}


def _webhook(document: Row, version: int) -> Webhook:
    inner = {"target": Target(**document["target"]), "secrets": [Secret(**one) for one in document["secrets"]]}
    return Webhook(**{**document, **inner, "version": version})
