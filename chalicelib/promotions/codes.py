"""Codes to type in: brought in by an import, redeemed once, in one transaction with the points they are worth."""

import unicodedata

from chalicelib.kinds import KINDS
from chalicelib.promotions import points
from chalicelib.promotions.coupons import put
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.points import Booking
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
) -> Outcome:
    """`added`, or `already_there` with the living code of that `key` (its normalised form), which stays as it is.
    Three write units."""
    at = records.new_position(created_at)
    data = {"code": code, "points": points, "win": win, "state": "free", "import_id": import_id}
    pk, sk = place(store, experience, key)
    item: Code = records.prepared(store, KIND, pk, sk, created_at, experience, data, at=at)
    return put(store, item, cleared)


def read(store: Store, experience: str, key: str, cleared: Horizons) -> Row | None:
    """The living code."""
    row = store.get("Codes", *place(store, experience, key))
    return row if alive.is_alive(row, KIND, cleared) else None


def redeem(store: Store, code: Row, customer_id: str, cleared: Horizons, idem: str | None = None) -> Outcome:
    """`redeemed`, or what the code is since: `already_yours`, `taken` or `unknown` (deleted, cleared, expired). At most
    eleven write units. `code` is the row as read before. Raises Gone and Contended."""
    at = records.new_position()
    data = code["data"]
    booking = Booking(data["points"], code["experience"], data["code"], "code", idem=idem)

    def write(balance: int, transaction: Transaction) -> Outcome:
        if booking.amount:
            points.add(store, transaction, customer_id, booking, balance, at, cleared)
        row = _redeeming(store, transaction, code, customer_id, keys.time_of(at), cleared, idem)
        return Outcome("redeemed", row, balance)

    def found() -> Outcome | None:
        now = store.get("Codes", code["pk"], code["sk"])
        return _as_it_is(now if alive.is_alive(now, KIND, cleared) else None, customer_id, keys.time_of(at))

    there = _as_it_is(code if alive.is_alive(code, KIND, cleared) else None, customer_id, -1)
    return there or points.change(store, customer_id, booking.amount, cleared, write, found)


def place(store: Store, experience: str, key: str) -> tuple[str, str]:
    return store.key(f"codes#{experience}#{key}"), "code"


def _redeeming(
    store: Store, transaction: Transaction, code: Row, customer_id: str, at: int, cleared: Horizons, idem: str | None
) -> Row:
    holder = store.key(keys.customer(customer_id))
    actions = [Code.data["state"].set("redeemed"), Code.data["redeemed_at"].set(at)]
    actions += [Code.customer_id.set(customer_id), Code.holder.set(holder)]
    actions += [Code.idem.set(idem)] if idem else []
    free = alive.still_alive(Code, KIND, cleared, code["experience"]) & (Code.data["state"] == "free")
    transaction.update(Code(code["pk"], code["sk"]), actions, free)
    data = {**code["data"], "state": "redeemed", "redeemed_at": at}
    return {**code, "data": data, "customer_id": customer_id, "holder": holder} | ({"idem": idem} if idem else {})


def _as_it_is(code: Row | None, customer_id: str, at: int) -> Outcome | None:
    """None while it is free. Redeemed by this customer at that very moment means: by us, and the answer was lost."""
    if code is None:
        return Outcome("unknown")
    if code["data"]["state"] == "free":
        return None
    if code["customer_id"] != customer_id:
        return Outcome("taken")
    return Outcome("redeemed" if code["data"]["redeemed_at"] == at else "already_yours", code)
