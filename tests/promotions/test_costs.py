"""What each consuming write costs in read and write units, with rows below 1 KB."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.promotions import codes, coupons, instant_wins, redemptions, winners
from chalicelib.promotions.coupons import Wish
from chalicelib.promotions.instant_wins import Play
from chalicelib.promotions.redemptions import Redemption
from chalicelib.promotions.winners import Place
from chalicelib.store import wire
from chalicelib.store.metering import metered
from tests.promotions.conftest import WHEEL, Shop


def cost(work: Callable[[], object]) -> tuple[float, float]:
    with metered(wire.client()) as units:
        work()
    return units.read, units.write


def test_spending_points(shop: Shop) -> None:
    anna = shop.customer(points=10)
    assert cost(lambda: shop.book(anna, -5, "mug")) == (2, 6)  # a unit for the customer, one for the horizons


def test_coupons(shop: Shop) -> None:
    anna, coupon, cleared = shop.customer(), shop.coupon(), shop.cleared
    assert cost(lambda: coupons.issue(shop.store, coupon, Wish("summer", anna), cleared)) == (0, 6)
    assert cost(lambda: coupons.add(shop.store, "summer", "NEW", "batch", 0, 1, cleared)) == (0, 4)


def test_codes(shop: Shop) -> None:
    anna, code, cleared = shop.customer(), shop.code(), shop.cleared
    assert cost(lambda: codes.redeem(shop.store, code, anna, cleared)) == (1, 11)
    assert cost(lambda: codes.add(shop.store, "summer", "NEW", "new", "batch", 1, cleared)) == (0, 3)


def test_rewards(shop: Shop) -> None:
    anna, cleared = shop.customer(points=10), shop.cleared
    wanted = Redemption("summer", "mug", "Becher", 5)
    assert cost(lambda: redemptions.redeem(shop.store, anna, wanted, cleared)) == (1, 10)
    scarce = replace(wanted, stock=2, limit=2)
    assert cost(lambda: redemptions.redeem(shop.store, anna, scarce, cleared)) == (1, 12)


def test_winners(shop: Shop) -> None:
    entry, cleared = shop.entry(shop.customer()), shop.cleared
    assert cost(lambda: winners.record(shop.store, entry, Place("draw-1", 0, "E-Bike"), cleared)) == (1, 12)


def test_instant_wins(shop: Shop) -> None:
    anna, ben, cleared = shop.customer(), shop.customer(), shop.cleared
    for who in (anna, ben):  # whoever is the first to win makes the row of what is given
        lost, won = Play("summer", WHEEL, "a"), Play("summer", WHEEL, "b")
        assert cost(lambda: instant_wins.play(shop.store, who, lost, cleared, lambda game: False)) == (0, 3)  # noqa: B023
        units = cost(lambda: instant_wins.play(shop.store, who, won, cleared, lambda game: True))  # noqa: B023
    assert units == (3, 10)
