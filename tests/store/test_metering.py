"""The meter against figures worked out by hand from the published rules, and against another implementation of them."""

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from moto import mock_aws

from chalicelib.store.metering import Cost, Units, metered
from chalicelib.store.units import item_size, value_size
from local.cloud import free_ports

TABLE = "metered"
SCHEMA: dict[str, Any] = {
    "TableName": TABLE,
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "feed", "at", "pool", "holder")
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": name,
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
            "Projection": projection,
        }
        for name, key, projection in (
            ("feed", "feed", {"ProjectionType": "ALL"}),
            ("pool", "pool", {"ProjectionType": "KEYS_ONLY"}),
            ("holder", "holder", {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["name"]}),
        )
    ],
}


def item(size: int, sk: str = "s", **extra: str) -> dict[str, Any]:
    """An item of exactly so many bytes: 3 for pk, 3 for sk, 1 and the rest for x."""
    made = {"pk": {"S": "p"}, "sk": {"S": sk}, **{name: {"S": value} for name, value in extra.items()}}
    made["x"] = {"S": "x" * (size - item_size(made) - 1)}
    assert item_size(made) == size
    return made


def key(sk: str = "s") -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        client = Session().create_client("dynamodb", region_name="eu-central-1")
        client.create_table(**SCHEMA)
        yield client


def put(db: Any, made: dict[str, Any], **more: Any) -> None:
    db.put_item(TableName=TABLE, Item=made, **more)


def cost(db: Any, call: Callable[[], Any]) -> Units:
    with metered(db) as units:
        try:
            call()
        except ClientError as error:
            assert error.response["Error"]["Code"] in (
                "ConditionalCheckFailedException",
                "TransactionCanceledException",
            )
    return units


def update(db: Any, expression: str, sk: str = "s", **values: str) -> Callable[[], Any]:
    typed = {f":{name}": {"S": value} for name, value in values.items()}
    more = {"ExpressionAttributeValues": typed} if typed else {}
    names = {"ExpressionAttributeNames": {"#at": "at", "#name": "name", "#pool": "pool"}} if "#" in expression else {}
    names = {k: {n: a for n, a in v.items() if n in expression} for k, v in names.items()}
    return lambda: db.update_item(TableName=TABLE, Key=key(sk), UpdateExpression=expression, **more, **names)


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ({"S": "é"}, 2),
        ({"N": "0"}, 1),
        ({"N": "1"}, 2),
        ({"N": "12"}, 2),
        ({"N": "123"}, 3),
        ({"N": "120"}, 3),  # 01 20
        ({"N": "1200"}, 2),  # 12
        ({"N": "1.5"}, 3),  # 01 50
        ({"N": "1780000000000"}, 3),  # 178 and trailing zeroes
        ({"N": "0.0015"}, 2),
        ({"N": "-12"}, 3),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"B": b"abc"}, 3),
        ({"SS": ["ab", "c"]}, 3),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"NULL": True}]}, 3 + 1 + 2 + 1 + 1),
        ({"M": {}}, 3),
        ({"M": {"city": {"S": "Ulm"}}}, 3 + 1 + 4 + 3),
    ],
)
def test_a_value_has_its_published_size(typed: dict[str, Any], size: int) -> None:
    assert value_size(typed) == size
    assert item_size({"äb": typed}) == 3 + size


@pytest.mark.parametrize(("size", "consistent", "units"), [(4096, False, 0.5), (4097, False, 1), (4097, True, 2)])
def test_a_get_costs_half_a_unit_for_each_4_kb_and_twice_that_if_consistent(
    db: Any, size: int, consistent: bool, units: float
) -> None:
    put(db, item(size))
    assert cost(db, lambda: db.get_item(TableName=TABLE, Key=key(), ConsistentRead=consistent)).read == units


def test_a_get_that_finds_nothing_costs_the_least_there_is(db: Any) -> None:
    assert cost(db, lambda: db.get_item(TableName=TABLE, Key=key())).read == 0.5


def test_a_get_is_billed_by_the_item_not_by_what_it_shows(db: Any) -> None:
    put(db, item(9000))
    assert cost(db, lambda: db.get_item(TableName=TABLE, Key=key(), ProjectionExpression="pk")).read == 1.5


def query(db: Any, **more: Any) -> Callable[[], Any]:
    values = {":p": {"S": "p"}} | more.pop("values", {})
    return lambda: db.query(TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues=values, **more)


def test_a_query_rounds_the_total_of_its_page(db: Any) -> None:
    for n in range(10):
        put(db, item(500, sk=str(n)))
    assert cost(db, query(db)).read == 1  # 5,000 bytes are two times 4 KB; ten items alone would be 5
    assert cost(db, query(db, ConsistentRead=True)).read == 2
    assert cost(db, query(db, Limit=8)).read == 0.5


def test_a_query_is_billed_before_its_filter_and_whatever_it_shows(db: Any) -> None:
    for n in range(10):
        put(db, item(500, sk=str(n)))
    none = {"FilterExpression": "x = :none", "values": {":none": {"S": "none"}}}
    assert cost(db, query(db, **none)).read == 1
    assert cost(db, query(db, ProjectionExpression="sk")).read == 1
    assert cost(db, query(db, Select="COUNT")).read == 1


def test_a_query_that_finds_nothing_costs_half_a_unit(db: Any) -> None:
    assert cost(db, query(db)).read == 0.5


def test_a_query_of_an_index_is_billed_by_what_the_index_keeps(db: Any) -> None:
    for n in range(10):
        put(db, item(1000, sk=str(n), feed="f", pool="q", at=str(n)))

    def of(index: str, value: str) -> float:
        values = {":v": {"S": value}}
        names = {"KeyConditionExpression": f"{index} = :v", "ExpressionAttributeValues": values}
        return cost(db, lambda: db.query(TableName=TABLE, IndexName=index, **names)).read

    assert of("feed", "f") == 1.5  # 10,000 bytes
    assert of("pool", "q") == 0.5


def test_a_batch_get_rounds_each_item_and_bills_the_missing(db: Any) -> None:
    put(db, item(100, sk="a"))
    put(db, item(4097, sk="b"))
    request = {TABLE: {"Keys": [key("a"), key("b"), key("c")]}}
    assert cost(db, lambda: db.batch_get_item(RequestItems=request)).read == 0.5 + 1 + 0.5
    request[TABLE]["ConsistentRead"] = True  # type: ignore[assignment]
    assert cost(db, lambda: db.batch_get_item(RequestItems=request)).read == 1 + 2 + 1


def test_a_transactional_get_costs_twice_a_consistent_one(db: Any) -> None:
    put(db, item(4097))
    gets = [{"Get": {"TableName": TABLE, "Key": k}} for k in (key(), key("none"))]
    assert cost(db, lambda: db.transact_get_items(TransactItems=gets)).read == 4 + 2


@pytest.mark.parametrize(("old", "new", "units"), [(None, 1024, 1), (None, 1025, 2), (3000, 100, 3), (100, 3000, 3)])
def test_a_put_costs_a_unit_for_each_kb_of_the_larger_image(db: Any, old: int | None, new: int, units: float) -> None:
    if old:
        put(db, item(old))
    assert cost(db, lambda: put(db, item(new))).write == units


def test_an_update_costs_the_larger_image_although_it_sends_little(db: Any) -> None:
    put(db, item(2049))
    assert cost(db, update(db, "SET y = :y", y="1")).write == 3
    assert cost(db, update(db, "REMOVE x")).write == 3
    assert cost(db, update(db, "SET y = :y", sk="new", y="1")).write == 1


def test_a_delete_costs_the_item_and_at_least_a_unit(db: Any) -> None:
    put(db, item(2049))
    assert cost(db, lambda: db.delete_item(TableName=TABLE, Key=key())).write == 3
    assert cost(db, lambda: db.delete_item(TableName=TABLE, Key=key())).write == 1


def test_a_failed_condition_is_billed_but_writes_no_index(db: Any) -> None:
    put(db, item(2000, feed="f", at="1"))
    absent = {"ConditionExpression": "attribute_not_exists(pk)"}
    units = cost(db, lambda: put(db, item(3000, feed="g", at="1"), **absent))
    assert (units.write, dict(units.by_index)) == (3, {})
    assert cost(db, lambda: db.delete_item(TableName=TABLE, Key=key(), **absent)).write == 2


def test_an_error_that_does_no_work_is_not_billed(db: Any) -> None:
    with metered(db) as units, pytest.raises(ClientError):
        db.get_item(TableName=TABLE, Key={"pk": {"S": "p"}})
    assert (units.read, units.calls) == (0, 0)


@pytest.mark.parametrize(
    ("expression", "values", "units"),
    [
        ("SET y = :y", {"y": "2"}, {"feed": 1}),  # only ALL keeps y
        ("SET #name = :n", {"n": "B"}, {"feed": 1, "holder": 1}),
        ("SET #name = :n", {"n": "A"}, {}),  # nothing changes
        ("SET #at = :a", {"a": "2"}, {"feed": 2, "holder": 2}),  # moves: out and in
        ("SET feed = :f", {"f": "g"}, {"feed": 2}),
        ("SET #pool = :q", {"q": "q"}, {"feed": 1, "pool": 1}),  # appears
        ("REMOVE holder", {}, {"feed": 1, "holder": 1}),  # vanishes
        ("REMOVE #at", {}, {"feed": 1, "holder": 1}),  # a missing sort key hides an item, too
    ],
)
def test_an_index_costs_what_changes_in_it(
    db: Any, expression: str, values: dict[str, str], units: dict[str, float]
) -> None:
    put(db, item(300, feed="f", at="1", holder="h", name="A"))
    seen = cost(db, update(db, expression, **values))
    assert {name: n for (_, name), n in seen.by_index.items()} == units
    assert seen.write == 1 + sum(units.values())


def test_a_sparse_index_costs_nothing_while_its_key_is_absent(db: Any) -> None:
    assert cost(db, lambda: put(db, item(300, at="1"))).write == 1
    assert cost(db, lambda: put(db, item(300, sk="t", at="1", feed="f", pool="q"))).write == 3
    assert cost(db, lambda: db.delete_item(TableName=TABLE, Key=key("t"))).write == 3


def test_a_large_index_entry_costs_by_the_kb_where_it_is_kept_whole(db: Any) -> None:
    seen = cost(db, lambda: put(db, item(2500, at="1", feed="f", pool="q")))
    assert {name: n for (_, name), n in seen.by_index.items()} == {"feed": 3, "pool": 1}


def transaction(db: Any, *entries: tuple[str, dict[str, Any]], **more: Any) -> Callable[[], Any]:
    items = [{action: {"TableName": TABLE, **body}} for action, body in entries]
    return lambda: db.transact_write_items(TransactItems=items, **more)


def test_a_transaction_doubles_the_table_but_not_its_indexes(db: Any) -> None:
    put(db, item(1500, sk="old"))
    check = {"Key": key("old"), "ConditionExpression": "attribute_exists(pk)"}
    new = item(300, sk="new", feed="f", at="1")
    units = cost(db, transaction(db, ("Put", {"Item": new}), ("ConditionCheck", check)))
    assert (units.write, dict(units.by_index)) == (2 * 1 + 1 + 2 * 2, {(TABLE, "feed"): 1})


def test_a_cancelled_transaction_is_billed_without_indexes(db: Any) -> None:
    refused = {"Item": item(300, sk="b"), "ConditionExpression": "attribute_exists(pk)"}
    units = cost(db, transaction(db, ("Put", {"Item": item(1500, sk="a", feed="f", at="1")}), ("Put", refused)))
    assert units.write == 2 * 2 + 2 * 1


def test_a_repeated_transaction_token_is_billed_as_reads(db: Any) -> None:
    call = transaction(db, ("Put", {"Item": item(300)}), ClientRequestToken="once")
    with metered(db) as units:
        call()
        call()
    assert (units.read, units.write) == (2, 2)


def test_a_batch_write_bills_each_of_its_requests(db: Any) -> None:
    put(db, item(2000, sk="a", feed="f", at="1"))
    requests = [{"DeleteRequest": {"Key": key("a")}}, {"PutRequest": {"Item": item(300, sk="b")}}]
    assert cost(db, lambda: db.batch_write_item(RequestItems={TABLE: requests})).write == 2 + 2 + 1


def test_the_operations_are_told_one_by_one_with_their_table(db: Any) -> None:
    with metered(db) as units:
        put(db, item(300, feed="f", at="1"))
        db.get_item(TableName=TABLE, Key=key())
    assert units.operations == [("PutItem", TABLE, 0, 2), ("GetItem", TABLE, 0.5, 0)]
    assert (units.by_table, units.calls) == ({TABLE: Cost(0.5, 2)}, 2)


def test_calls_after_the_block_are_not_counted(db: Any) -> None:
    units = cost(db, lambda: put(db, item(300)))
    put(db, item(300))
    assert units.write == 1


def test_two_meters_of_a_client_count_the_same_call(db: Any) -> None:
    with metered(db) as outer:
        inner = cost(db, lambda: put(db, item(300)))
        put(db, item(300))
    assert (outer.write, inner.write) == (2, 1)


def test_partiql_is_refused_rather_than_counted_wrongly(db: Any) -> None:
    with metered(db), pytest.raises(ValueError, match="ExecuteStatement"):
        db.execute_statement(Statement=f"SELECT * FROM {TABLE}")


def ministack() -> str | None:
    own = Path(__file__).parents[2] / ".venv-cloud" / "bin" / "ministack"
    return os.environ.get("AFTERCHAT_MINISTACK") or (str(own) if own.exists() else shutil.which("ministack"))


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    program = ministack()
    if program is None:
        pytest.skip("no local cloud: `./dev run` makes .venv-cloud, or let AFTERCHAT_MINISTACK name its ministack")
    (port,) = free_ports(1)
    own = {"BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "GATEWAY_PORT": str(port), "HOME": str(tmp_path)}
    process = subprocess.Popen([program], env=os.environ | own, cwd=tmp_path, stdout=DEVNULL, stderr=DEVNULL)
    try:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
        await_port(port, process)
        config = Config(retries={"total_max_attempts": 1})
        url = f"http://127.0.0.1:{port}"
        yield Session().create_client("dynamodb", region_name="eu-central-1", endpoint_url=url, config=config)
    finally:
        process.terminate()
        process.wait(20)


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the local cloud ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the local cloud does not answer")


def billed(answer: dict[str, Any]) -> tuple[float, dict[str, float]]:
    """What the answer says itself: the table and each of its indexes."""
    consumed = answer["ConsumedCapacity"]
    [one] = consumed if isinstance(consumed, list) else [consumed]
    indexes = {name: index["CapacityUnits"] for name, index in one.get("GlobalSecondaryIndexes", {}).items()}
    return one["CapacityUnits"], indexes


def random_attributes(chance: random.Random) -> dict[str, Any]:
    """Other attributes than the key's: each index may or may not have the item, and it may be of any size."""
    made: dict[str, Any] = {"n": {"N": str(chance.randint(-(10**9), 10**9))}}
    for name in ("feed", "at", "pool", "holder", "name"):
        if chance.random() < 0.7:
            made[name] = {"S": name + str(chance.randint(1, 2))}
    made["m"] = {"M": {"l": {"L": [{"BOOL": True}, {"NULL": True}, {"S": "ü" * chance.choice([1, 300, 600, 1500])}]}}}
    return made


def random_call(db: Any, chance: random.Random) -> Callable[[], Any]:
    sk, attributes = str(chance.randint(1, 5)), random_attributes(chance)
    common = {"TableName": TABLE, "ReturnConsumedCapacity": "INDEXES"}
    updates = {
        "UpdateExpression": "SET " + ", ".join(f"#{n} = :{n}" for n in attributes),
        "ExpressionAttributeNames": {f"#{n}": n for n in attributes},
        "ExpressionAttributeValues": {f":{n}": value for n, value in attributes.items()},
    }
    match chance.choice(["put", "update", "remove", "delete", "batch"]):
        case "put":
            return lambda: db.put_item(Item=key(sk) | attributes, **common)
        case "update":
            return lambda: db.update_item(Key=key(sk), **updates, **common)
        case "remove":
            names = {"#n": chance.choice(["feed", "at", "pool", "holder", "name", "m"])}
            more = {"UpdateExpression": "REMOVE #n", "ExpressionAttributeNames": names}
            return lambda: db.update_item(Key=key(sk), **more, **common)
        case "delete":
            return lambda: db.delete_item(Key=key(sk), **common)
    requests = [{"PutRequest": {"Item": key(sk) | attributes}}, {"DeleteRequest": {"Key": key("9")}}]
    return lambda: db.batch_write_item(RequestItems={TABLE: requests}, ReturnConsumedCapacity="INDEXES")


@pytest.mark.slow
def test_writes_cost_one_by_one_what_another_implementation_says(cloud: Any) -> None:
    cloud.create_table(**SCHEMA)
    chance = random.Random(2)
    for number in range(150):
        call = random_call(cloud, chance)
        with metered(cloud) as units:
            answer = call()
        assert (units.write, {n: u for (_, n), u in units.by_index.items()}) == billed(answer), (number, answer)


@pytest.mark.slow
def test_transactions_cost_what_another_implementation_says(cloud: Any) -> None:
    cloud.create_table(**SCHEMA)
    put(cloud, item(1500, sk="old", feed="f", at="1"))
    entries = (
        ("Put", {"Item": item(2500, sk="new")}),
        ("Delete", {"Key": key("old")}),
        ("Update", {"Key": key("up"), "UpdateExpression": "SET y = pk"}),
        ("ConditionCheck", {"Key": key("none"), "ConditionExpression": "attribute_not_exists(pk)"}),
    )
    call = transaction(cloud, *entries, ReturnConsumedCapacity="INDEXES")
    with metered(cloud) as units:
        answer = call()
    assert (units.write, {n: u for (_, n), u in units.by_index.items()}) == billed(answer) == (16, {"feed": 2})
