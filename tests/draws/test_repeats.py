"""Asking for a draw twice with one Idempotency-Key makes one draw, whatever went wrong in between."""

import itertools
from typing import Any

import pytest

from tests import faults
from tests.draws.conftest import Raffle
from tests.world import Reply


def ask(raffle: Raffle, key: str, **asked: Any) -> Reply:
    body = {"giveaway": "bike", "count": 1, **asked}
    return raffle.world.request("POST", "/v1/experiences/summer/draws", body, headers={"Idempotency-Key": key})


def history(raffle: Raffle) -> list[str]:
    return [draw["id"] for draw in raffle.world.get("/v1/experiences/summer/draws").ok()["items"]]


def audited(raffle: Raffle) -> list[str]:
    rows = raffle.world.get("/v1/audit", query={"action": "draw.created"}).ok()["items"]
    return [row["details"]["draw"] for row in rows]


def entered(raffle: Raffle) -> None:
    for name in ("anna", "ben", "cleo"):
        raffle.enter(name)
    raffle.close()


def test_the_same_key_is_the_same_draw_also_when_it_is_done(raffle: Raffle) -> None:
    entered(raffle)
    first = ask(raffle, "k").ok()
    assert ask(raffle, "k").ok() == first
    raffle.finished(first["job"])
    assert ask(raffle, "k").ok() == first
    assert history(raffle) == [first["draw"]]
    assert len(raffle.winners()) == 1
    assert ask(raffle, "another").ok()["draw"] not in (None, first["draw"])


def test_a_key_that_was_used_for_another_draw_is_refused(raffle: Raffle) -> None:
    entered(raffle)
    ask(raffle, "k").ok()
    ask(raffle, "k", alternates=1).problem(422, "idempotency_key_reused")
    ask(raffle, "k" * 256).problem(400, "idempotency_key_invalid")
    assert len(history(raffle)) == 1


def test_the_same_key_is_the_same_test_draw(raffle: Raffle) -> None:
    entered(raffle)
    first = ask(raffle, "k", dry_run=True).ok()
    assert ask(raffle, "k", dry_run=True).ok() == first
    assert history(raffle) == []


def test_what_was_refused_may_be_put_right_under_the_same_key(raffle: Raffle) -> None:
    raffle.enter("anna")
    ask(raffle, "k").problem(409, "still_open")
    raffle.close()
    ask(raffle, "k").ok()
    assert len(history(raffle)) == 1


@pytest.mark.slow
def test_trouble_at_any_call_makes_one_draw(raffle: Raffle) -> None:
    entered(raffle)
    keys = itertools.count()

    def prepare() -> tuple[str, list[str]]:
        return f"k{next(keys)}", history(raffle)

    def work(prepared: tuple[str, list[str]]) -> None:
        ask(raffle, prepared[0])

    def check(prepared: tuple[str, list[str]]) -> None:
        key, before = prepared
        first = ask(raffle, key).ok()
        assert history(raffle)[:2] == [first["draw"], *before][:2]
        assert len(set(audited(raffle)[:2])) == len(audited(raffle)[:2])

    struck = faults.everywhere(prepare, work, check)
    assert {"lost TransactWriteItems", "conflict TransactWriteItems", "unsent PutItem"} <= set(struck)
