"""Verifying a JWT of the configured OIDC issuer (RFC 7519, RFC 8725; Cognito's access tokens included)."""

import re
import time
from dataclasses import dataclass
from typing import Any, Final

import jwt

from chalicelib.credentials import TENANT, unauthenticated
from chalicelib.keyset import SigningKey, keyset
from chalicelib.roles import ROLE
from chalicelib.settings import settings

LEEWAY: Final = 30  # seconds that the issuer's clock may be ahead; an expired token gets none
REMEMBERED_FOR: Final = 30  # seconds, never beyond the token's own end
MOST_REMEMBERED: Final = 1000
_REQUIRED: Final = ["exp", "iss", "sub"]
_NAMES: Final = ("name", "email", "username", "cognito:username", "sub")
_REASONS: Final[dict[type[Exception], str]] = {
    jwt.ExpiredSignatureError: "The token has expired.",
    jwt.ImmatureSignatureError: "The token is not valid yet.",
    jwt.InvalidIssuerError: "The token is of another issuer.",
    jwt.InvalidSignatureError: "The signature of the token is wrong.",
    jwt.InvalidAlgorithmError: "The algorithm of the token does not fit its key.",
    jwt.MissingRequiredClaimError: "The token lacks one of the claims exp, iss, sub.",
}
_MALFORMED: Final = "The token is not a well-formed JWT."

Claims = dict[str, Any]


@dataclass(frozen=True)
class Token:
    """What a verified token says; everything else in it is left out."""

    tenant: str
    subject: str
    name: str
    roles: frozenset[str]


def verified(token: str) -> Token:
    """Raises 401 with the reason, or 503 while the issuer's keys cannot be read. A verified token is remembered for
    half a minute, while the keys are fresh: a page of the console asks several times with the same one."""
    keys = keyset(settings().jwks_url)
    until, known = keys.remembered.get(token, (0.0, None))
    if isinstance(known, Token) and time.time() < until:
        return known
    claims = _claims(token, _key(token))
    _check_time_and_audience(claims)
    found = Token(_tenant(claims), claims["sub"], _name(claims), _roles(claims))
    if len(keys.remembered) >= MOST_REMEMBERED:
        keys.remembered.clear()
    keys.remembered[token] = (min(int(claims["exp"]), time.time() + REMEMBERED_FOR, keys.fresh_until), found)
    return found


def _key(token: str) -> SigningKey:
    """Only `kid` is taken from the header, and only to choose among the issuer's keys; jwk, jku and x5u are ignored."""
    header = _header(token)
    if "crit" in header:
        raise unauthenticated("The header crit is not supported.")
    if not isinstance(header.get("kid"), str):
        raise unauthenticated("The header of the token lacks kid.")
    key = keyset(settings().jwks_url).find(header["kid"])
    if key is None:
        raise unauthenticated("The issuer has no key with the kid of this token.")
    return key


def _header(token: str) -> Claims:
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        raise unauthenticated(_MALFORMED) from None


def _claims(token: str, key: SigningKey) -> Claims:
    try:
        return jwt.decode(
            token,
            key.public,
            algorithms=[key.algorithm],
            issuer=settings().issuer,
            leeway=LEEWAY,
            options={"require": _REQUIRED, "verify_aud": False},
        )
    except (jwt.PyJWTError, ValueError, OverflowError) as error:
        raise unauthenticated(_REASONS.get(type(error), _MALFORMED)) from None


def _check_time_and_audience(claims: Claims) -> None:
    if int(claims["exp"]) <= time.time():
        raise unauthenticated("The token has expired.")
    if claims.get("token_use", "access") not in ("access", "id"):
        raise unauthenticated("The token is neither an access token nor an id token.")
    audience = _audience(claims)
    given = audience if isinstance(audience, list) else [audience]
    if not any(one in settings().audiences for one in given):
        raise unauthenticated("The token is for another audience.")


def _audience(claims: Claims) -> Any:
    """Cognito's access tokens name their audience client_id."""
    named = settings().audience_claim or ("aud" if "aud" in claims else "client_id")
    return claims.get(named)


def _tenant(claims: Claims) -> str:
    tenant = claims.get(settings().tenant_claim)
    if not isinstance(tenant, str) or not TENANT.fullmatch(tenant):
        raise unauthenticated("The token names no tenant.")
    return tenant


def _roles(claims: Claims) -> frozenset[str]:
    given = claims.get(settings().roles_claim)
    words = re.split(r"[\s,]+", given) if isinstance(given, str) else given
    return (
        frozenset(ROLE) & {word for word in words if isinstance(word, str)} if isinstance(words, list) else frozenset()
    )


def _name(claims: Claims) -> str:
    names = (claims.get(claim) for claim in _NAMES)
    return next((name for name in names if isinstance(name, str) and name), "")[:128]
