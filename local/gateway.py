"""What API Gateway does between HTTP and the function: routes, the event, the limits, and answers of its own.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Chalice
from chalice.local import LocalChalice

from chalicelib.problems import MEDIA_TYPE, Problem
from local.context import Context

LARGEST_REQUEST = 10 * 1024 * 1024  # bytes of body that API Gateway takes
LARGEST_ANSWER = 6_291_556  # bytes of JSON that Lambda hands back
SECONDS = 30

TOO_LARGE = Problem.of("too_large", limit=LARGEST_REQUEST)

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    method: str
    target: str  # path and query, as they came
    headers: Headers
    body: bytes
    address: str = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes


def problem(error: Problem) -> Answer:
    """An error that the functions know, too."""
    trace_id = uuid.uuid4().hex
    return _problem(error.status, error.body(trace_id), [*error.headers.items()])


def refusal(status: int, detail: str) -> Answer:
    """An error that only a gateway has (RFC 9457 §4.2.1: about:blank says no more than the status)."""
    title = HTTPStatus(status).phrase
    code = title.lower().replace(" ", "_")
    body = {"type": "about:blank", "code": code, "title": title, "status": status, "detail": detail}
    return _problem(status, body | {"trace_id": uuid.uuid4().hex}, [])


def _problem(status: int, body: dict[str, Any], headers: Headers) -> Answer:
    named = [("Content-Type", MEDIA_TYPE), ("X-Trace-Id", body["trace_id"]), *headers]
    return Answer(status, named, json.dumps(body).encode())


class Routes:
    """Finds the route of a path: literal segments before {parameters}, which stay as they are in the URL."""

    def __init__(self, patterns: Iterable[str]) -> None:
        segments = sorted(pattern.split("/") for pattern in patterns)  # "{" sorts behind letters and digits
        self._patterns = segments

    def find(self, path: str) -> tuple[str, dict[str, str]] | None:
        parts = (path.removesuffix("/") or "/").split("/")
        for pattern in self._patterns:
            if len(pattern) == len(parts) and all(map(_fits, pattern, parts)):
                values = {name[1:-1]: part for name, part in zip(pattern, parts, strict=True) if name.startswith("{")}
                return "/".join(pattern), values
        return None


def _fits(pattern: str, part: str) -> bool:
    return bool(part) if pattern.startswith("{") else pattern == part


class Gateway:
    """Answers requests by calling a Chalice app as Lambda would; safe for many threads."""

    def __init__(self, app: Chalice) -> None:
        app.__class__ = LocalChalice  # keeps `current_request` apart for each thread
        self._app = app
        self._routes = Routes(app.routes)

    def answer(self, request: Request) -> Answer:
        if len(request.body) > LARGEST_REQUEST:
            return problem(TOO_LARGE)
        path = request.target.partition("?")[0]
        found = self._routes.find(path)
        if found is None:
            return problem(Problem.of("not_found"))
        methods = self._app.routes[found[0]]
        if request.method == "OPTIONS" and "OPTIONS" not in methods:
            return _options(methods)
        method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method
        return self._invoke(event(request, method, *found, self._app.api.binary_types))

    def _invoke(self, event: dict[str, Any]) -> Answer:
        result = self._app(event, Context("api", SECONDS))
        if len(result["body"] or "") > LARGEST_ANSWER // 6 and len(json.dumps(result)) > LARGEST_ANSWER:
            return refusal(HTTPStatus.BAD_GATEWAY, "The answer is larger than Lambda hands back.")
        return _answer(result)


def event(
    request: Request, method: str, route: str, parameters: Mapping[str, str], binary_types: Iterable[str] = ()
) -> dict[str, Any]:
    """The event of a REST API's Lambda proxy integration."""
    path, _, query = request.target.partition("?")
    values = parse_qs(query, keep_blank_values=True, errors="replace")
    headers = _by_name(request.headers)
    binary = headers.get("content-type", [""])[-1].partition(";")[0].strip() in binary_types
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": {name: found[-1] for name, found in headers.items()} or None,
        "multiValueHeaders": headers or None,
        "queryStringParameters": {name: found[-1] for name, found in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": _request_context(request, method, route, path, headers),
        "body": (base64.b64encode(request.body).decode() if binary else _text(request.body)) or None,
        "isBase64Encoded": binary and bool(request.body),
    }


def _request_context(
    request: Request, method: str, route: str, path: str, headers: Mapping[str, list[str]]
) -> dict[str, Any]:
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "stage": "local",
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTimeEpoch": int(time.time() * 1000),
        "httpMethod": method,
        "path": path,
        "resourcePath": route,
        "identity": {"sourceIp": request.address, "userAgent": headers.get("user-agent", [None])[-1]},
    }


def _by_name(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")


def _options(methods: Mapping[str, Any]) -> Answer:
    allowed = ", ".join([*sorted(methods), "OPTIONS"])
    shared = next((route.cors for route in methods.values() if route.cors), None)
    cors = {**shared.get_access_control_headers(), "Access-Control-Allow-Methods": allowed} if shared else {}
    return Answer(204, [("Allow", allowed), *cors.items()], b"")


def _answer(result: Mapping[str, Any]) -> Answer:
    several = result.get("multiValueHeaders") or {}
    headers = [(name, str(value)) for name, value in (result.get("headers") or {}).items() if name not in several]
    headers += [(name, str(value)) for name, values in several.items() for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    body = result["body"] or ""
    return Answer(
        result["statusCode"], headers, base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    )
