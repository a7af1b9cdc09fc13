"""What a refused write means: a condition that did not hold, others who were in the way, or trouble."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from pynamodb.exceptions import PynamoDBException, TransactWriteError

T = TypeVar("T")

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
    return error.cause_response_code == "ConditionalCheckFailedException"


def failed_conditions(error: TransactWriteError) -> list[int]:
    """Which writes of the transaction were refused by their conditions, by their places in `Transaction.items()`."""
    return [
        place
        for place, reason in enumerate(error.cancellation_reasons)
        if reason is not None and reason.code == "ConditionalCheckFailed"
    ]


def is_conflict(error: TransactWriteError) -> bool:
    """Others wrote the same items at the same time, or too much was written: the same transaction may pass later."""
    codes = {reason.code for reason in error.cancellation_reasons if reason is not None}
    return not failed_conditions(error) and bool((codes | {error.cause_response_code}) & RETRYABLE)


def retrying(write: Callable[[], T], attempts: int = 5) -> T:
    """Tries again, after a moment of chance, while others are in the way of a transaction; then raises what it met."""
    for attempt in range(attempts - 1):
        try:
            return write()
        except TransactWriteError as error:
            if not is_conflict(error):
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
    return write()
