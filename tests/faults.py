"""Trouble with DynamoDB and S3, put in where it hurts: at the n-th call of a work, before or after it took effect.

    with faults.at(3, "lost") as fault:
        ...            # the third call takes effect, but its answer never comes
    fault.hit          # the operation that was hit, or "" if the work never got that far

A fault is what our code sees when the client's own attempts are used up. `faults.everywhere` tries all of them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal
from unittest.mock import patch

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from pynamodb.exceptions import PynamoDBException

from chalicelib.store import objects, tenancy, wire

Kind = Literal["conflict", "throttled", "broken", "unsent", "lost"]
KINDS: Final[tuple[Kind, ...]] = ("conflict", "throttled", "broken", "unsent", "lost")
WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem")
TROUBLE: Final = (PynamoDBException, BotoCoreError, ClientError)  # what a caller answers with "try again later"

Arguments = dict[str, Any]
Answer = Callable[[str, Arguments], Any]


@dataclass
class Fault:
    """`calls` are the operations seen so far, in their order; `hit` is the one that was struck."""

    place: int
    kind: Kind
    lasting: bool = False
    hit: str = ""
    calls: list[str] = field(default_factory=list)

    def strikes(self, operation: str) -> bool:
        self.calls.append(operation)
        due = len(self.calls) >= self.place if self.lasting else len(self.calls) == self.place
        if not due or (self.kind == "conflict" and operation not in (*WRITES, "TransactWriteItems")):
            return False
        self.hit = self.hit or operation
        return True


class _InTurn(Executor):
    """What is done at the same time else comes in a certain order, so that the n-th call is the same one each time: in
    any order, trying each place would strike some calls twice and others never."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Any]()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def instead(call: Callable[[Answer, str, Arguments], Any]) -> Iterator[None]:
    """Each call of the clients of DynamoDB and S3 goes through `call`, which gets the real way first; one at a time."""
    ways = [(client, client._make_api_call) for client in (wire.client(), objects.client())]
    for client, answer in ways:
        client._make_api_call = partial(call, answer)
    try:
        with patch.object(tenancy, "_threads", _InTurn):
            yield
    finally:
        for client, answer in ways:
            client._make_api_call = answer


@contextmanager
def at(place: int, kind: Kind, *, lasting: bool = False) -> Iterator[Fault]:
    """Strikes call number `place` (from 1) of our clients of DynamoDB and S3; with `lasting` all calls from there on.

    conflict: another transaction had the item (writes only) · throttled: too much for the table · broken: 500 ·
    unsent: a time-out before it took effect · lost: a time-out after it took effect.
    """
    fault = Fault(place, kind, lasting)

    def call(answer: Answer, operation: str, arguments: Arguments) -> Any:
        if not fault.strikes(operation):
            return answer(operation, arguments)
        if kind == "lost":
            answer(operation, arguments)
        raise _error(kind, operation, arguments)

    with instead(call):
        yield fault


def everywhere(prepare: Callable[[], Any], work: Callable[[Any], object], check: Callable[[Any], object]) -> list[str]:
    """For each kind of fault at each call of the work: in a newly prepared place the work is done under the fault, then
    once more without it, as a caller does who got no answer, and then checked. Answers which operations were struck."""
    struck: list[str] = []
    for kind in KINDS:
        place, fault = 0, None
        while fault is None or len(fault.calls) >= place:
            place += 1
            prepared = prepare()
            with at(place, kind) as fault, suppress(*TROUBLE):
                work(prepared)
            work(prepared)
            check(prepared)
            struck += [f"{kind} {fault.hit}"] if fault.hit else []
    return struck


def _error(kind: Kind, operation: str, arguments: Arguments) -> Any:
    if kind in ("unsent", "lost"):
        return ReadTimeoutError(endpoint_url="https://dynamodb.eu-central-1.amazonaws.com/")
    if kind == "broken":
        return _refusal(operation, "InternalServerError", 500)
    if operation in objects.client().meta.method_to_api_mapping.values():
        return _refusal(operation, "SlowDown", 503)
    if operation == "TransactWriteItems":
        return _cancelled("TransactionConflict" if kind == "conflict" else "ThrottlingError", arguments)
    conflict = kind == "conflict"
    return _refusal(operation, "TransactionConflictException" if conflict else "ProvisionedThroughputExceededException")


def _cancelled(reason: str, arguments: Arguments) -> Any:
    """All writes of a transaction are named in their order; the last one was in the way."""
    others = [{"Code": "None"}] * (len(arguments["TransactItems"]) - 1)
    return _refusal(
        "TransactWriteItems",
        "TransactionCanceledException",
        CancellationReasons=[*others, {"Code": reason, "Message": "in the way"}],
    )


def _refusal(operation: str, code: str, status: int = 400, **more: Any) -> Any:
    answer: Any = {"Error": {"Code": code, "Message": "a fault of the test"}, **more}
    answer["ResponseMetadata"] = {"HTTPStatusCode": status, "RequestId": "fault", "HTTPHeaders": {}, "RetryAttempts": 0}
    return ClientError(answer, operation)


@contextmanager
def repeated(operation: str) -> Iterator[None]:
    """Each such call takes effect and is sent again at once, as the client does that did not hear the answer."""

    def call(answer: Answer, asked: str, arguments: Arguments) -> Any:
        if asked == operation:
            answer(asked, arguments)
        return answer(asked, arguments)

    with instead(call):
        yield


@contextmanager
def before(operation: str, event: Callable[[], object]) -> Iterator[None]:
    """Somebody else does something just before the first such call takes effect."""
    events = [event]

    def call(answer: Answer, asked: str, arguments: Arguments) -> Any:
        if asked == operation and events:
            events.pop()()
        return answer(asked, arguments)

    with instead(call):
        yield
