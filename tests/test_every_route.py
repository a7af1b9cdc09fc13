"""What holds for every route: declared and documented, closed to the anonymous, open to exactly its roles, blind to
other tenants, and never lost for an answer, whatever is sent."""

import json
import re
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import Any

import pytest
import time_machine
from openapi_pydantic import OpenAPI

import app
from chalicelib import clock
from chalicelib.collect.events import EVENTS
from chalicelib.jobs import arrivals
from chalicelib.kinds import KINDS
from chalicelib.packages import links
from chalicelib.promotions import batches
from chalicelib.promotions.batches import Batch
from chalicelib.routes import ROUTES
from chalicelib.store import jobs, receipts, tenancy, webhooks
from chalicelib.store.jobs import Job
from chalicelib.store.receipts import Receipt
from chalicelib.store.tenancy import Store
from chalicelib.store.webhooks import Target
from tests import seeds
from tests.draws import planted
from tests.files.uploads import offer, put
from tests.promotions.conftest import Shop
from tests.seeds import ANNA, guest, plant
from tests.world import EXPERIENCE, Reply, World

BY_LINK = {"GET /v1/packages/{secret}", "POST /v1/packages/{secret}"}
NAMES = [f"{method} {path}" for method, path in ROUTES]
OF_DRAWS = {"GET /v1/draws/{id}/certificate", "GET /v1/draws/{id}/labels"}
CONSOLE = {"GET /", "GET /assets/{file}"}
PUBLIC = {"GET /health", "GET /v1/openapi.json", "GET /v1/config", *BY_LINK, *OF_DRAWS, *CONSOLE}
ROLES = ("reader", "viewer", "editor", "exporter", "privacy", "owner", "collector")
READING = {"reader", "viewer", "editor", "privacy", "owner"}

# By hand from the contract's table of roles, so that a route that is opened by mistake fails here.
MATRIX: dict[str, set[str]] = {
    "GET /v1/me": READING | {"collector"},
    "GET /v1/kinds": READING | {"collector"},
    "GET /v1/settings": READING,
    "PUT /v1/settings": {"privacy", "owner"},
    "GET /v1/keys": {"owner"},
    "POST /v1/keys": {"owner"},
    "DELETE /v1/keys/{id}": {"owner"},
    "GET /v1/records/{kind}": READING,
    "GET /v1/records/{kind}/{id}": READING,
    "DELETE /v1/records/{kind}/{id}": {"editor", "owner", "privacy"},
    "PATCH /v1/records/{kind}/{id}": {"editor", "owner"},
    "DELETE /v1/records/{kind}": {"owner"},
    "GET /v1/customers/{id}": {"viewer", "editor", "privacy", "owner"},
    "PATCH /v1/customers/{id}": {"privacy", "owner"},
    "GET /v1/customers/{id}/erasure": {"editor", "privacy", "owner"},
    "POST /v1/customers/{id}/packages": {"privacy", "owner"},
    "POST /v1/jobs/{id}/link": {"privacy", "owner"},
    "GET /v1/experiences": READING,
    "GET /v1/experiences/{id}": READING,
    "PUT /v1/experiences/{id}": {"editor", "owner"},
    "DELETE /v1/experiences/{id}": {"editor", "owner"},
    "POST /v1/experiences/{id}/draws": {"editor", "owner"},
    "GET /v1/experiences/{id}/draws": READING,
    "GET /v1/draws/{id}": READING,
    "POST /v1/draws/{id}/reveal": {"editor", "owner"},
    "POST /v1/draws/{id}/redraws": {"editor", "owner"},
    "GET /v1/files/{id}": {"viewer", "owner"},
    "GET /v1/files/{id}/content": {"viewer", "owner"},
    "GET /v1/jobs": READING,
    "GET /v1/jobs/{id}": READING,
    "GET /v1/jobs/{id}/file": {"privacy", "owner"},  # of a package
    "DELETE /v1/jobs/{id}": {"privacy", "owner"},
    "POST /v1/exports": {"owner"},  # and exporter, together with viewer
    "POST /v1/exports/shown": {"owner"},
    "GET /v1/audit": {"privacy", "owner"},
    "GET /v1/retention": {"privacy", "owner"},
    "GET /v1/overview": READING,
    "GET /v1/traces/{id}": READING,
    "GET /v1/receipts": {"privacy", "owner"},
    "GET /v1/receipts/{id}": {"privacy", "owner"},
    "GET /v1/receipts/verify": {"privacy", "owner"},
    "POST /v1/receipts/search": {"privacy", "owner"},
    "POST /v1/consent-proofs": {"privacy", "owner"},
    "POST /v1/imports": {"editor", "owner"},
    "GET /v1/imports": READING,
    "DELETE /v1/imports/{id}": {"editor", "owner"},
    "GET /v1/examples/{kind}": READING,
    "GET /v1/webhooks": {"owner"},
    "POST /v1/webhooks": {"owner"},
    "GET /v1/webhooks/{id}": {"owner"},
    "PUT /v1/webhooks/{id}": {"owner"},
    "DELETE /v1/webhooks/{id}": {"owner"},
    "POST /v1/webhooks/{id}/secret": {"owner"},
    "POST /v1/webhooks/{id}/test": {"owner"},
    "GET /v1/webhooks/{id}/deliveries": {"owner"},
    "POST /v1/webhooks/{id}/resend": {"owner"},
    "POST /v1/collect": {"collector", "owner"},
    "POST /v1/collect/{type}": {"collector", "owner"},
}
SIGN_IN = {"experience": "summer", "email": ANNA}
ENVELOPE = {"experience": "summer", "email": ANNA, "events": [{"type": "sign-ins"}]}
BODIES: dict[str, Any] = {
    "PUT /v1/settings": {"time_zone": "Europe/Berlin", "receipt_months": 24},
    "POST /v1/receipts/search": {"email": ANNA},
    "POST /v1/consent-proofs": {"email": ANNA},
    "POST /v1/keys": {"name": "Chat engine", "role": "collector"},
    "PATCH /v1/customers/{id}": {"fields": {"city": "Leipzig"}},
    "POST /v1/customers/{id}/packages": {"purpose": "access"},
    "PUT /v1/experiences/{id}": EXPERIENCE,
    "POST /v1/exports": {"kind": "coupons"},
    "POST /v1/exports/shown": {"kind": "coupons", "format": "csv", "rows": 3},
    "PATCH /v1/records/{kind}/{id}": {"state": "notified"},
    "POST /v1/experiences/{id}/draws": {"giveaway": "bike", "count": 1, "dry_run": True},
    "POST /v1/draws/{id}/reveal": {"value": "4 8 15"},
    "POST /v1/draws/{id}/redraws": {"winner": "…", "reason": "moved away"},
    "POST /v1/imports": {"kind": "coupons", "experience": "summer", "file_name": "codes.csv"},
    "POST /v1/webhooks": {"url": "https://shop.example/hook", "types": ["customer.registered"]},
    "PUT /v1/webhooks/{id}": {"url": "https://shop.example/hook", "types": ["points.booked"], "include": ["email"]},
    "POST /v1/webhooks/{id}/resend": {"since": "2026-01-01T00:00:00Z"},
    "POST /v1/collect": ENVELOPE,
    "POST /v1/collect/{type}": SIGN_IN,
}
WITH_BODY = list(BODIES)


class Calls:
    """A call of each route that the owner of `acme` succeeds with, on things of `acme`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.customer = guest(world)
        self.record = plant("coupons", self.customer).id
        self.key = world.request("POST", "/v1/keys", BODIES["POST /v1/keys"]).ok()["id"]
        self.job = world.request("DELETE", "/v1/records/log", query={"confirm": "log"}).ok()["job"]
        self.receipt = receipts.issue(Store("acme"), Receipt("0" * 32, "delete_all", "owner", 1, 2, {"log": 1}))["id"]
        self.trace = world.collect("log-entries", level="info", message="x").headers["X-Trace-Id"]
        offered = offer(world)
        arrivals.look(put(offered))
        self.file = offered["file_id"]
        self.batch = batches.save(Store("acme"), Batch("0" * 32, "coupons", "summer", "codes.csv", "x", clock.now_ms()))
        told = {"purpose": "access", "locale": "de"}
        package = Job("1" * 32, "package", "owner", clock.now_ms(), told, state="done", result={"bytes": 1})
        self.package = jobs.save(Store("acme"), replace(package, file="p/acme/x", file_until=2**33))
        self.waiting = jobs.create(Store("acme"), "package", "owner", told)
        target = Target("https://nowhere.invalid/", ["customer.registered"])
        self.webhook = webhooks.create(Store("acme"), target, "tests").id
        self.sent = 0

    @cached_property
    def draw(self) -> tuple[str, str]:
        """A draw that waited for public randomness, and the id of its winner."""
        plant("participations", self.customer)
        draw, winner = planted.revealed(Shop(Store("acme")), "4 8 15")
        return draw, winner

    def path(self, name: str) -> str:
        path = name.split(" ")[1]
        if "/draws" in name:
            path = path.replace("draws/{id}", f"draws/{self.draw[0]}")
        if name.startswith("PATCH /v1/records"):
            path = f"/v1/records/winners/{self.draw[1]}"
        ids = {
            "customers": self.customer,
            "files": self.file,
            "imports": self.batch.id,
            "keys": self.key,
            "jobs": self.job,
            "receipts": self.receipt,
            "traces": self.trace,
            "records": self.record,
            "webhooks": self.webhook,
        }
        ids |= {"jobs": self.package.id} if path.endswith(("/link", "/file")) else {}
        ids |= {"jobs": self.waiting.id} if name == "DELETE /v1/jobs/{id}" else {}
        path = path.replace("{secret}", links.secret_of(Store("acme"), self.package))
        part = path.split("/")[2] if path.startswith("/v1/") else ""
        return path.replace("{kind}", "coupons").replace("{type}", "sign-ins").replace("{id}", ids.get(part, "summer"))

    def send(self, name: str, **options: Any) -> Reply:
        self.sent += 1
        headers = {"Idempotency-Key": f"call-{self.sent}"} if name == "POST /v1/collect" else {}
        headers |= {"If-Match": self._etag()} if name.endswith("experiences/{id}") else {}
        query = {"confirm": "coupons"} if name == "DELETE /v1/records/{kind}" else None
        body: Any = BODIES.get(name)
        body = {**body, "winner": self.draw[1]} if name.endswith("/redraws") else body
        options = {"body": body, "query": query, **options}
        options["headers"] = headers | options.get("headers", {})
        return self.world.request(name.split(" ")[0], self.path(name), **options)

    def _etag(self) -> str:
        return self.world.get("/v1/experiences/summer").headers["ETag"]


@pytest.fixture
def calls(world: World) -> Calls:
    return Calls(world)


# -- declared and documented --


def test_every_route_of_the_app_is_declared_with_its_roles() -> None:
    served = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert served == set(NAMES)
    assert {name for name in NAMES if name not in MATRIX} == PUBLIC


def test_one_level_of_paths_has_one_name_for_its_variable() -> None:
    """API Gateway refuses siblings with different ones."""
    names = defaultdict(set)
    for path in app.app.routes:
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                names["/".join(parts[:place])].add(part)
    assert [variables for variables in names.values() if len(variables) > 1] == []


def test_the_document_of_the_api_is_complete_and_valid(world: World) -> None:
    document = world.get("/v1/openapi.json", anonymous=True).ok()
    parsed = OpenAPI.model_validate(document)
    assert parsed.paths
    described = {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    expected = {name for name in NAMES if "{type}" not in name} | {f"POST /v1/collect/{type}" for type in EVENTS}
    assert set(described) == expected
    ids = [operation["operationId"] for operation in described.values()]
    assert len(ids) == len(set(ids))
    for name, operation in described.items():
        declared = [part["name"] for part in operation["parameters"] if part["in"] == "path"]
        assert declared == re.findall(r"{(\w+)}", name)
        assert ("security" in operation) == (name not in PUBLIC)


def test_every_reference_of_the_document_leads_to_a_component(world: World) -> None:
    text = world.get("/v1/openapi.json", anonymous=True).text
    components = json.loads(text)["components"]["schemas"]
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert references <= set(components)
    assert set(KINDS) <= set(components)


# -- who may --


@pytest.mark.parametrize("name", NAMES)
def test_nobody_calls_anonymously_but_the_public_routes(calls: Calls, name: str) -> None:
    reply = calls.send(name, anonymous=True)
    if name in PUBLIC:
        unbuilt = name in CONSOLE and reply.status == 404
        assert reply.status in (200, 302, 303) or unbuilt
        return
    reply.problem(401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    for credential in ("Bearer x", "Bearer a.b.c", "Basic b3duZXI6eA==", "Bearer ", "Bearer ak_live_x", "owner"):
        calls.send(name, anonymous=True, headers={"Authorization": credential}).problem(401, "unauthenticated")
    assert calls.send(name).status < 400


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_alone_may_call_exactly_what_the_contract_says(calls: Calls, name: str) -> None:
    for role in ROLES:
        reply = calls.send(name, roles=(role,))
        if role in MATRIX[name] and (name, role) != ("DELETE /v1/records/{kind}/{id}", "privacy"):
            assert reply.status < 400 or reply.json["code"] == "experience_unknown", (role, reply.text)
        else:
            assert reply.problem(403, "role_missing")["detail"], role
    reply = calls.send(name, roles=())
    reply.problem(403, "role_missing")


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_who_may_delete_one_record(world: World, kind: str) -> None:
    for role in ROLES:
        person = guest(world)
        record = seeds.of_kind(world, kind, person)
        allowed = {"editor", "owner"} | ({"privacy"} if kind == "customers" else set())
        reply = world.request("DELETE", f"/v1/records/{kind}/{record.id}", roles=(role,))
        assert (reply.status in (202, 204)) == (role in allowed), role
        if role not in allowed:
            reply.problem(403, "role_missing")
            assert world.get(f"/v1/records/{kind}/{record.id}").status == 200


def test_an_exporter_counts_with_viewer_only(calls: Calls) -> None:
    calls.send("GET /v1/records/{kind}", roles=("exporter",)).problem(403, "role_missing")
    [row] = calls.send("GET /v1/records/{kind}", roles=("exporter", "viewer")).ok()["items"]
    assert (row["masked"], row["email"]) == (False, ANNA)


def test_unknown_roles_and_those_of_other_systems_open_nothing(calls: Calls) -> None:
    for name in MATRIX:
        calls.send(name, roles=("admin", "Owner", "owner ", "*")).problem(403, "role_missing")


# -- other tenants --


@pytest.mark.parametrize("name", MATRIX)
def test_the_owner_of_another_tenant_meets_nothing_of_this_one(calls: Calls, name: str) -> None:
    known = {calls.customer, calls.record, calls.key, calls.job, calls.file, ANNA}
    reply = calls.send(name, tenant="other")
    assert reply.status < 500
    assert [text for text in known if text in reply.text] == []
    if "{id}" in name and "experiences" not in name and name != "DELETE /v1/keys/{id}":
        assert reply.status == 404, reply.text
    assert calls.send(name).status < 400


def test_a_tenant_cannot_touch_what_another_has_by_its_ids(calls: Calls) -> None:
    for name in MATRIX:
        if name.split(" ")[0] in ("DELETE", "PATCH", "PUT"):
            calls.send(name, tenant="other")
    world = calls.world
    assert world.get(f"/v1/customers/{calls.customer}").ok()["customer"]["fields"] == {}
    assert [row["id"] for row in world.rows("coupons")] == [calls.record]
    assert [key["id"] for key in world.get("/v1/keys").ok()["items"]] == [calls.key]
    assert world.get("/v1/experiences/summer").ok()["closed"] is False
    assert world.get("/v1/settings").ok()["receipt_months"] == 36


# -- named keys --


def key(world: World, role: str, **restrictions: Any) -> dict[str, str]:
    """The header of a new key."""
    made = world.request("POST", "/v1/keys", {"name": "Machine", "role": role, **restrictions}).ok()
    return {"Authorization": f"Bearer {made['key']}"}


def test_a_collectors_key_may_collect_and_nothing_else(calls: Calls) -> None:
    header = key(calls.world, "collector")
    for name, roles in MATRIX.items():
        reply = calls.send(name, anonymous=True, headers=header)
        assert (reply.status < 400) == ("collector" in roles), (name, reply.text)
        assert reply.status < 400 or reply.json["code"] == "role_missing"


def test_an_exporters_key_reads_unmasked_and_changes_nothing(calls: Calls) -> None:
    header = key(calls.world, "exporter")
    for name, roles in MATRIX.items():
        reply = calls.send(name, anonymous=True, headers=header)
        assert (reply.status < 400) == ("viewer" in roles or name.startswith("POST /v1/exports")), (name, reply.text)
        assert reply.status < 400 or reply.json["code"] == "role_missing"
    [row] = calls.world.get("/v1/records/coupons", anonymous=True, headers=header).ok()["items"]
    assert row["email"] == ANNA


def test_a_key_bound_to_an_experience_reaches_that_experience_only(world: World) -> None:
    world.request("PUT", "/v1/experiences/winter", EXPERIENCE).ok()
    person = guest(world)
    summer, winter = key(world, "exporter", experience="summer"), key(world, "collector", experience="winter")
    for kind in KINDS:
        if kind == "customers":
            for path in (f"/v1/records/customers/{person}", "/v1/records/customers", f"/v1/customers/{person}"):
                assert world.get(path, anonymous=True, headers=summer).status in (403, 404), path
            continue
        own, foreign = plant(kind, person), plant(kind, person, experience="winter")
        options: dict[str, Any] = {"anonymous": True, "headers": summer}
        for query in ({}, {"customer_id": person}, {"email": "anna"}, {"experience": "summer"}):
            shown = world.get(f"/v1/records/{kind}", query=query, **options).ok()["items"]
            assert [row["id"] for row in shown if not row.get("system")] == [own.id], kind
        refused = world.get(f"/v1/records/{kind}", query={"experience": "winter"}, **options)
        refused.problem(403, "experience_not_allowed")
        world.get(f"/v1/records/{kind}/{foreign.id}", **options).problem(404, "record_unknown")
        assert world.get(f"/v1/records/{kind}/{own.id}", **options).status == 200
    send: dict[str, Any] = {"anonymous": True, "headers": winter}
    world.request("POST", "/v1/collect/sign-ins", SIGN_IN, **send).problem(403, "experience_not_allowed")
    assert world.request("POST", "/v1/collect/sign-ins", {**SIGN_IN, "experience": "winter"}, **send).status == 200


def test_a_restricted_keys_cursor_stays_within_its_experience(world: World) -> None:
    person = guest(world)
    made = {plant("coupons", person).id for _ in range(5)}
    plant("coupons", person, experience="winter")
    header, found, cursor = key(world, "exporter", experience="summer"), [], ""
    while cursor is not None:
        query = {"limit": 2, "cursor": cursor} if cursor else {"limit": 2}
        page = world.get("/v1/records/coupons", anonymous=True, headers=header, query=query).ok()
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert (len(found), set(found)) == (5, made)


def test_a_revoked_key_is_refused_within_half_a_minute_and_an_expired_one_at_once(world: World) -> None:
    in_an_hour = seeds.moment(clock.now_ms() + 3_600_000)
    revoked = world.request("POST", "/v1/keys", {"name": "Old", "role": "exporter"}).ok()
    bearer = {"Authorization": f"Bearer {revoked['key']}"}
    expiring = key(world, "exporter", expires_at=in_an_hour)
    for header in (bearer, expiring):
        assert world.get("/v1/me", anonymous=True, headers=header).status == 200
    world.request("DELETE", f"/v1/keys/{revoked['id']}").ok()
    with time_machine.travel(clock.now_s() + 31, tick=False):
        world.get("/v1/me", anonymous=True, headers=bearer).problem(401, "unauthenticated")
        assert world.get("/v1/me", anonymous=True, headers=expiring).status == 200
    with time_machine.travel(clock.now_s() + 3_601, tick=False):
        world.get("/v1/me", anonymous=True, headers=expiring).problem(401, "unauthenticated")


# -- whatever is sent --


def test_every_error_has_its_trace_id_in_header_and_body(calls: Calls) -> None:
    world = calls.world
    errors = [
        world.get("/v1/me", anonymous=True),
        world.get("/v1/keys", roles=("reader",)),
        world.get("/v1/records/nothing"),
        world.get("/v1/records/log", query={"colour": "red"}),
        world.request("POST", "/v1/collect/sign-ins", b"{"),
        world.request("PUT", "/v1/records/log", {}),
        world.request("POST", "/v1/keys", b"a=b", headers={"Content-Type": "text/plain"}),
    ]
    assert [error.status for error in errors] == [401, 403, 404, 422, 400, 405, 415]
    for error in errors:
        assert error.headers["Content-Type"] == "application/problem+json"
        assert re.fullmatch("[0-9a-f]{32}", error.json["trace_id"])
        assert error.headers["X-Trace-Id"] == error.json["trace_id"]
        assert {"type", "code", "title", "status", "detail"} <= set(error.json)
        assert error.json["status"] == error.status
    assert len({error.json["trace_id"] for error in errors}) == len(errors)
    assert re.fullmatch("[0-9a-f]{32}", world.get("/v1/me").headers["X-Trace-Id"])


BROKEN: dict[str, tuple[bytes, int]] = {
    "nothing": (b" ", 400),
    "half of it": (b'{"name": ', 400),
    "a list": (b"[]", 422),
    "a string": (b'"x"', 422),
    "null": (b"null", 422),
    "no UTF-8": (b'{"name": "\xff"}', 400),
    "half a surrogate": (b'{"name": "\\ud800"}', 400),
    "a NUL": (b'{"name": "a\\u0000b"}', 422),
    "NaN": (b'{"name": NaN}', 400),
    "a member twice": (b'{"name": 1, "name": 2}', 400),
    "unknown members": (b'{"nmae": "x"}', 422),
    "depth": (b'{"name":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
    "ten megabytes": (b'{"name": "' + b"x" * 10_000_000 + b'"}', 413),
}


@pytest.mark.parametrize("name", WITH_BODY)
def test_a_broken_body_is_refused_with_its_reason(calls: Calls, name: str) -> None:
    for sort, (body, status) in BROKEN.items():
        reply = calls.send(name, body=body)
        assert reply.status == status, (sort, reply.text)
        assert reply.headers["Content-Type"] == "application/problem+json"
        if status == 422:
            assert all("pointer" in error for error in reply.json["errors"]), sort
    assert calls.send(name).status < 400


WRONG_VALUES: tuple[Any, ...] = (
    None,
    1,
    1.5,
    True,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    {"a": {"b": []}},
    -(2**70),
    "\u202e",
    "a\r\nb",
)


@pytest.mark.parametrize("name", WITH_BODY)
def test_wrong_values_name_the_member_or_are_taken(calls: Calls, name: str) -> None:
    """Never an error of ours; what is refused is refused by its pointer."""
    for member in {**BODIES[name], "email": "", "experience": ""}:
        for value in WRONG_VALUES:
            reply = calls.send(name, body={**BODIES[name], member: value})
            assert reply.status < 500, (member, value, reply.text)
            if reply.status == 422 and reply.json["code"] == "validation":
                assert all(f"/{member}" in error["pointer"] for error in reply.json["errors"]), (member, value)


# As identifiers of something they are nobody's; some would do for an experience.
STRANGE = [
    "%2F", "a%2Fb", "..%2F..%2Fetc", "%25", "%", "%zz", "%00", "a%00b", "%E2%80%AE", "%ff", "%0d%0aX-Evil:1", "%20",
    "ä", "NULL", "0.5", "x" * 3000, "0000000A-0000-0000-0000-000000000000", "acme%23c%23x", "{id}", "'", "%F0%9F%8E%89",
]  # fmt: skip


def within_limits(pk: str, sk: str) -> dict[str, Any]:
    """A key as DynamoDB takes it: 2048 and 1024 bytes (Service quotas, "Partition keys and sort keys")."""
    assert len(pk.encode()) <= 2048, pk
    assert len(sk.encode()) <= 1024, sk
    return {"pk": {"S": pk}, "sk": {"S": sk}}


@pytest.mark.parametrize("name", [name for name in MATRIX if "{" in name])
def test_strange_ids_are_unknown_or_wrong_and_nothing_more(
    calls: Calls, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Store.check
    monkeypatch.setattr(tenancy, "_key", within_limits)
    monkeypatch.setattr(Store, "check", lambda store, pk: check(store, within_limits(pk, "")["pk"]["S"]))
    method, path = name.split(" ")
    for strange in STRANGE:
        kept = path.replace("{kind}", "coupons") if "{id}" in path else path
        target = kept.replace("{id}", strange).replace("{kind}", strange).replace("{type}", strange)
        reply = calls.world.request(method, target, BODIES.get(name), headers={"Idempotency-Key": "k"})
        assert reply.status in (404, 422), (strange, reply.status, reply.text)
        assert reply.headers["Content-Type"] == "application/problem+json"
    assert calls.world.get("/v1/me").status == 200


def test_an_unknown_kind_is_named_in_every_route_of_records(world: World) -> None:
    for method, path in (("GET", ""), ("GET", "/x"), ("DELETE", "/x"), ("DELETE", "")):
        refused = world.request(method, f"/v1/records/customer{path}", query={"confirm": "customer"})
        assert [error["parameter"] for error in refused.problem(404, "kind_unknown")["errors"]] == ["kind"]


def test_deleting_all_needs_the_kind_twice(world: World) -> None:
    record = plant("coupons", None)
    for query in ({}, {"confirm": "codes"}, {"confirm": ""}, {"confirm": "coupons", "all": "yes"}):
        world.request("DELETE", "/v1/records/coupons", query=query).problem(422, "validation")
    query = {"confirm": "customers", "experience": "summer"}
    world.request("DELETE", "/v1/records/customers", query=query).problem(422, "validation")
    assert [row["id"] for row in world.rows("coupons")] == [record.id]


def test_the_id_of_one_kind_is_unknown_in_another(world: World) -> None:
    record = plant("coupons", None)
    for kind in KINDS:
        if kind != "coupons":
            world.get(f"/v1/records/{kind}/{record.id}").problem(404, "record_unknown")
            world.request("DELETE", f"/v1/records/{kind}/{record.id}").problem(404, "record_unknown")


@pytest.mark.parametrize("accept", ["de", "de-AT,de;q=0.9,en;q=0.8"])
def test_errors_speak_german_and_keep_their_codes(world: World, accept: str) -> None:
    refused = world.get("/v1/records/nothing", headers={"Accept-Language": accept})
    assert refused.problem(404, "kind_unknown")["title"] == "Unbekannte Art"
    assert refused.headers["Content-Language"] == "de"
