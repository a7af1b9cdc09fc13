"""The privacy notice of a tenant in plain German and English, made of the table of kinds and the tenant's settings."""

from collections.abc import Iterable
from typing import Any

from chalicelib.kinds import KINDS, Kind, policy_version
from chalicelib.privacy_texts import (
    ALSO,
    FOLLOWS,
    HOLDER,
    KEPT,
    PROOF,
    PURPOSES,
    RECIPIENTS,
    RIGHTS,
    SINCE,
    TOLD_AT_ONCE,
)
from chalicelib.problem_codes import Words
from chalicelib.settings import settings
from chalicelib.store import audit, deliveries, jobs
from chalicelib.store.tenants import TenantSettings
from chalicelib.titles import Locale, title

WHO = ("controller", "contact", "dpo", "authority")


def notice(tenant: TenantSettings, locale: Locale, hosts: Iterable[str] = ()) -> dict[str, Any]:
    """What is kept, for what, how long and counted from what, for whom, and which rights there are. What the tenant has
    not written in this language is told in the other one; what it has not written at all is null. `hosts` get personal
    data by webhooks."""
    own, other = (tenant.privacy.get(language, {}) for language in (locale, "en" if locale == "de" else "de"))
    who = {name: own.get(name) or other.get(name) for name in WHO}
    purposes = {**_purposes(locale), **own.get("purposes", {})}
    return {
        "locale": locale,
        "policy": policy_version(),
        **who,
        "kinds": [_kind(kind, purposes[kind.name], locale) for kind in KINDS.values()],
        "also": also_kept(tenant, locale),
        "proof": {"months": tenant.consent_proof_months, "text": proof(tenant, locale)},
        "rights": [{"article": article, "text": _in(text, locale)} for article, text in RIGHTS],
        "recipients": [
            *(_in(text, locale).format(region=settings().region) for text in RECIPIENTS),
            *(_in(TOLD_AT_ONCE, locale).format(host=host) for host in hosts),
        ],
    }


def _purposes(locale: Locale) -> dict[str, str]:
    return {kind: _in(text, locale) for kind, text in PURPOSES.items()}


def keeping(kind: Kind, locale: Locale) -> str:
    """How long a kind is kept and counted from what, in a sentence."""
    words = FOLLOWS if kind.name == "consents" else SINCE[kind.promise.since]
    sentence = _in(words, locale).format(days=kind.days)
    return f"{sentence} {_in(HOLDER, locale)}" if kind.holder else sentence


def proof(tenant: TenantSettings, locale: Locale) -> str:
    """How long consents can be proved: with the customer, or beyond."""
    return _in(PROOF[tenant.consent_proof_months > 0], locale).format(months=tenant.consent_proof_months)


def also_kept(tenant: TenantSettings, locale: Locale) -> list[dict[str, str]]:
    """What is kept besides the kinds, with the time."""
    facts = {"months": tenant.receipt_months, "audit_days": audit.KEPT_DAYS, "package_days": jobs.KEPT_DAYS}
    facts |= {"call_days": deliveries.KEPT_DAYS}
    return [{"what": _in(what, locale), "kept": _in(kept, locale).format(**facts)} for what, kept in ALSO]


def _kind(kind: Kind, purpose: str, locale: Locale) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": title(kind, locale),
        "columns": [title(column, locale) for column in kind.columns],
        "days": kind.days,
        "since": kind.promise.since,
        "kept": f"{keeping(kind, locale)} {_in(KEPT, locale)}",
        "purpose": purpose,
    }


def _in(words: Words, locale: Locale) -> str:
    return words.de if locale == "de" else words.en
