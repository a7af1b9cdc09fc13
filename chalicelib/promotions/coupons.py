"""Coupons: brought in by an import, free until one transaction gives one to a customer, together with the claim that
keeps this customer from getting another one."""

from dataclasses import dataclass

from pynamodb.exceptions import DeleteError, PutError, TransactWriteError
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.kinds import KINDS
from chalicelib.promotions.outcome import Outcome, row_of
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import failed_conditions, is_condition, retrying
from chalicelib.store.tables import Claim, Code
from chalicelib.store.tenancy import Access, Key, Row, Span, Store, Transaction, in_parallel

KIND = KINDS["coupons"]
POOLS = 16  # partitions that the ordinals of an import are spread over
POOL = Access("Codes", "pool", "pool", "ordinal")


class NotFree(Exception):
    """The coupon is somebody's, taken back, cleared or expired; another one may be free."""


def add(
    store: Store,
    experience: str,
    code: str,
    import_id: str,
    ordinal: int,
    created_at: int,
    cleared: Horizons,
    *,
    at: str | None = None,
) -> Outcome:
    """`added`, or `already_there` with the living coupon of that code, which stays as it is. `ordinal` counts the
    coupons of an import from 0. Added again with the same `at` it is `added`. Four write units."""
    at = at or records.new_position(created_at)
    data = {"code": code, "state": "free", "import_id": import_id}
    item: Code = records.prepared(store, KIND, *place(store, experience, code), created_at, experience, data, at=at)
    item.pool, item.ordinal = pool(store, experience, import_id, ordinal), position(ordinal)
    return put(store, item, cleared)


def put(store: Store, item: Code, cleared: Horizons) -> Outcome:
    """Takes the natural key of a coupon or code if nothing alive has it."""
    kind = KINDS[item.sk + "s"]
    try:
        store.put(item, alive.free_or_dead(Code, kind, cleared, item.experience))
    except PutError as error:
        if not is_condition(error):
            raise
        there = store.get("Codes", item.pk, item.sk)
        ours = there is not None and there["at"] == item.at
        again = there is not None and there["data"]["import_id"] == item.data["import_id"]
        return Outcome("added" if ours else "already_there", there, repeated=again and not ours)
    return Outcome("added", row_of(item))


@dataclass(frozen=True)
class Wish:
    """Who wants a coupon. `unique` is empty for one a customer, else what it is one of: a participation's position."""

    experience: str
    customer_id: str
    unique: str = ""
    idem: str | None = None


def issue(store: Store, coupon: Row, wish: Wish, cleared: Horizons) -> Outcome:
    """`issued`, or `already_issued` with the coupon that this wish has got. Six write units.

    That the customer is alive is for the caller to have read. Raises NotFree."""
    at = clock.now_ms()
    transaction = _issuing(store, coupon, wish, at, cleared)
    for _ in range(2):
        try:
            retrying(lambda: store.write(transaction))
        except TransactWriteError as error:
            if not failed_conditions(error):
                raise
        else:
            return Outcome("issued", _issued(coupon, wish, at))
        there = _held_or_dropped(store, wish, cleared)
        if isinstance(there, dict):
            ours = there["pk"] == coupon["pk"] and there["data"]["issued_at"] == at
            return Outcome("issued" if ours else "already_issued", there)
        if not there:
            break
    raise NotFree(coupon["pk"])


def held(store: Store, wish: Wish, cleared: Horizons, consistent: bool = True) -> Row | None:
    """The living coupon that this wish has got. Half a read unit if there is none and a look may miss what is new."""
    claim = store.get("Codes", *claim_place(store, wish), consistent=consistent)
    return _claimed(store, claim, wish.customer_id, cleared) if claim else None


def find(store: Store, experience: str, import_id: str, ordinal: int) -> Row | None:
    """The coupon of that number in its import, whatever its state; None if there is none any more. Half a unit for
    the index, one for the coupon itself."""
    there = located(store, experience, import_id, ordinal)
    return store.get("Codes", *there) if there else None


def located(store: Store, experience: str, import_id: str, ordinal: int) -> Key | None:
    """Where that coupon lies. Half a read unit; a coupon just brought in may be missed."""
    at = position(ordinal)
    there = store.query(POOL, pool(store, experience, import_id, ordinal), Span(at, at), limit=1).rows
    return (there[0]["pk"], there[0]["sk"]) if there else None


def located_all(store: Store, experience: str, import_id: str, ordinals: range) -> dict[int, Key]:
    """The same of a range of them, as far as they are there."""
    span = Span(position(ordinals.start), position(ordinals.stop - 1))
    pools = sorted({pool(store, experience, import_id, ordinal) for ordinal in ordinals[:POOLS]})
    found = in_parallel(lambda pk: store.query_all(POOL, pk, span), pools)
    return {int(row["ordinal"]): (row["pk"], row["sk"]) for rows in found for row in rows}


def unread(store: Store, there: Key, experience: str, import_id: str, created_at: int) -> Row:
    """A free coupon of an import, as far as its key and its import tell: what must not cost a read."""
    code = store.partition(there[0]).removeprefix(f"coupons#{experience}#")
    row: Row = {"pk": there[0], "sk": there[1], "experience": experience, "created_at": created_at}
    row["data"] = {"code": code, "state": "free", "import_id": import_id}
    return row | {"expires_at": alive.expiry(KIND, created_at)}


def place(store: Store, experience: str, code: str) -> tuple[str, str]:
    return store.key(f"coupons#{experience}#{code}"), "coupon"


def claim_place(store: Store, wish: Wish) -> tuple[str, str]:
    ending = f"#{wish.unique}" if wish.unique else ""
    return store.key(keys.customer(wish.customer_id)), f"claim#{wish.experience}{ending}"


def pool(store: Store, experience: str, import_id: str, ordinal: int) -> str:
    return store.key(f"pool#{experience}#{import_id}#{ordinal % POOLS}")


def position(ordinal: int) -> str:
    return f"{ordinal:010d}"


def _issuing(store: Store, coupon: Row, wish: Wish, at: int, cleared: Horizons) -> Transaction:
    transaction = Transaction()
    claim = Claim(*claim_place(store, wish), created_at=at, expires_at=coupon["expires_at"])
    claim.coupon_pk, claim.coupon_sk = coupon["pk"], coupon["sk"]
    transaction.put(claim, alive.free_or_dead(Claim, KIND, cleared, wish.experience))
    actions: list[Action] = [Code.data["state"].set("issued"), Code.data["issued_at"].set(at)]
    actions += [Code.customer_id.set(wish.customer_id)] + ([Code.idem.set(wish.idem)] if wish.idem else [])
    actions += records.traced(Code)
    free = alive.still_alive(Code, KIND, cleared, wish.experience) & (Code.data["state"] == "free")
    transaction.update(Code(coupon["pk"], coupon["sk"]), actions, free)
    return transaction


def _issued(coupon: Row, wish: Wish, at: int) -> Row:
    data = {**coupon["data"], "state": "issued", "issued_at": at}
    return {**coupon, "data": data, "customer_id": wish.customer_id} | ({"idem": wish.idem} if wish.idem else {})


def _held_or_dropped(store: Store, wish: Wish, cleared: Horizons) -> Row | bool:
    """The coupon that is claimed; or whether a claim was in the way whose coupon is gone, which now is gone, too."""
    claim = store.get("Codes", *claim_place(store, wish))
    if claim is None:
        return False
    coupon = _claimed(store, claim, wish.customer_id, cleared)
    return coupon or _drop(store, claim)


def _claimed(store: Store, claim: Row, customer_id: str, cleared: Horizons) -> Row | None:
    coupon = store.get("Codes", claim["coupon_pk"], claim["coupon_sk"])
    if coupon is None or coupon.get("customer_id") != customer_id:
        return None  # deleted, and perhaps brought in again since
    return coupon if alive.is_alive(coupon, KIND, cleared) else None


def _drop(store: Store, claim: Row) -> bool:
    seen = (Claim.coupon_pk == claim["coupon_pk"]) & (Claim.created_at == claim["created_at"])
    try:
        store.delete(Claim(claim["pk"], claim["sk"]), seen)
    except DeleteError as error:
        if not is_condition(error):
            raise
    return True
