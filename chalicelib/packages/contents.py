"""What one person left, read for a package: rows as the API shows them, and whatever else is stored of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.packages import Purpose, names
from chalicelib.store import alive, belongings, customers, jobs, keys, proofs, wordings
from chalicelib.store.alive import Horizons
from chalicelib.store.files import OBJECT
from chalicelib.store.tenancy import Row, Span, Store
from chalicelib.tabs import rows
from chalicelib.titles import Locale

Shown = dict[str, Any]  # a row as the API shows it
OURS = {OBJECT, "etag"}  # names of content, no data of the person
Lack = Literal["", "checking", "refused", "missing"]  # why the content of a file is not in the package


class Gone(Exception):
    """The customer was deleted, cleared or expired before the package was whole."""


@dataclass(frozen=True)
class Order:
    """Which package: of whom, what for, in which language, and since when it is asked for (ms)."""

    customer_id: str
    purpose: Purpose
    locale: Locale
    asked_at: int

    @property
    def made_at(self) -> str:
        return clock.rfc3339(self.asked_at)


@dataclass(frozen=True)
class File:
    """An uploaded file: its row, its object's key, its path in the package."""

    row: Shown
    key: str
    path: str
    lack: Lack = ""
    etag: str | None = None  # of the content that was checked


@dataclass(frozen=True)
class Contents:
    """`records` has every kind in the order of the table of kinds, rows newest first."""

    customer: Shown
    records: Mapping[str, list[Shown]]
    files: tuple[File, ...]
    instances: tuple[str, ...] = ()  # process instances in which the person signed in
    proofs: tuple[Shown, ...] = field(default=())

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.records.values())


def read(store: Store, order: Order) -> Contents:
    """Everything of the customer, read strongly. An erasure that was asked for after the package does not hide it while
    nothing is removed yet. Raises Gone."""
    cleared = alive.horizons(store)
    person = _person(store, order, cleared)
    stored = {
        kind.name: belongings.of_customer(store, kind, order.customer_id, cleared, awaited=True)
        for kind in KINDS.values()
        if kind.name != "customers"
    }
    records = {"customers": [_customer(person)]}
    for name, found in stored.items():
        records[name] = _complete(KINDS[name], found, rows.of_person(store, KINDS[name], found, person))
    proven = _proofs(store, person, cleared)
    _add_wordings(store, [*records["consents"], *proven])
    files = _files(stored["files"], records["files"])
    instances = tuple(belongings.instances_of(store, order.customer_id))
    return Contents(records["customers"][0], records, files, instances, tuple(proven))


def check(store: Store, order: Order) -> None:
    """Nothing was removed while it was read. Raises Gone."""
    _person(store, order, alive.horizons(store))


def _person(store: Store, order: Order, cleared: Horizons) -> Row:
    """The customer with all personal fields, living, or about to be erased and still whole."""
    place, span = store.key(keys.customer(order.customer_id)), Span("customer", "fields")
    found = {row["sk"]: row for row in store.query(customers.AROUND, place, span, consistent=True).rows}
    if "customer" not in found:
        raise Gone(order.customer_id)
    row = _before_its_erasure(store, found["customer"], order.asked_at)
    if not alive.is_alive(row, customers.KIND, cleared):
        raise Gone(order.customer_id)
    beside = found["fields"]["fields"] if row.get("beside") and "fields" in found else {}
    return {**alive.with_living_consents(row, cleared), "fields": row.get("fields", beside)}


def _before_its_erasure(store: Store, row: Row, asked_at: int) -> Row:
    """An erasure that was asked for later hides the customer at once, but counts and removes what there is only when
    the package is made."""
    erasure = jobs.read(store, row["erasing"]) if row.get("erasing") else None
    whole = erasure is not None and asked_at <= erasure.created_at and "counts" not in erasure.checkpoint
    return {name: value for name, value in row.items() if name != "erasing"} if whole else row


def _customer(person: Row) -> Shown:
    return {**_unmasked(rows.customer_row(person)), "identity": person["identity"]}


def _unmasked(row: Shown) -> Shown:
    """Nothing is masked here, so nothing says that it is not."""
    return {name: value for name, value in row.items() if name != "masked"}


def _complete(kind: Kind, stored: Iterable[Row], shown: Iterable[Shown]) -> list[Shown]:
    """With what is stored of a record beside its columns: in which process instance it arose, and what lists leave
    out, such as the network that a consent came from."""
    columns = {column.name for column in kind.columns} | OURS
    return [
        {
            **_unmasked(row),
            "process_instance": record.get("process_instance"),
            **{name: value for name, value in record["data"].items() if name not in columns},
        }
        for record, row in zip(stored, shown, strict=True)
    ]


def _proofs(store: Store, person: Row, cleared: Horizons) -> list[Shown]:
    kept = proofs.of_address(store, person["identity"], cleared)
    return [{**_proof(row["data"]), "expires_at": clock.rfc3339_s(row["expires_at"])} for row in kept]


def _proof(data: Row) -> Shown:
    return {name: clock.rfc3339(value) if name.endswith("_at") else value for name, value in data.items()}


def _add_wordings(store: Store, consents: list[Shown]) -> None:
    texts: dict[str, str | None] = {}
    for consent in consents:
        digest = consent.get("text_sha256")
        if digest and digest not in texts:
            texts[digest] = wordings.text_of(store, digest)
        consent["text"] = texts.get(digest or "")


def _files(stored: list[Row], shown: list[Shown]) -> tuple[File, ...]:
    paths = names.unique(row["name"] for row in shown)
    return tuple(_file(record["data"], row, path) for record, row, path in zip(stored, shown, paths, strict=True))


def _file(told: Row, row: Shown, path: str) -> File:
    key = told.get(OBJECT, "")
    lack: Lack = "" if key else "missing"
    if told["state"] in ("checking", "refused"):
        lack = told["state"]
    return File(row, key, f"files/{path}", lack, told.get("etag"))
