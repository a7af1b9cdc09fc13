"""The wordings that people agreed to, each stored once under its SHA-256. They name nobody and stay."""

import hashlib

from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def keep(store: Store, text: str) -> str:
    """Its fingerprint, after the text is stored."""
    digest = fingerprint(text)
    if text_of(store, digest) is None:
        store.put(Control(store.key(f"w#{digest}"), "wording", data={"text": text}))
    return digest


def text_of(store: Store, digest: str | None) -> str | None:
    row = store.get("Control", store.key(f"w#{digest}"), "wording", consistent=False) if digest else None
    return str(row["data"]["text"]) if row else None
