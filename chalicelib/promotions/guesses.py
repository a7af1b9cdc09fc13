"""Wrong codes that a customer typed in, counted per experience and hour of the clock, so that nobody guesses for long.
The customer is named by a keyed hash: this row outlives nobody's erasure in clear."""

from chalicelib import clock
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store

HOUR_S = 3600


def wait(store: Store, customer_id: str, experience: str, most: int) -> int | None:
    """Seconds until the customer may try again, None for at once. One read unit."""
    row = store.get("Control", *_place(store, customer_id, experience))
    return _rest() if row and row["version"] >= most else None


def count(store: Store, customer_id: str, experience: str, most: int) -> int | None:
    """One more; seconds to wait if others were faster and it is one too many. One write unit."""
    item = Control(*_place(store, customer_id, experience))
    actions = [Control.version.add(1), Control.expires_at.set(clock.now_s() + _rest())]
    few = Control.version.does_not_exist() | (Control.version < most)
    return None if accepted(lambda: store.update(item, actions, few)) else _rest()


def _rest() -> int:
    return HOUR_S - clock.now_s() % HOUR_S


def _place(store: Store, customer_id: str, experience: str) -> tuple[str, str]:
    who = store.keyed_hash(b"guesses\n" + customer_id.encode())
    return store.key(f"guesses#{who}"), f"{experience}#{clock.now_s() // HOUR_S}"
