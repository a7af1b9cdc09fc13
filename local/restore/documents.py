"""Control is never put back as a whole: that would bring revoked keys and cleared data back. Its restored copy is where
single rows come back from, those that are missing by accident and can come back."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import alive, horizons, keys, proofs, receipts, wire
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Access, Row, Span, Store
from local.restore.gone import Gone

Say = Callable[[str], object]
DOCUMENTS = ("experiences", "privacy", "tenant", "w", "imports", "draws")
PROOF = ("receipt", "receipts", "subject", "audit", "suppressed")
OF_EXPERIENCE = ("experience", "tickets", "stock")
"""Rows of all these are removed by time alone, so one that is missing is missing by accident. Not among them: keys and
webhooks, which somebody may have ended since; seeds, whose next code a draw may have used since; jobs."""


def bring_back(restored: str, say: Say = print) -> Counter[str]:
    """How many rows came back, by what they are. Nothing that is there is touched; safe to repeat. Proofs of consent
    come after the settings that say whether they are kept."""
    found: Counter[str] = Counter()
    tenants: set[str] = set()
    for proofs_too in (False, True):
        for item in _items(restored):
            row = plain_item(item)
            name = _name(row)
            tenants.add(row["pk"].partition("#")[0])
            if name and (name == "proofs") == proofs_too and _is_due_back(row, name) and _is_put(item):
                found[name] += 1
    for tenant in sorted(tenants):
        _raise_horizons(Store(tenant), say)
    return found


def _items(table: str) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    while asked:
        answer = wire.client().scan(**asked)
        yield from answer["Items"]
        last = answer.get("LastEvaluatedKey")
        asked = {**asked, "ExclusiveStartKey": last} if last else {}


def _name(row: Row) -> str | None:
    """What it is, if it may come back."""
    family, *_ = row["pk"].partition("#")[2].split("#")
    kind = row["sk"].partition("#")[0]
    if family == "x":
        return kind if kind in OF_EXPERIENCE else None
    if (family, kind) == ("draws", "turn"):  # whose turn it is to draw
        return None
    return family if family in (*DOCUMENTS, *PROOF, "proofs") else None


def _is_due_back(row: Row, name: str) -> bool:
    if row.get("expires_at", clock.now_s() + 1) <= clock.now_s():
        return False
    return name != "proofs" or _is_proof_kept(row)


def _is_proof_kept(row: Row) -> bool:
    """Those that were given up by turning proofs off are gone for good."""
    cleared = alive.horizons(Store(row["pk"].partition("#")[0]))
    return bool(keys.time_of(row["sk"][2:]) > proofs.given_up_until(cleared))


def _is_put(item: dict[str, Any]) -> bool:
    name = settings().tables["Control"]
    try:
        wire.client().put_item(TableName=name, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _raise_horizons(store: Store, say: Say) -> None:
    """What was cleared after the moment stays cleared, as far as its receipt is there."""
    cleared = Gone(store, 0).cleared
    rows = store.query_all(Access("Control"), store.key(receipts.CHAIN), Span.prefix("r#"), consistent=True)
    told = [(row["data"], _at(row)) for row in rows if row["data"]["reason"] == "delete_all"]
    forgotten = [(one, at) for one, at in told if at > cleared.of(KINDS[one["kind"]], one["experience"])]
    for one, at in forgotten:
        horizons.clear(store, KINDS[one["kind"]], one["experience"], at)
        say(f"{store.tenant}: {one['kind']} are cleared up to {one['requested_at']} again")


def _at(row: Row) -> int:
    return clock.milliseconds(clock.parsed(row["data"]["requested_at"]))
