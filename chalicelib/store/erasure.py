"""Everything of one customer, in all tables and the files bucket: found by at most seven queries (five, and two for
each process instance), and removed in an order in which a second try finds what the first one left.

Records, their marks, guards and objects go first, then what leads to them, the customer's own item last. Coupons and
codes stay spent, winners keep their slot, all without a name."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.kinds import KINDS
from chalicelib.store import belongings, customers, deletion, files, guards, idempotency, keys, nameless, search
from chalicelib.store.failures import accepted
from chalicelib.store.records import MODELS
from chalicelib.store.tables import Found, Item
from chalicelib.store.tenancy import Access, Row, Span, Store, in_parallel

CHUNK = 250  # rows that are removed between two looks at the clock

OWN = (
    Access("Customers"),
    Access("Activity"),
    Access("Codes"),
    Access("Codes", "holder", "holder", "at"),
    Access("RuntimeLog", "customer", "by_customer"),
)
LOGGED = OWN[-1]


@dataclass(frozen=True)
class Everything:
    """`records` are (kind, row), coupons, codes and winners included; `beside` is what else lies in the customer's
    partitions, (table, row): large fields, claims; `links` tie process instances to the customer."""

    customer_id: str
    customer: Row | None = None
    records: list[tuple[str, Row]] = field(default_factory=list)
    beside: list[tuple[str, Row]] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    entries: list[tuple[str, str]] = field(default_factory=list)  # places of search entries, there or not

    @property
    def counts(self) -> dict[str, int]:
        """Records by kind, and the customer."""
        people = 1 if self.customer else 0
        return dict(Counter({"customers": people} if people else {}) + Counter(kind for kind, _ in self.records))

    @property
    def instances(self) -> list[str]:
        """The process instances that were the customer's."""
        return [link["process_instance"] for link in self.links]

    @property
    def is_nothing(self) -> bool:
        """But for the customer's own item and search entries."""
        return not (self.records or self.beside or self.links)


def find(store: Store, customer_id: str, gone: Row | None = None) -> Everything:
    """`gone` is the customer's item as it last was, when it is not there any more."""
    pk = store.key(keys.customer(customer_id))
    read = in_parallel(lambda access: store.query_all(access, pk, Span(), consistent=not access.index), OWN)
    around, activity, claims, held, logged = read
    customer = next((row for row in around if row["sk"] == "customer"), gone)
    links = [row for row in activity if _kind(row) == "instance"]
    there = in_parallel(lambda link: _in_instance(store, link), links)
    rows = [("Customers", row) for row in around if row["sk"] != "customer"]
    rows += [("Activity", row) for row in activity if row not in links] + [("Codes", row) for row in claims]
    rows += [("Activity", row) for found, _ in there for row in found]
    log = [("log", row) for part in (logged, *(found for _, found in there)) for row in part]
    return Everything(
        customer_id,
        customer,
        [*((_kind(row), row) for _, row in rows if _is_record(row)), *log, *_spent(store, customer_id, claims, held)],
        [(table, row) for table, row in rows if not _is_record(row)],
        links,
        _entries(store, customer_id, customer),
    )


def remove(store: Store, found: Everything, reached: Callable[[int], bool] = lambda count: True) -> bool:
    """Whether all of it is gone: after each chunk `reached` is told how many records went and says whether to go on.
    One write unit a row and index, one more for the mark of a call of this day; a winner is written anew, in a
    transaction. Safe to repeat."""
    for kind, row in found.records:
        if kind in deletion.WINNERS:  # few, and transactions: one after the other
            _remove_record(store, found.customer_id, kind, row)
    for chunk in _chunks([record for record in found.records if record[0] not in deletion.WINNERS]):
        in_parallel(lambda record: _remove_record(store, found.customer_id, *record), chunk)
        if len(chunk) == CHUNK and not reached(CHUNK):
            return False
    in_parallel(lambda place: store.delete(_item(*place)), found.beside)
    in_parallel(lambda row: _unlink(store, row), found.links)
    in_parallel(lambda place: customers.remove_entry(store, Found(*place), found.customer_id), found.entries)
    if found.customer:
        idempotency.bury(store, found.customer.get("idem"))
        store.delete(customers.reference(store, found.customer_id))
    return True


def of_address(store: Store, customer: Row) -> Everything:
    """The search entries alone; nothing is read."""
    return Everything(customer["customer_id"], entries=_entries(store, customer["customer_id"], customer))


def is_found_by_search(store: Store, found: Everything) -> bool:
    """Whether a search entry still leads to the customer: a read unit each."""
    entries = store.get_many("Customers", found.entries, consistent=True).values()
    return any(entry["customer_id"] == found.customer_id for entry in entries)


def _in_instance(store: Store, link: Row) -> tuple[list[Row], list[Row]]:
    """Rows and log entries of a process instance, unless it belongs to somebody else by now, or to nobody: then what is
    there came later."""
    pk = store.key(keys.instance(link["process_instance"]))
    accesses = [Access("Activity"), LOGGED]
    rows, logged = in_parallel(lambda a: store.query_all(a, pk, Span(), consistent=not a.index), accesses)
    is_theirs = any(row["sk"] == "link" and row["customer_id"] == link["customer_id"] for row in rows)
    return ([row for row in rows if row["sk"] != "link"], logged) if is_theirs else ([], [])


def _spent(store: Store, customer_id: str, claims: list[Row], held: list[Row]) -> list[tuple[str, Row]]:
    """Coupons and codes that are this customer's now; one that was deleted may be anybody's since."""
    places = [(claim["coupon_pk"], claim["coupon_sk"]) for claim in claims if _kind(claim) == "claim"]
    places += [(row["pk"], row["sk"]) for row in held]
    rows = store.get_many("Codes", places, consistent=True).values()
    theirs = [row for row in rows if row.get("customer_id") == customer_id]
    return [(store.partition(row["feed"]).partition("#")[0], row) for row in theirs]


def _entries(store: Store, customer_id: str, customer: Row | None) -> list[tuple[str, str]]:
    if customer is None:
        return []
    return [search.whole(store, customer["identity"]), *search.parts(store, customer["identity"], customer_id)]


def _is_record(row: Row) -> bool:
    return "#" in row["sk"] and _kind(row) in KINDS


def _kind(row: Row) -> str:
    return str(row["sk"]).partition("#")[0]


def _chunks(records: list[tuple[str, Row]]) -> Iterator[list[tuple[str, Row]]]:
    for start in range(0, len(records), CHUNK):
        yield records[start : start + CHUNK]


def _remove_record(store: Store, customer_id: str, kind: str, row: Row) -> None:
    """What the row leads to goes before it."""
    idempotency.bury(store, row.get("idem"))
    if kind == "participations":
        guards.remove(store, row)
    if kind == "files":
        files.remove_object(row)
    if KINDS[kind].holder:
        nameless.spent(store, row, customer_id)
    elif kind in deletion.WINNERS:
        nameless.winner(store, row)
    else:
        store.delete(_item(KINDS[kind].promise.table, row))


def _unlink(store: Store, link: Row) -> None:
    """The instance forgets its customer first: the customer's own link leads there."""
    deciding, own = belongings.links_of(store, link)
    accepted(lambda: store.delete(deciding, type(deciding).customer_id == link["customer_id"]))
    store.delete(own)


def _item(table: str, row: Row) -> Item:
    model: Any = MODELS[table]
    item: Item = model(row["pk"], row["sk"])
    return item
