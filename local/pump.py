"""A process of its own that hands a queue (`jobs`, `webhooks`) or the streams and the schedule (`streams`) to the
functions."""

import argparse
import importlib
import json
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from local import events
from local.context import Context
from local.environment import clients
from local.leash import leash
from local.queues import arn
from local.resources import PROMISES, STACK
from local.streams import Positions, Shard, shards

Function = Callable[[events.Event, Context], Any]

FUNCTION_SECONDS = 120
RESEND_SECONDS = 300.0
DAILY_SECONDS = 86_400.0
PAUSE = 0.5  # seconds between two looks at streams that had nothing


class Jobs:
    """Takes messages from the queue, deletes what succeeded, and leaves the rest for the queue to hand out again."""

    def __init__(self, sqs: Any, url: str, function: Function, size: int, name: str = "worker") -> None:
        self._sqs, self._url, self._function, self._size, self._name = sqs, url, function, min(size, 10), name
        self._arn = arn(sqs, url)

    def once(self, wait: int = 1) -> int:
        """Waits up to so many seconds for messages; returns how many there were."""
        messages = self._receive(wait)
        if messages:
            failed = self._call(messages)
            for message in messages:
                if message["MessageId"] not in failed:
                    self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)

    def _receive(self, wait: int) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._size,
            WaitTimeSeconds=wait,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    def _call(self, messages: list[dict[str, Any]]) -> set[str]:
        ids = [message["MessageId"] for message in messages]
        try:
            reply = self._function(events.queue_event(messages, self._arn), Context(self._name, FUNCTION_SECONDS))
        except Exception:
            traceback.print_exc()
            return set(ids)
        return events.failures(reply, ids)


class Schedule:
    """Calls a function now and then."""

    def __init__(self, function: Function, every: float, name: str = "resend") -> None:
        self._function, self._every, self._name, self._due = function, every, name, time.monotonic()

    def once(self) -> int:
        if time.monotonic() < self._due:
            return 0
        self._due = time.monotonic() + self._every
        try:
            self._function(events.scheduled_event(self._name), Context(self._name, 60))
        except Exception:
            traceback.print_exc()
        return 0


def pump(sources: Iterable[Callable[[], int]], stop: threading.Event, pause: float) -> None:
    """Asks the sources in turn until told to stop; survives a cloud in trouble."""
    sources = list(sources)
    while not stop.is_set():
        try:
            if not sum(source() for source in sources):
                stop.wait(pause)
        except Exception:
            traceback.print_exc()
            stop.wait(1)


def drain(sources: Iterable[Callable[[], int]], seconds: float) -> None:
    """The local cloud forgets its streams when it stops, so what is in them is handed on first."""
    sources = list(sources)
    deadline = time.monotonic() + seconds
    while sum(source() for source in sources) and time.monotonic() < deadline:
        pass


def batch_size(app: Any, name: str, otherwise: int) -> int:
    """The batch size that app.py declares for the function."""
    return next((one.batch_size for one in app.event_sources if one.name == name), otherwise)


def jobs(module: Any, stop: threading.Event) -> None:
    sqs = clients(os.environ["AFTERCHAT_ENDPOINT"])("sqs")
    url = os.environ["AFTERCHAT_JOBS_QUEUE"]
    queue = Jobs(sqs, url, module.worker, batch_size(module.app, "worker", 1))
    dead = Jobs(sqs, dead_letters(sqs, url), module.dead_letters, 1, "dead_letters")
    pump([queue.once, lambda: dead.once(0)], stop, 0)


def webhooks(module: Any, stop: threading.Event) -> None:
    sqs = clients(os.environ["AFTERCHAT_ENDPOINT"])("sqs")
    size = batch_size(module.app, "webhooks", 10)
    queue = Jobs(sqs, os.environ["AFTERCHAT_WEBHOOKS_QUEUE"], module.call_webhooks, size, "webhooks")
    pump([queue.once], stop, 0)


def dead_letters(sqs: Any, url: str) -> str:
    """The queue to which that queue's messages go when they were given up."""
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
    name = json.loads(told["RedrivePolicy"])["deadLetterTargetArn"].rpartition(":")[2]
    return str(sqs.get_queue_url(QueueName=name)["QueueUrl"])


def streams(module: Any, stop: threading.Event, data: Path) -> None:
    client = clients(os.environ["AFTERCHAT_ENDPOINT"])
    positions = Positions(data / "streams.json")
    size = batch_size(module.app, "stream", 100)
    tables = [f"{STACK}-{table}" for table in PROMISES]
    found = [Shard(client, *one, module.stream, size, positions) for one in shards(client, tables)]
    readers = [shard.once for shard in found]
    schedules = [Schedule(module.resend, RESEND_SECONDS), Schedule(module.daily, DAILY_SECONDS, "daily")]
    pump([*readers, *(schedule.once for schedule in schedules)], stop, PAUSE)
    drain(readers, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("jobs", "webhooks", "streams"))
    parser.add_argument("--data", type=Path, required=True)
    wanted = parser.parse_args()
    leash()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    module = importlib.import_module("app")
    if wanted.what == "jobs":
        jobs(module, stop)
    elif wanted.what == "webhooks":
        webhooks(module, stop)
    else:
        streams(module, stop, wanted.data)


if __name__ == "__main__":
    main()
