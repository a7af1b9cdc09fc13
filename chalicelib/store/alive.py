"""What is alive: the horizons of a tenant, the bound of every feed, the customers that still exist, and the condition
of every write that consumes or overwrites. Nothing else decides whether a record can be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.store import keys
from chalicelib.store.tables import Customer, Item
from chalicelib.store.tenancy import Row, Store


@dataclass(frozen=True)
class Horizons:
    """When kinds were last cleared (ms): of the tenant, and of experiences whose removal still runs."""

    kinds: dict[str, int] = field(default_factory=dict)
    experiences: dict[str, dict[str, int]] = field(default_factory=dict)
    time_zone: str = "Europe/Berlin"
    locale: str = "de"
    consent_proof_months: int = 0  # 0: no proofs are kept
    proofs_since: int = 0  # proofs recorded up to then (ms) were given up by turning them off or shortening
    receipt_months: int = 36
    erased_at: int = 0  # when a customer was last erased on request: what is being exported starts anew
    latest: dict[str, int] = field(default_factory=dict)  # kind → when any of it was last cleared, anywhere
    webhooks: bool = False  # whether there are some to tell
    collect_rate: int | None = None  # calls a second that the Collect API takes

    def of(self, kind: Kind, experience: str | None = None) -> int:
        """The latest moment at which such a record was cleared. All horizons of the tenant apply, and those of the
        experience, if one is named."""
        cleared = [self.kinds.get(kind.name, 0)]
        if kind.of_customers:
            cleared.append(self.kinds.get("customers", 0))
        if experience:
            cleared.append(self.experiences.get(experience, {}).get(kind.name, 0))
        return max(cleared)

    def of_row(self, kind: Kind, row: Row) -> int:
        """The same of one row: what the log says of customers goes with them."""
        cleared = self.of(kind, row.get("experience"))
        names_somebody = kind.name == "log" and "customer_id" in row
        return max(cleared, self.kinds.get("customers", 0)) if names_somebody else cleared

    def has(self, kind: Kind) -> bool:
        """Whether such records were ever cleared, of the tenant or of one of these experiences."""
        return kind.name in self.kinds or any(kind.name in cleared for cleared in self.experiences.values())

    def alive_since(self, kind: Kind, experience: str | None = None, now_s: int | None = None) -> int:
        """Records created before this moment (ms) are gone: behind a horizon or, where the promise counts from
        creation, behind their retention."""
        return max(self.of(kind, experience) + 1, retained_since(kind, now_s))


def retained_since(kind: Kind, now_s: int | None = None) -> int:
    if kind.promise.since != "creation":
        return 0
    return ((now_s or clock.now_s()) - kind.days * clock.DAY_S + 1) * 1000


def expiry(kind: Kind, created_at: int) -> int:
    """Epoch seconds at which a record of a creation-counted kind is gone."""
    return created_at // 1000 + kind.days * clock.DAY_S


def customer_expiry(active_at: int) -> int:
    """00:00 UTC after the day of the last activity + 180 days, in epoch seconds."""
    return (clock.day(active_at) + KINDS["customers"].days + 1) * clock.DAY_S


def horizons(store: Store) -> Horizons:
    """Read strongly: a delete-all is visible to the next request. One item, one read unit."""
    row = store.get("Control", store.key("tenant"), "tenant")
    return of_document(row["data"] if row else {})


def of_document(document: dict[str, Any]) -> Horizons:
    return Horizons(
        document.get("kinds", {}),
        document.get("experiences", {}),
        document.get("time_zone", Horizons.time_zone),
        document.get("locale", Horizons.locale),
        document.get("consent_proof_months", Horizons.consent_proof_months),
        document.get("proofs_since", 0),
        document.get("receipt_months", Horizons.receipt_months),
        document.get("erased_at", 0),
        document.get("latest", {}),
        document.get("webhooks", False),
        document.get("collect_rate"),
    )


AWAITED = "checking"  # the state of a file that has not arrived: its record is there, and nobody sees it


def is_alive(row: Row | None, kind: Kind, cleared: Horizons, now_s: int | None = None) -> bool:
    """Of one record that was read by its key. Consents are alive while their customer is: ask `customers` for that."""
    return is_kept(row, kind, cleared, now_s) and not is_awaited(row)


def is_kept(row: Row | None, kind: Kind, cleared: Horizons, now_s: int | None = None) -> bool:
    """Alive, or a file that is still awaited."""
    if row is None or "erasing" in row or row["created_at"] <= cleared.of_row(kind, row):
        return False
    return kind.name == "consents" or bool(row["expires_at"] > (now_s or clock.now_s()))


def is_awaited(row: Row | None) -> bool:
    return row is not None and row.get("data", {}).get("state") == AWAITED


NAMED_BY = ("customer_id", "email", "created_at", "expires_at", "erasing")  # what other kinds need of their customer


def customers(
    store: Store,
    ids: Iterable[str],
    cleared: Horizons,
    consistent: bool = False,
    only: Sequence[str] = (),
    now_s: int | None = None,
) -> dict[str, Row]:
    """The living among these customers, by id: half a read unit each. `only` these attributes."""
    places = [(store.key(keys.customer(id)), "customer") for id in ids]
    found = store.get_many("Customers", places, consistent, only)
    horizon, now = cleared.of(KINDS["customers"]), now_s or clock.now_s()
    kept = [row for row in found.values() if row["created_at"] > horizon and row["expires_at"] > now]
    living = [row for row in kept if "erasing" not in row]
    return {row["customer_id"]: with_living_consents(row, cleared) for row in living}


def known(
    store: Store, ids: Iterable[str], cleared: Horizons, only: Sequence[str] = (), now_s: int | None = None
) -> dict[str, Row | None]:
    """All of them, with None for who is dead or gone: whoever was not found is looked for once more, strongly, since a
    customer may be a moment old. Half a read unit each."""
    wanted = set(ids)
    found = customers(store, wanted, cleared, only=only, now_s=now_s)
    missing = wanted - found.keys()
    again = customers(store, missing, cleared, consistent=True, only=only, now_s=now_s) if missing else {}
    return {id: found.get(id) or again.get(id) for id in wanted}


def with_living_consents(customer: Row, cleared: Horizons) -> Row:
    """Without the state of consents that were cleared: it goes with the record that it came from."""
    kind = KINDS["consents"]
    if "consents" not in customer or not cleared.has(kind):
        return customer
    living = {
        consent: state
        for consent, state in customer["consents"].items()
        if keys.time_of(state["id"]) > cleared.of(kind, state.get("experience"))
    }
    return {**customer, "consents": living}


def still_alive(model: type[Item], kind: Kind, cleared: Horizons, experience: str | None = None) -> Condition:
    """The condition of a write that consumes or changes a record: it is there and neither expired nor cleared."""
    horizon = cleared.of(kind, experience)
    condition: Condition = (model.expires_at > clock.now_s()) & (_created_at(model) > horizon)
    return condition & Customer.erasing.does_not_exist() if model is Customer else condition


def free_or_dead(model: type[Item], kind: Kind, cleared: Horizons, experience: str | None = None) -> Condition:
    """The condition of a write that takes a natural key: nothing is there, or what is there is dead."""
    horizon = cleared.of(kind, experience)
    dead: Condition = (model.expires_at <= clock.now_s()) | (_created_at(model) <= horizon)
    free: Condition = model.pk.does_not_exist() | dead
    return free


def _created_at(model: type[Item]) -> Any:
    """Every model that is asked for has it; only documents of Control have not."""
    return model.created_at  # type: ignore[attr-defined]
