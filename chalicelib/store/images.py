"""The items that calls touch, read by a client of its own that nobody counts."""

import re
from functools import cache
from typing import Any

from botocore.loaders import Loader, create_loader
from botocore.session import Session

from chalicelib.store.units import Definition, Item, definition

SHAPING = ("FilterExpression", "ProjectionExpression", "Select")  # shape an answer without changing its cost


class Images:
    def __init__(self, client: Any) -> None:
        self._aside = _second_client(client.meta.region_name, client.meta.endpoint_url)
        self._definitions: dict[str, Definition] = {}

    def definition(self, table: str) -> Definition:
        if table not in self._definitions:
            self._definitions[table] = definition(self._aside.describe_table(TableName=table)["Table"])
        return self._definitions[table]

    def item(self, table: str, key: Item) -> Item | None:
        found: Item | None = self._aside.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    def again(self, params: dict[str, Any]) -> list[Item]:
        """The items that a query or scan read, without what only shapes its answer."""
        bare = {name: value for name, value in params.items() if name not in SHAPING}
        used = set(re.findall(r"[#:]\w+", bare.get("KeyConditionExpression", "")))
        for name in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            kept = {key: value for key, value in bare.pop(name, {}).items() if key in used}
            bare |= {name: kept} if kept else {}
        items: list[Item] = getattr(self._aside, "query" if used else "scan")(**bare)["Items"]
        return items


@cache
def _loader() -> Loader:
    return create_loader()


def _second_client(region: str, endpoint: str) -> Any:
    session = Session()
    session.register_component("data_loader", _loader())
    return session.create_client("dynamodb", region_name=region, endpoint_url=endpoint)
