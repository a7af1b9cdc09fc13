"""What came of a write that consumes something: an outcome in the contract's words, and the record as it is now."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.store.tables import Item
from chalicelib.store.tenancy import Row


@dataclass(frozen=True)
class Outcome:
    """`repeated`: it was written before, by a call with the same id. `balance`: the customer's points after it. `left`:
    what the customer's item has changed to, as far as this write changed it."""

    name: str
    row: Row | None = None
    balance: int | None = None
    repeated: bool = False
    left: dict[str, Any] = field(default_factory=dict)


def row_of(item: Item) -> Row:
    """An item that was just written, as it would be read."""
    return {name: value for name, value in item.attribute_values.items() if value is not None}
