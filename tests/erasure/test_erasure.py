"""One customer goes, with everything: hidden when the request is answered, removed by the job, with a receipt."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine

from chalicelib.kinds import KINDS
from chalicelib.store import audit, erasure, keys, receipts
from chalicelib.store.tenancy import Store
from tests import seeds
from tests.erasure import everything as stored
from tests.erasure.people import INSTANCE, RECORDS, erase, erased, whole_guest
from tests.pumping import finished, pump
from tests.seeds import ANNA, guest, link, plant
from tests.world import World

STORE = Store("acme")
BOB = "bob@example.org"


def mentions(text: str) -> list[str]:
    return [where for where, found in stored.texts() if text in found]


def test_the_answer_names_job_moment_and_receipt_and_the_customer_is_gone_at_once(world: World) -> None:
    person = whole_guest(world)
    reply = world.request("DELETE", f"/v1/records/customers/{person}")
    assert reply.status == 202
    assert reply.json["receipt"] == reply.json["job"]
    assert set(reply.json) == {"job", "hidden_from", "receipt"}
    world.get(f"/v1/customers/{person}").problem(404, "customer_unknown")
    for kind in KINDS:
        named = [row for row in world.rows(kind) if row["customer_id"] == person or row.get("email") == ANNA]
        assert named == [], kind
        if not KINDS[kind].holder:
            assert world.rows(kind) == [], kind
    world.collect("participations", customer_id=person, giveaway="daily").problem(404, "customer_unknown")
    world.get(f"/v1/receipts/{reply.json['receipt']}").problem(404, "receipt_unknown")


def test_the_mark_hides_the_customer_and_leaves_the_expiry_or_ttl_would_take_what_the_job_needs(world: World) -> None:
    person = guest(world)
    before = seeds.customer(person).stored(STORE)
    world.request("DELETE", f"/v1/records/customers/{person}")
    after = seeds.customer(person).stored(STORE)
    assert before and after and after["expires_at"] == before["expires_at"]
    assert world.rows("customers") == world.rows("customers", email=ANNA) == []
    world.collect("participations", customer_id=person, giveaway="bike").problem(404, "customer_unknown")


@pytest.mark.parametrize("kind", seeds.EVERY_RECORD)
def test_a_record_of_every_kind_goes_or_stays_nameless(world: World, clock: time_machine.Traveller, kind: str) -> None:
    person = guest(world)
    planted = plant(kind, person)
    job = erased(world, person, clock)
    row = planted.stored(STORE)
    assert (row is not None) == KINDS[kind].holder
    assert mentions(person) == []
    counts = receipts.by_id(STORE, job.id)["counts"]  # type: ignore[index]
    assert counts == {"customers": 1, "variables": 1 + (kind == "variables")} | ({kind: counts[kind]})
    assert counts[kind] == 1 + (kind == "variables")


@pytest.mark.slow
def test_everything_of_a_person_goes_and_nothing_of_others(world: World, clock: time_machine.Traveller) -> None:
    whole_guest(world, BOB, instance="pi-bob")
    whole_guest(world, ANNA, tenant="other")
    nobodys = [plant(kind, None) for kind in ("variables", "log", "coupons")]
    others = stored.all_items()
    person = whole_guest(world)
    job = erased(world, person, clock)
    assert mentions(person) == []
    left = stored.all_items()
    control = {place for place in others if "Control" in place[0]}
    assert {place: left.get(place) for place in others if place not in control} == {
        place: item for place, item in others.items() if place not in control
    }
    new = [place for place in left if place not in others and "Control" not in place[0]]
    [entry] = [left[place] for place in new if "RuntimeLog" in place[0]]
    assert job.id in str(entry), "the job's own line in the log"
    kinds = sorted(sk.split("#")[0] for table, _, sk in new if "RuntimeLog" not in table)
    assert kinds == ["codes", "coupons", "instant_win_winners", "winners"]
    assert all(record.stored(STORE) for record in nobodys)
    assert job.done == job.total == job.result["rows"]  # type: ignore[index]


def test_coupons_and_codes_stay_spent_without_a_name(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    records = {kind: plant(kind, person) for kind in ("coupons", "codes")}
    erased(world, person, clock)
    for kind, record in records.items():
        [row] = world.rows(kind)
        assert (row["state"] != "free", row["customer_id"], row["email"]) == (True, None, None)
        assert not {"customer_id", "holder", "idem"} & set(record.stored(STORE) or {})


@pytest.mark.parametrize("kind", ["winners", "instant_win_winners"])
def test_a_winner_keeps_the_slot_without_a_name(world: World, clock: time_machine.Traveller, kind: str) -> None:
    person = guest(world)
    before = plant(kind, person).stored(STORE) or {}
    erased(world, person, clock)
    [row] = world.rows(kind, experience="summer")
    assert (row["email"], row["customer_id"], row["fields"], row["reason"]) == (None, None, {}, None)
    for name in ("prize", "ticket", "state", "giveaway", "draw_id", "slot", "instant_win"):
        assert row.get(name) == before["data"].get(name), name
    [item] = [item for (_, pk, _), item in stored.all_items().items() if pk.startswith("acme#a#")]
    same = ("at", "by_draw", "created_at", "expires_at", "feed", "by_module", "by_experience")
    kept = {name: next(iter(item[name].values())) for name in same if name in item}
    assert kept == {name: str(before[name]) for name in same if name in before}
    assert world.rows("winners", draw="draw-1") == world.rows("winners")


def test_an_unknown_customer_is_unknown_and_nothing_begins(world: World) -> None:
    for id in (keys.random_id(), "nobody", "%00", "x" * 300):
        world.request("DELETE", f"/v1/records/customers/{id}").problem(404, "record_unknown")
    assert world.get("/v1/jobs").ok()["items"] == []


def test_asked_twice_it_is_the_same_job_and_afterwards_nobody(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    first = world.request("DELETE", f"/v1/records/customers/{person}").ok()
    clock.shift(5)
    assert world.request("DELETE", f"/v1/records/customers/{person}").ok() == first
    pump()
    assert world.request("DELETE", f"/v1/records/customers/{person}").ok() == first
    assert finished(first["job"], clock).state == "done"
    world.request("DELETE", f"/v1/records/customers/{person}").problem(404, "record_unknown")
    assert len(world.get("/v1/jobs").ok()["items"]) == 1


def test_a_failed_erasure_can_be_asked_for_again(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = whole_guest(world)

    def refuse(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(erasure, "find", refuse)
        failed = erase(world, person)
        assert finished(failed, clock).state == "failed"
    assert world.rows("customers") == []
    second = erase(world, person)
    assert (second != failed, finished(second, clock).state) == (True, "done")
    assert mentions(person) == []


def test_the_receipt_says_who_asked_when_and_how_much(world: World, clock: time_machine.Traveller) -> None:
    person = whole_guest(world)
    started = world.request("DELETE", f"/v1/records/customers/{person}", roles=("privacy",)).ok()
    finished(started["job"], clock)
    receipt = world.get(f"/v1/receipts/{started['receipt']}").ok()
    assert (receipt["reason"], receipt["role"], receipt["subject"]) == (
        "erasure",
        "privacy",
        receipts.subject_of(STORE, ANNA),
    )
    assert receipt["requested_at"] == started["hidden_from"] < receipt["completed_at"]
    twice = {"consents", "log", "variables", "participations"}
    assert {kind: receipt["counts"][kind] for kind in KINDS if kind not in twice} == {
        kind: 1 for kind in KINDS if kind not in twice
    }
    assert receipt["counts"]["participations"] == 3


def test_the_audit_log_knows_who_erased_whom_as_a_keyed_hash(world: World) -> None:
    person = guest(world)
    job = erase(world, person, roles=("editor",))
    rows, _ = audit.page(STORE, 0, 2**45, None, 10)
    [row] = [row["data"] for row in rows if row["data"]["action"] == "customer.erased"]
    assert (row["by"], row["role"], row["customer"]) == ("user-of-acme", "editor", audit.customer_hash(STORE, person))
    assert row["details"]["job"] == job


def test_the_preview_says_what_goes_and_what_stays_nameless(world: World, clock: time_machine.Traveller) -> None:
    person = whole_guest(world)
    preview = world.get(f"/v1/customers/{person}/erasure", roles=("privacy",)).ok()
    assert preview["nameless"] == {"coupons": 1, "codes": 1, "winners": 2}
    assert preview["files_bytes"] == 48_000
    counts = receipts.by_id(STORE, erased(world, person, clock).id)["counts"]  # type: ignore[index]
    gone = {kind: count for kind, count in counts.items() if kind in preview["erased"]}
    assert preview["erased"] == gone
    assert set(preview["erased"]) == set(KINDS) - {"coupons", "codes", "winners", "instant_win_winners"}
    world.get(f"/v1/customers/{person}/erasure").problem(404, "customer_unknown")


def test_the_preview_counts_only_what_is_alive(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    plant("transactions", person)
    clock.shift(61 * 86_400)
    assert world.get(f"/v1/customers/{person}/erasure").ok()["erased"]["transactions"] == 0


def test_who_signs_in_again_meanwhile_is_somebody_new_and_keeps_everything(
    world: World, clock: time_machine.Traveller
) -> None:
    person = whole_guest(world)
    job = erase(world, person)
    pump()
    returned = guest(world, fields={"firstname": "Anna"}, process_instance=INSTANCE)
    assert returned != person
    told = {"customer_id": returned}
    assert world.collect("participations", giveaway="person", **told).ok()["outcome"] == "entered"
    world.collect("consents", consent="news", status="granted", text="Ja.", **told).ok()
    new = {place: item for place, item in stored.all_items().items() if returned in str(item)}
    assert len(new) > 8
    finished(job, clock)
    left = stored.all_items()
    assert {place: left.get(place) for place in new} == new
    assert mentions(person) == []
    assert [row["id"] for row in world.rows("customers", email=ANNA)] == [returned]
    assert world.collect("participations", giveaway="person", **told).ok()["outcome"] == "already_entered"


def test_an_instance_that_is_somebody_elses_by_now_stays_theirs(world: World, clock: time_machine.Traveller) -> None:
    person, other = guest(world), guest(world, BOB)
    link("shared", person)
    link("shared", other)  # the first one's link was dead when the other signed in
    theirs = plant("variables", None, instance="shared")
    erased(world, person, clock)
    assert theirs.stored(STORE) is not None
    assert mentions(person) == []


def test_an_address_put_right_before_leaves_nothing_under_either(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world, "old.name@example.com")
    world.collect("participations", giveaway="person", customer_id=person).ok()
    world.request("PATCH", f"/v1/customers/{person}", {"email": ANNA}, roles=("privacy",)).ok()
    job = erased(world, person, clock)
    assert mentions(person) == mentions("old.name") == mentions("schmidt") == []
    assert receipts.by_id(STORE, job.id)["subject"] == receipts.subject_of(STORE, ANNA)  # type: ignore[index]


def test_a_single_entry_that_is_deleted_takes_its_guard_with_it(world: World) -> None:
    person = guest(world)
    entry = world.collect("participations", giveaway="person", customer_id=person).ok()
    assert [pk for _, pk, _ in stored.all_items() if pk.startswith("acme#e#")] != []
    world.request("DELETE", f"/v1/records/participations/{entry['id']}").ok()
    assert [pk for _, pk, _ in stored.all_items() if pk.startswith("acme#e#")] == []


def test_a_replay_after_the_erasure_says_erased_even_if_the_guest_is_back(
    world: World, clock: time_machine.Traveller
) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("sign-ins", {"fields": {"firstname": "Anna"}}),
        ("consents", {"consent": "news", "status": "granted", "text": "Ja."}),
        ("participations", {"giveaway": "bike"}),
        ("participations", {"giveaway": "person"}),
        ("participations", {"giveaway": "often"}),
        ("variables", {"variables": [{"name": "size", "value": "XL", "persist": True}]}),
        ("log-entries", {"level": "info", "message": "done"}),
    ]

    def send() -> list[Any]:
        return [world.collect(type, f"k{i}", email=ANNA, **told) for i, (type, told) in enumerate(calls)]

    person, *_ = [reply.ok().get("customer_id") for reply in send()]
    erased(world, person, clock)
    for reply in send():
        reply.problem(410, "erased")
    assert world.rows("customers") == []
    guest(world)
    for reply in send()[1:]:
        reply.problem(410, "erased")
    assert world.rows("participations") == []
    clock.shift(24 * 3600)
    assert world.collect("participations", "k2", email=ANNA, giveaway="bike").ok()["outcome"] == "entered"


def test_a_person_with_more_records_than_one_chunk_goes_in_slices(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.jobs import worker

    monkeypatch.setattr(erasure, "CHUNK", 5)
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    person = guest(world)
    for _ in range(23):
        plant("transactions", person)
    job = erased(world, person, clock)
    assert (job.done, job.total) == (25, 25)
    assert receipts.by_id(STORE, job.id)["counts"] == {"customers": 1, "transactions": 23, "variables": 1}  # type: ignore[index]
    assert mentions(person) == []


def test_finished_exports_go_and_later_ones_stay(world: World, clock: time_machine.Traveller) -> None:
    from chalicelib.settings import settings
    from chalicelib.store import jobs, objects

    person = guest(world)

    def export(name: str) -> str:
        job = jobs.create(STORE, "export", "somebody", {"kind": "customers"})
        key = f"e/acme/{job.id}/{name}"
        objects.put(settings().exports_bucket, key, ANNA.encode())
        jobs.save(STORE, replace(job, state="done", file=key, file_until=2**40))
        return job.id

    before = export("before.csv")
    erasing = erase(world, person)
    pump()
    clock.shift(1)
    after = export("after.csv")
    finished(erasing, clock)
    assert [key.split("/")[2] for _, key, _ in stored.objects() if key.startswith("e/")] == [after]
    assert (jobs.read(STORE, before).file, jobs.read(STORE, after).file is None) == (None, False)  # type: ignore[union-attr]


def test_all_record_kinds_are_tried() -> None:
    assert len(RECORDS) == len(KINDS) - 1
