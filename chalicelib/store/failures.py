"""What a refused write means: a condition that did not hold, others who were in the way, or trouble."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, TransactWriteError, UpdateError

T = TypeVar("T")
Refused = (TransactWriteError, PutError, UpdateError, DeleteError)

RETRYABLE = frozenset(
    (
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    )
)


def is_condition(error: PynamoDBException) -> bool:
    """A single write whose condition did not hold."""
    return code_of(error) == "ConditionalCheckFailedException"


def code_of(error: PynamoDBException) -> str | None:
    """What DynamoDB called it; None if it never answered, which PynamoDB's own property does not survive."""
    answer = getattr(error.cause, "response", None) or {}
    return answer.get("Error", {}).get("Code") or None


def failed_conditions(error: TransactWriteError) -> list[int]:
    """Which writes of the transaction were refused by their conditions, by their places in `Transaction.items()`."""
    return [
        place
        for place, reason in enumerate(error.cancellation_reasons)
        if reason is not None and reason.code == "ConditionalCheckFailed"
    ]


def is_unmet(error: PynamoDBException) -> bool:
    """Some condition did not hold, of a single write or in a transaction."""
    return bool(failed_conditions(error)) if isinstance(error, TransactWriteError) else is_condition(error)


def is_conflict(error: PynamoDBException) -> bool:
    """Others wrote the same items at the same time, or too much was written: the same write may pass later."""
    reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
    codes = {reason.code for reason in reasons if reason is not None}
    return not is_unmet(error) and bool((codes | {code_of(error)}) & RETRYABLE)


def retrying(write: Callable[[], T], attempts: int = 5) -> T:
    """Tries again, after a moment of chance, while others are in the way of a write; then raises what it met. (botocore
    tries again by itself after a throttled single write, but not after a conflict.)"""
    for attempt in range(attempts - 1):
        try:
            return write()
        except Refused as error:
            if not is_conflict(error):
                raise
            step_aside(attempt)
    return write()


def step_aside(times: int) -> None:
    """A moment of chance for others who are in the way, longer after each time (from 0)."""
    time.sleep(random.uniform(0, 0.02 * 2**times))


def accepted(write: Callable[[], object]) -> bool:
    """Whether its conditions held, after trying again while others were in the way."""
    try:
        retrying(write)
    except Refused as error:
        if not is_unmet(error):
            raise
        return False
    return True
