"""What one tenant removed on purpose: the suppression list, erasures in the audit log, horizons, imports taken back."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.promotions import batches
from chalicelib.store import alive, experiences, keys, suppression
from chalicelib.store.alive import Horizons
from chalicelib.store.tenancy import Access, Key, Row, Span, Store

LONGEST_MS = 60_000  # a deletion is noted before it is done: so long it may take
TAKEN = ("taking_back", "taken_back")


@dataclass(frozen=True)
class Gone:
    """`to` (ms) is the moment that the table was restored to. Customers' ids never come back, so all erasures count;
    keys of records may, so only deletions since then, and only of what was there by then."""

    store: Store
    to: int

    @cached_property
    def cleared(self) -> Horizons:
        """With those of all experiences."""
        cleared = alive.horizons(self.store)
        named = {one["id"] for one in experiences.all_of(self.store)} | set(cleared.experiences)
        stored = (experiences.read(self.store, id) for id in named)
        return experiences.with_settled(cleared, [one for one in stored if one])

    @cached_property
    def imports(self) -> set[str]:
        """Those that were taken back."""
        rows = self.store.query_all(Access("Control"), self.store.key(batches.PARTITION), Span(), consistent=True)
        return {row["sk"] for row in rows if row["data"].get("state") in TAKEN}

    def customer(self, id: str | None) -> bool:
        return id is not None and any(one in self._customers for one in suppression.customer_hashes(self.store, id))

    def instance(self, name: str, created_at: int) -> bool:
        """Whether what was recorded in it then was a person's who is gone."""
        found = (self._instances.get(one, 0) for one in suppression.instance_hashes(self.store, name))
        return any(created_at <= at for at in found)

    def record(self, table: str, place: Key, created_at: int) -> bool:
        return self._since(suppression.record_hashes(self.store, table, place), created_at)

    def consent(self, pk: str, name: str, created_at: int) -> bool:
        return self._since(suppression.consent_hashes(self.store, pk, name), created_at)

    def cleared_row(self, kind: str, row: Row) -> bool:
        """Behind a horizon."""
        return bool(row["created_at"] <= self.cleared.of_row(KINDS[kind], row))

    def with_customers(self, at: int) -> bool:
        """Whether who was a customer then was cleared with all customers."""
        return at <= self.cleared.of(KINDS["customers"])

    def guard(self, row: Row) -> bool:
        """Of an entry that is gone. The guard's key names the experience, the entry's key the customer."""
        entry, kind, at = (row["entry_pk"], row["entry_sk"]), KINDS["participations"], row["created_at"]
        experience = self.store.partition(row["pk"]).split("#")[1]
        is_gone = self.customer(owner(self.store, row["entry_pk"])) or at <= self.cleared.of(kind, experience)
        return is_gone or self.record("Activity", entry, at)

    def _since(self, hashes: list[str], created_at: int) -> bool:
        found = [self._others.get(one, 0) for one in hashes]
        return any(at >= self.to - LONGEST_MS and created_at <= at for at in found)

    @cached_property
    def _customers(self) -> set[str]:
        """An erasure is in the audit log from its request on; in the list when the removal begins."""
        span = Span(keys.time_prefix(clock.now_ms() - suppression.KEPT_DAYS * clock.DAY_MS))
        noted = self.store.query_all(Access("Control"), self.store.key("audit"), span, consistent=True)
        asked = {row["data"]["customer"] for row in noted if row["data"]["action"] == "customer.erased"}
        return asked | {what["customer"] for _, what in self._list if "customer" in what}

    @cached_property
    def _instances(self) -> dict[str, int]:
        return {hashed: at for at, what in self._list for hashed in what.get("instances", ())}

    @cached_property
    def _others(self) -> dict[str, int]:
        """Records and histories of consents, and when they were last deleted."""
        return {what[name]: at for at, what in self._list for name in ("record", "consent") if name in what}

    @cached_property
    def _list(self) -> list[tuple[int, dict[str, Any]]]:
        return list(suppression.entries(self.store))


def owner(store: Store, pk: str) -> str | None:
    """The customer in whose partition it lies."""
    kind, _, name = store.partition(pk).partition("#")
    return name if kind == "c" else None


def instance(store: Store, pk: str) -> str | None:
    kind, _, name = store.partition(pk).partition("#")
    return name if kind == "p" else None
