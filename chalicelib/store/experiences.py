"""Experiences as they are stored: the document, its revision, and the horizons of what was cleared in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.settings import settings
from chalicelib.store import wire
from chalicelib.store.alive import Horizons
from chalicelib.store.horizons import Document, change_document
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Row, Span, Store

ID = re.compile(r"[a-z0-9-]{1,64}")
ALL = "experiences"  # the partition that lists them: ids and titles


class Outdated(Exception):
    """The document was changed since the caller saw it; `revision` is the present one, 0 if there is none."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


@dataclass(frozen=True)
class Stored:
    id: str
    document: Document
    revision: int
    closed: bool = False
    horizons: dict[str, int] = field(default_factory=dict)
    pending: dict[str, int] = field(default_factory=dict)  # imports whose codes cannot be redeemed, or not yet

    def part(self, name: str, id: str) -> dict[str, Any] | None:
        """One of its giveaways, instant wins or rewards."""
        return next((part for part in self.document.get(name, []) if part["id"] == id), None)


def read(store: Store, id: str, consistent: bool = True) -> Stored | None:
    if not ID.fullmatch(id):
        return None
    row = store.get("Control", store.key(f"x#{id}"), "experience", consistent)
    return _stored(id, row) if row and "document" in row["data"] else None


def with_settled(cleared: Horizons, stored: Iterable[Stored]) -> Horizons:
    """Horizons of experiences whose removal is over are with the experiences."""
    running = cleared.experiences
    both = {
        e.id: {k: max(e.horizons.get(k, 0), at.get(k, 0)) for k in {*e.horizons, *at}}
        for e in stored
        for at in [running.get(e.id, {})]
    }
    return replace(cleared, experiences={**running, **both})


def write(store: Store, id: str, document: Document, seen: int) -> Stored:
    """Creates (`seen` = 0) or changes what the caller saw at that revision. Raises Outdated."""

    def change(data: Document) -> None:
        if data.get("revision", 0) != seen:
            raise Outdated(data.get("revision", 0))
        data |= {"document": document, "revision": seen + 1, "closed": False}

    data, _ = change_document(store, store.key(f"x#{id}"), "experience", change)
    _list(store, id, data)
    return _stored(id, {"data": data})


def close(store: Store, id: str, seen: int) -> Stored:
    """Nothing can be collected for it any more; its records stay until they are due. Raises Outdated."""

    def change(data: Document) -> None:
        if data.get("revision", 0) != seen:
            raise Outdated(data.get("revision", 0))
        data |= {"revision": seen + 1, "closed": True}

    data, _ = change_document(store, store.key(f"x#{id}"), "experience", change)
    _list(store, id, data)
    return _stored(id, {"data": data})


def all_of(store: Store) -> list[dict[str, Any]]:
    rows = store.query_all(Access("Control"), store.key(ALL), Span(), consistent=True)
    return [{"id": row["sk"], "offers": [], **row["data"]} for row in rows]


def _list(store: Store, id: str, data: Document) -> None:
    document = data["document"]
    shown = {"title": document["title"], "archived": document.get("archived", False)}
    shown["offers"] = [part for part in ("giveaways", "instant_wins", "rewards") if document.get(part)]
    row = Control(store.key(ALL), id, data={**shown, "closed": data["closed"], "revision": data["revision"]})
    row.due, row.due_at = ALL, f"{store.tenant}#{id}"
    store.put(row)


def tenants() -> Iterator[str]:
    """Who has experiences, each once: without one nothing is ever kept. A read across tenants; keys only, so that a
    unit of it sees 60 experiences."""
    asked = {
        "TableName": settings().tables["Control"],
        "IndexName": "due",
        "KeyConditionExpression": "due = :all",
        "ExpressionAttributeValues": {":all": {"S": ALL}},
    }
    last = ""
    while asked:
        answer = wire.client().query(**asked)
        for item in answer["Items"]:
            tenant = item["pk"]["S"].partition("#")[0]
            if tenant != last:
                yield tenant
            last = tenant
        more = answer.get("LastEvaluatedKey")
        asked = {**asked, "ExclusiveStartKey": more} if more else {}


def _stored(id: str, row: Row) -> Stored:
    data = row["data"]
    marked = data.get("horizons", {}), data.get("pending", {})
    return Stored(id, data["document"], data["revision"], data["closed"], *marked)
