"""Who uses this machine may be anybody in a local run; a page of another site may not."""

import json
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice

from local.gateway import Request
from local.sign_in import ROUTE, LocalGateway

OWNER = {"tenant": "demo", "roles": ["owner"]}


@pytest.fixture
def gateway(issuer_data: Path) -> LocalGateway:
    return LocalGateway(Chalice("sample"), issuer_data)


def ask(
    gateway: LocalGateway, body: Any, host: str = "127.0.0.1:8000", kind: str = "application/json"
) -> tuple[int, Any]:
    headers = [("Host", host), ("Content-Type", kind)]
    answer = gateway.answer(Request("POST", ROUTE, headers, json.dumps(body).encode()))
    return answer.status, json.loads(answer.body)


def test_a_token_is_for_the_tenant_and_the_roles_that_were_asked_for(gateway: LocalGateway) -> None:
    import jwt

    status, body = ask(gateway, {"tenant": "demo", "roles": ["viewer", "editor"]}, "localhost:8000")
    claims = jwt.decode(body["token"], options={"verify_signature": False})
    assert (status, claims["custom:tenant"], claims["cognito:groups"]) == (200, "demo", ["viewer", "editor"])


def test_a_name_that_leads_here_is_not_this_service(gateway: LocalGateway) -> None:
    assert ask(gateway, OWNER, host="rebound.example:8000")[0] == 404


def test_a_form_of_another_site_is_refused(gateway: LocalGateway) -> None:
    assert ask(gateway, OWNER, kind="text/plain")[0] == 415


@pytest.mark.parametrize(
    "wrong", [[], {}, {"tenant": "Demo!", "roles": ["owner"]}, {"tenant": "demo", "roles": ["root"]}]
)
def test_what_names_no_tenant_or_role_is_refused(gateway: LocalGateway, wrong: Any) -> None:
    assert ask(gateway, wrong)[0] in (400, 422)
