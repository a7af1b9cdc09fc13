"""What stands in for DynamoDB's restored table: a copy of the items as they were remembered. All else is real."""

import uuid
from typing import Any

from chalicelib.settings import settings
from local import tables, template
from local.restore.reapply import in_place_of, reapply
from tests.cloud import client
from tests.erasure import everything as stored
from tests.erasure.everything import Item

TABLES = ("Customers", "Activity", "Codes", "RuntimeLog")
Items = dict[tuple[str, str], Item]


def now() -> dict[str, Items]:
    """All items of the four tables, by table and key."""
    return {table: of(settings().tables[table]) for table in TABLES}


def of(name: str) -> Items:
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in stored.items(name)}


def restored(table: str, items: Items) -> str:
    """The name of a new table that holds just these."""
    name = f"restored-{table}-{uuid.uuid4().hex}"
    properties = template.load()["Resources"][f"{table}Table"]["Properties"]
    tables.create(client("dynamodb"), name, {**properties, "BillingMode": "PAY_PER_REQUEST"})
    for item in items.values():
        client("dynamodb").put_item(TableName=name, Item=item)
    return name


def reapplied(table: str, name: str, to: int, **options: Any) -> Items:
    """What is in it after everything that was removed since `to` (ms) was taken out."""
    with in_place_of(table, name):
        reapply(table, to, say=lambda text: None, **options)
    return of(name)


def still_there(table: str, before: Items) -> Items:
    """What the service itself left of these, and the winners that it made nameless."""
    left = of(settings().tables[table])
    slots = {item["at"]["S"] for item in before.values() if "at" in item and item["sk"]["S"].split("#")[0] in WINNERS}
    return {
        place: item
        for place, item in left.items()
        if place in before or ("#a#" in place[0] and item.get("at", {}).get("S") in slots)
    }


def unversioned(items: Items) -> Items:
    """Without the number of a customer's changes: a removal that finds nothing to change may count, too."""
    return {place: {k: v for k, v in item.items() if k != "version"} for place, item in items.items()}


WINNERS = ("winners", "instant_win_winners")
