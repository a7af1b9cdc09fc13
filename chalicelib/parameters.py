"""The parameters of routes as the OpenAPI document describes them: one schema for each name."""

from typing import TYPE_CHECKING, Any

from chalicelib.kinds import KINDS

if TYPE_CHECKING:
    from chalicelib.routes import Route

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
WORDS: Schema = {"type": "string", "minLength": 1, "maxLength": 300}
GUARDED = ("/v1/settings", "PUT")  # takes If-Match, too
KEY: Schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}


def of(route: "Route", event: Any = None) -> list[Schema]:
    """All of an operation's; `event` is the type that a route of single events takes there."""
    return [*_in_path(route, event), *_in_query(route), *_in_headers(route, event)]


def _in_path(route: "Route", event: Any) -> list[Schema]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    return [_parameter(name, "path", _path_schema(route, name)) for name in names if not (event and name == "type")]


def _path_schema(route: "Route", name: str) -> Schema:
    if name == "kind":
        return {"type": "string", "enum": list(route.kinds or KINDS)}
    return TEXT


def _in_query(route: "Route") -> list[Schema]:
    return [
        {**_parameter(name, "query", _query_schema(route.path, name), name == "confirm"), "description": meaning}
        for name, meaning in (route.query or {}).items()
    ]


def _query_schema(path: str, name: str) -> Schema:
    from chalicelib.imports import examples
    from chalicelib.store import audit, deliveries
    from chalicelib.tabs.filters import FORMS, LEVELS, STATES
    from chalicelib.titles import LOCALES

    states = deliveries.STATES if path.startswith("/v1/webhooks") else {state for of in STATES.values() for state in of}
    choices: dict[str, Any] = {"level": LEVELS, "state": sorted(states), "action": audit.ACTIONS, "locale": LOCALES}
    choices |= {"format": examples.FORMATS, "kind": examples.KINDS, "confirm": KINDS}
    wholes = {"limit": (100, 50), "active_days": (180, 60)}
    if name in choices:
        return {"type": "string", "enum": list(choices[name])}
    if name in wholes:
        most, default = wholes[name]
        return {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    others = {"from": TIME, "to": TIME, "customer_id": {"type": "string", "format": "uuid"}}
    others["email"] = {"type": "string", "minLength": 2, "maxLength": 300}
    return others.get(name) or ({"type": "string", "pattern": FORMS[name]} if name in FORMS else WORDS)


def _in_headers(route: "Route", event: Any) -> list[Schema]:
    if route.method == "POST" and route.path in ("/v1/collect", "/v1/collect/{type}", "/v1/experiences/{id}/draws"):
        needed = route.path == "/v1/collect" or bool(event and event.needs_key)
        return [_parameter("Idempotency-Key", "header", KEY, needed)]
    if (route.path == "/v1/experiences/{id}" and route.method != "GET") or (route.path, route.method) == GUARDED:
        return [_parameter("If-Match", "header", TEXT, False)]
    return []


def _parameter(name: str, place: str, schema: Schema, required: bool = True) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": schema}
