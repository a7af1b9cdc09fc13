"""Setting and ending horizons: the one small write that makes a delete-all visible everywhere at once."""

from collections.abc import Callable
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib.kinds import Kind
from chalicelib.store.failures import is_condition, step_aside
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store

Document = dict[str, Any]


class Contended(Exception):
    """Others kept changing the same document; nothing was done."""


def clear(store: Store, kind: Kind, experience: str | None, at: int) -> None:
    """Everything of that kind created up to `at` (ms) is gone. A horizon never moves back, so it is safe to repeat."""

    def change(document: Document) -> None:
        of = document.setdefault("kinds", {})
        if experience:
            of = document.setdefault("experiences", {}).setdefault(experience, {})
        of[kind.name] = max(at, of.get(kind.name, 0))
        latest = document.setdefault("latest", {})
        latest[kind.name] = max(at, latest.get(kind.name, 0))

    change_document(store, store.key("tenant"), "tenant", change)


def settle(store: Store, kind: Kind, experience: str, at: int) -> None:
    """After the removal: the experience itself remembers its horizon, so that the tenant's document stays small."""

    def remember(document: Document) -> None:
        of = document.setdefault("horizons", {})
        of[kind.name] = max(at, of.get(kind.name, 0))

    def forget(document: Document) -> None:
        running = document.get("experiences", {}).get(experience, {})
        if running.get(kind.name, 0) <= at:
            running.pop(kind.name, None)
        if not running:
            document.get("experiences", {}).pop(experience, None)

    if store.get("Control", store.key(f"x#{experience}"), "experience"):
        change_document(store, store.key(f"x#{experience}"), "experience", remember)
    change_document(store, store.key("tenant"), "tenant", forget)


def change_document(
    store: Store, pk: str, sk: str, change: Callable[[Document], None], attempts: int = 8
) -> tuple[Document, int]:
    """Read, change and write a document of Control if nobody else did meanwhile; answers it with its new version."""
    for attempt in range(attempts):
        if attempt:
            step_aside(attempt - 1)
        row = store.get("Control", pk, sk)
        document, version = (row["data"], row["version"]) if row else ({}, 0)
        change(document)
        try:
            store.put(Control(pk, sk, data=document, version=version + 1), unchanged(version))
        except PutError as error:
            if not is_condition(error):
                raise
            continue
        return document, version + 1
    raise Contended(pk)


def unchanged(version: int) -> Any:
    return Control.version == version if version else Control.pk.does_not_exist()
