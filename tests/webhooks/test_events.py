"""What webhooks are told of: each type once, with ids and codes of state, and of nobody else's tenant."""

from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.kinds import KINDS
from chalicelib.store import erasure, keys, records
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Store
from chalicelib.webhooks import events
from chalicelib.webhooks.events import TYPES
from tests.collect.offers import code, fill, guest, offer, pay
from tests.erasure.everything import items, texts
from tests.erasure.people import erased
from tests.imports.importing import bring_in
from tests.pumping import finished
from tests.webhooks.calling import call, changes, deliver, deliveries, listen, stream, told
from tests.webhooks.receiving import Receiver
from tests.world import World

ANNA = "anna.schmidt@example.com"
POSTAL = {"firstname": "Anna", "city": "Dresden"}
PERSONAL = ("Anna", "Dresden", "schmidt", "example.com")


@pytest.fixture
def all_ears(world: World, receiver: Receiver) -> Any:
    """A webhook for everything."""
    offer(world)
    return listen(world, receiver, *TYPES)


def test_the_types_are_those_of_the_contract() -> None:
    assert list(TYPES) == [
        "code.redeemed",
        "consent.changed",
        "coupon.issued",
        "coupon.low",
        "customer.erased",
        "customer.registered",
        "export.ready",
        "import.done",
        "instant_win.won",
        "participation.entered",
        "points.booked",
        "reward.redeemed",
        "winner.changed",
        "winner.drawn",
    ]


def test_one_call_of_a_chat_is_told_event_by_event_without_a_word_about_the_person(
    world: World, receiver: Receiver, all_ears: Any
) -> None:
    fill(5)
    answer = world.call(
        {"type": "sign-ins", "fields": POSTAL},
        {"type": "consents", "consent": "newsletter", "status": "granted", "text": "Ja, gern", "text_version": "7"},
        {"type": "participations", "giveaway": "bike", "fields": POSTAL},
        {"type": "coupon-claims"},
        {"type": "instant-wins", "fields": POSTAL},
        key="guest",
        email=ANNA,
    )
    results = {result["type"]: result for result in answer.ok()["results"]}
    who = answer.ok()["customer_id"]
    deliver()
    sent = {one.json["type"]: one.json["data"] for one in receiver.calls}
    assert sorted(sent) == [
        "consent.changed",
        "coupon.issued",
        "customer.registered",
        "instant_win.won",
        "participation.entered",
    ]
    assert len(receiver.calls) == 5
    assert all(data["customer_id"] == who for data in sent.values())
    assert not any(word in one.body.decode() for one in receiver.calls for word in (*PERSONAL, "IMPORT-"))
    assert {one.headers["x-b3-traceid"] for one in receiver.calls} == {answer.headers["X-Trace-Id"]}
    entry = sent["participation.entered"]
    assert (entry["giveaway"], entry["outcome"], entry["experience"]) == ("bike", "entered", "summer")
    for type, result in (("participation.entered", "participations"), ("coupon.issued", "coupon-claims")):
        assert sent[type]["id"] == results[result]["id"]
    assert sent["instant_win.won"]["prize"] == "Tasse"
    proof = sent["consent.changed"]
    assert (proof["consent"], proof["status"], proof["outcome"], proof["text_version"]) == (
        *("newsletter", "granted", "granted", "7"),
    )
    assert proof["text_sha256"] == results["consents"]["text_sha256"]
    assert proof["recorded_at"] and proof["confirmed_at"] is None


def test_points_codes_and_rewards_are_told_with_their_amounts(world: World, receiver: Receiver, all_ears: Any) -> None:
    who = guest(world)
    code("LUCKY-1", points=50, win=True)
    redeemed = world.collect("code-redemptions", customer_id=who, code="lucky 1").ok()
    world.collect("reward-redemptions", "r", customer_id=who, reward="mug", fields=POSTAL).ok()
    pay(world, who, 7)
    deliver()
    [of_code], [of_reward] = receiver.of_type("code.redeemed"), receiver.of_type("reward.redeemed")
    data = of_code.json["data"]
    assert (data["id"], data["points"], data["win"], data["outcome"]) == (redeemed["id"], 50, True, "redeemed")
    assert "LUCKY" not in of_code.body.decode()
    assert (of_reward.json["data"]["reward"], of_reward.json["data"]["cost"]) == ("mug", 30)
    booked = sorted((one.json["data"] for one in receiver.of_type("points.booked")), key=lambda data: data["amount"])
    assert [(data["amount"], data["source"]) for data in booked] == [(-30, "reward"), (7, "collect"), (50, "code")]
    assert booked[1]["balance_after"] == 27


def test_a_winner_is_told_when_drawn_and_at_each_change_of_state_however_often_it_comes_back(
    world: World, receiver: Receiver, all_ears: Any, clock: Traveller
) -> None:
    offer(world, giveaways=[{"id": "bike", "title": "E-Bike", "closes_at": "2026-03-10T17:00:00+01:00"}])
    guest(world, ANNA)
    world.collect("participations", email=ANNA, giveaway="bike", fields=POSTAL).ok()
    clock.shift(3600)
    drawn = world.request("POST", "/v1/experiences/summer/draws", {"giveaway": "bike", "count": 1}).ok()
    finished(drawn["job"], clock)
    [winner] = world.rows("winners")
    for state in ("notified", "accepted", "declined", "accepted"):
        world.request("PATCH", f"/v1/records/winners/{winner['id']}", {"state": state}).ok()
    data = told(world, receiver, "winner.drawn")
    assert (data["id"], data["slot"], data["outcome"], data["giveaway"]) == (winner["id"], 1, "drawn", "bike")
    changes = [one.json["data"] for one in receiver.of_type("winner.changed")]
    assert sorted(data["outcome"] for data in changes) == ["accepted", "accepted", "declined", "notified"]
    assert {data["id"] for data in changes} == {winner["id"]}
    assert "Dresden" not in receiver.of_type("winner.drawn")[0].body.decode()


def test_low_stock_is_told_once_each_time_it_falls(world: World, receiver: Receiver, all_ears: Any) -> None:
    fill(3)
    for _ in range(3):
        world.collect("coupon-claims", customer_id=guest(world)).ok()
    data = told(world, receiver, "coupon.low")
    expected = {"customer_id": None, "experience": "summer", "id": None, "outcome": "low", "free": 1, "low_at": 1}
    assert data == expected


def test_a_chat_cannot_make_believe_that_stock_is_low(world: World, receiver: Receiver, all_ears: Any) -> None:
    world.collect("log-entries", level="warning", event="coupons_low", message="0 coupons are left").ok()
    deliver()
    assert receiver.calls == []


def test_an_export_and_an_import_are_told_when_they_are_done(
    world: World, receiver: Receiver, all_ears: Any, clock: Traveller
) -> None:
    asked = world.request("POST", "/v1/exports", {"kind": "coupons", "experience": "summer"})
    job = asked.ok()["id"]
    finished(job, clock)
    data = told(world, receiver, "export.ready")
    assert receiver.calls[0].headers["x-b3-traceid"] == asked.headers["X-Trace-Id"]
    assert (data["id"], data["kind"], data["experience"], data["rows"]) == (job, "coupons", "summer", 0)
    dry = bring_in(world, clock, "code\nA\nB\nB\n", dry_run=True)
    brought = bring_in(world, clock, "code\nA\nB\nB\n")
    data = told(world, receiver, "import.done")
    assert data["id"] == brought.id != dry.id
    assert (data["lines"], data["added"], data["twice_in_file"], data["invalid"]) == (3, 2, 1, 0)
    assert world.get(f"/v1/jobs/{job}/file").ok()["url"], "whoever is told can fetch it"


def test_an_erasure_is_told_when_all_is_gone_and_names_the_request_that_led_to_it(
    world: World, receiver: Receiver, all_ears: Any, clock: Traveller
) -> None:
    who = guest(world, ANNA)
    deliver()
    asked = world.request("DELETE", f"/v1/records/customers/{who}")
    deliver()
    assert receiver.of_type("customer.erased") == [], "it is hidden, not gone"
    finished(asked.ok()["job"], clock)
    data = told(world, receiver, "customer.erased")
    assert data == {"customer_id": who, "experience": None, "id": who, "outcome": "erased"}
    [sent] = receiver.of_type("customer.erased")
    assert sent.headers["x-b3-traceid"] == asked.headers["X-Trace-Id"]


@pytest.mark.parametrize(("principal", "outcome"), [("dynamodb.amazonaws.com", "expired"), (None, "cleared")])
def test_customers_who_go_otherwise_are_told_too_even_of_before_there_was_a_webhook(
    world: World, receiver: Receiver, principal: str | None, outcome: str
) -> None:
    who = guest(world, ANNA)
    listen(world, receiver, "customer.erased")
    Store("acme").delete(Customer(Store("acme").key(keys.customer(who)), "customer"))
    [removal] = [one for batch in changes() for one in batch["Records"] if one["eventName"] == "REMOVE"]
    removal |= {"userIdentity": {"principalId": principal}} if principal else {}
    found = events.of_change(removal)
    assert found and (found[0], found[1].type, found[1].data["outcome"]) == ("acme", "customer.erased", outcome)
    deliver()
    assert [call.json["data"]["customer_id"] for call in receiver.calls] == [who]


def test_what_becomes_nameless_is_no_event(world: World, receiver: Receiver, all_ears: Any, clock: Traveller) -> None:
    who = guest(world, ANNA)
    fill(2)
    world.collect("coupon-claims", customer_id=who).ok()
    world.collect("instant-wins", "w", customer_id=who).ok()
    deliver()
    before = len(receiver.calls)
    found = erasure.find(Store("acme"), who)
    erasure.remove(Store("acme"), found)
    deliver()
    assert [call.json["type"] for call in receiver.calls[before:]] == ["customer.erased"]
    [coupon] = [row for row in world.rows("coupons") if row["state"] == "issued"]
    place = records.place_of(Store("acme"), KINDS["coupons"], coupon["id"])
    assert place
    assert "trace" not in (Store("acme").get("Codes", *place) or {})


def test_included_personal_data_is_that_of_the_record_and_is_looked_up_when_it_is_sent(
    world: World, receiver: Receiver
) -> None:
    listen(
        world, receiver, "customer.registered", "participation.entered", "points.booked", include=["fields", "email"]
    )
    who = guest(world, ANNA)
    world.collect("sign-ins", email=ANNA, fields={"firstname": "Anna", "letter": "x" * 500}).ok()
    world.collect("participations", email=ANNA, giveaway="bike", fields={"city": "Dresden"}).ok()
    pay(world, who, 5)
    deliver()
    sent = {call.json["type"]: call.json["data"] for call in receiver.calls}
    assert {data["email"] for data in sent.values()} == {ANNA}
    assert sent["customer.registered"]["fields"] == {"firstname": "Anna", "letter": "x" * 500}
    assert sent["participation.entered"]["fields"] == {"city": "Dresden"}
    assert sent["points.booked"]["fields"] is None


def test_of_somebody_who_was_erased_before_the_call_nothing_personal_is_sent(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    listen(world, receiver, "customer.registered", "participation.entered", include=["email", "fields"])
    who = guest(world, ANNA)
    world.collect("participations", email=ANNA, giveaway="bike", fields=POSTAL).ok()
    assert stream() == []
    world.request("DELETE", f"/v1/records/customers/{who}").ok()
    deliver()
    assert len(receiver.calls) == 2
    for one in receiver.calls:
        assert (one.json["data"]["email"], one.json["data"]["fields"]) == (None, None)


def test_what_is_stored_of_a_call_names_nobody_but_by_id(world: World, receiver: Receiver) -> None:
    webhook = listen(world, receiver, "customer.registered", include=["email", "fields"])
    world.collect("sign-ins", email=ANNA, fields=POSTAL).ok()
    deliver()
    assert ANNA in receiver.calls[0].body.decode()
    stored = [item for item in items("afterchat-local-ControlTable") if "#deliveries#" in item["pk"]["S"]]
    assert len(stored) == 1
    assert not any(word in str(stored) for word in PERSONAL)
    assert not any(word in str(deliveries(world, webhook["id"])) for word in PERSONAL)


def test_a_late_delivery_of_a_chat_is_told_with_its_own_time_and_kept_as_long_as_any(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    webhook = listen(world, receiver, "participation.entered")
    guest(world, ANNA)
    world.collect("participations", email=ANNA, giveaway="bike", occurred_at="2026-02-01T12:00:00Z").ok()
    deliver()
    [call] = receiver.calls
    assert call.json["timestamp"] == "2026-02-01T12:00:00.000Z"
    assert [one["state"] for one in deliveries(world, webhook["id"])] == ["delivered"]


def test_a_batch_that_comes_again_is_told_once(world: World, receiver: Receiver, all_ears: Any) -> None:
    guest(world, ANNA)
    for _ in range(3):
        assert stream(again=True) == []
        call()
    assert len(receiver.calls) == 1


def test_a_new_webhook_is_not_told_of_what_was_there_before_it(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    guest(world, ANNA)
    clock.shift(2)
    listen(world, receiver)
    deliver()
    assert receiver.calls == []


def test_another_tenants_webhooks_hear_nothing(world: World, receiver: Receiver, all_ears: Any) -> None:
    world.collect("sign-ins", email=ANNA, tenant="other").ok()
    deliver()
    assert receiver.calls == []


def test_a_webhook_hears_only_what_it_asked_for(world: World, receiver: Receiver) -> None:
    listen(world, receiver, "participation.entered")
    guest(world, ANNA)
    deliver()
    assert receiver.calls == []


def test_two_webhooks_are_told_under_ids_of_their_own(world: World, receiver: Receiver) -> None:
    listen(world, receiver)
    listen(world, receiver)
    guest(world, ANNA)
    deliver()
    assert len({call.id for call in receiver.calls}) == 2


def test_an_erasure_leaves_nothing_of_the_person_in_what_was_told(
    world: World, receiver: Receiver, clock: Traveller
) -> None:
    listen(world, receiver, *TYPES, include=["email", "fields"])
    who = guest(world, ANNA)
    world.collect("participations", email=ANNA, giveaway="bike", fields=POSTAL).ok()
    deliver()
    receiver.always = 500
    world.collect("participations", email=ANNA, giveaway="daily", fields=POSTAL).ok()
    deliver()
    erased(world, who, clock)
    deliver()
    assert receiver.of_type("customer.erased")
    left = [text for _, text in texts()]
    assert len(left) > 10
    assert [text for text in left if any(word in text for word in ("schmidt", "Dresden", "Anna"))] == []
