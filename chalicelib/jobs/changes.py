"""What follows from changes in the tables: when a customer or a file record is gone, what hangs on it goes, too."""

from typing import Any

from chalicelib.store import erasure, files, receipts, tallies
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Row, Store
from chalicelib.telemetry import log


def on_changes(event: dict[str, Any]) -> dict[str, Any]:
    """When a customer is gone, by TTL or by hand, all that belonged to the customer goes, too; so does a file's object.
    Answers which changes are to come again."""
    failed = []
    for record in event["Records"]:
        try:
            _follow(record)
        except Exception:
            log.exception("a change could not be followed")
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    tallies.count(_not_again(event["Records"], failed))
    return {"batchItemFailures": failed}


def _not_again(records: list[Row], failed: list[dict[str, str]]) -> list[Row]:
    """Lambda delivers all changes again from the first one that failed."""
    numbers = [record["dynamodb"].get("SequenceNumber") for record in records]
    return records[: numbers.index(failed[0]["itemIdentifier"])] if failed else records


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
    erasure.remove(store, found)
    if has_expired:
        receipts.count_expired(store, found.counts)
