"""The columns of a table: those of kinds.py in their order, maps flattened to one column a name that occurs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from chalicelib.kinds import Column, Kind

KNOWN = ("firstname", "lastname", "gender", "birthdate", "phone", "street", "house_number", "postal_code", "city")
FIRST = ("created_at", "expires_at", "customer_id")  # of what every row has; the rest is for machines
MOST_NAMES = 1000  # of all maps of a kind together

Row = Mapping[str, Any]
Names = Mapping[str, Iterable[str]]


def plain_of(kind: Kind) -> list[str]:
    """The columns before its own. A customer's `created_at` is called `registered_at`."""
    own = {column.name for column in kind.columns} | ({"created_at"} if kind.name == "customers" else set())
    return [name for name in FIRST if name not in own]


def maps_of(kind: Kind) -> list[str]:
    return [column.name for column in kind.columns if column.type == "map"]


def in_order(names: Iterable[str]) -> list[str]:
    """Known names as one writes an address, then the others by alphabet."""
    known = {name: place for place, name in enumerate((*KNOWN, "country"))}
    return sorted(names, key=lambda name: (known.get(name, len(known)), name))


class Table:
    """Which columns there are, and a row's cells in their order. `names` are those that occur, by map."""

    def __init__(self, plain: Sequence[str], own: Sequence[Column], names: Names) -> None:
        self.header: list[str] = []
        self.times: set[int] = set()  # places of columns that hold times
        self._parts: list[Callable[[Row], Sequence[Any]]] = []
        listed = [*(Column(name, name, "time" if name.endswith("_at") else "text") for name in plain), *own]
        together: list[str] = []
        for column in listed:
            if column.type == "map":
                self._add_plain(together)
                self._add_map(column.name, in_order(names.get(column.name, ())))
                together = []
                continue
            if column.type == "time":
                self.times.add(len(self.header))
            self.header.append(column.name)
            together.append(column.name)
        self._add_plain(together)

    def cells(self, row: Row) -> list[Any]:
        return [cell for part in self._parts for cell in part(row)]

    def _add_plain(self, names: list[str]) -> None:
        if len(names) == 1:
            [name] = names
            self._parts.append(lambda row: (row[name],))
        elif names:
            self._parts.append(itemgetter(*names))

    def _add_map(self, column: str, names: list[str]) -> None:
        self.header += [f"{column}.{name}" for name in names]
        self._parts.append(lambda row: list(map(row[column].get, names)))


def of_kind(kind: Kind, names: Names) -> Table:
    return Table(plain_of(kind), kind.columns, names)
