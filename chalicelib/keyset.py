"""The issuer's public keys (JWKS, RFC 7517), fetched from the one configured address and cached."""

import json
import logging
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from chalicelib.problems import Problem

FRESH_FOR: Final = 600  # seconds
REFETCH_PAUSE: Final = 30  # seconds between fetches that somebody's unknown kid or an issuer's outage causes
FIRST_FETCH_PAUSE: Final = 2
_TIMEOUT: Final = 3
_LARGEST: Final = 256 * 1024
_SCHEMES: Final = ("https://", "http://127.0.0.1:", "http://localhost:", "file://")
# The algorithm follows from the key, never from a token's header (RFC 8725 §3.1); private members are not even read.
_ALGORITHMS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "RSA": ("RS256", ("kty", "n", "e")),
    "EC": ("ES256", ("kty", "crv", "x", "y")),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SigningKey:
    algorithm: str
    public: RSAPublicKey | EllipticCurvePublicKey


class Keyset:
    """Keys by kid. A fetch that fails keeps the keys there are; without any, asking raises 503."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, SigningKey] | None = None
        self.fresh_until = 0.0
        self._next_fetch = 0.0
        self.remembered: dict[str, tuple[float, Any]] = {}  # tokens these keys verified, each until when

    def find(self, kid: str) -> SigningKey | None:
        now = time.time()
        known = self._keys is not None and kid in self._keys
        if now >= self._next_fetch and (not known or now >= self.fresh_until):
            self._fetch(now)
        if self._keys is None:
            raise Problem.of("unavailable", "The issuer's keys cannot be read.", headers={"Retry-After": "2"})
        return self._keys.get(kid)

    def _fetch(self, now: float) -> None:
        first = self._keys is None
        self.remembered.clear()
        self._next_fetch = now + (FIRST_FETCH_PAUSE if first else REFETCH_PAUSE)
        try:
            self._keys = usable(_document(self._url))
        except (OSError, HTTPException, ValueError) as error:
            log.warning("JWKS not read: %s", type(error).__name__)
            return
        self.fresh_until = now + FRESH_FOR
        if first:
            self._next_fetch = now  # a key may have been added just after: one look is free


@cache
def keyset(url: str) -> Keyset:
    return Keyset(url)


def usable(document: Any) -> dict[str, SigningKey]:
    """The keys of a JWKS document that may verify tokens here: RSA from 2048 bits and P-256, each with a kid."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JWKS document")
    found = ((jwk, _signing_key(jwk)) for jwk in document["keys"] if isinstance(jwk, dict))
    return {jwk["kid"]: key for jwk, key in found if key and isinstance(jwk.get("kid"), str)}


def _signing_key(jwk: dict[str, Any]) -> SigningKey | None:
    algorithm, members = _ALGORITHMS.get(str(jwk.get("kty")), ("", ()))
    if not algorithm or jwk.get("alg", algorithm) != algorithm or jwk.get("use", "sig") != "sig":
        return None
    try:
        public = PyJWK({name: jwk[name] for name in members}, algorithm).key
    except (PyJWTError, KeyError, ValueError, TypeError):
        return None
    return SigningKey(algorithm, public) if _strong(public) else None


def _strong(public: object) -> bool:
    if isinstance(public, RSAPublicKey):
        return public.key_size >= 2048
    return isinstance(public, EllipticCurvePublicKey) and public.curve.name == "secp256r1"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect could lead from https to http; the address is pinned."""


def _document(url: str) -> Any:
    if not url.startswith(_SCHEMES):
        raise ValueError("the JWKS address must be https, or http on this machine, or a file")
    with urllib.request.build_opener(_NoRedirect).open(url, timeout=_TIMEOUT) as response:
        return json.loads(response.read(_LARGEST))
