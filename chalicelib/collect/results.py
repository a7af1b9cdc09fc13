"""What every result of the Collect API says of the record that there is now."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.clock import rfc3339, rfc3339_s
from chalicelib.kinds import KINDS
from chalicelib.problems import Problem
from chalicelib.store import records
from chalicelib.store.customers import Gone
from chalicelib.store.horizons import Contended
from chalicelib.store.tables import Record
from chalicelib.store.tenancy import Row, Store

Result = dict[str, Any]


def of_record(store: Store, kind: str, record: Record | Row, expires_at: int | None = None) -> Result:
    """`expires_at`: in epoch seconds, where it is not the record's own."""
    row = (
        record
        if isinstance(record, dict)
        else {name: getattr(record, name) for name in ("pk", "sk", "created_at", "expires_at")}
    )
    return {
        "id": records.id_of(store, KINDS[kind], row),
        "created_at": rfc3339(row["created_at"]),
        "expires_at": rfc3339_s(expires_at or row["expires_at"]),
    }


@contextmanager
def problems() -> Iterator[None]:
    """What a consuming write raises, in the API's words: try again, or send a sign-in first."""
    try:
        yield
    except Contended:
        raise Problem.of("in_progress") from None
    except Gone:
        raise Problem.of("customer_unknown") from None
