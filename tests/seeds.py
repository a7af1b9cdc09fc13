"""Records of every kind, planted through storage: what campaigns leave behind, at any time, whoever made it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.store import alive, belongings, customers, keys, records, wordings
from chalicelib.store.tables import Claim, Record
from chalicelib.store.tenancy import Row, Store
from tests.world import World

ANNA = "anna.schmidt@example.com"
POSTAL: dict[str, Any] = {
    "firstname": "Annegret-Charlotte",
    "lastname": "Müller-Lüdenscheidt",
    "phone": "+49 351 4960123",
    "street": "Königsbrücker Landstraße",
    "house_number": "112 a, Hinterhaus",
    "postal_code": "01067",
    "city": "Dresden",
    "country": "DE",
    "question": "Mein Lieblingsrad hat zwei Räder und einen Korb.",
}
WORDING = "Ja, ich möchte den Newsletter."
TRACE = "463ac35c9f6413ad48485a3953bb6124"
WINNER: dict[str, Any] = {"prize": "E-Bike", "ticket": "T7Q4-9KXM-2F", "state": "notified", "reason": "moved away"}

DATA: dict[str, dict[str, Any]] = {
    "consents": {
        "consent": "newsletter",
        "status": "granted",
        "text_version": "2026-05",
        "text_sha256": wordings.fingerprint(WORDING),
        "locale": "de",
        "channel": "web",
        "method": "single",
    },
    "participations": {
        "giveaway": "bike",
        "ticket": "T7Q4-9KXM-2F",
        "terms_version": "2026-05",
        "channel": "web",
        "fields": POSTAL,
    },
    "winners": {"giveaway": "bike", "draw_id": "draw-1", "slot": 1, **WINNER, "fields": POSTAL},
    "instant_win_participations": {"instant_win": "wheel", "ticket": "T7Q4", "won": False, "fields": POSTAL},
    "instant_win_winners": {"instant_win": "wheel", **WINNER, "fields": POSTAL},
    "redemptions": {"reward": "mug", "reward_title": "Becher", "cost": 300, "fields": POSTAL},
    "transactions": {"amount": 50, "balance_after": 50, "reason": "answered a quiz", "source": "collect"},
    "variables": {"name": "size", "value": '"XL"', "scope": "experience", "system": False},
    "files": {
        "name": "anna.mp3",
        "content_type": "audio/mpeg",
        "size": 48_000,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "variable": "voice",
        "state": "ready",
    },
    "coupons": {"code": "SUMMER-7F3K", "state": "issued", "import_id": "import-1"},
    "codes": {"code": "LUCKY-0815", "points": 50, "win": True, "state": "redeemed", "import_id": "import-1"},
    "log": {
        "level": "error",
        "event": "remote_call_failed",
        "message": "The shop answered 503",
        "attributes": {"host": "shop.example"},
        "trace_id": TRACE,
        "times": 1,
    },
}
MODULE = {"giveaway", "instant_win", "reward", "name"}  # members by which the thin index groups, as lists filter
OPEN = {"coupons", "codes"}  # nobody's until somebody gets them
_PLANTED = count()  # sorts those of one millisecond as they were made

# Kinds that differ in how they lie and are read. The others share all of that with `participations`, and are slow
# tests.
UNLIKE = ("customers", "consents", "participations", "variables", "coupons", "codes", "log")
EVERY_KIND = [name if name in UNLIKE else pytest.param(name, marks=pytest.mark.slow) for name in KINDS]
EVERY_RECORD = EVERY_KIND[1:]  # all but customers


@dataclass(frozen=True)
class Planted:
    """`id` is the record's id in the API; `place` where it lies."""

    id: str
    table: str
    place: tuple[str, str]

    def stored(self, store: Store) -> Row | None:
        """The item itself, whatever lists show of it."""
        return store.get(self.table, *self.place)


def ms(moment: datetime) -> int:
    return clock.milliseconds(moment)


def moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def guest(world: World, email: str = ANNA, at: int | None = None, tenant: str = "acme", **told: Any) -> str:
    """A customer's id: somebody who signed in, now or at `at` (ms)."""
    when = {"occurred_at": moment(at)} if at is not None else {}
    return str(world.collect("sign-ins", email=email, tenant=tenant, **when, **told).ok()["customer_id"])


def plant(
    kind: str,
    person: str | None,
    at: int | None = None,
    experience: str = "summer",
    tenant: str = "acme",
    instance: str | None = None,
    **own: Any,
) -> Planted:
    """One record of any kind but customers, made at `at` (ms, now). `own` replaces what is in its columns."""
    store, of, created_at = Store(tenant), KINDS[kind], clock.now_ms() if at is None else at
    data = DATA[kind] | own
    row = _row(store, of, person, instance, created_at, experience, data)
    row.process_instance = instance
    if kind in OPEN:
        _hold(store, row, kind, person)
    if kind == "log":
        _log(store, row, person, instance)
    if kind == "winners":
        row.by_draw = store.key(keys.of_draw(data["draw_id"]))
    store.put(row)
    return Planted(records.id_of(store, of, {"pk": row.pk, "sk": row.sk}), of.promise.table, (row.pk, row.sk))


def customer(person: str, tenant: str = "acme") -> Planted:
    """The customer as a record, too."""
    return Planted(person, "Customers", (Store(tenant).key(keys.customer(person)), "customer"))


def of_kind(world: World, kind: str, person: str, **where: Any) -> Planted:
    """The customer itself, or a new record of that customer."""
    return customer(person) if kind == "customers" else plant(kind, person, **where)


def link(instance: str, person: str, tenant: str = "acme") -> None:
    """That person signed in there."""
    store, now = Store(tenant), clock.now_ms()
    for item in belongings.links(store, instance, person, now, now // 1000 + 60 * clock.DAY_S):
        store.put(item)


def _row(
    store: Store, kind: Kind, person: str | None, instance: str | None, at: int, experience: str, data: dict[str, Any]
) -> Any:
    position = keys.time_ordered_id(at, next(_PLANTED) % 4096)
    row: Record = records.prepared(
        store,
        kind,
        _partition(store, kind, person, instance, experience, position),
        position if kind.name == "log" else _sort_key(kind, experience, data, position),
        at,
        experience,
        data,
        at=position,
        module=_module(kind, data),
        expires_at=_expiry(store, kind, person),
    )
    if kind.name == "consents":
        module = f"{data['consent']}#{data['status']}"
        row.by_module = store.key(keys.of_module("consents", keys.ANYWHERE, module, keys.shard(position)))  # type: ignore[attr-defined]
        wordings.keep(store, WORDING)
    return row


def _partition(
    store: Store, kind: Kind, person: str | None, instance: str | None, experience: str, position: str
) -> str:
    if kind.name == "log":
        return store.key(keys.feed("log", keys.shard(position)))
    if kind.name in OPEN:
        return store.key(f"{kind.name}#{experience}#{position}")
    return records.partition_of(store, person, instance, position)


def _sort_key(kind: Kind, experience: str, data: dict[str, Any], position: str) -> str:
    middle = f"{experience}#{data['name']}#" if kind.name == "variables" else ""
    return f"{kind.name}#{middle}{position}"


def _module(kind: Kind, data: dict[str, Any]) -> str | None:
    names = [name for name in kind.filters if name in MODULE]
    return str(data[names[0]]) if names else None


def _expiry(store: Store, kind: Kind, person: str | None) -> int | None:
    """A consent stays with its customer, and for up to a week more."""
    if kind.name != "consents" or person is None:
        return None
    row = store.get("Customers", store.key(keys.customer(person)), "customer")
    return customers.expiry_around(row["active_at"]) if row else None


def _hold(store: Store, row: Any, kind: str, person: str | None) -> None:
    if person is None:
        row.data = {**row.data, "state": "free"}
        return
    row.customer_id = person
    row.data = {**row.data, ("issued_at" if kind == "coupons" else "redeemed_at"): row.created_at}
    if kind == "codes":
        row.holder = store.key(keys.customer(person))
        return
    claim = Claim(store.key(keys.customer(person)), f"claim#{row.experience}#{row.at}", coupon_pk=row.pk)
    claim.coupon_sk, claim.created_at = row.sk, row.created_at
    claim.expires_at = alive.expiry(KINDS["coupons"], row.created_at)
    store.put(claim)


def _log(store: Store, row: Any, person: str | None, instance: str | None) -> None:
    level, trace = row.data["level"], row.data.get("trace_id")
    row.customer_id = person
    row.by_trace = store.key(keys.of_trace(trace)) if trace else None
    if level in ("warning", "error"):
        row.by_level = store.key(keys.of_level(level, keys.shard(row.sk)))
    if person or instance:
        row.by_customer = store.key(keys.customer(person) if person else keys.instance(str(instance)))
