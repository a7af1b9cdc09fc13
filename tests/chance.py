"""The same chance in every run: ids, shards, tickets and jitter are drawn anew for each test, but from its name. What
passes here passes in CI, and what fails fails again. `--chance WORD` draws others."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from unittest.mock import patch
from uuid import UUID

import uuid_utils


@contextmanager
def drawn_from(seed: str) -> Iterator[None]:
    """What `secrets`, `uuid`, `uuid_utils` and `random` give this process; not what OpenSSL draws, as for its keys."""
    source = Random(seed)
    before = random.getstate()
    random.seed(seed)

    def uuid7(*, nanoseconds: int) -> UUID:
        bits = nanoseconds // 1_000_000 << 80 | source.getrandbits(80)
        return UUID(int=bits & ~(0xF << 76 | 3 << 62) | 7 << 76 | 2 << 62)

    sources = ((os, "urandom", source.randbytes), (random, "_urandom", source.randbytes), (uuid_utils, "uuid7", uuid7))
    with ExitStack() as seeded:
        seeded.callback(random.setstate, before)
        for module, name, draw in sources:
            seeded.enter_context(patch.object(module, name, draw))
        yield
