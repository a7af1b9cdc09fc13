"""What the storage functions write is what lists, the customer page and the chat's state show."""

from typing import Any

import pytest

from chalicelib.promotions import codes, coupons, instant_wins, redemptions, winners
from chalicelib.promotions.coupons import Wish
from chalicelib.promotions.instant_wins import Play
from chalicelib.promotions.redemptions import Redemption
from chalicelib.promotions.winners import Place
from tests.promotions.conftest import WHEEL, Shop
from tests.world import World

ANNA = "anna@example.com"
RESPOND_BY = 1_900_000_000_000
GIVEN = (
    "winners",
    "instant_win_participations",
    "instant_win_winners",
    "redemptions",
    "transactions",
    "coupons",
    "codes",
)


@pytest.fixture
def anna(world: World, shop: Shop) -> str:
    """Who has one of each."""
    id = str(world.collect("sign-ins", email=ANNA).ok()["customer_id"])
    world.collect("participations", email=ANNA, giveaway="bike", fields={"city": "Köln"}).ok()
    shop.book(id, 40)
    store, cleared = shop.store, shop.cleared
    coupons.issue(store, shop.coupon("ONE"), Wish("summer", id), cleared)
    codes.redeem(store, shop.code(key="one", worth=0), id, cleared)
    redemptions.redeem(store, id, Redemption("summer", "mug", "Becher", 40), cleared)
    instant_wins.play(store, id, Play("summer", WHEEL, "once"), cleared, lambda game: True)
    [entry] = shop.rows("participations", id)
    winners.record(store, entry, Place("draw-1", 0, "E-Bike", RESPOND_BY), cleared)
    return id


@pytest.mark.parametrize("kind", GIVEN)
def test_a_record_is_listed_with_its_customer_in_every_way(world: World, anna: str, kind: str) -> None:
    rows = world.rows(kind)
    assert rows and {row["email"] for row in rows} == {ANNA}
    filters: list[dict[str, Any]] = [{"experience": "summer"}, {"customer_id": anna}, {"email": "anna"}]
    filters += {
        "winners": [{"draw": "draw-1"}, {"experience": "summer", "giveaway": "bike"}],
        "instant_win_winners": [{"experience": "summer", "instant_win": "wheel"}],
        "redemptions": [{"experience": "summer", "reward": "mug"}],
        "coupons": [{"state": "issued"}],
        "codes": [{"state": "redeemed"}],
    }.get(kind, [])
    for query in filters:
        assert world.rows(kind, **query) == rows, query
    assert world.get(f"/v1/records/{kind}/{rows[0]['id']}").ok() == rows[0]
    assert world.get(f"/v1/customers/{anna}").ok()[kind]["items"] == rows


def test_the_entry_is_shown_as_drawn(world: World, anna: str) -> None:
    [entry] = world.rows("participations")
    assert entry["drawn"] is True


def test_the_chat_sees_points_coupon_and_wins(world: World, anna: str) -> None:
    state = world.collect("state", customer_id=anna).ok()
    [winner], [instant] = world.rows("winners"), world.rows("instant_win_winners")
    assert (state["points"], state["coupon"]) == (0, {"code": "ONE"})
    assert sorted(state["wins"], key=lambda win: str(win["prize"])) == [
        {"winner_id": winner["id"], "prize": "E-Bike", "respond_by": "2030-03-17T17:46:40.000Z"},
        {"winner_id": instant["id"], "prize": "Tasse", "respond_by": None},
    ]
    told = world.collect("sign-ins", email=ANNA).ok()["state"]["wins"]  # of draws: what the customer's item knows
    assert [win["prize"] for win in told] == ["E-Bike"]


def test_deleted_and_cleared_wins_are_not_shown_to_the_chat(world: World, anna: str) -> None:
    [winner] = world.rows("winners")
    world.request("DELETE", f"/v1/records/winners/{winner['id']}").ok()
    assert [win["prize"] for win in world.collect("state", customer_id=anna).ok()["wins"]] == ["Tasse"]
    query = {"confirm": "instant_win_winners", "experience": "summer"}
    world.request("DELETE", "/v1/records/instant_win_winners", query=query).ok()
    assert world.collect("state", customer_id=anna).ok()["wins"] == []


def test_coupons_and_codes_of_a_customer_who_is_gone_are_spent_and_nameless(world: World, anna: str) -> None:
    world.request("DELETE", f"/v1/records/customers/{anna}").ok()
    for kind, state in (("coupons", "issued"), ("codes", "redeemed")):
        [row] = world.rows(kind)
        assert (row["state"], row["email"], row["customer_id"]) == (state, None, None)
