"""Coupons through the API: the same one for the same guest, none for two, and none lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as now
from chalicelib.kinds import KINDS
from chalicelib.promotions import burnt, tickets
from chalicelib.store import alive, horizons
from chalicelib.store.tables import Code
from tests import faults
from tests.collect import stored
from tests.collect.offers import STORE, code, fill, guest, offer, stock
from tests.collect.threads import at_once, collect
from tests.pumping import finished
from tests.world import World

ANNA = "anna@example.com"


def claim(world: World, who: str, key: str | None = None, **told: Any) -> Any:
    return world.collect("coupon-claims", key, customer_id=who, **told).ok()


def issued(world: World) -> dict[str, str]:
    """Which customer has which coupon, as the list shows it."""
    return {row["code"]: row["customer_id"] for row in world.rows("coupons", state="issued")}


def drop(name: str) -> None:
    STORE.delete(Code(STORE.key(f"coupons#summer#{name}"), "coupon"))


def clear(clock: Traveller) -> None:
    horizons.clear(STORE, KINDS["coupons"], None, now.now_ms())
    clock.shift(1)


def test_a_claim_answers_with_the_code_and_again_with_the_same(clock: Traveller, world: World) -> None:
    anna, [first, *_] = guest(world, ANNA), fill(3)
    answer = claim(world, anna)
    assert (answer["outcome"], answer["code"], answer["issued_at"]) == ("issued", first, "2030-05-21T08:00:00.000Z")
    assert answer["expires_at"] == "2032-05-10T08:00:00Z"
    assert world.get(f"/v1/records/coupons/{answer['id']}").ok()["email"] == ANNA
    clock.shift(60)
    with stored.nothing_written():
        again = claim(world, anna)
    assert again == {**answer, "outcome": "already_issued"}
    assert world.collect("state", customer_id=anna).ok()["coupon"] == {"code": first}


def test_coupons_go_in_order_through_all_batches_until_none_is_left(clock: Traveller, world: World) -> None:
    names = [*fill(2), *fill(3)]
    assert [claim(world, guest(world))["code"] for _ in names] == names
    last = guest(world)
    assert claim(world, last) == {"type": "coupon-claims", "outcome": "none_left"}
    [more] = fill(1)
    assert claim(world, last)["code"] == more


def test_an_experience_without_coupons_has_none_left(world: World) -> None:
    assert claim(world, guest(world))["outcome"] == "none_left"


def test_a_lost_answer_is_answered_again_under_its_key(clock: Traveller, world: World) -> None:
    anna = guest(world)
    fill(2)
    first = world.collect("coupon-claims", "k", customer_id=anna)
    clock.shift(3600)
    again = world.collect("coupon-claims", "k", customer_id=anna)
    assert (again.ok(), again.headers["Idempotent-Replayed"]) == (first.ok(), "true")
    assert claim(world, anna, "another")["outcome"] == "already_issued"
    world.collect("coupon-claims", "k", customer_id=anna, per="customer").problem(422, "idempotency_key_reused")


def test_after_an_erasure_a_repeated_claim_gives_the_returning_guest_nothing(clock: Traveller, world: World) -> None:
    anna = guest(world, ANNA)
    fill(2)
    world.collect("coupon-claims", "k", email=ANNA).ok()
    finished(world.request("DELETE", f"/v1/records/customers/{anna}").ok()["job"], clock)
    world.collect("coupon-claims", "k", email=ANNA).problem(410, "erased")
    guest(world, ANNA)
    world.collect("coupon-claims", "k", email=ANNA).problem(410, "erased")
    assert world.collect("coupon-claims", "new", email=ANNA).ok()["outcome"] == "issued"


def test_what_happens_now_has_no_time_of_its_own(world: World) -> None:
    anna, at = guest(world, ANNA), datetime.now(UTC).isoformat()
    [error] = world.collect("coupon-claims", customer_id=anna, occurred_at=at).problem(422, "validation")["errors"]
    assert (error["pointer"], error["code"]) == ("/occurred_at", "unknown_member")
    answer = world.call({"type": "coupon-claims"}, key="k", customer_id=anna, occurred_at=at).ok()
    assert answer["results"][0]["outcome"] == "none_left"  # as a default it is for other events


def test_a_coupon_per_participation(world: World) -> None:
    anna, ben = guest(world), guest(world)
    names = fill(3)
    entries = [world.collect("participations", f"e{i}", customer_id=anna, giveaway="often").ok()["id"] for i in (1, 2)]
    for _ in range(2):
        got = [claim(world, anna, per="participation", participation_id=entry) for entry in entries]
        assert [answer["code"] for answer in got] == names[:2]
    assert claim(world, anna)["code"] == names[2]
    with stored.nothing_written():
        for told, code in (
            ({"per": "participation"}, "missing"),
            ({"per": "participation", "participation_id": "nope"}, "invalid"),
            ({"per": "customer", "participation_id": entries[0]}, "not_here"),
        ):
            [error] = world.collect("coupon-claims", customer_id=anna, **told).problem(422, "validation")["errors"]
            assert (error["pointer"], error["code"]) == ("/participation_id", code)
        foreign = world.collect("coupon-claims", customer_id=ben, participation_id=entries[0])
        foreign.problem(422, "validation")
    offer(world, coupons={"per": "participation"})
    world.collect("coupon-claims", customer_id=anna).problem(422, "validation")


def test_low_stock_is_told_once_each_time_it_falls_to_its_mark(clock: Traveller, world: World) -> None:
    offer(world, coupons={"low_at": 1})

    def told() -> list[Any]:
        return [row["attributes"] for row in world.rows("log", event="coupons_low")]

    fill(3)
    seen = []
    for _ in range(4):
        claim(world, guest(world))
        seen.append(len(told()))
    assert seen == [0, 1, 1, 1]
    assert told() == [{"free": 1, "low_at": 1}]
    fill(3)
    for _ in range(3):
        claim(world, guest(world))
        clock.shift(1)
    assert len(told()) == 2
    assert world.rows("log", level="warning")[0]["event"] == "coupons_low"


def test_the_stock_is_told_with_the_experience(world: World) -> None:
    offer(world)
    fill(3)
    claim(world, guest(world))
    assert stock(world)["coupons"] == {"free": 2, "low_at": 1}


@pytest.mark.parametrize("how", ["cleared", "expired", "taken back"])
def test_dead_batches_are_skipped_whole_however_large_they_are(clock: Traveller, world: World, how: str) -> None:
    fill(1, "other")
    tickets.add_batch(STORE, "summer", "dead", 1_000_000, now.now_ms())
    if how == "cleared":
        clear(clock)
    elif how == "expired":
        clock.shift(timedelta(days=720))
        world.tokens.clear()
    else:
        tickets.remove_batch(STORE, "summer", "dead")
    names = fill(2)
    got = [claim(world, guest(world)).get("code") for _ in range(4 if how == "taken back" else 3)]
    assert got == [*(["OTHER-0"] if how == "taken back" else []), *names, None]


def test_coupons_deleted_one_by_one_are_passed_over(clock: Traveller, world: World) -> None:
    names = fill(4)
    drop(names[0])
    drop(names[2])
    clock.shift(timedelta(minutes=6))  # an index has all by then
    got = [claim(world, guest(world)).get("code") for _ in range(3)]
    assert got == [names[1], names[3], None]


def test_a_coupon_that_the_index_shows_late_is_lost_to_nobody(clock: Traveller, world: World) -> None:
    names = fill(2)
    row = STORE.get("Codes", STORE.key(f"coupons#summer#{names[0]}"), "coupon")
    assert row
    drop(names[0])
    assert claim(world, guest(world))["code"] == names[1]
    assert claim(world, guest(world))["outcome"] == "none_left"
    late: Any = Code(row["pk"], row["sk"], **{name: row[name] for name in row if name not in ("pk", "sk")})
    STORE.put(late)
    assert claim(world, guest(world))["code"] == names[0]


@pytest.mark.slow
def test_trouble_at_any_call_neither_loses_nor_doubles_a_coupon(clock: Traveller, world: World) -> None:
    """Each guest has one coupon in the end, and after the last guest all are issued: none was lost."""
    everybody: list[str] = []

    def prepare() -> str:
        everybody.append(guest(world))
        fill(1)
        return everybody[-1]

    def work(who: str) -> None:
        reply = world.collect("coupon-claims", customer_id=who)
        assert reply.status in (200, 409, 429, 503), reply.text

    struck = faults.everywhere(prepare, work, lambda who: claim(world, who)["code"])
    assert {"conflict TransactWriteItems", "lost TransactWriteItems", "lost UpdateItem"} <= set(struck)
    held = issued(world)
    assert sorted(held.values()) == sorted(everybody)
    assert world.rows("coupons", state="free") == []


@pytest.mark.slow
@pytest.mark.parametrize("key", [None, "k"])
def test_trouble_at_the_end_of_the_tickets_loses_none(clock: Traveller, world: World, key: str | None) -> None:
    """The last coupon's ticket was burnt by somebody who died."""
    anna = [guest(world)]

    def prepare() -> str:
        stored.forget()
        anna[0] = guest(world)
        fill(1)
        tickets.take(STORE, "summer", alive.horizons(STORE))
        return anna[0]

    def work(who: str) -> None:
        assert world.collect("coupon-claims", key, customer_id=who).status in (200, 409, 429, 503)

    def check(who: str) -> None:
        outcome = claim(world, who, key)["outcome"]
        assert outcome == ("issued" if key else "already_issued")
        assert list(issued(world).values()) == [who]

    faults.everywhere(prepare, work, check)


def test_burnt_tickets_come_back_before_there_are_none_left(clock: Traveller, world: World) -> None:
    names = fill(5)
    for _ in range(4):
        tickets.take(STORE, "summer", alive.horizons(STORE))
    assert sorted(claim(world, guest(world))["code"] for _ in names) == sorted(names)
    assert claim(world, guest(world))["outcome"] == "none_left"


def test_the_block_before_the_last_is_looked_after(
    clock: Traveller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(burnt, "BLOCK", 4)
    names = fill(16)
    tickets.take(STORE, "summer", alive.horizons(STORE))
    swept = []
    for _ in range(11):
        claim(world, guest(world))
        swept.append(tickets.read(STORE, "summer").swept)
    assert swept == [0] * 6 + [4] * 4 + [8]
    back, more = burnt.some(STORE, "summer", tickets.read(STORE, "summer"), alive.horizons(STORE))
    assert ([one.ticket.number for one in back], more) == ([0], False)
    for _ in range(5):
        claim(world, guest(world))
    assert set(issued(world)) == set(names)


@pytest.mark.slow
def test_of_64_who_want_the_last_coupon_one_gets_it(world: World) -> None:
    people = [guest(world) for _ in range(64)]
    fill(1)
    answers = at_once(64, lambda i: collect("coupon-claims", customer_id=people[i]))
    outcomes = [answer.get("outcome") for answer in answers]
    assert outcomes.count("issued") == 1 and outcomes.count("none_left") >= 62
    assert len(issued(world)) == 1


def test_a_guest_who_claims_from_everywhere_at_once_has_one_coupon_and_costs_nobody_another(world: World) -> None:
    anna, names = guest(world), fill(8)
    answers = at_once(8, lambda i: collect("coupon-claims", customer_id=anna))
    assert len({answer["code"] for answer in answers if "code" in answer}) == 1
    assert len(issued(world)) == 1
    others = [guest(world) for _ in range(7)]
    assert sorted([*issued(world), *(claim(world, who)["code"] for who in others)]) == sorted(names)


def test_the_row_of_tickets_stays_small_and_remembers_what_was_added(world: World) -> None:
    for place in range(12):
        fill(1, f"import-{place}")
        claim(world, guest(world))
        pool = tickets.read(STORE, "summer")
        burnt.look_after(STORE, "summer", pool, pool.taken, alive.horizons(STORE))
    assert len(tickets.read(STORE, "summer").batches) <= 6
    end = tickets.read(STORE, "summer").end
    tickets.add_batch(STORE, "summer", "import-11", 1, 0)
    assert tickets.read(STORE, "summer").end == end


def test_a_code_is_no_coupon(world: World) -> None:
    code("SUMMER")
    assert claim(world, guest(world))["outcome"] == "none_left"
