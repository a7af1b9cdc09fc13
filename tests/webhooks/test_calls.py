"""From an event to its call, whatever the receiver does: nothing is lost, and nothing is called that must not be."""

from typing import Any

import pytest
from time_machine import Traveller

import app
from chalicelib import outbound
from chalicelib.store import deliveries as stored
from chalicelib.store import webhooks
from chalicelib.store.tenancy import Store
from chalicelib.webhooks import calls, queue
from chalicelib.webhooks.calls import PAUSES_S
from tests.webhooks import receiving
from tests.webhooks.calling import (
    ALL,
    call,
    deliver,
    deliveries,
    listen,
    lose_messages,
    pass_time,
    stream,
    waiting,
)
from tests.webhooks.receiving import Receiver
from tests.world import World

ANNA = "anna.schmidt@example.com"
DAY = 24 * 60
STORE = Store("acme")


def sign_in(world: World, number: int = 0, **options: Any) -> Any:
    return world.collect("sign-ins", email=f"anna{number}@example.com", **options)


def one(world: World, webhook: Any, **query: Any) -> Any:
    """The one delivery of a webhook."""
    [found] = deliveries(world, webhook["id"], **query)
    return found


def shown(world: World, webhook: Any) -> Any:
    return world.get(f"{ALL}/{webhook['id']}").ok()


def test_a_sign_in_is_told_once_signed_and_with_ids_only(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver)
    answer = sign_in(world)
    deliver()
    [told] = receiver.calls
    id = answer.ok()["customer_id"]
    assert told.json["timestamp"] == answer.ok()["registered_at"]
    assert told.json["data"] == {"customer_id": id, "experience": None, "id": id, "outcome": "registered"}
    assert told.is_signed_with(webhook["secret"])
    assert not told.is_signed_with(webhooks.new_secret())
    found = one(world, webhook)
    assert (found["id"], found["state"], found["attempts"], found["status"]) == (told.id, "delivered", 1, 200)


# -- traces --


def test_a_call_is_a_child_of_the_request_that_led_to_it_in_both_kinds_of_headers(
    world: World, receiver: Receiver
) -> None:
    listen(world, receiver)
    theirs = {
        "X-B3-TraceId": "463ac35c9f6413ad48485a3953bb6124",
        "X-B3-SpanId": "a2fb4a1d1a96d312",
        "X-B3-Sampled": "1",
    }
    body = {"experience": "summer", "email": ANNA}
    world.request("POST", "/v1/collect/sign-ins", body, headers=theirs).ok()
    deliver()
    sent = receiver.calls[0].headers
    assert sent["x-b3-traceid"] == "463ac35c9f6413ad48485a3953bb6124"
    assert sent["x-b3-sampled"] == "1"
    assert sent["x-b3-parentspanid"] not in ("a2fb4a1d1a96d312", sent["x-b3-spanid"])
    assert sent["traceparent"] == f"00-{sent['x-b3-traceid']}-{sent['x-b3-spanid']}-01"


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ({"b3": "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-0"}, ("x-b3-sampled", "0", "00")),
        ({"b3": "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-d"}, ("x-b3-flags", "1", "01")),
    ],
)
def test_what_the_caller_decided_about_the_trace_holds_for_the_call(
    world: World, receiver: Receiver, theirs: dict[str, str], expected: tuple[str, str, str]
) -> None:
    listen(world, receiver)
    world.request("POST", "/v1/collect/sign-ins", {"experience": "summer", "email": ANNA}, headers=theirs).ok()
    deliver()
    name, value, flag = expected
    assert receiver.calls[0].headers[name] == value
    assert receiver.calls[0].headers["traceparent"].endswith(f"-{flag}")


def test_the_runtime_log_says_of_each_attempt_what_came_of_it_and_names_nobody(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    receiver.answers = [503]
    webhook = listen(world, receiver)
    answer = sign_in(world)
    deliver()
    pass_time(clock, 1)
    log = [row for row in world.rows("log") if row["event"] == "webhook"]
    assert [(row["level"], row["attributes"]["status"]) for row in log] == [("info", 200), ("warning", 503)]
    assert {row["trace_id"] for row in log} == {answer.headers["X-Trace-Id"]}
    assert all(row["attributes"]["webhook"] == webhook["id"] and row["customer_id"] is None for row in log)
    assert all(row["attributes"]["duration_ms"] >= 0 for row in log)
    assert not any("of-the-path" in str(row) for row in log), "addresses may hold secrets"


# -- trying again --


def test_a_call_that_fails_twice_is_made_again_under_its_id_as_a_span_of_its_own(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    receiver.answers = [500, 404]
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    assert (one(world, webhook)["state"], one(world, webhook)["error"]) == ("waiting", "answered 500")
    pass_time(clock, 2)
    assert len({call.id for call in receiver.calls}) == 1
    assert len({call.headers["x-b3-spanid"] for call in receiver.calls}) == 3
    assert len({call.headers["x-b3-parentspanid"] for call in receiver.calls}) == 1
    assert len({call.headers["webhook-timestamp"] for call in receiver.calls}) == 3
    assert all(call.is_signed_with(webhook["secret"]) for call in receiver.calls[-1:])
    assert (one(world, webhook)["state"], one(world, webhook)["attempts"]) == ("delivered", 3)


def test_a_receiver_that_is_down_for_an_hour_gets_everything_afterwards(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver)
    receiver.always = 502
    for number in range(4):
        sign_in(world, number)
    deliver()
    pass_time(clock, 60)
    assert shown(world, webhook)["failing_since"] is not None
    receiver.always, receiver.calls = 200, []
    pass_time(clock, 60)
    assert len({call.id for call in receiver.calls}) == 4 == len(receiver.calls)
    assert {found["state"] for found in deliveries(world, webhook["id"])} == {"delivered"}
    assert shown(world, webhook)["failing_since"] is None
    assert waiting() == 0


def test_pauses_grow_and_together_they_are_a_day() -> None:
    assert list(PAUSES_S) == sorted(PAUSES_S)
    assert 0.9 * DAY * 60 < sum(PAUSES_S) <= DAY * 60


def test_what_failed_for_a_day_stays_to_be_seen_and_can_be_sent_again_by_its_owner(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver)
    receiver.always = 500
    sign_in(world)
    deliver()
    give_up(world, webhook, clock)
    assert len(receiver.calls) == len(PAUSES_S) + 1
    assert (one(world, webhook)["state"], waiting()) == ("failed", 0)
    receiver.always = 200
    body = {"deliveries": [one(world, webhook)["id"]]}
    assert world.request("POST", f"{ALL}/{webhook['id']}/resend", body).ok() == {"resent": 1, "next": None}
    call()
    assert one(world, webhook)["state"] == "delivered"
    assert len({told.id for told in receiver.calls}) == 1


def give_up(world: World, webhook: Any, clock: Traveller) -> None:
    """From one attempt to the next, until there is no more."""
    for pause in PAUSES_S:
        clock.shift(pause)
        for _ in range(40):  # what is due later than SQS can wait goes round
            if not call():
                break


def test_a_long_pause_goes_round_the_queue_without_a_call(world: World, receiver: Receiver, clock: Traveller) -> None:
    webhook = listen(world, receiver)
    receiver.always = 500
    sign_in(world)
    deliver()
    for pause in PAUSES_S[:5]:
        clock.shift(pause)
        call()
    made = len(receiver.calls)
    for _ in range(3):
        clock.shift(900)
        assert call() == 1
    assert len(receiver.calls) == made
    assert one(world, webhook)["state"] == "waiting"


@pytest.mark.parametrize("status", [204, 299])
def test_any_2xx_is_success(world: World, receiver: Receiver, status: int) -> None:
    receiver.always = status
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    assert one(world, webhook)["state"] == "delivered"


# -- receivers that misbehave --


def test_a_slow_receiver_is_cut_off_and_called_again(
    world: World, receiver: Receiver, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.behaviour = receiving.sleeping(1)
    webhook = listen(world, receiver)
    sign_in(world)
    with monkeypatch.context() as impatient:
        impatient.setattr(outbound, "SECONDS", 0.3)
        deliver()
    found = one(world, webhook)
    assert (found["state"], found["status"]) == ("waiting", None)
    assert "second" in found["error"]
    receiver.behaviour = None
    pass_time(clock, 1)
    assert one(world, webhook)["state"] == "delivered"


@pytest.mark.parametrize(
    "where", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "ftp://example.com/"]
)
def test_a_redirect_to_where_nobody_may_send_us_is_not_followed(world: World, receiver: Receiver, where: str) -> None:
    receiver.behaviour = receiving.redirecting(where)
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    found = one(world, webhook)
    assert (found["state"], found["status"]) == ("waiting", None)
    assert "public" in found["error"] or "https" in found["error"]
    assert len(receiver.calls) == 1


def test_a_redirect_to_what_is_no_address_is_a_failure_like_any(world: World, receiver: Receiver) -> None:
    receiver.behaviour = receiving.redirecting("http://[")
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    assert one(world, webhook)["state"] == "waiting"


def test_of_a_hundred_megabytes_no_more_is_read_than_is_worth_it(world: World, receiver: Receiver) -> None:
    receiver.behaviour = receiving.endless(100)
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    assert one(world, webhook)["state"] == "delivered"


def test_a_name_that_leads_to_a_private_address_by_now_is_not_called(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    monkeypatch.setattr(outbound, "allowed", lambda address: False)
    deliver()
    assert receiver.calls == []
    assert "not a public address" in one(world, webhook)["error"]


# -- who stops it --


def test_a_receiver_that_says_gone_is_called_no_more(world: World, receiver: Receiver) -> None:
    receiver.always = 410
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    assert one(world, webhook)["state"] == "failed"
    assert not shown(world, webhook)["enabled"]
    sign_in(world, 1)
    deliver()
    assert len(receiver.calls) == 1
    assert "webhook_disabled" in [row["event"] for row in world.rows("log")]


def test_after_five_days_of_failures_it_is_disabled_and_saving_it_enables_it_again(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver)
    receiver.always = 500
    for number in range(5):
        sign_in(world, number)
        deliver()
        clock.shift(DAY * 60 - 1)
    assert shown(world, webhook)["enabled"], "not before"
    clock.shift(60)
    sign_in(world, 5)
    deliver()
    assert shown(world, webhook)["disabled_at"] is not None
    made = len(receiver.calls)
    clock.shift(DAY * 60)
    sign_in(world, 6)
    deliver()
    pass_time(clock, 6)
    assert len(receiver.calls) == made
    receiver.always = 200
    body = {"url": receiver.url, "types": webhook["types"]}
    assert world.request("PUT", f"{ALL}/{webhook['id']}", body).ok()["enabled"]
    sign_in(world, 7)
    deliver()
    assert len(receiver.calls) == made + 1


def test_what_waits_for_a_webhook_that_is_deleted_is_not_sent(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    receiver.answers = [500]
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    world.request("DELETE", f"{ALL}/{webhook['id']}").ok()
    pass_time(clock, 2)
    assert (len(receiver.calls), waiting()) == (1, 0)


# -- messages and workers that get lost --


def test_a_message_that_never_came_is_made_up_for_by_the_schedule(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    listen(world, receiver)
    sign_in(world)
    assert stream() == []
    lose_messages()
    pass_time(clock, 4)
    assert receiver.calls == []
    pass_time(clock, 5)
    assert len(receiver.calls) == 1


def test_a_message_that_comes_twice_is_one_call(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    assert stream() == []
    for _ in range(3):
        queue.send("acme", webhook["id"], one(world, webhook)["id"])
    call()
    assert len(receiver.calls) == 1


class Killed(BaseException):
    """What ends a process ends it without a word."""


def test_a_worker_that_is_killed_while_it_calls_is_followed_by_another_one(
    world: World, receiver: Receiver, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    assert stream() == []
    with monkeypatch.context() as dying:
        dying.setattr(outbound, "post", _killed)
        with pytest.raises(Killed):
            call()
    assert (one(world, webhook)["state"], one(world, webhook)["attempts"]) == ("waiting", 1)
    call()
    assert receiver.calls == [], "the dead worker's lease still runs"
    clock.shift(41)
    for _ in range(3):
        call()
    assert (len(receiver.calls), one(world, webhook)["state"]) == (1, "delivered")


def _killed(*_: Any) -> Any:
    raise Killed


def test_a_delivery_that_kills_every_worker_ends_as_failed(
    world: World, receiver: Receiver, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    assert stream() == []
    id = one(world, webhook)["id"]
    with monkeypatch.context() as dying:
        dying.setattr(outbound, "post", _killed)
        for _ in (*PAUSES_S, 0):
            with pytest.raises(Killed):
                calls.attempt(STORE, webhook["id"], id)
            clock.shift(41)
    calls.attempt(STORE, webhook["id"], id)
    found = one(world, webhook)
    assert (found["state"], found["error"], receiver.calls) == ("failed", "interrupted each time", [])


def test_two_workers_at_one_delivery_make_one_call(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    assert stream() == []
    id = one(world, webhook)["id"]

    def meanwhile(request: Any) -> None:
        calls.attempt(STORE, webhook["id"], id)
        request.send_response(200)
        request.end_headers()

    receiver.behaviour = meanwhile
    calls.attempt(STORE, webhook["id"], id)
    assert len(receiver.calls) == 1


def test_one_message_that_fails_does_not_take_the_others_of_its_batch_along(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = listen(world, receiver)
    for number in range(3):
        sign_in(world, number)
    assert stream() == []
    sick = deliveries(world, webhook["id"])[1]["id"]
    real = stored.read

    def read(store: Store, webhook: str, id: str) -> Any:
        if id == sick:
            raise RuntimeError("trouble")
        return real(store, webhook, id)

    monkeypatch.setattr(stored, "read", read)
    answers: list[Any] = []

    def function(event: Any, context: Any) -> Any:
        answers.append(app.call_webhooks(event, context))
        return answers[-1]

    call(function)
    assert len(receiver.calls) == 2
    assert [len(answer["batchItemFailures"]) for answer in answers] == [1]
