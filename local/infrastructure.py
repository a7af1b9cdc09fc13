"""All of infra/ as one document, with what follows from the code: roles, groups, the gateway's own answers, and which
function answers which route."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.problems import MEDIA_TYPE, Problem
from chalicelib.roles import ROLES
from local import alarms, stages, template
from local.data import ROOT
from local.gateway import LARGEST_REQUEST
from local.template import Document

INFRA: Final = ROOT / "infra"
FILES: Final = ("resources", "functions", "gateway", "users", "alarms")
OWN_ROLES: Final = {"Collect": "collect", "Tokens": "tokens"}
"""Functions that chalice does not know, and whose file of policies/ is theirs."""
COLLECT: Final = "/v1/collect"

INVOCATION: Final = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations"
)
GATEWAY_ANSWERS: Final = {  # AWS's name of what happened → ours
    "MISSING_AUTHENTICATION_TOKEN": "not_found",  # what AWS calls a path or method that is not there
    "RESOURCE_NOT_FOUND": "not_found",
    "REQUEST_TOO_LARGE": "too_large",
    "UNSUPPORTED_MEDIA_TYPE": "not_json",
    "BAD_REQUEST_BODY": "malformed_json",
    "THROTTLED": "rate_limited",
    "QUOTA_EXCEEDED": "rate_limited",
    "INVALID_API_KEY": "unauthenticated",
    "UNAUTHORIZED": "unauthenticated",
    "ACCESS_DENIED": "unauthenticated",
    "INTEGRATION_TIMEOUT": "unavailable",
    "INTEGRATION_FAILURE": "internal",
    "DEFAULT_5XX": "internal",
}
API_KEY: Final = {"type": "apiKey", "name": "x-api-key", "in": "header"}


def document(routes: Mapping[tuple[str, str], Any]) -> Document:
    """What is merged into chalice's template. `routes` are those of chalicelib.routes."""
    merged: Document = {}
    for name in FILES:
        merge(merged, template.parse((INFRA / f"{name}.yaml").read_text()))
    merge(merged, {"Resources": {**_groups(), **_roles(), **alarms.of_functions(), **alarms.of_tables()}})
    merge(merged, {"Resources": {"Dashboard": alarms.dashboard()}})
    merge(merged["Resources"]["RestAPI"], {"Properties": {"DefinitionBody": _interface(routes)}})
    runtime = f"python{stages.OURS}"  # what is compiled in the package is for the interpreter that packages
    merge(merged["Resources"]["Tokens"], {"Properties": {"Runtime": runtime, "Code": {"ZipFile": _tokens()}}})
    merge(merged["Resources"]["Collect"], {"Properties": {"Runtime": runtime}})
    return merged


def merge(into: Document, more: Document) -> None:
    """Dictionaries are merged, everything else is replaced; as chalice does it."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            merge(into[name], value)
        else:
            into[name] = value


def policy(name: str) -> Document:
    read: Document = json.loads((INFRA / f"policies/{name}.json").read_text())
    return read


def _interface(routes: Mapping[tuple[str, str], Any]) -> Document:
    paths: Document = {}
    for method, path in routes:
        paths.setdefault(path, {})[method.lower()] = _operation("Collect" if _is_collect(path) else "APIHandler")
    return {
        "paths": paths,
        "x-amazon-apigateway-gateway-responses": {one: _answer(code) for one, code in GATEWAY_ANSWERS.items()},
        "securityDefinitions": {"api_key": API_KEY},
    }


def _is_collect(path: str) -> bool:
    return path == COLLECT or path.startswith(f"{COLLECT}/")


def _operation(function: str) -> Document:
    operation: Document = {
        "x-amazon-apigateway-integration": {
            "uri": {"Fn::Sub": [INVOCATION, {"Function": {"Ref": f"{function}.Alias"}}]}
        }
    }
    if function == "Collect":
        operation["security"] = {"Fn::If": ["KeyedCollect", [{"api_key": []}], {"Ref": "AWS::NoValue"}]}
    return operation


def _answer(code: str) -> Document:
    """As the service itself would. The gateway puts in its request's id alone: it escapes nothing."""
    problem = Problem.of(code, limit=LARGEST_REQUEST, reason="the gateway refused it")
    headers = {"Content-Type": MEDIA_TYPE, **problem.headers}
    return {
        "statusCode": str(problem.status),
        "responseParameters": {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()},
        "responseTemplates": {"application/json": json.dumps(problem.body("$context.requestId"))},
    }


def _groups() -> Document:
    """A role is a group of the user pool; Cognito's tokens name the groups of a person."""
    return {
        f"{role.name.title()}Group": {
            "Type": "AWS::Cognito::UserPoolGroup",
            "Condition": "OwnUsers",
            "Properties": {"UserPoolId": {"Ref": "UserPool"}, "GroupName": role.name, "Description": role.may},
        }
        for role in ROLES
    }


def _roles() -> Document:
    return {f"{function}Role": _role(name) for function, name in OWN_ROLES.items()}


def _role(name: str) -> Document:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": name, "PolicyDocument": policy(name)}],
        },
    }


def _tokens() -> str:
    """Without its docstring: CloudFormation takes 4,096 characters."""
    source = (INFRA / "tokens.py").read_text()
    return source.split('"""\n', 1)[1].lstrip()
