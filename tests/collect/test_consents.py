"""Consents: the whole history with the wording, one present state a type, and nothing that brings a consent back."""

import hashlib
from typing import Any

import pytest
from time_machine import Traveller

from tests.collect import stored
from tests.world import World

ANNA = "anna.schmidt@example.com"
TEXT = "Ja, ich möchte den Newsletter.\r\n🎈"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def anna(clock: Traveller, world: World) -> str:
    return str(world.collect("sign-ins", email=ANNA).ok()["id"])


def consent(world: World, status: str, key: str | None = None, **event: Any) -> Any:
    told = {"text": TEXT} if status in ("requested", "granted") and "text_sha256" not in event else {}
    return world.collect("consents", key, **{"consent": "news", "status": status, "email": ANNA, **told, **event}).ok()


def history(world: World) -> list[tuple[str, bool]]:
    return [(row["status"], row["current"]) for row in world.rows("consents")]


def test_each_change_is_kept_and_the_last_one_is_in_force(clock: Traveller, world: World, anna: str) -> None:
    first = consent(world, "requested", text_version="v1", channel="web", locale="de")
    assert first == {
        "type": "consents",
        "outcome": "recorded",
        "id": first["id"],
        "created_at": "2030-05-21T08:00:00.000Z",
        "expires_at": "2030-11-18T00:00:00Z",
        "consent": "news",
        "status": "requested",
        "text_sha256": DIGEST,
    }
    for status in ("granted", "withdrawn", "declined"):
        clock.shift(1)
        assert consent(world, status)["outcome"] == "recorded"
    assert history(world) == [("declined", True), ("withdrawn", False), ("granted", False), ("requested", False)]
    assert world.rows("customers")[0]["consents"] == {"news": "declined"}
    system = [(row["name"], row["value"], row["system"]) for row in world.rows("variables", email=ANNA)]
    assert system[:4] == [("consent_news", s, True) for s in ("declined", "withdrawn", "granted", "requested")]


def test_the_order_within_one_call_and_one_millisecond_is_kept(anna: str, world: World) -> None:
    for i in range(10):
        steps = [{"type": "consents", "consent": f"c{i}", "status": s, "text": TEXT} for s in ("requested", "granted")]
        steps += [{"type": "consents", "consent": f"c{i}", "status": s} for s in ("withdrawn", "declined")]
        world.call(*steps, key=f"k{i}", email=ANNA, occurred_at="2030-05-21T07:00:00Z").ok()
        consent(world, "withdrawn", consent=f"c{i}", occurred_at="2030-05-21T07:00:00Z")  # a later call of that moment
    assert set(world.rows("customers")[0]["consents"].values()) == {"withdrawn"}
    assert world.rows("consents", consent="c3")[0]["status"] == "withdrawn"


def test_the_same_again_is_unchanged_and_writes_nothing_but_another_wording_is_recorded(
    clock: Traveller, world: World, anna: str
) -> None:
    first = consent(world, "granted")
    with stored.nothing_written():
        assert consent(world, "granted") == {**first, "outcome": "unchanged"}
        assert consent(world, "granted", text_sha256=DIGEST) == {**first, "outcome": "unchanged"}
    clock.shift(1)
    assert consent(world, "granted", text="Another wording")["outcome"] == "recorded"
    names = [row["name"] for row in world.rows("variables")]
    assert names.count("consent_news") == 1  # its value did not change
    world.collect("consents", email=ANNA, consent="never", status="withdrawn").ok()
    assert [row["name"] for row in world.rows("variables")].count("consent_never") == 1


def test_what_happened_earlier_joins_the_history_and_changes_nothing(clock: Traveller, world: World, anna: str) -> None:
    consent(world, "withdrawn")
    clock.shift(60)
    before = world.rows("customers"), world.rows("variables")
    consent(world, "granted", occurred_at="2030-05-21T07:59:59Z")
    assert history(world) == [("withdrawn", True), ("granted", False)]
    assert (world.rows("customers"), world.rows("variables")) == before


def test_a_double_opt_in_needs_its_request(anna: str, world: World) -> None:
    with stored.nothing_written():
        reply = world.call(
            {"type": "consents", "consent": "sms", "status": "declined"},
            {"type": "consents", "consent": "news", "status": "granted", "method": "double", "text": TEXT},
            key="k",
            email=ANNA,
        )
        [error] = reply.problem(422, "validation")["errors"]
        assert (error["pointer"], error["code"]) == ("/events/1/requested_at", "missing")
    consent(world, "requested")
    first = consent(world, "granted", key="k2", method="double")
    assert consent(world, "granted", method="double")["outcome"] == "unchanged"  # a lost answer, sent again
    consent(world, "withdrawn")
    assert consent(world, "granted", key="k2", method="double") == first  # and once more, too late
    assert history(world)[0] == ("withdrawn", True)
    told = {"requested_at": "2030-05-20T08:00:00Z", "confirmed_at": "2030-05-21T07:00:00+02:00"}
    consent(world, "granted", consent="sms", method="double", **told)
    [row] = world.rows("consents", consent="sms")
    assert (row["requested_at"], row["confirmed_at"]) == ("2030-05-20T08:00:00.000Z", "2030-05-21T05:00:00.000Z")
    asked = {"type": "consents", "consent": "push", "status": "requested", "text": TEXT}
    world.call(asked, {**asked, "status": "granted", "method": "double"}, key="k3", email=ANNA).ok()


def test_a_wording_is_stored_once_and_shown_with_the_consent(anna: str, world: World) -> None:
    with stored.nothing_written():
        unknown = {"consent": "news", "status": "granted", "text_sha256": DIGEST}
        [error] = world.collect("consents", email=ANNA, **unknown).problem(422, "validation")["errors"]
        assert error["pointer"] == "/text_sha256"
        world.collect("consents", email=ANNA, consent="news", status="granted").problem(422, "validation")
    first = {"type": "consents", "consent": "news", "status": "granted", "text": TEXT}
    by_digest = {"type": "consents", "consent": "sms", "status": "granted", "text_sha256": DIGEST}
    id = world.call(first, by_digest, key="k", email=ANNA).ok()["results"][1]["id"]
    shown = world.get(f"/v1/records/consents/{id}").ok()
    assert (shown["text"], shown["text_sha256"]) == (TEXT, DIGEST)
    assert sum(item["sk"] == "wording" for item in stored.items("Control")) == 1
    world.collect("sign-ins", email=ANNA, tenant="other").ok()
    world.collect("consents", email=ANNA, tenant="other", **unknown).problem(422, "validation")


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
    ],
)
def test_an_ip_address_is_kept_as_its_neighbourhood_only(anna: str, world: World, ip: str, kept: str) -> None:
    consent(world, "granted", key="k", ip=ip)
    [row] = [item for item in stored.items("Customers") if item["sk"].startswith("consents#")]
    assert row["data"]["ip"] == kept
    assert ip not in str(stored.everything())


def test_a_late_duplicate_never_brings_a_withdrawn_consent_back(clock: Traveller, world: World, anna: str) -> None:
    granted = consent(world, "granted", key="granted")
    same = consent(world, "granted", key="same")  # recorded nothing, and is remembered nevertheless
    assert same["outcome"] == "unchanged"
    clock.shift(60)
    consent(world, "withdrawn", key="withdrawn")
    clock.shift(60)
    assert consent(world, "granted", key="granted") == granted
    assert consent(world, "granted", key="same") == same
    consent(world, "granted", occurred_at="2030-05-21T08:00:00Z")  # without a key, but with its time
    assert world.rows("customers")[0]["consents"] == {"news": "withdrawn"}


def test_deleting_one_consent_deletes_its_history_and_a_replay_says_erased(anna: str, world: World) -> None:
    first = consent(world, "granted", key="k")
    world.request("DELETE", f"/v1/records/consents/{first['id']}").ok()
    assert world.rows("customers")[0]["consents"] == {}
    body = {"consent": "news", "status": "granted", "email": ANNA, "text": TEXT}
    world.collect("consents", "k", **body).problem(410, "erased")
    assert world.rows("consents") == []
    assert world.collect("consents", "new", **body).ok()["outcome"] == "recorded"


def test_a_customer_has_at_most_fifty_types_of_consent(anna: str, world: World) -> None:
    events = [{"type": "consents", "consent": f"c{i}", "status": "declined"} for i in range(50)]
    world.call(*events, key="k", email=ANNA).ok()
    with stored.nothing_written():
        reply = world.call(
            {"type": "log-entries", "level": "info", "message": "x"},
            {"type": "consents", "consent": "one_more", "status": "declined"},
            key="k2",
            email=ANNA,
        )
        [error] = reply.problem(422, "validation")["errors"]
        assert (error["pointer"], error["code"]) == ("/events/1/consent", "too_many")
    assert world.collect("consents", email=ANNA, consent="c7", status="withdrawn").ok()["outcome"] == "recorded"
