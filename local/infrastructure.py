"""All of infra/ as one document, with what follows from the code: roles, groups, the gateway's own answers, and which
function answers which route."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.problem_codes import CODES
from chalicelib.problems import MEDIA_TYPE
from chalicelib.roles import ROLES
from local import alarms, template
from local.data import ROOT
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
WAIT: Final = {"rate_limited": "1", "unavailable": "1"}  # seconds, as Retry-After
LARGEST_REQUEST: Final = 10 * 1024 * 1024


def document(routes: Mapping[tuple[str, str], Any]) -> Document:
    """What is merged into chalice's template. `routes` are those of chalicelib.routes."""
    merged: Document = {}
    for name in FILES:
        merge(merged, template.parse((INFRA / f"{name}.yaml").read_text()))
    merge(merged, {"Resources": {**_groups(), **_roles(), **alarms.of_functions(), **alarms.of_tables()}})
    merge(merged, {"Resources": {"Dashboard": alarms.dashboard()}})
    merge(merged["Resources"]["RestAPI"], {"Properties": {"DefinitionBody": _interface(routes)}})
    merge(merged["Resources"]["Tokens"], {"Properties": {"Runtime": runtime(), "Code": {"ZipFile": _tokens()}}})
    merge(merged["Resources"]["Collect"], {"Properties": {"Runtime": runtime()}})
    return merged


def merge(into: Document, more: Document) -> None:
    """Dictionaries are merged, everything else is replaced; as chalice does it."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            merge(into[name], value)
        else:
            into[name] = value


def runtime() -> str:
    """The wheels in the package are those of the interpreter that packages, so the functions run on the same."""
    import sys

    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def policy(name: str) -> Document:
    read: Document = json.loads((INFRA / f"policies/{name}.json").read_text())
    return read


def _interface(routes: Mapping[tuple[str, str], Any]) -> Document:
    paths: Document = {}
    for method, path in routes:
        paths.setdefault(path, {})[method.lower()] = _operation("Collect" if _is_collect(path) else "APIHandler")
    answers = {name: _gateway_answer(code) for name, code in GATEWAY_ANSWERS.items()}
    return {"paths": paths, "x-amazon-apigateway-gateway-responses": answers, **_api_keys(paths)}


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


def _api_keys(paths: Document) -> Document:
    return {"securityDefinitions": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}}


def _gateway_answer(code: str) -> Document:
    """RFC 9457, as the service itself answers. The gateway puts in no more than its own variables."""
    status, title, detail = CODES[code]
    body = {"type": f"/problems/{code}", "code": code, "title": title.en, "status": status}
    told = body | {"detail": detail.en.format(limit=LARGEST_REQUEST, reason="$context.error.message"), "trace_id": ""}
    text = json.dumps(told).replace('"trace_id": ""', '"trace_id": "$context.requestId"')
    headers = {"Content-Type": MEDIA_TYPE, "X-Trace-Id": None, "Retry-After": WAIT.get(code)}
    fixed = {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items() if value}
    return {"statusCode": str(status), "responseParameters": fixed, "responseTemplates": {"application/json": text}}


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


def functions(packaged: Document) -> Iterator[tuple[str, Document]]:
    """Name and resource of each function of a packaged template."""
    for name, resource in packaged["Resources"].items():
        if resource.get("Type") in ("AWS::Serverless::Function", "AWS::Lambda::Function"):
            yield name, resource
