"""What a draw costs: a thirtieth of a read unit an entrant, and the memory of those wanted."""

import tracemalloc

import time_machine

from chalicelib.promotions import commitments, entrants, order
from chalicelib.store import keys, wire
from chalicelib.store.metering import metered
from tests.draws import planted
from tests.promotions.conftest import Shop

ENTRANTS = 1200


def test_an_entrant_costs_a_thirtieth_of_a_read_unit(shop: Shop, clock: time_machine.Traveller) -> None:
    experience = planted.giveaway(shop, planted.people(shop, 8) * (ENTRANTS // 8))
    with metered(wire.client()) as units:
        job = planted.started(shop.store, experience, count=3, alternates=2)
        ended = planted.ended(shop.store, job.id, clock)
    assert ended.result and ended.result["entrants"] == ENTRANTS
    looked_at = ended.result["skipped"] + 5
    read_once = [one.read for one in units.operations if one.operation == "Query" and one.read > 1]
    rounded_up = 0.5 * len(read_once)  # DynamoDB does so for each query, whatever is in it: chance decides which shard
    assert sum(read_once) < ENTRANTS / 30 + rounded_up
    assert len(read_once) == keys.SHARDS
    assert units.read <= ENTRANTS / 30 + 60 + 12 * looked_at
    assert units.write <= 60 + 3 * 12


def test_memory_is_for_a_page_and_those_wanted() -> None:
    """Whether there are ten thousand or a hundred thousand."""
    key = order.key_of(b"code", b"randomness")
    peaks = []
    for many in (10_000, 100_000):
        tracemalloc.start()
        assert len(entrants.first((f"{n:032x}" for n in range(many)), key, 50)) == 50
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] < 1_000_000


def test_saving_commits_once(shop: Shop) -> None:
    with metered(wire.client()) as units:
        commitments.commit(shop.store, "summer", ["bike", "cup"])
    assert (units.read, units.write) == (2, 2)
    with metered(wire.client()) as units:
        commitments.commit(shop.store, "summer", ["bike", "cup"])
    assert (units.read, units.write) == (1, 0)
