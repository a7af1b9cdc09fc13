"""What follows from changes in the tables: when a customer or a file record is gone, what hangs on it goes, too."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from chalicelib.jobs import log_changes, promotion_variables
from chalicelib.store import alive, erasure, files, receipts, suppression, tallies
from chalicelib.store.alive import Horizons
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Row, Store
from chalicelib.telemetry import log
from chalicelib.webhooks import outbox


def on_changes(event: dict[str, Any]) -> dict[str, Any]:
    """When a customer is gone, by TTL or by hand, all that belonged to the customer goes, too; so does a file's object.
    Answers which changes are to come again."""
    failed: set[str] = set()
    for record in event["Records"]:
        try:
            _follow(record)
        except Exception:
            log.exception("a change could not be followed")
            failed.add(record["dynamodb"]["SequenceNumber"])
    told = list(outbox.told_by(event["Records"]))
    cleared = _horizons({tallies.tenant_of(record) for record in event["Records"]} - {""})
    failed |= outbox.tell(told, cleared)
    failed |= promotion_variables.store_values(told, event["Records"], cleared)
    log_changes.note(((tenant, what) for _, tenant, what in told), cleared)
    tallies.count(list(_not_again(event["Records"], failed)), cleared)
    return {"batchItemFailures": [{"itemIdentifier": n} for n in _numbers(event["Records"]) if n in failed]}


def _horizons(tenants: set[str]) -> dict[str, Horizons]:
    """Of those that can be read: once a batch."""
    found = {}
    for tenant in tenants:
        try:
            found[tenant] = alive.horizons(Store(tenant))
        except Exception:
            log.exception("a tenant could not be read")
    return found


def _not_again(records: list[Row], failed: set[str]) -> Iterator[Row]:
    """Lambda delivers all changes again from the first one that failed."""
    return takewhile(lambda record: record["dynamodb"].get("SequenceNumber") not in failed, records)


def _numbers(records: list[Row]) -> list[str]:
    return [record["dynamodb"].get("SequenceNumber") for record in records]


def _follow(record: dict[str, Any]) -> None:
    if record["eventName"] != "REMOVE":
        return
    row = plain_item(record["dynamodb"].get("OldImage", {}))
    has_expired = (record.get("userIdentity") or {}).get("principalId") == tallies.TTL
    if row.get("sk") == "customer":
        _follow_customer(Store(row["pk"].partition("#")[0]), row, has_expired)
    elif row.get("sk", "").startswith("files#"):
        files.remove_object(row)


def _follow_customer(store: Store, row: Row, has_expired: bool) -> None:
    """The same as an erasure does, but exports stay: they live for a day. Reads first: when we removed the customer
    ourselves, nothing is left. What expired is told in the day's receipt. Of whom a job erases, only the address is
    looked after: without the customer's item the job would not know it."""
    is_erased = "erasing" in row and not has_expired
    found = erasure.of_address(store, row) if is_erased else erasure.find(store, row["customer_id"], gone=row)
    if found.is_nothing and not erasure.is_found_by_search(store, found):
        return
    if has_expired:
        suppression.customer(store, row["customer_id"], found.instances)
    erasure.remove(store, found)
    if has_expired:
        receipts.count_expired(store, found.counts)
