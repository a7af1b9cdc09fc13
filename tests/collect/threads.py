"""Collect calls at the same time. They go to the views, as chalice keeps one current request for all threads; and each
call to DynamoDB is alone, as moto's transactions take back what others wrote when they fail."""

import json
from collections.abc import Callable
from threading import Barrier, Lock, Thread
from typing import Any, TypeVar

from chalicelib.access import Caller
from chalicelib.collect import calls
from chalicelib.problems import Problem
from chalicelib.routes import Request
from chalicelib.store import wire

T = TypeVar("T")
CALLER = Caller("acme", "user", "user", frozenset({"collector"}))


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """What `work` answers for 0 … number - 1, each in a thread of its own."""
    barrier, answers, client, lock = Barrier(number), dict[int, T](), wire.client(), Lock()
    plain = client._make_api_call

    def alone(*arguments: Any) -> Any:
        with lock:
            return plain(*arguments)

    def run(i: int) -> None:
        barrier.wait()
        answers[i] = work(i)

    client._make_api_call = alone
    threads = [Thread(target=run, args=(i,)) for i in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client._make_api_call = plain
    return [answers[i] for i in range(number)]


def collect(type: str, key: str | None = None, **event: Any) -> dict[str, Any]:
    """The result, or {"problem": code}. `replayed` tells what the header would."""
    headers = {"idempotency-key": key} if key else {}
    body = json.dumps({"experience": "summer", **event}).encode()
    try:
        answer = calls.collect_one(Request(CALLER, {}, headers, body, "0" * 32), type)
    except Problem as problem:
        return {"problem": problem.code}
    return {**answer.body, "replayed": "Idempotent-Replayed" in (answer.headers or {})}
