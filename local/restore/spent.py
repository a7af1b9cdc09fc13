"""Coupons and codes that were given out after the moment that their table is restored to: the table in use until now
knows them, and what is spent never is free again."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib.settings import settings
from chalicelib.store import keys, wire
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Row
from local.restore.fates import Fate
from local.restore.gone import Gone

BATCH = 100


def fates(page: list[Row], old: str, tenants: Mapping[str, Gone]) -> list[Fate]:
    """Of the free rows of a page that are spent in the table `old`: they become what they are there."""
    free = [row for row in page if row.get("data", {}).get("state") == "free"]
    found: list[Fate] = []
    for start in range(0, len(free), BATCH):
        for item in _there(old, free[start : start + BATCH]):
            row = plain_item(item)
            if row["data"]["state"] != "free":
                gone = tenants[row["pk"].partition("#")[0]]
                found.append(Fate("given since", partial(_take_over, gone, item, row, old)))
    return found


def _there(old: str, rows: list[Row]) -> list[dict[str, Any]]:
    asked: Any = {old: {"Keys": [{"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}} for row in rows]}}
    found: list[dict[str, Any]] = []
    while asked:
        answer = wire.client().batch_get_item(RequestItems=asked)
        found += answer["Responses"].get(old, ())
        asked = answer.get("UnprocessedKeys")
    return found


def _take_over(gone: Gone, item: dict[str, Any], row: Row, old: str) -> None:
    """With the claim that keeps its customer from a second coupon; nameless, if that customer is gone."""
    name = settings().tables["Codes"]
    id = row.get("customer_id")
    if id is None or gone.customer(id):
        item = {key: value for key, value in item.items() if key not in ("customer_id", "holder", "idem", "trace")}
    else:
        for claim in _claims(gone, id, old):
            if (claim["coupon_pk"], claim["coupon_sk"]) == (item["pk"], item["sk"]):
                wire.client().put_item(TableName=name, Item=claim)
    free = {"ConditionExpression": "#d.#s = :free", "ExpressionAttributeNames": {"#d": "data", "#s": "state"}}
    wire.client().put_item(TableName=name, Item=item, ExpressionAttributeValues={":free": {"S": "free"}}, **free)


def _claims(gone: Gone, customer_id: str, old: str) -> list[dict[str, Any]]:
    values = {":pk": {"S": gone.store.key(keys.customer(customer_id))}, ":claim": {"S": "claim#"}}
    condition = "pk = :pk AND begins_with(sk, :claim)"
    answer = wire.client().query(TableName=old, KeyConditionExpression=condition, ExpressionAttributeValues=values)
    return list(answer["Items"])
