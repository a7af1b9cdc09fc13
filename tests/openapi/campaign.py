"""The document of the API with the ids of a campaign in it, and the service behind it as a WSGI application."""

import copy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from chalicelib.openapi import document
from chalicelib.routes import ROUTES
from chalicelib.tabs import console
from local.gateway import Gateway, Request
from tests.collect.offers import code, fill, offer
from tests.seeds import ANNA, plant
from tests.test_every_route import BODIES, Calls
from tests.world import World

Environ = dict[str, Any]
ETAG, WINNER, CODE = "the-etag", "the-winner", "LUCKY-1"  # the first two stand for what each campaign has anew
ASSETS = Path(console.__file__).parents[1] / "console/assets"
GUEST = {"experience": "summer", "email": ANNA}
EVENTS: dict[str, Any] = {
    "sign-ins": {},
    "consents": {"consent": "newsletter", "status": "granted", "text": "Yes"},
    "variables": {"variables": [{"name": "size", "value": "XL", "persist": True}]},
    "participations": {"giveaway": "bike"},
    "instant-wins": {"instant_win": "wheel"},
    "coupon-claims": {},
    "code-redemptions": {"code": CODE},
    "points": {"amount": 50, "reason": "visit"},
    "reward-redemptions": {"reward": "thanks"},
    "winner-answers": {"winner_id": WINNER, "answer": "accepted"},
    "files": {"name": "a.png", "content_type": "image/png", "size": 100},
    "log-entries": {"level": "info", "message": "x"},
    "erasures": {},
    "state": {},
}
SENT = {**BODIES, **{f"POST /v1/collect/{type}": {**GUEST, **event} for type, event in EVENTS.items()}}
SENT |= {"POST /v1/draws/{id}/redraws": {"winner": WINNER, "reason": "moved away"}}


class Campaign:
    """One tenant with something of everything; `call` names the operation that is tried."""

    def __init__(self, world: World, call: str) -> None:
        offer(world)
        fill(3)
        code(CODE)
        self.world, self.call, self.calls = world, call, Calls(world)
        self.winner = plant("winners", self.calls.customer, reason=None).id
        self.succeeded = False

    def ids(self) -> dict[str, str]:
        """What stands for an id, and the id."""
        template, path = self.call.split(" ")[1].split("/"), self.calls.path(self.call).split("/")
        named = {f"the-{part[1:-1]}": id for part, id in zip(template, path, strict=True) if part.startswith("{")}
        if self.call.endswith("/experiences/{id}"):
            named |= {ETAG: self.world.get("/v1/experiences/summer").headers.get("ETag", "")}
        if self.call == "GET /assets/{file}":
            named |= {"the-file": next((path.name for path in ASSETS.glob("*.js")), "not-built.js")}
        return named | ({WINNER: self._winner()} if WINNER in str(SENT.get(self.call)) else {})

    def _winner(self) -> str:
        return self.winner if self.call.startswith("POST /v1/collect") else self.calls.draw[1]


def wsgi(gateway: Gateway, campaign: Callable[[], Campaign]) -> Callable[..., Iterable[bytes]]:
    """What stands for an id is replaced on the way in."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
        headers += [("Content-Type", environ["CONTENT_TYPE"])] if environ.get("CONTENT_TYPE") else []
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = environ.get("QUERY_STRING")
        target = environ["REQUEST_URI"].partition("?")[0] + (f"?{query}" if query else "")
        for stands, id in campaign().ids().items():
            target, body = target.replace(stands, id), body.replace(stands.encode(), id.encode())
            headers = [(name, value.replace(stands, id)) for name, value in headers]
        reply = gateway.answer(Request(environ["REQUEST_METHOD"], target, headers, body))
        start_response(f"{reply.status} x", reply.headers)
        return [reply.body]

    return answer


def described() -> dict[str, Any]:
    """The document, with what exists in a campaign where any text would do, and an example for each body."""
    made: dict[str, Any] = copy.deepcopy(document(ROUTES.values()))
    for path, item in made["paths"].items():
        for method, operation in item.items():
            _narrow(f"{method.upper()} {path}", operation)
    return made


def _narrow(name: str, operation: dict[str, Any]) -> None:
    known = {"kind": "winners" if name.startswith("PATCH") else "coupons", "confirm": "coupons", "If-Match": ETAG}
    for parameter in operation["parameters"]:
        own = f"the-{parameter['name']}" if parameter["in"] == "path" else None
        if known.get(parameter["name"], own) and not (parameter["name"] == "kind" and parameter["in"] == "query"):
            parameter["schema"] = {"enum": [known.get(parameter["name"], own)]}
        if parameter["name"] in ("If-Match", "Idempotency-Key"):
            parameter["example"] = known.get(parameter["name"], "a-key")
    if name in SENT:
        operation["requestBody"]["content"]["application/json"]["example"] = SENT[name]
