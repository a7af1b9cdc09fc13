"""How a route is declared: its roles, its models, its answer, beside its function. The middleware, the matrix of roles
and the OpenAPI document read these declarations; a public route says so by `roles=PUBLIC`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson
from botocore.exceptions import BotoCoreError, ClientError
from chalice.app import Blueprint, Response
from pydantic import BaseModel
from pynamodb.exceptions import PynamoDBException

from chalicelib.access import Caller
from chalicelib.problems import MEDIA_TYPE, FieldError, Problem, language
from chalicelib.store.customers import Gone
from chalicelib.store.horizons import Contended
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

PUBLIC = frozenset({"public"})
TROUBLE = (PynamoDBException, BotoCoreError, ClientError, Contended)

Headers = dict[str, str | list[str]]


@dataclass(frozen=True)
class Request:
    """What a view needs to know; `query` has one value a name."""

    caller: Caller
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    trace_id: str
    base: str = ""  # where the service is reached: scheme, host and what stands before its routes
    path: str = ""  # as it was asked for, with the stage

    @property
    def store(self) -> Store:
        return Store(self.caller.tenant)


@dataclass(frozen=True)
class Answer:
    body: Any
    status: int = 200
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    roles: frozenset[str]
    view: Callable[..., Any]
    status: int = 200
    body: type[BaseModel] | None = None
    query: Mapping[str, str] | None = None  # name → what it means
    answer: Any = None  # a model, or a JSON schema
    also: Mapping[int, Any] | None = None  # other statuses of success, and their schemas
    media_type: str = "application/json"  # of the answer
    accepts: tuple[str, ...] = ("application/json",)
    kinds: tuple[str, ...] = ()  # that its path may name, if not all

    @property
    def summary(self) -> str:
        return (self.view.__doc__ or self.view.__name__.replace("_", " ")).strip().split("\n")[0]


ROUTES: dict[tuple[str, str], Route] = {}


class Routes(Blueprint):
    """A blueprint whose routes declare who may call them."""

    def on(self, method: str, path: str, roles: frozenset[str], **declared: Any) -> Callable[..., Any]:
        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            declaration = Route(method, path, roles, view, **declared)
            ROUTES[method, path] = declaration
            options = {"name": f"{method} {path}", "content_types": list(declaration.accepts)}
            self.route(path, methods=[method], **options)(self._endpoint(declaration))
            return view

        return register

    def _endpoint(self, declaration: Route) -> Callable[..., Response]:
        def endpoint(**path: str) -> Response:
            request = self.current_request
            arguments = {name: unquote(value) for name, value in path.items()}
            return guarded(request, lambda: _answered(declaration.view(_request(request), **arguments), declaration))

        return endpoint


def guarded(request: Any, answer: Callable[[], Response]) -> Response:
    """The answer, or the problem it ran into; nothing else ever leaves."""
    try:
        return answer()
    except Problem as problem:
        return as_response(problem, request)
    except Gone:
        return as_response(Problem.of("customer_erasing"), request)
    except TROUBLE as error:
        log.exception("storage refused: %s", type(error).__name__)
        return as_response(Problem.of("unavailable"), request)
    except Exception:
        log.exception("unexpected error")
        return as_response(Problem.of("internal"), request)


def as_response(problem: Problem, request: Any) -> Response:
    spoken = language(request.headers.get("accept-language"))
    body = problem.body(request.context["trace_id"], spoken)
    headers: Headers = {"Content-Type": MEDIA_TYPE, "Content-Language": spoken, **problem.headers}
    return Response(orjson.dumps(body).decode(), status_code=problem.status, headers=headers)


def _request(request: Any) -> Request:
    return Request(
        caller=request.context.get("caller"),
        query=_single_values(request.query_params),
        headers=request.headers,
        body=request.raw_body,
        trace_id=request.context["trace_id"],
        base=_base(request),
        path=request.context.get("path", ""),
    )


def _base(request: Any) -> str:
    """As the caller reached it, so that links hold behind stages and domains of one's own."""
    host, actual = request.headers.get("host"), request.context.get("path", "").split("/")
    before = "/".join(actual[: len(actual) - request.path.count("/")])
    return f"{request.headers.get('x-forwarded-proto', 'http')}://{host}{before}" if host else before


def _single_values(query: Any) -> dict[str, str]:
    if query is None:
        return {}
    twice = [name for name in query if len(query.getlist(name)) > 1]
    if twice:
        raise Problem.of("validation", errors=[FieldError(name, "twice") for name in twice])
    return dict(query)


def _answered(result: Any, declaration: Route) -> Response:
    answer = result if isinstance(result, Answer) else Answer(result, declaration.status)
    headers: Headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", **(answer.headers or {})}
    if answer.body is None:
        return Response("", status_code=answer.status, headers=headers)
    headers = {"Content-Type": declaration.media_type, **headers}
    if isinstance(answer.body, str):
        return Response(answer.body, status_code=answer.status, headers=headers)
    return Response(orjson.dumps(answer.body).decode(), status_code=answer.status, headers=headers)
