"""Receipts: one unbroken chain however they are issued, found again by id and address, and honest about tampering."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import verify_receipts
from chalicelib.kinds import policy_version
from chalicelib.store import alive, receipt_chain, receipts
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Span, Store
from chalicelib.verify_receipts import FIRST
from tests import faults
from tests.accountability.conftest import ACME, downloaded, issue, verdict
from tests.collect.threads import at_once
from tests.world import World

ANNA = "anna.schmidt@example.com"


def position(number: int) -> str:
    return receipts.position(number)


def put(number: int, entry: dict[str, Any], at: int | None = None) -> None:
    """Somebody with access to the table writes a receipt."""
    ACME.put(Control(ACME.key("receipts"), position(at or number), data=entry, expires_at=4_000_000_000))


def stored(number: int) -> dict[str, Any]:
    row = ACME.get("Control", ACME.key("receipts"), position(number))
    assert row is not None
    return dict(row["data"])


def drop(*numbers: int) -> None:
    for number in numbers:
        ACME.delete(Control(ACME.key("receipts"), position(number)))


# -- what a receipt says --


def test_a_receipt_says_who_when_how_many_and_under_which_promises(world: World) -> None:
    issue(1, ANNA)
    told = world.get(f"/v1/receipts/{1:032x}", roles=("privacy",)).ok()
    assert {"number": 1, "reason": "erasure", "role": "privacy", "counts": {"customers": 1}}.items() <= told.items()
    assert (told["requested_at"], told["completed_at"]) == ("1970-01-01T00:00:01.000Z", "1970-01-01T00:00:02.000Z")
    assert told["issued_at"].startswith("2030-05-21T08:00")
    assert told["kept_until"].startswith("2033-05-21T08:00")
    assert told["policy"] == policy_version()
    assert (told["previous"], told["previous_kept_until"]) == (FIRST, None)
    assert told["digest"] == verify_receipts.digest(told)
    assert len(told["subject"]) == 32 and ANNA not in json.dumps(told)


def test_the_list_is_newest_first_and_goes_on_by_its_cursor(world: World) -> None:
    for number in range(1, 8):
        issue(number)
    assert [one["number"] for one in downloaded(world, limit=3)] == [7, 6, 5, 4, 3, 2, 1]
    head = world.get("/v1/receipts", query={"limit": 1}, roles=("privacy",)).ok()["head"]
    assert head == {"number": 7, "digest": stored(7)["digest"]}


@pytest.mark.parametrize("typed", [ANNA, " Anna.Schmidt@EXAMPLE.com "])
def test_a_person_finds_the_own_receipts_by_the_address_however_typed(world: World, typed: str) -> None:
    issue(1, ANNA)
    issue(2, "ben@example.com")
    issue(3, ANNA)
    found = world.request("POST", "/v1/receipts/search", {"email": typed}, roles=("privacy",)).ok()["items"]
    assert [one["number"] for one in found] == [3, 1]
    assert world.request("POST", "/v1/receipts/search", {"email": "no@example.com"}).ok() == {"items": []}
    for wrong in ({"email": "no"}, {}, {"email": ANNA, "x": 1}):
        world.request("POST", "/v1/receipts/search", wrong).problem(422, "validation")


def test_no_other_tenant_sees_receipts_or_their_hashes(world: World) -> None:
    issue(1, ANNA)
    other = Store("other")
    issue(2, ANNA, store=other)
    assert stored(1)["subject"] != receipts.subject_of(other, ANNA)
    assert [one["id"] for one in downloaded(world)] == [f"{1:032x}"]
    world.get(f"/v1/receipts/{2:032x}").problem(404, "receipt_unknown")
    [theirs] = world.request("POST", "/v1/receipts/search", {"email": ANNA}, tenant="other").ok()["items"]
    assert theirs["number"] == 1


def test_an_address_is_found_under_an_earlier_sealing_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.settings import settings

    issue(1, ANNA)
    monkeypatch.setenv("AFTERCHAT_SEALING_KEYS", "a newer key, a key of the tests")
    settings.cache_clear()
    issue(2, ANNA)
    assert stored(1)["subject"] != stored(2)["subject"]
    found = receipts.of_subject(ACME, ANNA, alive.horizons(ACME))
    assert [one["number"] for one in found] == [2, 1]


# -- issuing --


def test_the_same_receipt_is_issued_once(world: World) -> None:
    assert issue(1) == issue(1)
    issue(2)
    assert issue(1)["number"] == 1
    assert len(downloaded(world)) == 2


def test_receipts_issued_at_once_form_one_chain(world: World) -> None:
    at_once(8, lambda i: issue(i % 6, ANNA))
    assert sorted(one["number"] for one in downloaded(world)) == [1, 2, 3, 4, 5, 6]
    assert verdict(world)["ok"] and verdict(world)["count"] == 6


@pytest.mark.slow
def test_trouble_at_each_call_leaves_one_receipt_in_a_whole_chain(world: World) -> None:
    tenants = iter(range(10_000))

    def prepare() -> Store:
        store = Store(f"t{next(tenants)}")
        issue(1, store=store)
        return store

    def check(store: Store) -> None:
        walked = receipt_chain.walk(store, receipt_chain.Walk())
        assert (walked.broken_at, walked.count) == (None, 2)
        assert len(receipts.of_subject(store, ANNA, alive.horizons(store))) == 1
        by_id = receipts.by_id(store, f"{2:032x}")
        assert by_id is not None and by_id["number"] == 2

    struck = faults.everywhere(prepare, lambda store: issue(2, ANNA, store=store), check)
    assert {one.split()[1] for one in struck} == {"GetItem", "TransactWriteItems"}


def test_a_write_that_arrives_twice_is_one_receipt(world: World) -> None:
    with faults.repeated("TransactWriteItems"):
        issue(1, ANNA)
    assert [one["number"] for one in downloaded(world)] == [1]
    assert verdict(world)["ok"]


# -- tampering --


def change(entry: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {**entry, **told}


def _resealed(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "digest": verify_receipts.digest(entry)}


def _swapped() -> None:
    three, four = stored(3), stored(4)
    put(3, four)
    put(4, three)


TAMPERING: dict[str, Callable[[], None]] = {
    "a count was changed": lambda: put(3, change(stored(3), counts={"customers": 0})),
    "a count was changed and sealed anew": lambda: put(3, _resealed(change(stored(3), counts={"customers": 0}))),
    "a subject was changed": lambda: put(5, change(stored(5), subject="0" * 32)),
    "a member was taken away": lambda: put(2, {k: v for k, v in stored(2).items() if k != "role"}),
    "one in the middle was dropped": lambda: drop(3),
    "the first was dropped": lambda: drop(1),
    "the first two were dropped": lambda: drop(1, 2),
    "the newest was dropped": lambda: drop(5),
    "all were dropped": lambda: drop(*range(1, 6)),
    "two were swapped": _swapped,
    "one was put in between": lambda: ACME.put(
        Control(ACME.key("receipts"), position(3) + "x", data=_resealed(change(stored(3), id="f" * 32)))
    ),
    "one was put in at the end": lambda: put(6, _resealed(change(stored(5), number=6, previous=stored(5)["digest"]))),
    "the newest was replaced": lambda: put(5, _resealed(change(stored(5), counts={}))),
    "an old one claims that it has expired": lambda: put(
        1, _resealed(change(stored(1), kept_until="2030-01-01T00:00:00Z", issued_at="2027-01-01T00:00:00.000Z"))
    ),
}


FOUND_AT = dict(zip(TAMPERING, (3, 4, 5, 2, 3, 1, 1, 5, 1, 3, 4, 6, 5, 2), strict=True))


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_in_the_table_is_found(world: World, what: str) -> None:
    for number in range(1, 6):
        issue(number, ANNA)
    assert verdict(world) | {"head": None} == {
        "ok": True,
        "count": 5,
        "first": 1,
        "last": 5,
        "digest": stored(5)["digest"],
        "head": None,
        "broken_at": None,
        "reason": None,
        "next": None,
    }
    TAMPERING[what]()
    told = verdict(world)
    assert (told["ok"], told["broken_at"]) == (False, FOUND_AT[what]) and told["reason"]


def test_a_long_chain_is_walked_in_pages_and_a_break_far_in_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt_chain, "PAGE", 3)
    for number in range(1, 11):
        issue(number)
    first = world.get("/v1/receipts/verify").ok()
    assert (first["ok"], first["count"], first["last"]) == (True, 3, 3) and first["next"]
    assert (verdict(world)["ok"], verdict(world)["count"]) == (True, 10)
    drop(8)
    assert (verdict(world)["ok"], verdict(world)["broken_at"]) == (False, 8)


def test_a_receipt_issued_while_the_chain_is_walked_breaks_nothing(world: World) -> None:
    issue(1)
    with faults.before("GetItem", lambda: issue(2)):
        walked = receipt_chain.walk(ACME, receipt_chain.Walk())
    assert (walked.broken_at, walked.count) == (None, 2)


def test_no_receipts_are_a_whole_chain(world: World) -> None:
    told = verdict(world)
    assert (told["ok"], told["count"], told["first"], told["head"]["number"]) == (True, 0, None, 0)


# -- after their time --


def test_receipts_are_gone_after_their_months_and_the_rest_is_still_a_chain(clock: Traveller, world: World) -> None:
    world.request("PUT", "/v1/settings", {"receipt_months": 12}).ok()
    issue(1, ANNA)
    clock.shift(200 * 86_400)
    issue(2, ANNA)
    clock.shift(170 * 86_400)  # a year and a few days after the first
    issue(3)
    assert [one["number"] for one in downloaded(world)] == [3, 2]
    world.get(f"/v1/receipts/{1:032x}").problem(404, "receipt_unknown")
    found = world.request("POST", "/v1/receipts/search", {"email": ANNA}).ok()["items"]
    assert [one["number"] for one in found] == [2]
    assert verdict(world)["ok"]
    drop(1)  # as TTL does, some day
    told = verdict(world)
    assert (told["ok"], told["first"], told["last"], told["count"]) == (True, 2, 3, 2)
    drop(2)
    assert (verdict(world)["ok"], verdict(world)["broken_at"]) == (False, 1)


def test_a_shorter_period_hides_at_once_and_a_longer_one_revives_nothing_that_went(
    clock: Traveller, world: World
) -> None:
    issue(1)
    clock.shift(90 * 86_400)
    issue(2)
    world.request("PUT", "/v1/settings", {"receipt_months": 2}).ok()
    assert [one["number"] for one in downloaded(world)] == [2]
    issue(3)
    assert stored(3)["kept_until"] >= stored(1)["kept_until"], "an earlier one would outlive it"
    assert verdict(world)["ok"]


# -- offline --


def run(tmp_path: Path, document: Any, *more: str) -> tuple[int, str]:
    file = tmp_path / "receipts.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-I", verify_receipts.__file__, str(file), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.slow
def test_a_downloaded_list_is_verified_without_the_service(world: World, tmp_path: Path) -> None:
    for number in range(1, 6):
        issue(number, ANNA)
    items = downloaded(world)
    page = world.get("/v1/receipts").ok()
    for document in (items, items[::-1], items[1:4], page):
        assert run(tmp_path, document)[0] == 0
    assert run(tmp_path, items, "--head", items[0]["digest"])[0] == 0
    code, said = run(tmp_path, items[1:], "--head", items[0]["digest"])
    assert code == 1 and said.startswith("BROKEN")


CHANGES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "changed": lambda items: [*items[:2], {**items[2], "counts": {"customers": 2}}, *items[3:]],
    "sealed anew": lambda items: [*items[:2], _resealed({**items[2], "role": "owner"}), *items[3:]],
    "dropped": lambda items: [*items[:2], *items[3:]],
    "reordered": lambda items: [items[0], items[2], items[1], *items[3:]],
    "put in": lambda items: [*items[:3], _resealed({**items[3], "id": "f" * 32}), *items[3:]],
    "twice": lambda items: [*items[:3], items[2], *items[3:]],
    "no receipts at all": lambda items: [{}, {"number": "x"}],
    "the first not the first": lambda items: [*items[:4], _resealed({**items[4], "previous": "1" * 64})],
}


@pytest.mark.parametrize("what", CHANGES)
def test_tampering_in_a_downloaded_list_is_found(world: World, what: str) -> None:
    for number in range(1, 6):
        issue(number, ANNA)
    items = downloaded(world)
    assert verify_receipts.check(items)[0]
    is_whole, words = verify_receipts.check(CHANGES[what](items))
    assert not is_whole and words


def test_the_partitions_of_receipts_name_nobody(world: World) -> None:
    issue(1, ANNA)
    rows = ACME.query_all(Access("Control"), ACME.key("receipts"), Span())
    assert "anna" not in str(rows).lower() and "example" not in str(rows)
