"""Signing in to a local run without a password: whoever uses this machine may be anybody in any tenant of it."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalice.app import Chalice

from chalicelib.problems import Problem, invalid
from chalicelib.roles import ROLE
from local import issuer
from local.gateway import Answer, Gateway, Request, problem

ROUTE = "/local/sign-in"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
TENANT = re.compile("[a-z0-9-]{1,64}")


class LocalGateway(Gateway):
    """The gateway of a local run, which hands out tokens of its own issuer, too."""

    def __init__(self, app: Chalice, data: Path) -> None:
        super().__init__(app)
        self._data = data

    def answer(self, request: Request) -> Answer:
        if request.target != ROUTE or request.method != "POST":
            return super().answer(request)
        try:
            return self._token(request)
        except Problem as refused:
            return problem(refused)

    def _token(self, request: Request) -> Answer:
        """Only for pages of this very service: other sites can send no JSON here without being asked first, and a name
        that was made to lead to this machine is none of `HOSTS`."""
        headers = {name.lower(): value for name, value in request.headers}
        if urlsplit(f"//{headers.get('host', '')}").hostname not in {host.strip("[]") for host in HOSTS}:
            raise Problem.of("not_found")
        if headers.get("content-type") != "application/json":
            raise Problem.of("not_json")
        tenant, roles = _wanted(request.body)
        token = issuer.token(self._data, tenant, roles, "-".join(roles))
        body = json.dumps({"token": token}).encode()
        return Answer(200, [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body)


def _wanted(body: bytes) -> tuple[str, list[str]]:
    try:
        wanted: Any = json.loads(body)
        tenant, roles = wanted["tenant"], wanted["roles"]
    except (ValueError, KeyError, TypeError):
        raise Problem.of("malformed_json") from None
    if not (isinstance(tenant, str) and TENANT.fullmatch(tenant)):
        raise invalid("/tenant", "wrong_format", pattern=TENANT.pattern)
    if not (isinstance(roles, list) and roles and all(role in ROLE for role in roles)):
        raise invalid("/roles", "not_allowed", expected=", ".join(ROLE))
    return tenant, roles
