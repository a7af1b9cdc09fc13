"""A tenant with customers, coupons, codes and points, without HTTP."""

from dataclasses import dataclass
from itertools import count

import pytest

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.promotions import codes, coupons, points, tickets
from chalicelib.promotions.chance import Game, Prize
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.points import Booking
from chalicelib.store import alive, belongings, horizons, keys, profiles, records
from chalicelib.store.alive import Horizons
from chalicelib.store.profiles import Profile
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Store

numbers = count()
WHEEL = Game("wheel", "odds", 1000, (Prize("cup", "Tasse", 200),), wins_per_customer=1)


@dataclass
class Shop:
    """Everything is in the experience `summer`."""

    store: Store

    @property
    def cleared(self) -> Horizons:
        return alive.horizons(self.store)

    def customer(self, points: int = 0) -> str:
        """Registered now."""
        id, address = keys.random_id(), f"guest{next(numbers)}@example.com"
        profile = Profile(address, address, {})
        _, made = profiles.registration(self.store, id, profile, clock.now_ms(), self.cleared, variables=[])
        self.store.write(made)
        if points:
            self.book(id, points)
        return id

    def book(self, customer_id: str, amount: int, unique: str | None = None) -> Outcome:
        return points.book(
            self.store, customer_id, Booking(amount, "summer", "for a visit", "collect", unique), self.cleared
        )

    def coupon(self, code: str | None = None, created_at: int | None = None) -> Row:
        number = next(numbers)
        created_at = clock.now_ms() if created_at is None else created_at
        outcome = coupons.add(
            self.store, "summer", code or f"SUMMER-{number}", "batch", number, created_at, self.cleared
        )
        assert outcome.row
        return outcome.row

    def pool(self, count: int, import_id: str = "import-1", created_at: int | None = None) -> list[str]:
        """The codes of a batch that can be issued, in their order."""
        made = clock.now_ms() if created_at is None else created_at
        names = [f"{import_id}-{number}" for number in range(count)]
        for number, name in enumerate(names):
            coupons.add(self.store, "summer", name, import_id, number, made, self.cleared)
        tickets.add_batch(self.store, "summer", import_id, count, made)
        return names

    def code(self, worth: int = 10, key: str | None = None) -> Row:
        key = key or f"code{next(numbers)}"
        outcome = codes.add(
            self.store, "summer", key.upper(), key, "batch", clock.now_ms(), self.cleared, points=worth, win=True
        )
        assert outcome.row
        return outcome.row

    def entry(self, customer_id: str) -> Row:
        at = records.new_position()
        data = {"giveaway": "bike", "ticket": f"T-{next(numbers)}", "fields": {"city": "Köln"}}
        pk, sk = self.store.key(keys.customer(customer_id)), f"participations#summer#bike#{at}"
        kind = KINDS["participations"]
        row: Activity = records.prepared(
            self.store, kind, pk, sk, keys.time_of(at), "summer", data, at=at, module="bike"
        )
        self.store.put(row)
        return self.now("Activity", row.pk, row.sk)

    def person(self, customer_id: str) -> Row:
        return self.now("Customers", self.store.key(keys.customer(customer_id)), "customer")

    def now(self, table: str, pk: str, sk: str) -> Row:
        row = self.store.get(table, pk, sk)
        assert row, (table, pk, sk)
        return row

    def transactions(self, customer_id: str) -> list[Row]:
        return self.rows("transactions", customer_id)

    def rows(self, kind: str, customer_id: str) -> list[Row]:
        return belongings.of_customer(self.store, KINDS[kind], customer_id, self.cleared)

    def clear(self, kind: str, experience: str | None = None) -> None:
        """Delete all, as far as anybody can see."""
        horizons.clear(self.store, KINDS[kind], experience, clock.now_ms())


@pytest.fixture
def shop(cloud: dict[str, str]) -> Shop:
    return Shop(Store("acme"))


def untraced(row: Row) -> Row:
    """As those see it who are answered."""
    return {name: value for name, value in row.items() if name != "trace"}
