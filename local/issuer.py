"""The OIDC issuer of a local Afterchat: one key in the data directory, tokens verified by the same code as anywhere."""

import base64
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from jwt.algorithms import ECAlgorithm

ISSUER: Final = "http://127.0.0.1/afterchat-local-issuer"
AUDIENCE: Final = "afterchat-local"
TENANT_CLAIM: Final = "custom:tenant"
ROLES_CLAIM: Final = "cognito:groups"


def environment(data_dir: Path) -> dict[str, str]:
    """The variables that make a service trust this issuer; makes its key on the first call."""
    start(data_dir)
    return {
        "AFTERCHAT_ISSUER": ISSUER,
        "AFTERCHAT_JWKS_URL": (data_dir / "jwks.json").resolve().as_uri(),
        "AFTERCHAT_AUDIENCE": AUDIENCE,
        "AFTERCHAT_TENANT_CLAIM": TENANT_CLAIM,
        "AFTERCHAT_ROLES_CLAIM": ROLES_CLAIM,
    }


def token(data_dir: Path, tenant: str, roles: Iterable[str], subject: str, hours: float = 12) -> str:
    """A signed token; makes the issuer's key if there is none yet."""
    key = start(data_dir)
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "name": subject,
        "iat": now,
        "exp": now + int(hours * 3600),
        TENANT_CLAIM: tenant,
        ROLES_CLAIM: list(roles),
    }
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": thumbprint(_public(key))})


def start(data_dir: Path) -> ec.EllipticCurvePrivateKey:
    """The issuer's private key, made on the first start (`issuer-key.pem`, mode 600), with `jwks.json` beside it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "issuer-key.pem"
    if not path.exists():
        _place(path, _new_key(), replace=False)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold an elliptic curve key")
    _place(data_dir / "jwks.json", _jwks(key), replace=True)
    return key


def thumbprint(jwk: dict[str, Any]) -> str:
    """RFC 7638 §3: base64url of the SHA-256 of the required members, sorted, without white space."""
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).decode().rstrip("=")


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _jwks(key: ec.EllipticCurvePrivateKey) -> bytes:
    jwk = _public(key)
    return json.dumps({"keys": [{**jwk, "kid": thumbprint(jwk), "alg": "ES256", "use": "sig"}]}, indent=2).encode()


def _public(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    return ECAlgorithm.to_jwk(key.public_key(), as_dict=True)


def _place(path: Path, content: bytes, *, replace: bool) -> None:
    """Writes a file (mode 600) whole or not at all; without `replace`, a process that was quicker wins."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    if replace:
        Path(temporary).replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
