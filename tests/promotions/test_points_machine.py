"""Earning, spending, taking back, expiring and sending again in any order, against a model of ten lines."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests import faults
from tests.collect import stored
from tests.world import World

START = datetime(2030, 5, 21, 8, 0, tzinfo=UTC)
ANNA = "anna@example.com"


@dataclass
class Model:
    """The ten lines."""

    balance: int = 0
    done: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)

    def book(self, key: str, amount: int, reverses: str = "") -> tuple[str, int, int]:
        if key not in self.done:
            if self.balance + amount < 0:
                return "insufficient", amount, self.balance
            self.balance += amount
            self.reversed |= {reverses} - {""}
            self.done[key] = ("reversed" if reverses else "booked", amount, self.balance)
        return self.done[key]


class Points(RuleBasedStateMachine):
    """Keys are used within a day; what is expired is not taken back."""

    world: World
    traveller: time_machine.Traveller
    booked = Bundle("booked")

    def __init__(self) -> None:
        super().__init__()
        stored.forget()
        self.model, self.now, self.number = Model(), START, 0
        self.made: dict[str, datetime] = {}
        self.sent: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self.traveller.move_to(self.now)
        self.world.tokens.clear()
        self.world.collect("sign-ins", email=ANNA).ok()

    def send(self, key: str, trouble: str, **told: Any) -> Any:
        """Perhaps first under trouble, whose answer nobody hears."""
        if trouble:
            with faults.at(int(trouble[0]), trouble[1:]):  # type: ignore[arg-type]
                self.world.collect("points", key, email=ANNA, **told)
        self.sent[key] = self.now, told
        return self.world.collect("points", key, email=ANNA, **told)

    def new_key(self) -> str:
        self.number += 1
        return f"key-{self.number}"

    @rule(
        target=booked,
        amount=st.integers(-30, 40).filter(bool),
        trouble=st.sampled_from(["", "", "5lost", "6lost", "6conflict"]),
    )
    def earn_or_spend(self, amount: int, trouble: str) -> Any:
        key = self.new_key()
        answer = self.send(key, trouble, amount=amount, reason="x").ok()
        assert (answer["outcome"], answer["amount"], answer["balance"]) == self.model.book(key, amount)
        self.made[answer.get("id", "")] = self.now
        return answer

    @rule(answer=booked, trouble=st.sampled_from(["", "6lost", "7lost"]))
    def take_back(self, answer: Any, trouble: str) -> None:
        id, key = answer.get("id"), self.new_key()
        if id is None:
            return
        reply = self.send(key, trouble, reverses=id)
        if self.made[id] + timedelta(days=60) <= self.now:
            reply.problem(404, "transaction_unknown")
        elif id in self.model.reversed:
            assert reply.ok()["outcome"] == "already_reversed"
        else:
            told = reply.ok()
            expected = self.model.book(key, -answer["amount"], id)
            assert (told["outcome"], told["balance"]) == (expected[0], expected[2])

    @rule(number=st.integers(1, 30))
    def send_again(self, number: int) -> None:
        key = f"key-{number}"
        if key in self.model.done and self.sent[key][0] + timedelta(hours=24) > self.now:
            answer = self.world.collect("points", key, email=ANNA, **self.sent[key][1]).ok()
            assert (answer["outcome"], answer["amount"], answer["balance"]) == self.model.done[key]

    @rule(hours=st.sampled_from([1, 23, 24 * 30, 24 * 59]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.traveller.move_to(self.now)
        self.world.tokens.clear()
        self.world.collect("state", email=ANNA).ok()

    @invariant()
    def the_balance_is_what_was_booked(self) -> None:
        [row] = self.world.rows("customers")
        assert row["points"] == self.model.balance


@pytest.mark.slow
def test_points_in_any_order(world: World) -> None:
    Points.world = world
    with time_machine.travel(START, tick=False) as Points.traveller:
        run_state_machine_as_test(
            Points, settings=settings(max_examples=25, stateful_step_count=15, deadline=None, derandomize=True)
        )
