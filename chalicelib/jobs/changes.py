"""What follows from changes in the tables: when a customer or a file record is gone, what hangs on it goes, too."""

from typing import Any

from chalicelib.store import deletion, files
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log


def on_changes(event: dict[str, Any]) -> dict[str, Any]:
    """When a customer is gone, by TTL or by hand, what lies around the customer goes, too; so does a file's object."""
    failed = []
    for record in event["Records"]:
        try:
            _follow(record)
        except Exception:
            log.exception("a change could not be followed")
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failed}


def _follow(record: dict[str, Any]) -> None:
    if record["eventName"] != "REMOVE":
        return
    row = plain_item(record["dynamodb"].get("OldImage", {}))
    if row.get("sk") == "customer":
        deletion.clear_around(Store(row["pk"].partition("#")[0]), row)
    elif row.get("sk", "").startswith("files#"):
        files.remove_object(row)
