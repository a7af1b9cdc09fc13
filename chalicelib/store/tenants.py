"""The tenant's settings: numbers and codes in the document that each request reads, the texts of the privacy notice in
an item of their own, so that the document stays small."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib import clock
from chalicelib.store import alive, horizons
from chalicelib.store.alive import Horizons
from chalicelib.store.horizons import Document
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store

IN_DOCUMENT = ("time_zone", "locale", "consent_proof_months", "receipt_months", "collect_rate")
PROTECTION = ("consent_proof_months", "receipt_months", "privacy")  # what the role privacy may change
Texts = dict[str, dict[str, Any]]  # by language: controller, contact, dpo, authority, purposes {kind: text}


@dataclass(frozen=True)
class TenantSettings:
    time_zone: str = Horizons.time_zone
    locale: str = Horizons.locale
    consent_proof_months: int = Horizons.consent_proof_months
    receipt_months: int = Horizons.receipt_months
    collect_rate: int | None = None  # of the Collect API, calls a second
    privacy: Texts = field(default_factory=dict)


def read(store: Store, cleared: Horizons | None = None) -> TenantSettings:
    """One read unit for 4 KB of texts, and one if the document was not read yet."""
    cleared = cleared or alive.horizons(store)
    row = store.get("Control", store.key("privacy"), "privacy")
    return TenantSettings(**{name: getattr(cleared, name) for name in IN_DOCUMENT}, privacy=row["data"] if row else {})


def save(store: Store, told: TenantSettings, names: tuple[str, ...]) -> None:
    """Replace those settings; the texts first, so that a call that failed half-way can be repeated. Proofs of consent
    that are beyond a shorter period are given up for good, should it become longer again."""
    if "privacy" in names:
        store.put(Control(store.key("privacy"), "privacy", data=told.privacy))

    def change(document: Document) -> None:
        before = document.get("consent_proof_months", Horizons.consent_proof_months)
        document.update({name: getattr(told, name) for name in IN_DOCUMENT if name in names})
        now = document.get("consent_proof_months", Horizons.consent_proof_months)
        if now < before:
            since = clock.months_after(clock.now_ms(), -now)
            document["proofs_since"] = max(since, document.get("proofs_since", 0))

    horizons.change_document(store, store.key("tenant"), "tenant", change)
