"""The pumps treat the functions as Lambda does: what failed comes again, what succeeded does not."""

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import events
from local.pump import Jobs, Schedule, drain, pump
from local.streams import Positions, Shard

ARN = "arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/1"


class Queue:
    """What Jobs needs of SQS, in memory."""

    def __init__(self, *bodies: str) -> None:
        self.waiting = [self.message(body) for body in bodies]
        self.deleted: list[str] = []

    @staticmethod
    def message(body: str) -> dict[str, Any]:
        value = {"DataType": "String", "StringValue": "v"}
        return {"MessageId": body, "ReceiptHandle": body, "Body": body, "MessageAttributes": {"a": value}}

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": {"QueueArn": "arn:q"}}

    def receive_message(self, MaxNumberOfMessages: int, **_: Any) -> dict[str, Any]:  # noqa: N803 boto3's name
        return {"Messages": self.waiting[:MaxNumberOfMessages]} if self.waiting else {}

    def delete_message(self, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803 boto3's name
        self.deleted.append(ReceiptHandle)


def failing(*ids: str) -> Any:
    return lambda event, context: {"batchItemFailures": [{"itemIdentifier": one} for one in ids]}


def crash(event: Any, context: Any) -> None:
    raise RuntimeError("the function crashed")


@pytest.mark.parametrize(
    ("function", "deleted"),
    [
        (lambda event, context: None, ["a", "b", "c"]),
        (lambda event, context: {"batchItemFailures": []}, ["a", "b", "c"]),
        (failing("b"), ["a", "c"]),
        (failing("a", "b", "c"), []),
        (failing("unknown"), []),
        (failing(""), []),
        (crash, []),
    ],
)
def test_only_messages_that_succeeded_are_deleted(function: Any, deleted: list[str]) -> None:
    queue = Queue("a", "b", "c")
    assert Jobs(queue, "url", function, 10).once() == 3
    assert queue.deleted == deleted


def test_a_message_arrives_in_the_form_of_lambda() -> None:
    seen: list[Any] = []
    Jobs(Queue("a", "b"), "url", lambda event, context: seen.append((event, context)), 1).once()
    ((event, context),) = seen
    (record,) = event["Records"]
    assert (record["messageId"], record["body"], record["eventSource"]) == ("a", "a", "aws:sqs")
    assert record["messageAttributes"] == {"a": {"dataType": "String", "stringValue": "v"}}
    assert record["eventSourceARN"] == "arn:q"
    assert 0 < context.get_remaining_time_in_millis() <= 120_000


class Streams:
    """What Shard needs of DynamoDB Streams, in memory; an iterator is the place of the next record."""

    def __init__(self, count: int, first: int = 0) -> None:
        self.records = [record(number) for number in range(first, first + count)]

    def get_shard_iterator(self, ShardIteratorType: str, SequenceNumber: str = "", **_: Any) -> Any:  # noqa: N803
        numbers = [one["dynamodb"]["SequenceNumber"] for one in self.records]
        if ShardIteratorType == "TRIM_HORIZON":
            return {"ShardIterator": "0"}
        if SequenceNumber not in numbers:
            raise ClientError({"Error": {"Code": "TrimmedDataAccessException"}}, "GetShardIterator")
        return {"ShardIterator": str(numbers.index(SequenceNumber) + 1)}

    def get_records(self, ShardIterator: str, Limit: int) -> Any:  # noqa: N803 boto3's names
        page = self.records[int(ShardIterator) :][:Limit]
        return {"Records": page, "NextShardIterator": str(int(ShardIterator) + len(page))}


def record(number: int) -> dict[str, Any]:
    change = {
        "ApproximateCreationDateTime": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        "Keys": {"pk": {"S": str(number)}},
        "OldImage": {"b": {"B": b"\x00\xff"}, "s": {"BS": [b"\x01"]}},
        "SequenceNumber": str(number),
    }
    identity = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    return {"eventID": str(number), "eventName": "REMOVE", "dynamodb": change, "userIdentity": identity}


class Function:
    """Fails the records given, so many times; remembers what it was called with."""

    def __init__(self, *failing: str, times: int = 1) -> None:
        self.failing, self.times = failing, times
        self.calls: list[list[str]] = []

    def __call__(self, event: events.Event, context: Any) -> Any:
        numbers = [one["dynamodb"]["SequenceNumber"] for one in event["Records"]]
        self.calls.append(numbers)
        if self.times and set(self.failing) & set(numbers):
            self.times -= 1
            return {"batchItemFailures": [{"itemIdentifier": one} for one in self.failing]}
        return {"batchItemFailures": []}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def shard(streams: Streams, function: Any, path: Path, size: int = 3) -> Shard:
    return Shard(lambda service: streams, ARN, "shard", function, size, Positions(path / "streams.json"))


def test_a_stream_is_handed_on_in_order_and_once(tmp_path: Path) -> None:
    function = Function()
    reader = shard(Streams(5), function, tmp_path)
    assert [reader.once() for _ in range(3)] == [3, 2, 0]
    assert function.calls == [["0", "1", "2"], ["3", "4"]]


@pytest.mark.usefixtures("impatient")
def test_a_batch_is_tried_again_from_its_first_failure_on(tmp_path: Path) -> None:
    function = Function("1")
    reader = shard(Streams(4), function, tmp_path)
    assert reader.once() + reader.once() == 4
    assert function.calls == [["0", "1", "2"], ["1", "2"], ["3"]]


@pytest.mark.usefixtures("impatient")
def test_a_batch_that_never_succeeds_does_not_stop_the_stream_for_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    function = Function("1", times=100)
    reader = shard(Streams(4), function, tmp_path)
    assert reader.once() + reader.once() == 4
    assert function.calls[-1] == ["3"]
    assert "Skipped 2 records" in capsys.readouterr().out


def test_a_pump_that_is_started_again_goes_on_where_it_was(tmp_path: Path) -> None:
    shard(Streams(5), Function(), tmp_path).once()
    function = Function()
    shard(Streams(5), function, tmp_path).once()
    assert function.calls == [["3", "4"]]


def test_a_cloud_that_forgot_its_streams_is_read_from_the_start(tmp_path: Path) -> None:
    shard(Streams(5), Function(), tmp_path).once()
    function = Function()
    shard(Streams(2, first=100), function, tmp_path).once()
    assert function.calls == [["100", "101"]]


def test_a_change_arrives_in_the_form_of_lambda() -> None:
    (change,) = events.stream_event([record(7)], ARN)["Records"]
    assert change["eventSourceARN"] == ARN
    assert change["userIdentity"] == {"principalId": "dynamodb.amazonaws.com", "type": "Service"}
    assert change["dynamodb"]["OldImage"] == {"b": {"B": "AP8="}, "s": {"BS": ["AQ=="]}}
    assert change["dynamodb"]["ApproximateCreationDateTime"] == 1767225600.0


def test_the_schedule_calls_at_the_start_and_then_when_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    calls: list[str] = []
    schedule = Schedule(lambda event, context: calls.append(event["detail-type"]), 300)
    for second in (0, 1, 299, 300, 301):
        now[0] = 1000.0 + second
        schedule.once()
    assert calls == ["Scheduled Event", "Scheduled Event"]


def test_a_function_that_crashes_does_not_end_the_schedule() -> None:
    assert Schedule(crash, 300).once() == 0


def test_a_pump_survives_a_cloud_in_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    answers: Iterator[Exception | int] = iter([ConnectionError(), 1, 0])

    def source() -> int:
        answer = next(answers, None)
        if answer is None:
            stop.set()
            return 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    pump([source], stop, 0)
    assert next(answers, None) is None


def test_what_is_in_the_streams_is_handed_on_before_the_end() -> None:
    left = [3, 2, 1]
    drain([lambda: left.pop() if left else 0], 60)
    assert left == []
