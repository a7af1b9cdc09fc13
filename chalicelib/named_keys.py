"""Named keys (`ak_live_…`) for machines: making one and verifying one. Of its secret only the SHA-256 is stored."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.credentials import TENANT, unauthenticated

PREFIX: Final = "ak_live_"
SECRET_BYTES: Final = 32
REMEMBERED_FOR: Final = 30  # seconds: so long a revoked key may still work in a process that saw it before
_MOST_REMEMBERED: Final = 1000
KEY_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class StoredKey:
    """What is kept of a key; times are epoch seconds. A revoked key's row is deleted."""

    id: str
    name: str
    role: str
    secret_sha256: str  # hex
    experience: str | None
    expires_at: int | None
    created_at: int
    created_by: str
    last4: str
    last_used_at: int | None = None
    collect_rate: int | None = None  # calls of the Collect API a second


FindKey = Callable[[str, str], StoredKey | None]  # (tenant, key id)

_remembered: dict[tuple[str, str, str], tuple[float, StoredKey]] = {}


def mint_key(
    tenant: str, name: str, role: str, created_by: str, experience: str | None = None, expires_at: int | None = None
) -> tuple[str, StoredKey]:
    """A new key: its text, to be shown once and never stored, and the row to store."""
    key_id, secret = secrets.token_hex(8), secrets.token_bytes(SECRET_BYTES)
    text = PREFIX + base64.urlsafe_b64encode(secret + f"{tenant}.{key_id}".encode()).decode().rstrip("=")
    now = int(time.time())
    row = StoredKey(key_id, name, role, _digest(secret), experience, expires_at, now, created_by, text[-4:])
    return text, row


def verified_key(text: str, find_key: FindKey) -> tuple[str, StoredKey]:
    """The tenant and the row of a key's text. Raises 401. The row may be up to 30 s old (`REMEMBERED_FOR`)."""
    tenant, key_id, digest = _parts(text)
    row = _recall((tenant, key_id, digest))
    if row is None:
        row = _looked_up(tenant, key_id, digest, find_key)
        _remember((tenant, key_id, digest), row)
    if row.expires_at is not None and row.expires_at <= time.time():
        raise unauthenticated("The key has expired.")
    return tenant, row


def _parts(text: str) -> tuple[str, str, str]:
    raw = _decoded(text.removeprefix(PREFIX))
    secret, (tenant, _, key_id) = raw[:SECRET_BYTES], raw[SECRET_BYTES:].decode("ascii", "replace").partition(".")
    if not TENANT.fullmatch(tenant) or not KEY_ID.fullmatch(key_id):
        raise unauthenticated("The key is not complete.")
    return tenant, key_id, _digest(secret)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise unauthenticated("The key is not complete.") from None


def _looked_up(tenant: str, key_id: str, digest: str, find_key: FindKey) -> StoredKey:
    row = find_key(tenant, key_id)
    # One answer for both, so that nobody learns which keys exist.
    if row is None or not hmac.compare_digest(row.secret_sha256, digest):
        raise unauthenticated("The key is unknown or was revoked.")
    return row


def _recall(key: tuple[str, str, str]) -> StoredKey | None:
    until, row = _remembered.get(key, (0.0, None))
    return row if time.time() < until else None


def _remember(key: tuple[str, str, str], row: StoredKey) -> None:
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = (time.time() + REMEMBERED_FOR, row)


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()
