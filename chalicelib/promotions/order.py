"""The order of all entrants, which one code decides: the construction of draft-thomson-elegy-vrs. Standard library
only, so that the verifier needs nothing else.

    commitment = SHA-256 applied often to a secret, published before entries are made
    code       = what SHA-256 turns into the code of the draw before, and that of the first draw into the commitment
    key        = HMAC-SHA256(code, randomness)
    position   = HMAC-SHA256(key, label ‖ 0x01); the lowest position comes first

Each label's position is its own: leaving one out moves no other."""

import hashlib
import heapq
import hmac
from collections.abc import Iterable, Iterator

CODES = 1024  # draws that one commitment is good for


def commitment(secret: bytes) -> bytes:
    return hashed(secret, CODES)


def code_of(secret: bytes, number: int) -> bytes:
    """Of the draw of that number, counted from 1. Whoever knows it cannot tell the code of the next draw."""
    if not 1 <= number <= CODES:
        raise ValueError(number)
    return hashed(secret, CODES - number)


def hashed(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = hashlib.sha256(content).digest()
    return content


def key_of(code: bytes, randomness: bytes) -> bytes:
    return hmac.digest(code, randomness, "sha256")


def position(key: bytes, label: str) -> bytes:
    return hmac.digest(key, label.encode() + b"\x01", "sha256")


def ordered(key: bytes, labels: Iterable[str]) -> Iterator[tuple[bytes, str]]:
    return ((position(key, label), label) for label in labels)


def first(key: bytes, labels: Iterable[str], count: int) -> list[tuple[bytes, str]]:
    """The first so many with their positions; memory for these alone, however many labels there are."""
    return heapq.nsmallest(count, ordered(key, labels))
