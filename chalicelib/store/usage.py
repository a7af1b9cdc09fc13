"""How many calls were made in a stretch of time, as far as the processes that took them have told."""

from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store

KEPT_S = 300  # after the stretch has begun


def add(store: Store, counted: str, began_at: int, calls: int) -> int:
    """Adds them and answers how many are told so far; `began_at` in epoch seconds. One write unit. An answer that was
    lost may count the same calls twice."""
    row = Control(store.key("usage"), f"{counted}#{began_at}")
    store.update(row, [Control.version.add(calls), Control.expires_at.set(began_at + KEPT_S)])
    return int(row.version or 0)
