"""A restored table loses again what was removed since: just that, however often it is done and whoever is killed."""

import json
from dataclasses import replace

import pytest
import time_machine

from chalicelib import clock as time
from chalicelib.kinds import KINDS
from chalicelib.promotions import batches
from chalicelib.settings import settings
from chalicelib.store import customers, keys
from chalicelib.store.tenancy import Store
from tests import faults
from tests.erasure.people import RECORDS, erase, erased, whole_guest
from tests.jobs.test_cascade import TTL, change, followed
from tests.pumping import delete_all, finished
from tests.restore import past
from tests.seeds import customer, guest, plant
from tests.world import World

STORE = Store("acme")
BOB = "bob@example.org"


def told(items: past.Items, *texts: str) -> list[tuple[str, str]]:
    """Where any of these is written."""
    return [place for place, item in items.items() if any(text in json.dumps(item) for text in texts)]


@pytest.fixture
def moment(world: World, clock: time_machine.Traveller) -> int:
    """Anna and Bob are there, of two tenants; the moment is a minute later."""
    for tenant in ("acme", "other"):
        whole_guest(world, tenant=tenant)
        whole_guest(world, BOB, tenant=tenant, instance="pi-bob")
    clock.shift(60)
    return time.now_ms()


def person(world: World, email: str, tenant: str = "acme") -> str:
    [row] = world.rows("customers", email=email, tenant=tenant)
    return str(row["id"])


@pytest.mark.parametrize("table", past.TABLES)
def test_whoever_was_erased_since_is_gone_and_all_others_stay_byte_for_byte(
    world: World, clock: time_machine.Traveller, moment: int, table: str
) -> None:
    anna = person(world, "anna.schmidt@example.com")
    before = past.now()
    clock.shift(3600)
    erased(world, anna, clock)
    name = past.restored(table, before[table])
    traces = (anna, "pi-8812", "anna.schmidt@")
    assert told({place: item for place, item in past.of(name).items() if place[0].startswith("acme#")}, *traces)
    after = past.reapplied(table, name, moment)
    assert not told({place: item for place, item in after.items() if place[0].startswith("acme#")}, *traces)
    assert after == past.still_there(table, before[table])
    others = {place for place in before[table] if place not in told(before[table], *traces)}
    assert others and all(after[place] == before[table][place] for place in others)
    assert past.reapplied(table, name, moment) == after


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_that_was_deleted_since_is_gone_and_no_other(
    world: World, clock: time_machine.Traveller, kind: str
) -> None:
    anna = guest(world)
    of_them = [plant(kind, anna) for _ in range(3)]
    moment, before = time.now_ms(), past.now()
    clock.shift(60)
    world.request("DELETE", f"/v1/records/{kind}/{of_them[1].id}").ok()
    table = KINDS[kind].promise.table
    name = past.restored(table, before[table])
    assert of_them[1].place in past.of(name)
    after = past.reapplied(table, name, moment)
    assert of_them[1].place not in after
    assert past.unversioned(after) == past.unversioned(past.still_there(table, before[table]))
    assert len(before[table]) - len(after) == (3 if kind == "consents" else 1)  # of a consent the whole history


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_cleared_since_is_gone(world: World, clock: time_machine.Traveller, kind: str) -> None:
    whole_guest(world)
    moment, before = time.now_ms(), past.now()
    clock.shift(60)
    job = delete_all(world, kind)
    assert finished(job, clock).state == "done"
    for table in past.TABLES:
        name = past.restored(table, before[table])
        after = past.reapplied(table, name, moment)
        assert after.keys() == past.still_there(table, before[table]).keys(), table


def test_an_experience_that_was_cleared_since_loses_its_records_alone(
    world: World, clock: time_machine.Traveller
) -> None:
    world.request("PUT", "/v1/experiences/winter", {"title": "Winter"}).ok()
    anna = guest(world)
    kept, cleared = plant("participations", anna, experience="winter"), plant("participations", anna)
    moment, before = time.now_ms(), past.now()
    clock.shift(60)
    assert finished(delete_all(world, "participations", experience="summer"), clock).state == "done"
    after = past.reapplied("Activity", past.restored("Activity", before["Activity"]), moment)
    assert kept.place in after and cleared.place not in after


def test_an_erasure_that_was_asked_for_and_has_not_run_counts(world: World, moment: int) -> None:
    before, anna = past.now(), person(world, "anna.schmidt@example.com")
    erase(world, anna)
    after = past.reapplied("Customers", past.restored("Customers", before["Customers"]), moment)
    assert customer(anna).place not in after and customer(person(world, BOB)).place in after


def test_a_record_that_came_back_under_the_same_key_before_that_moment_stays(
    world: World, clock: time_machine.Traveller
) -> None:
    anna = guest(world)
    entry = world.collect("participations", giveaway="bike", customer_id=anna).ok()
    world.request("DELETE", f"/v1/records/participations/{entry['id']}").ok()
    clock.shift(3600)
    again = world.collect("participations", giveaway="bike", customer_id=anna).ok()
    assert again["id"] == entry["id"]
    clock.shift(3600)
    before = past.now()["Activity"]
    assert past.reapplied("Activity", past.restored("Activity", before), time.now_ms()) == before


def test_a_coupon_that_was_given_out_since_is_not_free_again(world: World, clock: time_machine.Traveller) -> None:
    anna, bob = guest(world), guest(world, BOB)
    coupons = [plant("coupons", None) for _ in range(3)]
    moment, before = time.now_ms(), past.now()["Codes"]
    clock.shift(60)
    old = settings().tables["Codes"]
    for coupon, owner in zip(coupons, (anna, bob), strict=False):
        row = coupon.stored(STORE) or {}
        _issue(row, owner)
    erased(world, bob, clock)
    now = past.of(old)
    after = past.reapplied("Codes", past.restored("Codes", before), moment, old=old)
    assert after == now
    states = [after[coupon.place]["data"]["M"]["state"]["S"] for coupon in coupons]
    assert states == ["issued", "issued", "free"]
    assert "customer_id" in after[coupons[0].place] and "customer_id" not in after[coupons[1].place]


def _issue(row: dict[str, object], owner: str) -> None:
    from chalicelib.promotions import coupons
    from chalicelib.store import alive

    outcome = coupons.issue(STORE, row, coupons.Wish("summer", owner), alive.horizons(STORE))
    assert outcome.name == "issued"


@pytest.mark.parametrize("place", [1, 4, 9, 16, 30])
@pytest.mark.parametrize("kind", ["unsent", "lost"])
def test_whoever_is_killed_begins_again_and_gets_to_the_same_end(
    world: World, clock: time_machine.Traveller, moment: int, place: int, kind: faults.Kind
) -> None:
    anna, before = person(world, "anna.schmidt@example.com"), past.now()
    clock.shift(60)
    erased(world, anna, clock)
    whole = {table: past.reapplied(table, past.restored(table, before[table]), moment) for table in past.TABLES}
    for table in past.TABLES:
        name = past.restored(table, before[table])
        with faults.at(place, kind, lasting=True) as fault:
            try:
                past.reapplied(table, name, moment)
            except faults.TROUBLE:
                assert fault.hit
        assert past.reapplied(table, name, moment) == whole[table]


def test_whoever_expired_since_is_gone_and_their_codes_are_nameless(
    world: World, clock: time_machine.Traveller, moment: int
) -> None:
    anna = person(world, "anna.schmidt@example.com")
    before, row = past.now(), customer(anna).stored(STORE) or {}
    clock.shift(3600)
    STORE.delete(customers.reference(STORE, anna))  # as TTL does
    assert followed(change(row, userIdentity=TTL)) == []
    for table in past.TABLES:
        after = past.reapplied(table, past.restored(table, before[table]), moment)
        assert not told(after, anna) and told(before[table], anna)
        assert after == past.still_there(table, before[table]), table


def test_an_import_that_was_taken_back_since_does_not_come_back(world: World, clock: time_machine.Traveller) -> None:
    batch, other = (batches.Batch(keys.time_ordered_id(at), "coupons", "summer", "a.csv", "me", at) for at in (1, 2))
    for one in (batch, other):
        batches.save(STORE, replace(one, created_at=time.now_ms(), state="ready"))
    gone, kept = (plant("coupons", None, import_id=one.id) for one in (batch, other))
    moment, before = time.now_ms(), past.now()["Codes"]
    clock.shift(60)
    batches.change(STORE, batch.id, state="taken_back")
    after = past.reapplied("Codes", past.restored("Codes", before), moment)
    assert gone.place not in after and after[kept.place] == before[kept.place]


def test_what_came_into_a_process_instance_after_its_person_was_erased_stays(
    world: World, clock: time_machine.Traveller, moment: int
) -> None:
    erased(world, person(world, "anna.schmidt@example.com"), clock)
    clock.shift(60)
    value = {"name": "colour", "value": "red", "persist": True}
    world.collect("variables", process_instance="pi-8812", variables=[value]).ok()
    before = past.now()["Activity"]
    assert "pi-8812" in json.dumps(list(before.values()))
    assert past.reapplied("Activity", past.restored("Activity", before), time.now_ms()) == before
