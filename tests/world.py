"""The service as tests use it: requests through the whole app, by callers of several tenants, in travelled time."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client

from local import issuer

EXPERIENCE = {
    "title": "Summer raffle",
    "giveaways": [
        {"id": "bike", "title": "E-Bike", "rule": "once", "prizes": [{"name": "E-Bike"}]},
        {"id": "daily", "title": "Every day", "rule": "daily"},
        {"id": "weekly", "title": "Every week", "rule": "weekly"},
        {"id": "often", "title": "As often as you like", "rule": "unlimited"},
        {"id": "person", "title": "One a person", "rule": "once", "ignore_plus_and_dots": True},
    ],
}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def ok(self) -> Any:
        """The body of a success; anything else fails the test with the problem."""
        assert 200 <= self.status < 300, self.text
        return self.json if self.text else None

    def problem(self, status: int, code: str) -> Any:
        assert (self.status, self.json["code"]) == (status, code), self.text
        assert self.headers["Content-Type"] == "application/problem+json"
        return self.json


@dataclass
class World:
    """`acme` is the tenant; requests name another one or other roles where it matters."""

    client: Client
    data: Path
    tokens: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def token(self, *roles: str, tenant: str = "acme") -> str:
        """Valid for a thousand days, since tests travel."""
        key = (tenant, roles)
        if key not in self.tokens:
            self.tokens[key] = issuer.token(self.data, tenant, roles, f"user-of-{tenant}", hours=24_000)
        return self.tokens[key]

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        roles: tuple[str, ...] = ("owner",),
        tenant: str = "acme",
        headers: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
        anonymous: bool = False,
    ) -> Reply:
        sent = {} if anonymous else {"Authorization": f"Bearer {self.token(*roles, tenant=tenant)}"}
        sent |= {"Content-Type": "application/json"} if body is not None else {}
        sent |= headers or {}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        target = f"{path}?{urlencode(query)}" if query else path
        answer = self.client.http.request(method, target, headers=sent, body=raw)
        return Reply(answer.status_code, dict(answer.headers), answer.body.decode())

    def get(self, path: str, **options: Any) -> Reply:
        return self.request("GET", path, **options)

    def collect(self, type: str, key: str | None = None, tenant: str = "acme", **event: Any) -> Reply:
        """One event of the experience `summer`."""
        body = {"experience": "summer", **event}
        headers = {"Idempotency-Key": key} if key else {}
        return self.request("POST", f"/v1/collect/{type}", body, headers=headers, tenant=tenant)

    def call(self, *events: dict[str, Any], key: str, tenant: str = "acme", **defaults: Any) -> Reply:
        body = {"experience": "summer", **defaults, "events": list(events)}
        return self.request("POST", "/v1/collect", body, headers={"Idempotency-Key": key}, tenant=tenant)

    def rows(self, kind: str, *, tenant: str = "acme", roles: tuple[str, ...] = ("owner",), **query: Any) -> list[Any]:
        """All rows of a list, to the end of its cursors."""
        rows: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            asked = {**query, "cursor": cursor} if cursor else query
            page = self.get(f"/v1/records/{kind}", tenant=tenant, roles=roles, query=asked).ok()
            rows += page["items"]
            cursor = page["next"]
        return rows
