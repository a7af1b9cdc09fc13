"""Reads the streams of tables, shard by shard and in order, as Lambda's event source mapping does."""

import json
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local import events
from local.context import Context
from local.data import write

ATTEMPTS = 5
SECONDS = 120

Records = list[dict[str, Any]]


class Positions:
    """The sequence number up to which each shard was handed on, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def get(self, shard: str) -> str | None:
        return self._known.get(shard)

    def set(self, shard: str, number: str) -> None:
        self._known[shard] = number
        write(self._path, json.dumps(self._known))


def shards(client: Callable[[str], Any], tables: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(ARN of the stream, id of the shard) for these tables."""
    for table in tables:
        stream = client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
        description = client("dynamodbstreams").describe_stream(StreamArn=stream)["StreamDescription"]
        yield from ((stream, shard["ShardId"]) for shard in description["Shards"])


class Shard:
    """Hands the records of one shard to the function, in order; a batch that keeps failing is skipped, loudly."""

    def __init__(
        self,
        client: Callable[[str], Any],
        stream: str,
        shard: str,
        function: Callable[[events.Event, Context], Any],
        size: int,
        positions: Positions,
    ) -> None:
        self._client, self._stream, self._shard = client("dynamodbstreams"), stream, shard
        self._function, self._size, self._positions = function, size, positions
        self._key = f"{stream} {shard}"
        self._iterator: str | None = None

    def once(self) -> int:
        """Reads one batch; returns how many records it had."""
        records = self._read()
        if records:
            self._hand_on(records)
        return len(records)

    def _read(self) -> Records:
        try:
            self._iterator = self._iterator or self._start()
            answer = self._client.get_records(ShardIterator=self._iterator, Limit=self._size)
        except ClientError:
            self._iterator = None  # expired after 15 minutes, or the cloud was started anew
            raise
        self._iterator = answer.get("NextShardIterator")
        return list(answer["Records"])

    def _start(self) -> str:
        known = self._positions.get(self._key)
        if known:
            try:
                return self._iterator_at(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=known)
            except ClientError as error:
                if error.response["Error"]["Code"] != "TrimmedDataAccessException":
                    raise
        return self._iterator_at(ShardIteratorType="TRIM_HORIZON")

    def _iterator_at(self, **where: str) -> str:
        answer = self._client.get_shard_iterator(StreamArn=self._stream, ShardId=self._shard, **where)
        return str(answer["ShardIterator"])

    def _hand_on(self, records: Records) -> None:
        for attempt in range(ATTEMPTS):
            records = self._failed(records)
            if not records:
                return
            time.sleep(0.1 * 2**attempt)
        print(f"Skipped {len(records)} records of {self._stream} after {ATTEMPTS} attempts.", flush=True)
        self._positions.set(self._key, _number(records[-1]))

    def _failed(self, records: Records) -> Records:
        """Calls the function; returns the records from the first failed one on, which are to be tried again."""
        numbers = [_number(record) for record in records]
        try:
            reply = self._function(events.stream_event(records, self._stream), Context("stream", SECONDS))
        except Exception:
            traceback.print_exc()
            return records
        failed = events.failures(reply, numbers)
        first = next((place for place, number in enumerate(numbers) if number in failed), len(records))
        if first:
            self._positions.set(self._key, numbers[first - 1])
        return records[first:]


def _number(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
