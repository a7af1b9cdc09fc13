"""What belongs to one customer, of any kind: the own partition, process instances that were theirs, codes they hold."""

from collections.abc import Callable, Iterable

from chalicelib.kinds import Kind
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Link
from chalicelib.store.tenancy import Access, Key, Row, Span, Store, in_parallel

INSTANCES = Span.prefix("instance#")
LINKED_KINDS = ("variables", "files")  # kinds that are recorded without a customer, too


def of_customer(store: Store, kind: Kind, customer_id: str, cleared: Horizons, *, awaited: bool = False) -> list[Row]:
    """All living rows of the kind, newest first; read strongly but for the log and codes, which are found by index.
    With `awaited` also files that were announced and have not arrived."""
    read: Callable[[Store, Kind, str], Iterable[Row]] = _READERS.get(kind.name, _in_partition)
    is_alive = alive.is_kept if awaited else alive.is_alive
    rows = [row for row in read(store, kind, customer_id) if is_alive(row, kind, cleared)]
    return sorted(rows, key=records.position, reverse=True)


def instances_of(store: Store, customer_id: str) -> list[str]:
    """The process instances in which this customer signed in."""
    rows = store.query_all(Access("Activity"), store.key(keys.customer(customer_id)), INSTANCES, consistent=True)
    return [row["process_instance"] for row in rows]


def customers_of(store: Store, process_instances: Iterable[str]) -> dict[str, str]:
    """Whose these instances were, as far as somebody signed in: half a read unit each."""
    wanted = [(store.key(keys.instance(instance)), "link") for instance in process_instances]
    return {row["process_instance"]: row["customer_id"] for row in store.get_many("Activity", wanted).values()}


def links(store: Store, process_instance: str, customer_id: str, created_at: int, expires_at: int) -> list[Link]:
    """The two items that tie an instance to a customer; the first one decides whose it is."""
    places = (
        (store.key(keys.instance(process_instance)), "link"),
        (store.key(keys.customer(customer_id)), f"instance#{process_instance}"),
    )
    return [_link(place, process_instance, customer_id, created_at, expires_at) for place in places]


def links_of(store: Store, link: Row) -> list[Link]:
    """The same two of a link that was read."""
    return links(store, link["process_instance"], link["customer_id"], link["created_at"], link["expires_at"])


def _link(place: Key, process_instance: str, customer_id: str, created_at: int, expires_at: int) -> Link:
    link = Link(*place, created_at=created_at, expires_at=expires_at)
    link.process_instance, link.customer_id = process_instance, customer_id
    return link


def _in_partition(store: Store, kind: Kind, customer_id: str) -> list[Row]:
    pk = store.key(keys.customer(customer_id))
    return store.query_all(Access(kind.promise.table), pk, Span.prefix(f"{kind.name}#"), consistent=True)


def _in_partition_and_instances(store: Store, kind: Kind, customer_id: str) -> list[Row]:
    partitions = [store.key(keys.customer(customer_id))]
    partitions += [store.key(keys.instance(instance)) for instance in instances_of(store, customer_id)]
    span = Span.prefix(f"{kind.name}#")
    found = in_parallel(lambda pk: store.query_all(Access("Activity"), pk, span, consistent=True), partitions)
    return [row for rows in found for row in rows]


def _claimed(store: Store, kind: Kind, customer_id: str) -> Iterable[Row]:
    claims = store.query_all(Access("Codes"), store.key(keys.customer(customer_id)), Span.prefix("claim#"))
    found = store.get_many("Codes", [(c["coupon_pk"], c["coupon_sk"]) for c in claims], consistent=True)
    # A coupon that was deleted may have been brought in again since, for anybody.
    return [row for row in found.values() if row.get("customer_id") == customer_id]


def _redeemed(store: Store, kind: Kind, customer_id: str) -> Iterable[Row]:
    held = store.query_all(Access("Codes", "holder", "holder", "at"), store.key(keys.customer(customer_id)), Span())
    return store.get_many("Codes", [(row["pk"], row["sk"]) for row in held], consistent=True).values()


def _logged(store: Store, kind: Kind, customer_id: str) -> Iterable[Row]:
    owners = [keys.customer(customer_id), *(keys.instance(i) for i in instances_of(store, customer_id))]
    access = Access("RuntimeLog", "customer", "by_customer")
    found = in_parallel(lambda owner: store.query_all(access, store.key(owner), Span()), owners)
    return [row for rows in found for row in rows]


_READERS: dict[str, Callable[[Store, Kind, str], Iterable[Row]]] = {
    **dict.fromkeys(LINKED_KINDS, _in_partition_and_instances),
    "coupons": _claimed,
    "codes": _redeemed,
    "log": _logged,
}
