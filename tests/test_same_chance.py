"""The tests' own ground: what they draw is the same in every run."""

import os
import random
import secrets
from uuid import UUID

from chalicelib.store import keys
from tests.chance import drawn_from


def drawn(seed: str) -> list[object]:
    with drawn_from(seed):
        return [
            secrets.token_hex(),
            secrets.randbelow(10**9),
            keys.random_id(),
            keys.time_ordered_id(5),
            random.random(),
        ]


def test_the_same_word_draws_the_same_from_every_source_and_another_word_something_else() -> None:
    assert drawn("a") == drawn("a")
    assert all(one != other for one, other in zip(drawn("a"), drawn("b"), strict=True))


def test_what_is_drawn_looks_as_ids_do() -> None:
    with drawn_from("a"):
        ids = [keys.time_ordered_id(1_700_000_000_123) for _ in range(50)]
    assert len(set(ids)) == 50
    assert {(keys.time_of(id), UUID(id).version, UUID(id).variant) for id in ids} == {
        (1_700_000_000_123, 7, "specified in RFC 4122")
    }


def test_afterwards_chance_is_chance_again() -> None:
    real = os.urandom
    drawn("a")
    assert os.urandom is real
    assert secrets.token_hex() != secrets.token_hex()
