"""Proofs of consent: kept under a hash beyond the customer, for the tenant's period and not a moment longer."""

from typing import Any

import pytest
from time_machine import Traveller

from chalicelib.jobs import worker
from chalicelib.store import jobs, proofs, wire
from chalicelib.store.metering import metered
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Row, Store
from tests import faults
from tests.accountability.conftest import ACME
from tests.pumping import finished, pump
from tests.seeds import guest
from tests.world import World

ANNA = "anna.schmidt@example.com"
TEXT = "Ja, ich möchte den Newsletter."
DAY = 86_400


def keep(world: World, months: int) -> None:
    world.request("PUT", "/v1/settings", {"consent_proof_months": months}, roles=("privacy",)).ok()


def consent(world: World, status: str = "granted", email: str = ANNA, key: str | None = None, **told: Any) -> Any:
    text = {"text": TEXT} if status in ("granted", "requested") else {}
    return world.collect("consents", key, email=email, consent="news", status=status, **{**text, **told}).ok()


def asked(world: World, email: str = ANNA, tenant: str = "acme") -> list[Any]:
    told = world.request("POST", "/v1/consent-proofs", {"email": email}, roles=("privacy",), tenant=tenant).ok()
    return list(told["items"])


def stored() -> list[Row]:
    return [row for pk in proofs.partitions(ACME) for row in proofs.page(ACME, pk, "", 2**47, 1000).rows]


# -- what is kept --


def test_a_living_customers_proofs_are_found_by_the_id(world: World) -> None:
    keep(world, 12)
    person = guest(world)
    consent(world)
    told = world.request("POST", "/v1/consent-proofs", {"customer_id": person}, roles=("privacy",)).ok()
    assert told["items"] == asked(world)
    for wrong in ({}, {"email": ANNA, "customer_id": person}):
        world.request("POST", "/v1/consent-proofs", wrong).problem(422, "validation")
    world.request("POST", "/v1/consent-proofs", {"customer_id": "0" * 32}).problem(404, "customer_unknown")


def test_nothing_is_kept_while_proofs_are_off(world: World) -> None:
    guest(world)
    consent(world)
    assert (asked(world), stored()) == ([], [])
    keep(world, 12)
    assert asked(world) == [], "what was recorded before is not proved afterwards"


def test_a_proof_has_wording_times_and_method_and_no_person(clock: Traveller, world: World) -> None:
    keep(world, 24)
    guest(world)
    consent(world, "requested", channel="web", locale="de", text_version="v7", ip="198.51.100.7")
    clock.shift(60)
    consent(world, "granted", method="double", confirmed_at="2030-05-21T08:01:00Z", requested_at="2030-05-21T08:00:00Z")
    clock.shift(60)
    consent(world, "withdrawn")
    withdrawn, granted, requested = asked(world)
    assert [one["status"] for one in (requested, granted, withdrawn)] == ["requested", "granted", "withdrawn"]
    assert requested["recorded_at"][:16] == "2030-05-21T08:00" and requested["kept_until"][:10] == "2032-05-21"
    named = {name: requested[name] for name in ("consent", "text", "text_version", "channel", "locale", "experience")}
    assert named == {
        "consent": "news",
        "text": TEXT,
        "text_version": "v7",
        "channel": "web",
        "locale": "de",
        "experience": "summer",
    }
    assert (granted["method"], granted["requested_at"]) == ("double", "2030-05-21T08:00:00.000Z")
    assert granted["confirmed_at"] == "2030-05-21T08:01:00.000Z"
    assert (withdrawn["text"], withdrawn["text_sha256"]) == (None, None)
    rows = [ACME.get("Control", row["pk"], row["sk"]) for row in stored()]
    told = str(rows).lower()
    assert [one for one in ("anna", "schmidt", "example.com", "198.51") if one in told] == []


def test_an_unchanged_consent_and_a_replay_make_no_second_proof(world: World) -> None:
    keep(world, 12)
    guest(world)
    consent(world, key="k")
    consent(world, key="k")
    consent(world, key="l")
    assert len(asked(world)) == 1


@pytest.mark.parametrize("how", ["erased", "deleted consent", "expired", "cleared"])
def test_a_proof_survives_its_customer(clock: Traveller, world: World, how: str) -> None:
    keep(world, 120)
    person = guest(world)
    record = consent(world)["id"]
    if how == "erased":
        world.request("DELETE", f"/v1/records/customers/{person}").ok()
    elif how == "deleted consent":
        world.request("DELETE", f"/v1/records/consents/{record}").ok()
    elif how == "cleared":
        world.request("DELETE", "/v1/records/customers", query={"confirm": "customers"}).ok()
    else:
        clock.shift(182 * DAY)
    clock.shift(10)
    pump()
    assert world.rows("consents") == []
    [proof] = asked(world)
    assert (proof["status"], proof["text"]) == ("granted", TEXT)


def test_another_address_and_another_tenant_prove_nothing(world: World) -> None:
    keep(world, 12)
    world.request("PUT", "/v1/settings", {"consent_proof_months": 12}, tenant="other").ok()
    guest(world)
    consent(world)
    assert asked(world, "ben@example.com") == []
    assert asked(world, tenant="other") == []
    assert len(asked(world, " ANNA.Schmidt@example.com")) == 1


def test_after_a_change_of_address_both_lead_to_the_proof(world: World) -> None:
    keep(world, 12)
    person = guest(world)
    consent(world)
    for new in ("anna.meyer@example.com", "a.meyer@example.com"):
        world.request("PATCH", f"/v1/customers/{person}", {"email": new}).ok()
    consent(world, "withdrawn", "a.meyer@example.com")
    assert [one["status"] for one in asked(world, "a.meyer@example.com")] == ["withdrawn", "granted"]
    assert [one["status"] for one in asked(world, "anna.meyer@example.com")] == ["granted"]
    assert [one["status"] for one in asked(world)] == ["granted"]


def test_an_address_changed_there_and_back_is_walked_once(world: World) -> None:
    keep(world, 12)
    person = guest(world)
    consent(world)
    for new in ("b@example.com", ANNA, "b@example.com"):
        world.request("PATCH", f"/v1/customers/{person}", {"email": new}).ok()
    assert len(asked(world)) == len(asked(world, "b@example.com")) == 1


def test_a_proof_is_found_under_an_earlier_sealing_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib import cursors
    from chalicelib.settings import settings

    keep(world, 12)
    guest(world)
    consent(world)
    monkeypatch.setenv("AFTERCHAT_SEALING_KEYS", "a newer key, a key of the tests")
    settings.cache_clear()
    cursors._sealers.cache_clear()
    assert len(asked(world)) == 1


# -- for how long --


def test_a_proof_is_gone_at_the_end_of_its_period(clock: Traveller, world: World) -> None:
    keep(world, 2)
    guest(world)
    consent(world)
    clock.shift(61 * DAY - 60)  # 21 May to 21 July
    assert len(asked(world)) == 1
    clock.shift(120)
    assert asked(world) == []


def test_a_shorter_period_hides_at_once_and_removes(clock: Traveller, world: World) -> None:
    keep(world, 24)
    guest(world)
    consent(world)
    clock.shift(70 * DAY)
    consent(world, "withdrawn")
    keep(world, 2)
    assert [one["status"] for one in asked(world)] == ["withdrawn"]
    keep(world, 24)
    assert [one["status"] for one in asked(world)] == ["withdrawn"], "given up is given up"
    [job] = [one["id"] for one in world.get("/v1/jobs").ok()["items"] if one["type"] == "proofs"]
    assert finished(job, clock).state == "done"
    assert len(stored()) == 1


def test_turned_off_nothing_is_shown_and_nothing_stays(clock: Traveller, world: World) -> None:
    keep(world, 24)
    person = guest(world)
    for status in ("granted", "withdrawn", "granted"):
        consent(world, status)
        clock.shift(1)
    world.request("PATCH", f"/v1/customers/{person}", {"email": "new@example.com"}).ok()
    assert len(stored()) == 4
    keep(world, 0)
    assert asked(world) == []
    [job] = [one["id"] for one in world.get("/v1/jobs").ok()["items"] if one["type"] == "proofs"]
    done = finished(job, clock)
    assert (done.state, done.result) == ("done", {"rows": 4})
    assert stored() == []
    keep(world, 24)
    assert asked(world) == []


def test_a_longer_period_does_not_lengthen_what_was_promised(clock: Traveller, world: World) -> None:
    keep(world, 2)
    guest(world)
    consent(world)
    keep(world, 24)
    clock.shift(62 * DAY)
    assert asked(world) == []


def test_a_consent_under_way_when_proofs_are_turned_off_leaves_none(clock: Traveller, world: World) -> None:
    keep(world, 24)
    guest(world)

    def turned_off_and_removed() -> None:
        keep(world, 0)
        pump()

    with faults.before("TransactWriteItems", turned_off_and_removed):
        consent(world)
    assert asked(world) == [] and len(stored()) == 1
    [job] = [one["id"] for one in world.get("/v1/jobs").ok()["items"] if one["type"] == "proofs"]
    finished(job, clock)
    assert stored() == []


def test_a_removal_in_pages_and_slices_takes_all(
    clock: Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.jobs import proof_removal

    monkeypatch.setattr(proof_removal, "PAGE", 2)
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    keep(world, 24)
    for number in range(12):
        guest(world, f"guest{number}@example.com")
        consent(world, email=f"guest{number}@example.com")
    keep(world, 0)
    [job] = [one["id"] for one in world.get("/v1/jobs").ok()["items"] if one["type"] == "proofs"]
    assert finished(job, clock).result == {"rows": 12}
    assert stored() == []


# -- trouble --


@pytest.mark.slow
def test_trouble_at_each_call_leaves_one_proof_a_consent(clock: Traveller, world: World) -> None:
    keep(world, 12)
    numbers = iter(range(10_000))

    def prepare() -> str:
        email = f"guest{next(numbers)}@example.com"
        guest(world, email)
        return email

    def send(email: str) -> None:
        told = {"email": email, "consent": "news", "status": "granted", "text": TEXT}
        reply = world.collect("consents", f"key-of-{email}", **told)
        assert reply.status in (200, 409, 503, 500), reply.text

    def check(email: str) -> None:
        send(email)
        assert [one["status"] for one in asked(world, email)] == ["granted"]

    struck = faults.everywhere(prepare, send, check)
    assert {one.split()[1] for one in struck} >= {"TransactWriteItems", "GetItem"}


@pytest.mark.slow
def test_trouble_at_each_call_of_turning_off_ends_with_nothing_stored(clock: Traveller, world: World) -> None:
    numbers = iter(range(10_000))

    def prepare() -> None:
        keep(world, 12)
        email = f"guest{next(numbers)}@example.com"
        guest(world, email)
        consent(world, email=email)

    def turn_off(_: None) -> None:
        world.request("PUT", "/v1/settings", {"consent_proof_months": 0})

    def check(_: None) -> None:
        assert world.get("/v1/settings").ok()["consent_proof_months"] == 0
        for _again in range(3):
            clock.shift(400)  # a lost message is sent again after five minutes
            worker.resend()
            pump()
        assert stored() == []

    faults.everywhere(prepare, turn_off, check)


@pytest.mark.slow
def test_trouble_at_each_call_of_the_removal_removes_all(clock: Traveller, world: World) -> None:
    def prepare() -> jobs.Job:
        for number in range(3):
            row = Control(ACME.key(f"proofs#{number}"), f"p#{number:032x}", data={})
            row.due, row.due_at, row.expires_at = proofs.partitions(ACME)[number], f"{number:032x}", 4_000_000_000
            ACME.put(row)
        return jobs.create(ACME, "proofs", "me", {})

    def work(job: jobs.Job) -> None:
        for _ in range(2):
            worker.run(ACME, job.id)
            clock.shift(400)

    def check(job: jobs.Job) -> None:
        for _ in range(4):
            found = jobs.read(ACME, job.id)
            if found and found.state == "done":
                break
            worker.run(ACME, job.id)
            clock.shift(400)
        found = jobs.read(ACME, job.id)
        assert found is not None and found.state == "done" and stored() == []

    faults.everywhere(prepare, work, check)


# -- costs --


def test_a_proof_costs_three_writes_while_on_and_nothing_while_off(world: World) -> None:
    guest(world)
    guest(world, "ben@example.com")
    with metered(wire.client()) as off:
        consent(world)
    keep(world, 12)
    with metered(wire.client()) as on:
        consent(world, email="ben@example.com")
    assert on.read <= off.read
    assert on.write - off.write == 3 - 1  # the wording was stored by the first


def test_asking_costs_little(world: World) -> None:
    keep(world, 12)
    guest(world)
    consent(world)
    with metered(wire.client()) as units:
        assert len(asked(world)) == 1
    assert units.read <= 5 and units.write == 1


def test_the_hash_of_an_address_is_the_tenants_own(cloud: object) -> None:
    assert proofs.subject_of(Store("acme"), ANNA) != proofs.subject_of(Store("other"), ANNA)
