"""How a credential arrives (RFC 6750) and how it is refused; what tokens and named keys have in common."""

import re
from typing import Final

from chalicelib.problems import Problem

TENANT: Final = re.compile(r"[a-z0-9-]{1,64}")
LONGEST: Final = 8192  # characters


def unauthenticated(detail: str, error: str = "invalid_token") -> Problem:
    """The 401 with its challenge (RFC 6750 §3). `detail` is ASCII without quotes and tells nothing secret."""
    challenge = f'Bearer realm="afterchat", error="{error}", error_description="{detail}"'
    return Problem.of("unauthenticated", detail, headers={"WWW-Authenticate": challenge})


def bearer(authorization: str | None) -> str:
    """The credential in an Authorization header. Raises 401."""
    if not authorization or not authorization.strip():
        # RFC 6750 §3.1: who sent nothing gets a challenge without an error code.
        challenge = {"WWW-Authenticate": 'Bearer realm="afterchat"'}
        raise Problem.of("unauthenticated", "The header Authorization is missing.", headers=challenge)
    if len(authorization) > LONGEST:
        raise unauthenticated("The token is longer than 8 KB.")
    scheme, _, credential = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise unauthenticated("Authorization must be Bearer, a space and a token or key.", "invalid_request")
    return credential.strip()
