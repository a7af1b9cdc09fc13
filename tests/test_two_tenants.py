"""Two tenants: whatever one of them sends, with every id, address and text of the other, it gets not one byte of the
other's and changes none. The other's own call answers with it, so that the search would find it."""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from chalicelib.collect.events import EVENTS
from chalicelib.kinds import KINDS
from chalicelib.routes import PUBLIC, ROUTES
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, ForeignKey, Span, Store, Transaction
from tests.erasure.everything import of_tenant
from tests.openapi.campaign import EVENTS as SENT
from tests.owner import Owner
from tests.test_every_route import MATRIX
from tests.world import Reply, World

pytestmark = pytest.mark.slow
OTHER: dict[str, Any] = {"tenant": "other"}
# Answers without anything of a tenant: times, numbers and ids that are new.
NEUTRAL = {
    "POST /v1/exports/shown",
    "DELETE /v1/experiences/{id}",
    "DELETE /v1/imports/{id}",
    "DELETE /v1/jobs/{id}",
    "DELETE /v1/keys/{id}",
    "DELETE /v1/records/{kind}",
    "DELETE /v1/records/{kind}/{id}",
    "DELETE /v1/webhooks/{id}",
    "GET /v1/customers/{id}/erasure",
    "GET /v1/examples/{kind}",
    "GET /v1/receipts/verify",
    "GET /v1/retention",
    "POST /v1/experiences/{id}/draws",
    "POST /v1/jobs/{id}/link",
    "POST /v1/receipts/search",
    "POST /v1/webhooks/{id}/resend",
}
UNSTORED = ["idempotency key"]  # only its keyed hash is
Sent = tuple[str, str, dict[str, Any]]  # method, path, and what else is sent


@pytest.fixture
def owner(world: World) -> Owner:
    return Owner(world)


def attempts(owner: Owner, name: str) -> Iterator[Sent]:
    """The route with each id of the owner's in the path, in each parameter of its query, in each member of its body,
    and with the owner's own call as it is."""
    method, path = name.split(" ")
    body = owner.body(name)
    for sort, id in owner.ids().items():
        own = path.replace("{kind}", sort.removeprefix("record ") if sort.startswith("record") else "coupons")
        own = own.replace("{type}", "sign-ins").replace("{id}", id)
        yield method, own, {"body": body}
        yield from ((method, own, {"body": {**body, member: id}}) for member in body or ())
        if "{kind}" not in path:
            yield from ((method, own, {"query": {parameter: id}}) for parameter in ROUTES[method, path].query or ())
    yield method, owner.path(name), {"body": body, "headers": {"Idempotency-Key": owner.idempotency}}


def filtered(owner: Owner) -> Iterator[Sent]:
    """Each list with each of its filters, the experience beside those that need one."""
    for kind in KINDS.values():
        for name in (*kind.filters, "cursor"):
            for id in owner.ids().values():
                query = {name: id} if name in ("experience", "cursor") else {name: id, "experience": "summer"}
                yield "GET", f"/v1/records/{kind.name}", {"query": query}
                yield "GET", f"/v1/records/{kind.name}", {"query": {name: id}}


def collected(owner: Owner) -> Iterator[Sent]:
    """Each event with each id in each member that may hold one, and under the owner's idempotency key."""
    members = ("customer_id", "email", "winner_id", "participation_id", "reverses", "code", "process_instance")
    for type, event in SENT.items():
        known = [member for member in members if member in EVENTS[type].model_fields]
        for member in known:
            for id in owner.ids().values():
                body = {"experience": "summer", "email": "stranger@example.com", **event}
                body |= {"email": None} if member == "customer_id" else {}
                sent = {"body": {**body, member: id}, "headers": {"Idempotency-Key": owner.idempotency}}
                yield "POST", f"/v1/collect/{type}", sent
    for id in owner.ids().values():
        file = {"variables": [{"name": "a", "file_id": id, "persist": True}]}
        yield "POST", "/v1/collect/variables", {"body": {"experience": "summer", "process_instance": "p", **file}}


def leaks(owner: Owner, reply: Reply, sent: Any) -> list[str]:
    """What is the owner's in an answer, but for what was sent and is said again."""
    said = json.dumps(sent)
    told = reply.text + json.dumps(reply.headers)
    return [needle for needle in owner.needles() if _in(told, needle) and needle not in said]


def _in(told: str, needle: str) -> bool:
    """Short ones as words: random letters may spell them."""
    return needle in told if len(needle) > 8 else re.search(rf"\b{re.escape(needle)}\b", told) is not None


def try_all(owner: Owner, calls: Iterator[Sent]) -> int:
    tried = list(calls)
    before = of_tenant("acme")
    for method, path, sent in tried:
        reply = owner.world.request(method, path, **sent, **OTHER)
        assert reply.status < 500, (method, path, sent, reply.text)
        assert leaks(owner, reply, [path, sent]) == [], (method, path, sent, reply.text)
    after = of_tenant("acme")
    assert [place for place in before.keys() | after.keys() if before.get(place) != after.get(place)] == []
    return len(tried)


@pytest.mark.parametrize("name", MATRIX)
def test_a_call_tells_its_owner_what_it_tells_no_stranger(owner: Owner, name: str) -> None:
    assert ROUTES[tuple(name.split(" "))].roles is not PUBLIC  # type: ignore[index]
    assert try_all(owner, attempts(owner, name)) > 30
    reply = owner.send(name)
    assert reply.status < 400, reply.text
    assert bool(leaks(owner, reply, None)) == (name not in NEUTRAL), reply.text


def test_no_filter_of_a_list_reaches_another_tenant(owner: Owner) -> None:
    world = owner.world
    world.collect("sign-ins", email="stranger@example.com", **OTHER).ok()
    assert try_all(owner, filtered(owner)) > 3000
    for kind in KINDS:
        assert leaks(owner, world.get(f"/v1/records/{kind}"), None), kind
        assert leaks(owner, world.get(f"/v1/records/{kind}", **OTHER), None) == []


def test_no_event_reaches_another_tenant(owner: Owner) -> None:
    world = owner.world
    world.collect("sign-ins", email="stranger@example.com", **OTHER).ok()
    assert try_all(owner, collected(owner)) > 500
    replayed = world.collect("log-entries", owner.idempotency, level="info", message="mine", **OTHER)
    assert "Idempotent-Replayed" not in replayed.headers or replayed.status == 422


def test_every_marker_of_the_owners_is_somewhere_in_the_tables(owner: Owner) -> None:
    stored = json.dumps([*of_tenant("acme").values()], default=str)
    assert [where for marker, where in owner.markers.where.items() if marker not in stored] == UNSTORED


def test_the_store_refuses_every_key_of_another_tenant(world: World) -> None:
    store = Store("other")
    for foreign in ("acme#tenant", "othe#tenant", "other", "#tenant", "", "other2#tenant"):
        row = Control(foreign, "x")
        moved = (Transaction(puts=[(row, None)]), Transaction(deletes=[(row, None)]))
        calls: list[Any] = [
            lambda key=foreign: store.get("Control", key, "x"),
            lambda key=foreign: store.get_many("Control", [(store.key("tenant"), "x"), (key, "x")]),
            lambda key=foreign: store.query(Access("Control"), key, Span()),
            lambda key=foreign: store.query_all(Access("Control"), key, Span()),
            lambda r=row: store.put(r),
            lambda r=row: store.update(r, [Control.version.set(1)]),
            lambda r=row: store.delete(r),
            lambda key=foreign: store.partition(key),
            *(partial(store.write, transaction) for transaction in (*moved, Transaction(updates=[(row, [], None)]))),
        ]
        for call in calls:
            with pytest.raises(ForeignKey):
                call()
    for name in ("", "a#b", "A", "other\n", "x" * 100):
        with pytest.raises(ForeignKey):
            Store(name)
