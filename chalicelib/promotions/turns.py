"""One draw of a tenant picks winners at a time, so that nobody is picked twice where earlier winners are left out."""

import random
import time

from pynamodb.exceptions import PutError

from chalicelib import clock
from chalicelib.store.failures import is_condition
from chalicelib.store.horizons import unchanged
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Row, Store


class Busy(Exception):
    """Somebody else picks until then (ms), or shortly before."""

    def __init__(self, until: int) -> None:
        super().__init__(until)
        self.until = until


def take(store: Store, holder: str, ms: int) -> bool:
    """Whether it was the holder's without a break: else others may have picked meanwhile. Raises Busy."""
    row = store.get("Control", *_place(store))
    now = clock.now_ms()
    present, until = (row["data"]["holder"], row["data"]["until"]) if row else ("", 0)
    if until > now and present != holder:
        raise Busy(until)
    if not _write(store, row, holder, now + ms):
        raise Busy(now + 1000)
    return bool(until > now)


def wait(store: Store, holder: str, ms: int, patience_ms: int) -> None:
    """Takes the turn as soon as it is free. Raises Busy."""
    give_up = clock.now_ms() + patience_ms
    while True:
        try:
            take(store, holder, ms)
            return
        except Busy:
            if clock.now_ms() >= give_up:
                raise
        time.sleep(random.uniform(0.05, 0.2))


def leave(store: Store, holder: str, settle_ms: int = 0) -> None:
    """To the next one, after a moment if what was written is looked for in an index. Safe to repeat."""
    row = store.get("Control", *_place(store))
    if row and row["data"]["holder"] == holder:
        _write(store, row, "", clock.now_ms() + settle_ms)


def _write(store: Store, row: Row | None, holder: str, until: int) -> bool:
    version = row["version"] if row else 0
    data = {"holder": holder, "until": until}
    try:
        store.put(Control(*_place(store), data=data, version=version + 1), unchanged(version))
    except PutError as error:
        if not is_condition(error):
            raise
        now = store.get("Control", *_place(store))
        return now is not None and now["data"] == data  # a write of ours that was sent twice
    return True


def _place(store: Store) -> tuple[str, str]:
    return store.key("draws"), "turn"
