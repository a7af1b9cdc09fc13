"""Webhooks as their owner sees them: made, changed, tried, looked at, sent again."""

from dataclasses import replace
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.settings import settings
from chalicelib.store import alive, webhooks
from chalicelib.store import deliveries as stored
from chalicelib.store.tenancy import Store
from tests.erasure.everything import all_items
from tests.packages import packing
from tests.webhooks.calling import ALL, call, deliver, deliveries, listen, lose_messages, pass_time, stream
from tests.webhooks.receiving import Receiver
from tests.world import World

STORE = Store("acme")
TOLD: dict[str, Any] = {"url": "https://shop.example/hook", "types": ["customer.registered"]}


def sign_in(world: World, number: int = 0) -> Any:
    return world.collect("sign-ins", email=f"anna{number}@example.com").ok()


def make(world: World, **told: Any) -> Any:
    return world.request("POST", ALL, TOLD | told).ok()


def again(world: World, webhook: Any, **told: Any) -> Any:
    return world.request("POST", f"{ALL}/{webhook['id']}/resend", told)


# -- made and changed --


def test_a_webhook_is_shown_as_it_was_made_and_its_secret_only_once(world: World) -> None:
    answer = world.request("POST", ALL, TOLD | {"include": ["email"], "description": "CRM"})
    assert answer.status == 201
    made = answer.ok()
    secret = made.pop("secret")
    assert secret.startswith("whsec_") and len(secret) == 50
    assert world.get(f"{ALL}/{made['id']}").ok() == made
    assert world.get(ALL).ok() == {"items": [made]}
    assert {name: made[name] for name in ("url", "types", "include", "description", "enabled")} == {
        **TOLD,
        "include": ["email"],
        "description": "CRM",
        "enabled": True,
    }
    assert not any(secret[6:] in str(item) for item in all_items().values()), "it is stored sealed"


def test_a_webhook_is_replaced_by_what_is_put(world: World) -> None:
    made = make(world, include=["email"], description="CRM")
    put = {"url": "https://other.example/", "types": ["points.booked", "points.booked"]}
    changed = world.request("PUT", f"{ALL}/{made['id']}", put).ok()
    assert (changed["url"], changed["types"]) == ("https://other.example/", ["points.booked"])
    assert (changed["include"], changed["description"]) == ([], "")
    assert world.get(f"{ALL}/{made['id']}").ok() == changed


def test_a_webhook_can_be_paused_by_its_owner(world: World, receiver: Receiver) -> None:
    made = listen(world, receiver)
    body = {"url": receiver.url, "types": made["types"], "enabled": False}
    assert not world.request("PUT", f"{ALL}/{made['id']}", body).ok()["enabled"]
    sign_in(world)
    deliver()
    assert receiver.calls == []
    again(world, made, since="2026-03-01T00:00:00Z").problem(409, "webhook_disabled")


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("url", "http://169.254.169.254/latest", "/url"),
        ("url", "https://10.1.2.3/", "/url"),
        ("url", "https://[::ffff:10.0.0.1]/", "/url"),
        ("url", "https://user:secret@shop.example/", "/url"),
        ("url", "https://shop.example:99999/", "/url"),
        ("url", "https://[/", "/url"),
        ("url", "https://", "/url"),
        ("url", "ftp://shop.example/", "/url"),
        ("url", "https://shop.example/a b", "/url"),
        ("url", "https://shop.example/\r\nX-Evil: 1", "/url"),
        ("url", "https://münchen.example/", "/url"),
        ("url", "https://shop.example/" + "x" * 2000, "/url"),
        ("types", [], "/types"),
        ("types", ["customer.registered", "test"], "/types/1"),
        ("include", ["email", "points"], "/include/1"),
        ("description", "x" * 201, "/description"),
        ("secret", "whsec_mine", "/secret"),
    ],
)
def test_what_cannot_be_called_or_told_is_refused_with_its_place(
    world: World, member: str, value: Any, pointer: str
) -> None:
    problem = world.request("POST", ALL, TOLD | {member: value}).problem(422, "validation")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert world.get(ALL).ok() == {"items": []}


def test_this_machine_and_http_can_be_called_in_development_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("http://localhost:8000/", "http://127.0.0.1:1/", "http://shop.example/"):
        make(world, url=url)
    monkeypatch.delenv("AFTERCHAT_ALLOW_LOOPBACK")
    settings.cache_clear()
    for url in ("https://localhost/", "https://127.0.0.1/", "https://[::1]/", "http://shop.example/"):
        world.request("POST", ALL, TOLD | {"url": url}).problem(422, "validation")


def test_a_tenant_has_at_most_twenty(world: World) -> None:
    for _ in range(webhooks.MOST):
        webhooks.create(STORE, webhooks.Target("https://shop.example/", ["points.booked"]), "tests")
    world.request("POST", ALL, TOLD).problem(409, "too_many_webhooks")
    world.request("POST", ALL, TOLD, tenant="other").ok()


def test_what_does_not_exist_is_unknown_to_every_route(world: World) -> None:
    made = make(world)
    for id in ("nonsense", "0" * 32):
        for method, rest, body in (
            ("GET", "", None),
            ("PUT", "", TOLD),
            ("DELETE", "", None),
            ("POST", "/test", None),
            ("POST", "/secret", None),
            ("GET", "/deliveries", None),
            ("POST", "/resend", {"deliveries": ["0" * 32]}),
        ):
            world.request(method, f"{ALL}/{id}{rest}", body).problem(404, "webhook_unknown")
    world.get(f"{ALL}/{made['id']}", tenant="other").problem(404, "webhook_unknown")


def test_a_deleted_webhook_is_gone_and_the_last_one_takes_the_tenants_note_along(world: World) -> None:
    assert not alive.horizons(STORE).webhooks
    one, two = make(world), make(world)
    assert alive.horizons(STORE).webhooks
    assert world.request("DELETE", f"{ALL}/{one['id']}").status == 204
    assert alive.horizons(STORE).webhooks
    world.request("DELETE", f"{ALL}/{two['id']}").ok()
    assert not alive.horizons(STORE).webhooks
    assert world.get(ALL).ok() == {"items": []}


def test_who_makes_a_webhook_while_the_last_one_is_deleted_is_heard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make(world)
    real, made = webhooks.all_of, list[bool]()

    def all_of(store: Store) -> Any:
        found = real(store)
        if not found and not made:
            made.append(True)
            webhooks.create(STORE, webhooks.Target("https://shop.example/", ["points.booked"]), "tests")
        return found

    monkeypatch.setattr(webhooks, "all_of", all_of)
    webhooks.delete(STORE, one["id"])
    assert made and len(real(STORE)) == 1
    assert alive.horizons(STORE).webhooks


def test_every_change_is_in_the_audit_log_without_addresses_or_secrets(world: World) -> None:
    made = make(world, include=["email"])
    world.request("PUT", f"{ALL}/{made['id']}", TOLD).ok()
    world.request("POST", f"{ALL}/{made['id']}/secret").ok()
    world.request("DELETE", f"{ALL}/{made['id']}").ok()
    noted = [note for note in world.get("/v1/audit").ok()["items"] if note["action"].startswith("webhook.")]
    assert [note["action"] for note in noted] == [
        "webhook.deleted",
        "webhook.changed",
        "webhook.changed",
        "webhook.created",
    ]
    assert noted[-1]["details"] == {"webhook": made["id"], "types": TOLD["types"], "include": ["email"]}


# -- secrets --


def test_a_new_secret_signs_beside_the_old_one_for_a_day(world: World, receiver: Receiver, clock: Traveller) -> None:
    old = listen(world, receiver)
    changed = world.request("POST", f"{ALL}/{old['id']}/secret").ok()
    new = changed["secret"]
    assert new != old["secret"]
    assert changed["old_secret_until"][:10] == "2026-03-11"
    sign_in(world)
    deliver()
    assert receiver.calls[0].is_signed_with(new) and receiver.calls[0].is_signed_with(old["secret"])
    clock.shift(24 * 3600 + 1)
    sign_in(world, 1)
    deliver()
    assert receiver.calls[1].is_signed_with(new) and not receiver.calls[1].is_signed_with(old["secret"])
    assert world.get(f"{ALL}/{old['id']}").ok()["old_secret_until"] is None


def test_two_new_secrets_within_a_day_leave_all_three_valid_each_to_its_own_end(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    first = listen(world, receiver)
    second = world.request("POST", f"{ALL}/{first['id']}/secret").ok()["secret"]
    clock.shift(23 * 3600)
    third = world.request("POST", f"{ALL}/{first['id']}/secret").ok()["secret"]
    sign_in(world)
    deliver()
    assert [receiver.calls[0].is_signed_with(one) for one in (first["secret"], second, third)] == [True] * 3
    clock.shift(3600)
    sign_in(world, 1)
    deliver()
    assert [receiver.calls[1].is_signed_with(one) for one in (first["secret"], second, third)] == [False, True, True]


# -- trying it --


def test_the_test_button_calls_at_once_and_says_what_came_of_it(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver, include=["email"])
    answer = world.request("POST", f"{ALL}/{webhook['id']}/test")
    told, [sent] = answer.ok(), receiver.calls
    assert (told["state"], told["status"], told["type"], told["id"]) == ("delivered", 200, "test", sent.id)
    assert told["trace_id"] == answer.headers["X-Trace-Id"] == sent.headers["x-b3-traceid"]
    expected = {"customer_id": None, "experience": None, "id": webhook["id"], "outcome": "test"}
    assert sent.json["data"] == expected == told["data"]
    assert sent.is_signed_with(webhook["secret"])


def test_a_test_that_fails_is_not_tried_again_and_says_nothing_of_the_webhooks_health(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    receiver.always = 404
    webhook = listen(world, receiver)
    told = world.request("POST", f"{ALL}/{webhook['id']}/test").ok()
    assert (told["state"], told["error"], told["next_at"]) == ("failed", "answered 404", None)
    pass_time(clock, 10)
    assert len(receiver.calls) == 1
    assert world.get(f"{ALL}/{webhook['id']}").ok()["failing_since"] is None


def test_a_disabled_webhook_can_be_tried(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver)
    body = {"url": receiver.url, "types": webhook["types"], "enabled": False}
    world.request("PUT", f"{ALL}/{webhook['id']}", body).ok()
    assert world.request("POST", f"{ALL}/{webhook['id']}/test").ok()["state"] == "delivered"


# -- what became of calls --


def test_deliveries_are_listed_newest_first_page_by_page(world: World, receiver: Receiver, clock: Traveller) -> None:
    webhook, path = listen(world, receiver), "/deliveries"
    for number in range(25):
        clock.shift(1)
        sign_in(world, number)
    assert stream() == []
    whole = deliveries(world, webhook["id"], limit=100)
    assert len(whole) == 25
    assert [one["id"] for one in whole] == sorted((one["id"] for one in whole), reverse=True)
    ids: list[str] = []
    cursor = None
    while cursor is not None or not ids:
        query = {"limit": 6, **({"cursor": cursor} if cursor else {})}
        page = world.get(f"{ALL}/{webhook['id']}{path}", query=query).ok()
        assert len(page["items"]) <= 6
        ids += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert ids == [one["id"] for one in whole]


def test_deliveries_are_listed_by_state_and_gone_after_seven_days(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver)
    receiver.answers = [200, 500]
    for number in range(2):
        sign_in(world, number)
        deliver()
    assert [one["state"] for one in deliveries(world, webhook["id"], state="waiting")] == ["waiting"]
    assert [one["state"] for one in deliveries(world, webhook["id"], state="delivered")] == ["delivered"]
    assert deliveries(world, webhook["id"], state="failed") == []
    world.get(f"{ALL}/{webhook['id']}/deliveries", query={"state": "lost"}).problem(422, "validation")
    world.get(f"{ALL}/{webhook['id']}/deliveries", query={"type": "x"}).problem(422, "filter_unknown")
    clock.shift(7 * 24 * 3600 + 1)
    assert deliveries(world, webhook["id"]) == []


def test_a_cursor_belongs_to_its_webhook_and_state(world: World, receiver: Receiver, clock: Traveller) -> None:
    one, two = listen(world, receiver), listen(world, receiver)
    for number in range(12):
        sign_in(world, number)
    assert stream() == []
    cursor = world.get(f"{ALL}/{one['id']}/deliveries", query={"limit": 4}).ok()["next"]
    for id, query in ((two["id"], {}), (one["id"], {"state": "waiting"})):
        asked = {"cursor": cursor, **query}
        world.get(f"{ALL}/{id}/deliveries", query=asked).problem(422, "cursor_invalid")


# -- sending again --


def fail(world: World, receiver: Receiver, webhook: Any, count: int, clock: Traveller) -> None:
    """So many deliveries that ended as failed, as after a day."""
    for number in range(count):
        clock.shift(1)
        sign_in(world, number)
    assert stream() == []
    lose_messages()
    for one in deliveries(world, webhook["id"], limit=100):
        read = stored.read(STORE, webhook["id"], one["id"])
        assert read and stored.save(STORE, replace(read, state="failed", attempts=11, error="answered 500"))


def test_all_that_failed_since_a_time_is_sent_again_under_its_old_id(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver)
    fail(world, receiver, webhook, 6, clock)
    ids = [one["id"] for one in deliveries(world, webhook["id"])]
    middle = deliveries(world, webhook["id"])[3]["happened_at"][:19] + "Z"
    assert again(world, webhook, since=middle).ok() == {"resent": 4, "next": None}
    call()
    assert sorted(told.id for told in receiver.calls) == sorted(ids[:4])
    assert len(deliveries(world, webhook["id"], state="failed")) == 2


def test_what_was_delivered_or_waits_can_be_sent_again_by_its_id(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver)
    receiver.answers = [200, 500]
    for number in range(2):
        sign_in(world, number)
        deliver()
    ids = [one["id"] for one in deliveries(world, webhook["id"])]
    assert again(world, webhook, deliveries=[*ids, *ids]).ok() == {"resent": 2, "next": None}
    call()
    assert sorted(told.id for told in receiver.calls) == sorted(ids * 2)
    assert {one["attempts"] for one in deliveries(world, webhook["id"])} == {1}


def test_an_unknown_delivery_is_refused_before_any_other_is_sent(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    deliver()
    [known] = deliveries(world, webhook["id"])
    again(world, webhook, deliveries=[known["id"], "0" * 32]).problem(404, "delivery_unknown")
    again(world, webhook, deliveries=["nonsense"]).problem(404, "delivery_unknown")
    call()
    assert len(receiver.calls) == 1


def test_what_is_being_called_this_moment_is_not_sent_again(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver)
    sign_in(world)
    answers: list[Any] = []

    def meanwhile(request: Any) -> None:
        [held] = deliveries(world, webhook["id"])
        answers.append(again(world, webhook, deliveries=[held["id"]]))
        request.send_response(200)
        request.end_headers()

    receiver.behaviour = meanwhile
    deliver()
    answers[0].problem(409, "delivery_under_way")


@pytest.mark.parametrize("told", [{}, {"deliveries": ["0" * 32], "since": "2026-03-01T00:00:00Z"}, {"deliveries": []}])
def test_sending_again_names_either_deliveries_or_a_time(world: World, told: dict[str, Any]) -> None:
    again(world, make(world), **told).problem(422, "validation")


# -- the privacy notice --


@pytest.mark.parametrize(("locale", "words"), [("en", "with personal data"), ("de", "personenbezogenen Daten")])
def test_hosts_that_get_personal_data_are_recipients_in_the_privacy_notice(
    world: World, locale: str, words: str
) -> None:
    make(world, url="https://ids-only.example/")
    make(world, url="https://crm.example/hook?token=secret", include=["email"])
    told = world.get("/v1/kinds", query={"locale": locale}).ok()["notice"]["recipients"]
    [line] = [one for one in told if "crm.example" in one]
    assert words in line and "secret" not in line
    assert not any("ids-only" in one for one in told)
    other = world.get("/v1/kinds", query={"locale": locale}, tenant="other").ok()["notice"]["recipients"]
    assert not any("crm.example" in one for one in other)


def test_a_persons_package_names_them_too(world: World, clock: Traveller) -> None:
    make(world, url="https://crm.example/", include=["email"])
    who = sign_in(world)["customer_id"]
    package = packing.made(world, clock, who)
    assert any("crm.example" in one for one in packing.data(package)["notice"]["recipients"])
    assert "crm.example" in packing.page(package)
