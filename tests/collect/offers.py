"""An experience that gives things away, and what imports would have brought in."""

from itertools import count
from typing import Any

from chalicelib import clock
from chalicelib.promotions import codes, coupons, tickets
from chalicelib.store import alive
from chalicelib.store.tenancy import Store
from tests.world import EXPERIENCE, World

STORE = Store("acme")
WHEEL: dict[str, Any] = {"id": "wheel", "title": "Wheel", "rule": "daily", "wins_per_customer": 1, "per_mille": 1000}
WHEEL |= {"prizes": [{"id": "cup", "name": "Tasse", "stock": 2}]}
MUG = {"id": "mug", "title": "Becher", "cost": 30, "stock": 2, "per_customer": 1}
OFFERS: dict[str, Any] = {
    **EXPERIENCE,
    "instant_wins": [WHEEL],
    "rewards": [MUG, {"id": "thanks", "title": "Danke", "cost": 0}, {"id": "pen", "title": "Stift", "cost": 1}],
    "codes": {"tries_per_hour": 3},
    "coupons": {"low_at": 1},
}
numbers = count()


def offer(world: World, **parts: Any) -> None:
    """The experience `summer` from now on."""
    seen = world.get("/v1/experiences/summer").headers["ETag"]
    world.request("PUT", "/v1/experiences/summer", OFFERS | parts, headers={"If-Match": seen}).ok()


def stock(world: World) -> Any:
    return world.get("/v1/experiences/summer").ok()["stock"]


def fill(number: int, import_id: str | None = None) -> list[str]:
    """So many coupons, in the order in which they are issued."""
    import_id, made, cleared = import_id or f"import-{next(numbers)}", clock.now_ms(), alive.horizons(STORE)
    names = [f"{import_id.upper()}-{place}" for place in range(number)]
    for place, name in enumerate(names):
        coupons.add(STORE, "summer", name, import_id, place, made, cleared)
    tickets.add_batch(STORE, "summer", import_id, number, made)
    return names


def code(name: str, points: int = 10, win: bool = False, import_id: str = "import") -> str:
    key, cleared = codes.normalised(name), alive.horizons(STORE)
    codes.add(STORE, "summer", name, key, import_id, clock.now_ms(), cleared, points=points, win=win)
    return name


def guest(world: World, email: str | None = None) -> str:
    return str(world.collect("sign-ins", email=email or f"guest{next(numbers)}@example.com").ok()["customer_id"])


def pay(world: World, who: str, points: int) -> None:
    world.collect("points", f"pay-{next(numbers)}", customer_id=who, amount=points, reason="visit").ok()
