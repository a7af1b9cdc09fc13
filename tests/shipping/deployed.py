"""Afterchat deployed into the local cloud as `./dev deploy` does it on AWS: functions in processes of their own behind
API Gateway, with users and machines of a user pool."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
import yaml

from local.data import ROOT
from local.environment import REGION, clients, cloud_credentials

PASSWORD = "Correct-horse-1"
HTTP = urllib3.PoolManager(retries=False, timeout=60)


@dataclass
class Deployed:
    """`outputs` are the stack's; `endpoint` is the local cloud's."""

    endpoint: str
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        return clients(self.endpoint)(service)

    def call(
        self, method: str, path: str, body: Any = None, token: str = "", **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Through API Gateway."""
        url = f"{self.endpoint}/restapis/{self.outputs['RestAPIId']}/api/_user_request_{path}"
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        sent |= {"Content-Type": "application/json"} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return HTTP.request(method, url, json.dumps(body) if body is not None else None, headers={**sent, **named})

    def ok(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Any:
        """The body of a success; anything else fails."""
        answer = self.call(method, path, body, token, **headers)
        assert answer.status < 300, (answer.status, answer.data)
        return json.loads(answer.data) if answer.data else None

    def person(self, email: str, tenant: str, *roles: str) -> str:
        """A user of the pool (of no tenant if it is empty), signed in: the access token."""
        users, pool = self.client("cognito-idp"), self.outputs["UserPoolId"]
        told = [{"Name": "email", "Value": email}, *([{"Name": "custom:tenant", "Value": tenant}] if tenant else [])]
        users.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=told, MessageAction="SUPPRESS")
        users.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)
        for role in roles:
            users.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=role)
        client = users.create_user_pool_client(
            UserPoolId=pool, ClientName=email, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )["UserPoolClient"]["ClientId"]
        asked = {"USERNAME": email, "PASSWORD": PASSWORD}
        answer = users.initiate_auth(AuthFlow="USER_PASSWORD_AUTH", ClientId=client, AuthParameters=asked)
        return str(answer["AuthenticationResult"]["AccessToken"])

    def machine(self, tenant: str, role: str) -> str:
        """A client of the pool that was given one scope, which is a tenant and a role: its access token."""
        users, pool = self.client("cognito-idp"), self.outputs["UserPoolId"]
        server, scope = f"afterchat:{tenant}", {"ScopeName": role, "ScopeDescription": role}
        users.create_resource_server(UserPoolId=pool, Identifier=server, Name=server, Scopes=[scope])
        made = users.create_user_pool_client(
            UserPoolId=pool,
            ClientName=server,
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[f"{server}/{role}"],
        )["UserPoolClient"]
        basic = base64.b64encode(f"{made['ClientId']}:{made['ClientSecret']}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials", "scope": f"{server}/{role}"})
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = HTTP.request("POST", f"{self.endpoint}/oauth2/token", form, headers=headers)
        assert answer.status == 200, answer.data
        return str(json.loads(answer.data)["access_token"])

    def ran(self, log: str) -> int:
        """How many times the function of that log group was started, as CloudWatch has it."""
        logs = self.client("logs")
        groups = logs.describe_log_groups()["logGroups"]
        (name,) = [one["logGroupName"] for one in groups if one["logGroupName"].endswith(f"/{log}")]
        return len(logs.describe_log_streams(logGroupName=name)["logStreams"])


def deploy(endpoint: str, stage: str, **parameters: str) -> dict[str, str]:
    """The stack's outputs, as the command prints them."""
    named = [f"--parameter={name}={value}" for name, value in parameters.items()]
    done = _command("deploy", endpoint, stage, named)
    assert done.returncode == 0, done.stderr
    outputs: dict[str, str] = yaml.safe_load(done.stdout)
    return outputs


def destroy(endpoint: str, answers: str) -> subprocess.CompletedProcess[str]:
    return _command("destroy", endpoint, "prod", [], answers)


def _command(
    name: str, endpoint: str, stage: str, more: list[str], typed: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"local.{name}", "--stage", stage, "--endpoint", endpoint, *more]
    environment = {**os.environ, **cloud_credentials(), "AWS_DEFAULT_REGION": REGION}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, input=typed)
