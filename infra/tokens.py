"""The function that Cognito asks before it signs a token (event version V3_0): tenant and roles, as the claims `tenant`
and `roles`, and for which service it is. Deployed as it stands here, inline; it needs nothing else.

People: the groups are the roles, the attribute custom:tenant is the tenant. Machines: the scopes of the one resource
server `afterchat:<tenant>` that their client was given, such as `afterchat:acme/collector`.
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from typing import Any

SERVER = "afterchat:"

Part = dict[str, Any]


def on_token(event: Part, context: object) -> Part:
    tenant, roles = _of_machine(event["request"]) if _is_machine(event) else _of_person(event["request"])
    told = {"claimsToAddOrOverride": {"tenant": tenant, "roles": " ".join(roles), "service": "afterchat"}}
    event["response"] = {"claimsAndScopeOverrideDetails": {"idTokenGeneration": told, "accessTokenGeneration": told}}
    return event


def _is_machine(event: Part) -> bool:
    return bool(event["triggerSource"] == "TokenGeneration_ClientCredentials")


def _of_person(request: Part) -> tuple[str, list[str]]:
    tenant = (request.get("userAttributes") or {}).get("custom:tenant", "")
    return tenant, sorted((request.get("groupConfiguration") or {}).get("groupsToOverride") or [])


def _of_machine(request: Part) -> tuple[str, list[str]]:
    """Nothing for a client that was given scopes of several tenants: one token is for one."""
    ours = [scope.removeprefix(SERVER) for scope in request.get("scopes") or [] if scope.startswith(SERVER)]
    tenants = {scope.partition("/")[0] for scope in ours}
    if len(tenants) != 1:
        return "", []
    return tenants.pop(), sorted(scope.partition("/")[2] for scope in ours)
