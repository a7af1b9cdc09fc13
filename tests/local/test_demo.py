"""The demo's guests: the same people for the same seed, and nothing that the Collect API would refuse."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from chalicelib.collect.events import parse_envelope
from local.guests import Guest, guests

NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)


def some(seed: int = 1) -> list[Guest]:
    return list(guests(300, seed, NOW))


def test_the_same_seed_makes_the_same_people() -> None:
    assert some() == some()
    assert some() != some(2)


def test_every_call_is_one_that_the_collect_api_takes() -> None:
    for guest in some():
        for call in guest.calls:
            parse_envelope(json.dumps(call).encode())


def test_addresses_are_unique_and_not_all_plain() -> None:
    emails = [guest.email for guest in some()]
    assert len(set(emails)) == len(emails)
    assert any("+" in email for email in emails)
    assert any(not email.isascii() for email in emails)
    assert any(not guest.names["lastname"].isascii() for guest in some())


def test_time_rises_within_the_last_59_days_and_log_entries_within_7() -> None:
    for guest in some():
        events = [event for call in guest.calls for event in call["events"]]
        times = [datetime.fromisoformat(event["occurred_at"]) for event in events]
        assert all(earlier <= later for earlier, later in pairwise(times))
        assert NOW - timedelta(days=59) <= times[0]
        assert times[-1] <= NOW
        logged = [datetime.fromisoformat(e["occurred_at"]) for e in events if e["type"] == "log-entries"]
        assert all(NOW - timedelta(days=7) < time for time in logged)


def test_all_event_types_come_up() -> None:
    types = {event["type"] for guest in some() for call in guest.calls for event in call["events"]}
    assert types == {"sign-ins", "consents", "participations", "variables", "log-entries"}
