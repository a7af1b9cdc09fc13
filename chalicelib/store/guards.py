"""Guards of one entry a person: where one lies, and how it goes with its entry."""

from chalicelib.store import keys
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Guard
from chalicelib.store.tenancy import Row, Store


def place(store: Store, experience: str, giveaway: str, person: str, entry_sk: str) -> tuple[str, str]:
    """`person`: a keyed hash. The sort key is the period, which the entry's own key ends in."""
    return store.key(keys.guard(experience, giveaway, person)), entry_sk.rpartition("#")[2]


def remove(store: Store, entry: Row) -> None:
    """The guard of an entry that goes, unless another entry holds it by now. Safe to repeat; entries of giveaways
    without guards cost nothing."""
    if "guard" not in entry:
        return
    guard = Guard(*place(store, entry["experience"], entry["data"]["giveaway"], entry["guard"], entry["sk"]))
    accepted(lambda: store.delete(guard, Guard.entry_at == entry["at"]))
