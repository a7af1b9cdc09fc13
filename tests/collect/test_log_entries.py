"""Log entries of chats: kept seven days, without e-mail addresses, found by trace and customer."""

from datetime import UTC, datetime

from time_machine import Traveller

from tests.collect import stored
from tests.world import World

ANNA = "anna.schmidt@example.com"


def test_a_log_entry_needs_no_customer_and_is_kept_seven_days(clock: Traveller, world: World) -> None:
    answer = world.collect("log-entries", level="info", message="started", event="start").ok()
    assert answer == {
        "type": "log-entries",
        "outcome": "recorded",
        "id": answer["id"],
        "created_at": "2030-05-21T08:00:00.000Z",
        "expires_at": "2030-05-28T08:00:00Z",
    }
    clock.move_to(datetime(2030, 5, 28, 7, 59, 59, tzinfo=UTC))
    assert [row["id"] for row in world.rows("log")] == [answer["id"]]
    clock.shift(1)
    assert world.rows("log") == []


def test_addresses_in_messages_events_and_attributes_are_never_stored(world: World) -> None:
    world.collect(
        "log-entries", "k", level="error", message=f"Mail to {ANNA}", event=ANNA, attributes={"to": f"<{ANNA}>", "n": 1}
    ).ok()
    [row] = world.rows("log")
    assert (row["message"], row["event"], row["attributes"]["n"]) == ("Mail to [email]", "[email]", 1)
    assert ANNA not in str(stored.everything())


def test_secrets_in_messages_and_attributes_are_never_stored(world: World) -> None:
    message = "GET https://u:hunter2@x.de/?access_token=hunter2 with Authorization: Bearer hunter2"
    attributes = {"password": "hunter2", "X-Api-Key": "hunter2", "iban": "DE89370400440532013000", "tokens": 12}
    world.collect("log-entries", "k", level="error", message=message, attributes=attributes).ok()
    [row] = world.rows("log")
    assert row["attributes"] == {"password": "[secret]", "X-Api-Key": "[secret]", "iban": "[iban]", "tokens": 12}
    assert "hunter2" not in str(stored.everything())


def test_an_entry_carries_the_trace_of_its_call_or_its_own(world: World) -> None:
    own = world.collect("log-entries", level="info", message="a", trace_id="463AC35C9F6413AD").ok()["id"]
    reply = world.collect("log-entries", level="info", message="b")
    traces = {"463ac35c9f6413ad".rjust(32, "0"): own, reply.headers["X-Trace-Id"]: reply.ok()["id"]}
    for trace, id in traces.items():
        assert [(row["id"], row["trace_id"]) for row in world.rows("log", trace_id=trace)] == [(id, trace)]


def test_a_repeated_entry_is_recorded_once_and_without_a_key_twice(clock: Traveller, world: World) -> None:
    first = world.collect("log-entries", "k", level="warning", message="slow").ok()
    again = world.collect("log-entries", "k", level="warning", message="slow")
    assert (again.ok(), again.headers.get("Idempotent-Replayed")) == (first, "true")
    world.collect("log-entries", level="warning", message="slow").ok()
    assert len(world.rows("log")) == len(world.rows("log", level="warning")) == 2


def test_entries_of_one_call_keep_their_order(clock: Traveller, world: World) -> None:
    events = [{"type": "log-entries", "level": "info", "message": f"{i}"} for i in range(50)]
    answer = world.call(*events, key="k").ok()
    assert answer["customer_id"] is None
    assert [row["message"] for row in world.rows("log")] == [f"{i}" for i in reversed(range(50))]


def test_an_entry_of_a_customer_is_no_activity_and_must_name_somebody_known(clock: Traveller, world: World) -> None:
    id = world.collect("sign-ins", email=ANNA).ok()["id"]
    clock.shift(86_400)
    before = stored.items("Customers")
    entry = world.collect("log-entries", email=ANNA, level="info", message="x").ok()
    assert stored.items("Customers") == before
    assert [(row["id"], row["customer_id"]) for row in world.rows("log", customer_id=id)] == [(entry["id"], id)]
    with stored.nothing_written():
        reply = world.collect("log-entries", email="nobody@example.com", level="info", message="x")
        reply.problem(404, "customer_unknown")
