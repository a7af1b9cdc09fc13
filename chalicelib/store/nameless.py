"""What stays when its customer goes: spent coupons and codes, and the slots of winners, without a name."""

from chalicelib.kinds import FIELDS, KINDS
from chalicelib.store import records
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Activity, Code
from chalicelib.store.tenancy import Row, Store, Transaction

PERSONAL = {"reason", FIELDS.name}  # columns of a winner that may say who it was
PLACED = ("created_at", "expires_at", "experience", "at", "feed", "by_experience", "by_module", "by_draw")


def spent(store: Store, row: Row, customer_id: str) -> None:
    """A coupon or code that nobody can get again and nobody can tell whose it was. Safe to repeat."""
    actions = [Code.customer_id.remove(), Code.holder.remove(), Code.idem.remove(), Code.trace.remove()]
    accepted(lambda: store.update(Code(row["pk"], row["sk"]), actions, Code.customer_id == customer_id))


def winner(store: Store, row: Row) -> None:
    """The same slot in nobody's partition: a certificate still verifies. Both writes or none; safe to repeat."""
    columns = {column.name for column in KINDS[row["sk"].partition("#")[0]].columns} - PERSONAL
    copy = Activity(records.partition_of(store, None, None, row["at"]), row["sk"])
    for name in PLACED:
        setattr(copy, name, row.get(name))
    copy.data = {name: value for name, value in row["data"].items() if name in columns}
    transaction = Transaction()
    transaction.delete(Activity(row["pk"], row["sk"]), Activity.at == row["at"])
    transaction.put(copy, Activity.pk.does_not_exist() | (Activity.at == row["at"]))
    accepted(lambda: store.write(transaction))
