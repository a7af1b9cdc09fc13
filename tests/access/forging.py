"""Good tokens and forged ones, and the keys they are signed with."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chalicelib.access import Caller, authenticate
from chalicelib.named_keys import StoredKey
from chalicelib.problems import Problem

NOW = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)
ISSUER = "https://issuer.example/pool"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_PEM = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def rsa_jwk(key: rsa.RSAPrivateKey = RSA_KEY, kid: str = "rsa", **members: Any) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, **members}


def ec_jwk(key: ec.EllipticCurvePrivateKey = EC_KEY, kid: str = "ec") -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "alg": "ES256"}


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a good token; a claim changed to None is left out."""
    good = {
        "iss": ISSUER,
        "aud": "afterchat",
        "sub": "user-1",
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
        "custom:tenant": "acme",
        "cognito:groups": ["viewer"],
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(
    payload: dict[str, Any] | None = None, key: Any = RSA_KEY, alg: str = "RS256", kid: str = "rsa", **header: Any
) -> str:
    return jwt.encode(claims() if payload is None else payload, key, algorithm=alg, headers={"kid": kid, **header})


def handmade(header: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """A token that PyJWT would refuse to make; `sign` turns the signing input into the signature."""
    body = b".".join(encoded(json.dumps(part).encode()) for part in (header, claims()))
    return (body + b"." + encoded(sign(body))).decode()


def encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def publish(path: Path, *jwks: Any) -> None:
    path.write_text(json.dumps({"keys": list(jwks)}))


def signed_raw(payload: dict[str, Any]) -> str:
    """Signed without PyJWT's own checks of the payload."""
    raw = json.dumps(payload).encode()
    return jwt.api_jws.encode(raw, RSA_KEY, algorithm="RS256", headers={"kid": "rsa"})


def no_key(_tenant: str, _key_id: str) -> StoredKey | None:
    return None


def enter(token: str) -> Caller:
    return authenticate(f"Bearer {token}", no_key)


def refused(token: str) -> str:
    """The reason with which a token is refused."""
    with pytest.raises(Problem) as caught:
        enter(token)
    assert (caught.value.status, caught.value.code) == (401, "unauthenticated")
    assert "invalid_token" in caught.value.headers["WWW-Authenticate"]
    return caught.value.detail
