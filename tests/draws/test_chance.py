"""Everybody has the same chance: in the order itself, and through the real job."""

import math
import random
from collections import Counter

import pytest
import time_machine

from chalicelib.promotions import order
from chalicelib.promotions.labels import LETTERS, label
from tests.draws import planted
from tests.erasure.people import empty_tables
from tests.promotions.conftest import Shop


def chi_square_p(counts: list[int], drawn_at_once: int = 0) -> float:
    """How likely such counts are, or more uneven ones, if all have the same chance (Wilson and Hilferty, 1931). Who is
    drawn cannot be drawn again in the same draw, which evens out the counts: that is taken back."""
    many, free = len(counts), len(counts) - 1
    mean = sum(counts) / many
    evened = (1 - drawn_at_once / many) * many / free if drawn_at_once else 1
    chi = sum((count - mean) ** 2 for count in counts) / mean / evened
    z = ((chi / free) ** (1 / 3) - (1 - 2 / (9 * free))) / math.sqrt(2 / (9 * free))
    return math.erfc(z / math.sqrt(2)) / 2


def test_the_test_of_chance_knows_a_loaded_die() -> None:
    even = random.Random(5).choices(range(40), k=60_000)
    loaded = random.Random(5).choices(range(40), weights=[1.2] + [1] * 39, k=60_000)
    assert chi_square_p(list(Counter(even).values())) > 0.01
    assert chi_square_p(list(Counter(loaded).values())) < 0.001


def test_20_000_draws_of_3_out_of_40_are_even() -> None:
    chance = random.Random(20_000)
    labels = [label(chance.randbytes(16).hex()) for _ in range(40)]
    won: Counter[str] = Counter()
    for _ in range(20_000):
        key = order.key_of(chance.randbytes(32), b"summer/bike")
        won.update(name for _, name in order.first(key, labels, 3))
    assert sum(won.values()) == 60_000
    assert chi_square_p([won[name] for name in labels], 3) > 0.001


@pytest.mark.slow
def test_200_draws_through_the_job_are_even(shop: Shop, clock: time_machine.Traveller) -> None:
    """Ten entrants, three drawn, a new giveaway each: by the place in which they entered."""
    won = Counter[int]()
    for number in range(200):
        clock.shift(2)
        if number % 10 == 0:
            empty_tables()  # moto would become slower and slower
            people = planted.people(shop, 10)
        job = planted.started(shop.store, planted.giveaway(shop, people), count=3)
        draw = planted.drawn(shop.store, planted.ended(shop.store, job.id, clock))
        rows = planted.winners(shop.store, draw)
        won.update(people.index(row["pk"].split("#")[-1]) for row in rows)
    assert sum(won.values()) == 600
    assert chi_square_p([won[place] for place in range(10)], 3) > 0.001


def test_labels_are_even_and_never_alike() -> None:
    chance = random.Random(20_000)
    made = [label(chance.randbytes(16).hex()) for _ in range(20_000)]
    assert len(set(made)) == 20_000
    for place in (0, 1, 2, 3, 5, 8, 10, 13):
        seen = Counter(one[place] for one in made)
        assert set(seen) == set(LETTERS)
        assert chi_square_p(list(seen.values())) > 0.0001
