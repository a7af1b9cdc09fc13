"""Sizes and units by the rules that AWS publishes (CapacityUnitCalculations, read-write-operations, GSI writes)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

Item = Mapping[str, Mapping[str, Any]]  # attribute name -> typed value, as the client sends and receives it


@dataclass(frozen=True)
class Index:
    name: str
    keys: tuple[str, ...]
    projected: frozenset[str] | None  # None: every attribute

    def entry(self, item: Item | None) -> Item | None:
        """What the index keeps of an item; None if the item lacks a key of the index."""
        if item is None or any(key not in item for key in self.keys):
            return None
        return item if self.projected is None else {name: v for name, v in item.items() if name in self.projected}


@dataclass(frozen=True)
class Definition:
    """What of a table's description decides its costs."""

    keys: tuple[str, ...]
    indexes: tuple[Index, ...]

    def key(self, item: Item) -> dict[str, Mapping[str, Any]]:
        return {name: item[name] for name in self.keys}


def definition(description: Mapping[str, Any]) -> Definition:
    """From the `Table` of DescribeTable, or the arguments of CreateTable."""
    keys = _keys(description)
    indexes = [*(description.get("GlobalSecondaryIndexes") or ()), *(description.get("LocalSecondaryIndexes") or ())]
    return Definition(keys, tuple(_index(index, keys) for index in indexes))


def item_size(item: Item | None) -> int:
    """Bytes of names and values. The 100 bytes of storage overhead are billed by the month, not by the request."""
    return sum(len(name.encode()) + value_size(value) for name, value in (item or {}).items())


def value_size(typed: Mapping[str, Any]) -> int:
    [(tag, value)] = typed.items()
    return _SIZES[tag](value)


def read_units(size: int, *, consistent: bool = False) -> float:
    """4 KB a unit, half of one if eventually consistent; finding nothing costs as much as finding 4 KB."""
    return max(1, ceil(size / 4096)) * (1 if consistent else 0.5)


def write_units(old: Item | None, new: Item | None) -> int:
    """1 KB a unit, of the larger of the images before and after."""
    return max(1, ceil(max(item_size(old), item_size(new)) / 1024))


def index_units(index: Index, old: Item | None, new: Item | None) -> int:
    """What a write costs one index: 1 to appear, to vanish or to change in place, 2 to move (1 KB or less each)."""
    before, after = index.entry(old), index.entry(new)
    if before == after:
        return 0
    if before is None or after is None:
        return write_units(before, after)
    if all(before[key] == after[key] for key in index.keys):
        return write_units(before, after)
    return write_units(before, None) + write_units(None, after)


def _keys(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in schema["KeySchema"])


def _index(index: Mapping[str, Any], table_keys: tuple[str, ...]) -> Index:
    projection = index.get("Projection", {})
    if projection.get("ProjectionType", "ALL") == "ALL":
        return Index(index["IndexName"], _keys(index), None)
    projected = {*table_keys, *_keys(index), *projection.get("NonKeyAttributes", ())}
    return Index(index["IndexName"], _keys(index), frozenset(projected))


def _number_size(text: str) -> int:
    """A byte, one more for each pair of significant digits, one more below zero. Pairs begin at the decimal point."""
    mantissa, _, power = text.lower().lstrip("+-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    significant = digits.rstrip("0")
    exponent = int(power or 0) - len(fraction) + len(digits) - len(significant)
    return 1 + ceil((len(significant) + exponent % 2) / 2) + text.startswith("-") if significant else 1


def _binary_size(value: bytes | bytearray) -> int:
    return len(value)


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": _number_size,
    "B": _binary_size,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda texts: sum(len(text.encode()) for text in texts),
    "NS": lambda texts: sum(map(_number_size, texts)),
    "BS": lambda values: sum(map(_binary_size, values)),
    "L": lambda values: 3 + sum(1 + value_size(value) for value in values),
    "M": lambda item: 3 + len(item) + item_size(item),
}
