"""Codes to type in: brought in by an import, redeemed once, in one transaction with the points they are worth."""

import unicodedata

from pynamodb.expressions.update import Action

from chalicelib.kinds import KINDS
from chalicelib.promotions import points
from chalicelib.promotions.coupons import put
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.points import Booking, Change
from chalicelib.store import alive, keys, records
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Code
from chalicelib.store.tenancy import Row, Store, Transaction

KIND = KINDS["codes"]


def normalised(code: str, *, fold_case: bool = True, ignore: str = " -") -> str:
    """What makes two spellings the same code (the experience says what to fold and to ignore)."""
    text = unicodedata.normalize("NFKC", code)
    text = unicodedata.normalize("NFKC", text.casefold()) if fold_case else text
    return "".join(letter for letter in text if letter not in ignore)


def add(
    store: Store,
    experience: str,
    code: str,
    key: str,
    import_id: str,
    created_at: int,
    cleared: Horizons,
    *,
    points: int = 0,
    win: bool = False,
    at: str | None = None,
) -> Outcome:
    """`added`, or `already_there` with the living code of that `key` (its normalised form), which stays as it is.
    Added again with the same `at` it is `added`. Three write units."""
    at = at or records.new_position(created_at)
    data = {"code": code, "points": points, "win": win, "state": "free", "import_id": import_id}
    pk, sk = place(store, experience, key)
    item: Code = records.prepared(store, KIND, pk, sk, created_at, experience, data, at=at)
    return put(store, item, cleared)


def read(store: Store, experience: str, key: str, cleared: Horizons) -> Row | None:
    """The living code."""
    row = store.get("Codes", *place(store, experience, key))
    return row if alive.is_alive(row, KIND, cleared) else None


def redeem(
    store: Store,
    code: Row,
    customer_id: str,
    cleared: Horizons,
    idem: str | None = None,
    seen: Row | None = None,
    at: str | None = None,
) -> Outcome:
    """`redeemed`, or what the code is since: `already_yours`, `taken` or `unknown` (deleted, cleared, expired). At most
    eleven write units. `code` is the row as read before, `seen` the customer. Raises Gone and Contended."""
    at = at or records.new_position()
    booking = booking_of(code, idem)

    def write(change: Change) -> Outcome:
        if booking.amount:
            points.add(store, change, customer_id, booking, at, cleared)
        row = _redeeming(store, change.transaction, code, customer_id, keys.time_of(at), cleared, idem)
        return Outcome("redeemed", row, change.balance)

    def found() -> Outcome | None:
        now = store.get("Codes", code["pk"], code["sk"])
        return as_it_is(now if alive.is_alive(now, KIND, cleared) else None, customer_id, keys.time_of(at))

    there = as_it_is(code if alive.is_alive(code, KIND, cleared) else None, customer_id)
    return there or points.change(store, customer_id, booking.amount, cleared, write, found, seen=seen)


def booking_of(code: Row, idem: str | None = None) -> Booking:
    """Its key names the code, so that the balance after it can be told again."""
    data = code["data"]
    return Booking(data["points"], code["experience"], data["code"], "code", unique=f"code.{code['at']}", idem=idem)


def place(store: Store, experience: str, key: str) -> tuple[str, str]:
    return store.key(f"codes#{experience}#{key}"), "code"


def _redeeming(
    store: Store, transaction: Transaction, code: Row, customer_id: str, at: int, cleared: Horizons, idem: str | None
) -> Row:
    holder = store.key(keys.customer(customer_id))
    actions: list[Action] = [Code.data["state"].set("redeemed"), Code.data["redeemed_at"].set(at)]
    actions += [Code.customer_id.set(customer_id), Code.holder.set(holder)]
    actions += [*([Code.idem.set(idem)] if idem else []), *records.traced(Code)]
    free = alive.still_alive(Code, KIND, cleared, code["experience"]) & (Code.data["state"] == "free")
    same = Code.at == code["at"]  # and not what was brought in again under this code since, with other points
    transaction.update(Code(code["pk"], code["sk"]), actions, free & same)
    data = {**code["data"], "state": "redeemed", "redeemed_at": at}
    return {**code, "data": data, "customer_id": customer_id, "holder": holder} | ({"idem": idem} if idem else {})


def as_it_is(code: Row | None, customer_id: str, at: int | None = None) -> Outcome | None:
    """None while it is free. Redeemed by this customer at that very moment means: by us, and the answer was lost."""
    if code is None:
        return Outcome("unknown")
    if code["data"]["state"] == "free":
        return None
    if code.get("customer_id") != customer_id:
        return Outcome("taken")
    return Outcome("redeemed" if code["data"]["redeemed_at"] == at else "already_yours", code)
