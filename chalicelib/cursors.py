"""Strings that clients hand back unread: cursors of lists and ids of records, sealed so that nobody can read or make
them."""

import base64
from binascii import Error as NotBase64
from functools import cache, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from chalicelib.settings import settings


class Unsealable(ValueError):
    """The string was not made by us, or for another tenant or purpose."""


def seal(text: str, *purpose: str) -> str:
    """The same text sealed for the same purpose is always the same string (AES-SIV, RFC 5297), so ids are stable."""
    return _letters(_sealers()[0].encrypt(text.encode(), [_bound(purpose)]))


def unseal(sealed: str, *purpose: str) -> str:
    """Raises Unsealable."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except (NotBase64, ValueError) as error:
        raise Unsealable from error
    # Only one spelling of a sealed string is ours: base64 leaves unused bits in the last letter.
    if _letters(raw) != sealed:
        raise Unsealable
    for sealer in _sealers():
        try:
            return sealer.decrypt(raw, [_bound(purpose)]).decode()
        except (InvalidTag, ValueError):
            continue
    raise Unsealable


@cache
def _sealers() -> tuple[AESSIV, ...]:
    return tuple(AESSIV(key) for key in settings().sealing_keys)


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@lru_cache(maxsize=4096)
def _bound(purpose: tuple[str, ...]) -> bytes:
    return "\x00".join(purpose).encode()
