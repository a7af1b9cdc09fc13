"""The fast client answers as botocore's own would, and steps aside when it cannot be sure of that."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from botocore.parsers import JSONParser
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from chalicelib.settings import settings
from chalicelib.store import wire
from chalicelib.store.plain import plain, plain_item, typed, typed_item

CONTROL = "control-of-the-wire-tests"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    names = {f"AFTERCHAT_TABLE_{t}": f"{t}-x".lower() for t in ("CUSTOMERS", "ACTIVITY", "CODES", "RUNTIME_LOG")}
    others = {
        "FILES_BUCKET": "f",
        "EXPORTS_BUCKET": "e",
        "JOBS_QUEUE": "q",
        "WEBHOOKS_QUEUE": "w",
        "ISSUER": "i",
        "JWKS_URL": "j",
    }
    others |= {"STAGE": "test", "AUDIENCE": "a", "SEALING_KEYS": "AAAA", "TABLE_CONTROL": CONTROL}
    for name in ("AFTERCHAT_ENDPOINT", "AFTERCHAT_DYNAMODB_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (names | {f"AFTERCHAT_{k}": v for k, v in others.items()}).items():
        monkeypatch.setenv(name, value)
    for name, value in {"DEFAULT_REGION": "eu-central-1", "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    settings.cache_clear()
    wire.reset()
    yield
    settings.cache_clear()
    wire.reset()


@pytest.fixture
def control() -> Iterator[Any]:
    with mock_aws():
        wire.client().create_table(
            TableName=CONTROL,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
        )
        yield wire.client()


class Note(wire.Table):
    table: ClassVar[str] = "Control"

    class Meta:
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    times = NumberAttribute(null=True)
    seal = BinaryAttribute(null=True, legacy_encoding=False)


def answering(body: bytes, status: int = 200) -> Any:
    """A client whose every call is answered with this body."""

    class Raw:
        def stream(self, **_: Any) -> Iterator[bytes]:
            yield body

    client = wire.client()
    answer = AWSResponse("http://x", status, {"x-amzn-requestid": "r1"}, Raw())
    client.meta.events.register_first("before-send.dynamodb", lambda **_: answer)
    return client


def test_the_client_is_one_for_all_threads_until_it_is_reset() -> None:
    with ThreadPoolExecutor(8) as threads:
        clients = set(threads.map(lambda _: wire.client(), range(32)))
    wire.reset()
    assert len(clients) == 1
    assert wire.client() not in clients


def test_the_client_takes_the_endpoint_of_dynamodb_before_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCHAT_ENDPOINT", "http://127.0.0.1:1")
    assert wire.client().meta.endpoint_url == "http://127.0.0.1:1"
    monkeypatch.setenv("AFTERCHAT_DYNAMODB_ENDPOINT", "http://127.0.0.1:2")
    settings.cache_clear()
    wire.reset()
    assert wire.client().meta.endpoint_url == "http://127.0.0.1:2"


def test_a_list_is_parsed_without_the_walk_over_shapes() -> None:
    answer = answering(b'{"Items":[],"Count":0,"Unmodelled":1,"LastEvaluatedKey":null}').query(TableName="t")
    assert answer["Unmodelled"] == 1  # botocore's parser would have dropped it
    assert "LastEvaluatedKey" not in answer
    assert answer["ResponseMetadata"]["RequestId"] == "r1"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(("operation", "body"), wire.CANNED)
def test_both_parsers_make_the_same_of_an_answer(operation: str, body: bytes) -> None:
    shape = Session().get_service_model("dynamodb").operation_model(operation).output_shape
    response = {"body": body, "headers": {}, "status_code": 200}
    assert wire.FastParser().parse(response, shape) == JSONParser().parse(response, shape)


def test_times_of_a_description_are_still_times(control: Any) -> None:
    assert control.describe_table(TableName=CONTROL)["Table"]["CreationDateTime"].year > 2000


def test_an_error_is_botocores_own_with_the_item_that_failed_the_condition(control: Any) -> None:
    row = {"pk": {"S": "a"}, "sk": {"S": "b"}, "seal": {"B": b"\x00\xff"}}
    control.put_item(TableName=CONTROL, Item=row)
    with pytest.raises(control.exceptions.ConditionalCheckFailedException) as refused:
        control.put_item(
            TableName=CONTROL,
            Item=row,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refused.value.response["Item"] == row


def test_a_broken_answer_is_an_error_as_ever() -> None:
    with pytest.raises(ClientError):
        answering(b'{"__type":"com.amazonaws.dynamodb.v20120810#ValidationException"}', 400).query(TableName="t")


def test_a_parser_that_differs_is_not_used_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wire.FastParser, "_do_parse", lambda *_: {"Item": {}})
    with caplog.at_level(logging.WARNING):
        answer = answering(b'{"Items":[],"Count":0,"Unmodelled":1}').query(TableName="t")
    assert "Unmodelled" not in answer
    assert "differs for" in caplog.text


def test_without_botocores_private_hook_the_stock_parser_is_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(JSONParser, "_parse_anew", JSONParser._do_parse, raising=False)
    monkeypatch.delattr(JSONParser, "_do_parse")
    monkeypatch.setattr("botocore.parsers.ResponseParser._do_parse", lambda self, *a: self._parse_anew(*a))
    with caplog.at_level(logging.WARNING):
        assert "Unmodelled" not in answering(b'{"Count":0,"Unmodelled":1}').query(TableName="t")
    assert "lost its hook" in caplog.text


def test_models_go_through_our_client_and_see_changed_table_names(
    control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    control.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    Note("a", "b", times=3, seal=b"\x00\xff").save()
    assert (Note.get("a", "b").times, Note.get("a", "b").seal) == (3, b"\x00\xff")
    with TransactWrite(connection=wire.connection()) as transaction:
        transaction.save(Note("a", "c"))
    assert [note.sk for note in Note.query("a")] == ["b", "c"]
    assert calls == ["PutItem", "GetItem", "GetItem", "TransactWriteItems", "Query"]
    monkeypatch.setenv("AFTERCHAT_TABLE_CONTROL", "elsewhere")
    settings.cache_clear()
    with pytest.raises(Exception, match="elsewhere"):
        Note.get("a", "b")


def test_pynamodb_still_asks_its_connection_for_the_client() -> None:
    assert isinstance(vars(Connection)["client"], property)


def test_importing_the_wire_makes_no_client_and_brings_no_boto3() -> None:
    probe = "import sys, chalicelib.store.wire as w; print('boto3' in sys.modules, w._client.cache_info().currsize)"
    seen = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["False", "0"]


numbers = st.integers(-(10**37), 10**37) | st.floats(-1e20, 1e20, allow_nan=False).filter(
    lambda number: number == 0 or abs(number) > 1e-100
)
values = st.recursive(
    st.none() | st.booleans() | st.text() | numbers | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_a_value_comes_back_from_its_typed_form_unchanged(item: dict[str, Any]) -> None:
    assert plain_item(typed_item(item)) == item


def test_typed_values_are_what_dynamodb_expects() -> None:
    assert typed({"a": [1, 1.5, True, None, "x", {"b"}]}) == {
        "M": {"a": {"L": [{"N": "1"}, {"N": "1.5"}, {"BOOL": True}, {"NULL": True}, {"S": "x"}, {"SS": ["b"]}]}}
    }


def test_whole_numbers_stay_integers_and_sets_become_sets() -> None:
    read = plain({"L": [{"N": "12345678901234567890"}, {"N": "1.50"}, {"NS": ["1"]}, {"SS": ["a"]}]})
    assert read == [12345678901234567890, 1.5, {1}, {"a"}]
    assert json.dumps(read[0]) == "12345678901234567890"


@pytest.mark.parametrize("number", [10**38, float("nan"), float("inf"), 1e126, 1e-131])
def test_a_number_that_dynamodb_cannot_keep_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed(number)
