"""What Cognito is told to put into tokens, with events as it sends them."""

from typing import Any

import pytest

from infra.tokens import on_token


def person(tenant: str | None, *groups: str) -> dict[str, Any]:
    attributes = {"email": "anna@example.org"} | ({"custom:tenant": tenant} if tenant else {})
    configuration = {"groupsToOverride": list(groups), "iamRolesToOverride": [], "preferredRole": None}
    return {
        "version": "3",
        "triggerSource": "TokenGeneration_Authentication",
        "request": {"userAttributes": attributes, "groupConfiguration": configuration, "scopes": ["openid"]},
        "response": {},
    }


def machine(*scopes: str) -> dict[str, Any]:
    source = "TokenGeneration_ClientCredentials"
    return {"version": "3", "triggerSource": source, "request": {"scopes": list(scopes)}, "response": {}}


def told(event: dict[str, Any]) -> tuple[str, str, str]:
    details = on_token(event, None)["response"]["claimsAndScopeOverrideDetails"]
    assert details["idTokenGeneration"] == details["accessTokenGeneration"]
    claims = details["accessTokenGeneration"]["claimsToAddOrOverride"]
    return claims["tenant"], claims["roles"], claims["service"]


def test_a_person_has_the_tenant_of_the_attribute_and_the_groups_as_roles() -> None:
    assert told(person("acme", "viewer", "editor")) == ("acme", "editor viewer", "afterchat")


def test_a_person_without_tenant_or_groups_has_none() -> None:
    assert told(person(None)) == ("", "", "afterchat")


def test_a_machine_has_the_tenant_and_the_roles_of_its_scopes() -> None:
    assert told(machine("afterchat:acme/collector", "afterchat:acme/viewer", "other/x")) == (
        "acme",
        "collector viewer",
        "afterchat",
    )


@pytest.mark.parametrize("scopes", [(), ("openid",), ("afterchat:acme/owner", "afterchat:other/owner")])
def test_a_machine_of_no_tenant_or_of_two_has_none(scopes: tuple[str, ...]) -> None:
    assert told(machine(*scopes)) == ("", "", "afterchat")
