"""The OpenAPI 3.1 document, generated from the routes as they are declared and from the table of kinds."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib.kinds import KINDS
from chalicelib.schemas import PROBLEM, TEXT, Schema, row

if TYPE_CHECKING:
    from chalicelib.routes import Route

A_PROBLEM: Schema = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
}

A_HEADER: Schema = {"schema": TEXT}
RATE_LIMITED: Schema = {
    **A_PROBLEM,
    "description": "Too many calls of this tenant or key: send it again after Retry-After seconds",
    "headers": dict.fromkeys(("Retry-After", "RateLimit", "RateLimit-Policy"), A_HEADER),
}


def document(routes: Iterable["Route"]) -> Schema:
    schemas: Schema = {kind.name: row(kind) for kind in KINDS.values()} | {"problem": PROBLEM}
    paths: dict[str, Any] = {}
    for route in routes:
        for path, operation in _operations(route, schemas):
            paths.setdefault(path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Afterchat", "version": "1", "description": "What chatbot campaigns leave behind."},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": "JWT or named key"}},
        },
    }


def _operations(route: "Route", schemas: Schema) -> list[tuple[str, Schema]]:
    """The one route of single events stands for as many operations as there are types of events."""
    if "{type}" not in route.path:
        return [(route.path, _operation(route, schemas, route.body))]
    from chalicelib.collect.events import EVENTS

    return [
        (route.path.replace("{type}", name), _operation(route, schemas, model, model)) for name, model in EVENTS.items()
    ]


def _operation(route: "Route", schemas: Schema, body: Any, event: Any = None) -> Schema:
    from chalicelib import parameters
    from chalicelib.routes import PUBLIC

    operation: Schema = {
        "operationId": route.view.__name__ + (f"_{event.type}".replace("-", "_") if event else ""),
        "summary": route.summary + (f" ({event.type})" if event else ""),
        "parameters": parameters.of(route, event),
        "responses": {**_successes(route, event), **_refusals(route)},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, **_json(_model(body, schemas))}
    if route.roles is not PUBLIC:
        operation["security"] = [{"bearer": []}]
        operation["x-roles"] = sorted(route.roles)
    return operation


def _refusals(route: "Route") -> Schema:
    """Pages for people refuse with a page."""
    if route.path.startswith("/v1/collect"):
        return {"429": RATE_LIMITED, "default": A_PROBLEM}
    if route.path.startswith("/v1/packages"):
        return {"default": {**A_PROBLEM, "content": {**A_PROBLEM["content"], "text/html": {"schema": TEXT}}}}
    return {"default": A_PROBLEM}


def _successes(route: "Route", event: Any) -> Schema:
    from chalicelib.collect import answers

    if event:
        return {str(route.status): {"description": "The answer", **_json(answers.of(event.type))}}
    also = (route.also or {}).items()
    others = {str(status): {"description": "The answer", **_json(schema)} for status, schema in also}
    return {str(route.status): _success(route), **others}


def _success(route: "Route") -> Schema:
    if route.status == 204:
        return {"description": "Done"}
    if route.status in (302, 303):
        return {"description": "It is there", "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}}}
    if route.media_type != "application/json":
        return {"description": "The answer", "content": {route.media_type: {"schema": TEXT}}}
    return {"description": "The answer", **_json(route.answer or {"type": "object"})}


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _model(model: Any, schemas: Schema) -> Schema:
    """The model's schema, its parts among the components; two models of one name would hide each other."""
    schema: Schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, part in {**schema.pop("$defs", {}), model.__name__: schema}.items():
        if schemas.setdefault(name, part) != part:
            raise ValueError(f"two models are called {name}")
    return {"$ref": f"#/components/schemas/{model.__name__}"}
