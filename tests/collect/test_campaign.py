"""A few guests in any order of events, against a model as small as the rules are."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.collect import stored
from tests.world import World

GUESTS = ("anna@example.com", "bert@example.com", "a.nna@example.com")
START = datetime(2030, 5, 21, 8, 0, tzinfo=UTC)


@dataclass
class Guest:
    active: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)
    history: int = 0
    entries: dict[str, datetime] = field(default_factory=dict)  # giveaway and period → when
    variables: list[tuple[datetime, str, int]] = field(default_factory=list)


class Campaign(RuleBasedStateMachine):
    world: World
    traveller: time_machine.Traveller

    def __init__(self) -> None:
        super().__init__()
        stored.forget()
        self.guests: dict[str, Guest] = {}
        self.now = START
        self.traveller.move_to(self.now)

    def active(self, email: str) -> Guest | None:
        guest = self.guests.get(email)
        if guest:
            guest.active = self.now
        return guest

    def collect(self, type: str, email: str, **event: Any) -> Any:
        reply = self.world.collect(type, email=email, **event)
        if email not in self.guests:
            return reply.problem(404, "customer_unknown")
        return reply.ok()

    @rule(email=st.sampled_from(GUESTS), fields=st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 2)))
    def sign_in(self, email: str, fields: dict[str, Any]) -> None:
        answer = self.world.collect("sign-ins", email=email, fields=fields).ok()
        assert answer["outcome"] == ("recognised" if email in self.guests else "registered")
        guest = self.active(email) or self.guests.setdefault(email, Guest(self.now))
        guest.fields = {name: value for name, value in {**guest.fields, **fields}.items() if value is not None}
        assert answer["state"]["consents"] == guest.consents

    @rule(email=st.sampled_from(GUESTS), status=st.sampled_from(["granted", "withdrawn", "declined"]))
    def consent(self, email: str, status: str) -> None:
        text = {"text": "Yes"} if status == "granted" else {}
        answer = self.collect("consents", email, consent="news", status=status, **text)
        if guest := self.active(email):
            changed = guest.consents.get("news") != status
            assert answer["outcome"] == ("recorded" if changed else "unchanged")
            guest.consents["news"] = status
            guest.history += changed

    @rule(email=st.sampled_from(GUESTS), giveaway=st.sampled_from(["bike", "daily"]))
    def enter(self, email: str, giveaway: str) -> None:
        answer = self.collect("participations", email, giveaway=giveaway)
        if guest := self.active(email):
            local = self.now + timedelta(hours=2)
            period = giveaway if giveaway == "bike" else f"{local:%Y-%m-%d}"
            free = guest.entries.get(period, START - timedelta(days=99)) + timedelta(days=60) <= self.now
            assert answer["outcome"] == ("entered" if free else "already_entered")
            if free:
                guest.entries[period] = self.now

    @rule(email=st.sampled_from(GUESTS), value=st.integers(0, 1))
    def variable(self, email: str, value: int) -> None:
        answer = self.collect("variables", email, variables=[{"name": "v", "value": value, "persist": True}])
        if guest := self.active(email):
            kept = [one for one in guest.variables if one[0] + timedelta(days=60) > self.now]
            same = bool(kept) and kept[-1][2] == value
            assert answer["outcome"] == ("unchanged" if same else "stored")
            guest.variables += [] if same else [(self.now, "v", value)]

    @rule(hours=st.sampled_from([1, 13, 24 * 20, 24 * 59, 24 * 90]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.traveller.move_to(self.now)
        self.world.tokens.clear()  # they are valid for a thousand days
        today = self.now.date()
        self.guests = {
            email: guest for email, guest in self.guests.items() if (today - guest.active.date()).days <= 180
        }

    @rule(email=st.sampled_from(GUESTS))
    def delete(self, email: str) -> None:
        if self.guests.pop(email, None):
            [row] = self.world.rows("customers", email=email)
            self.world.request("DELETE", f"/v1/records/customers/{row['id']}").ok()

    @invariant()
    def lists_show_what_lives(self) -> None:
        living = {email: guest.fields for email, guest in self.guests.items()}
        rows = self.world.rows("customers", active_days=180)
        assert {row["email"]: row["fields"] for row in rows} == living and len(rows) == len(living)
        assert {row["email"]: row["consents"] for row in rows} == {e: g.consents for e, g in self.guests.items()}
        consents = [row["email"] for row in self.world.rows("consents")]
        assert {email: consents.count(email) for email in living} == {e: g.history for e, g in self.guests.items()}
        named = [row["email"] for row in self.world.rows("participations") if row["email"]]
        values = [(row["email"], row["value"]) for row in self.world.rows("variables") if row["name"] == "v"]
        for email, guest in self.guests.items():
            kept = [at for at in guest.entries.values() if at + timedelta(days=60) > self.now]
            assert named.count(email) == len(kept)
            told = [value for at, _, value in guest.variables if at + timedelta(days=60) > self.now]
            assert [value for owner, value in values if owner == email] == told[::-1]


@pytest.mark.slow
def test_any_order_of_events_shows_what_the_rules_say(clock: time_machine.Traveller, world: World) -> None:
    Campaign.world, Campaign.traveller = world, clock
    world.token("owner")  # of the clock's time, valid for a thousand days
    run_state_machine_as_test(
        Campaign, settings=settings(max_examples=15, stateful_step_count=14, deadline=None, derandomize=True)
    )
