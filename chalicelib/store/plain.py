"""DynamoDB's typed JSON to plain values and back."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, Overflow, Rounded, Subnormal
from typing import Any

# What a DynamoDB number can be (HowItWorks.NamingRulesDataTypes): 38 digits between 1E-130 and 9.9E+125.
NUMBERS = Context(prec=38, Emin=-130, Emax=125, traps=[Inexact, Rounded, Overflow, Subnormal])


def plain_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """A whole item or map. Numbers become int, or float when they have a fraction; sets become Python sets."""
    return {name: typed["S"] if "S" in typed else plain(typed) for name, typed in item.items()}


def plain(typed: Mapping[str, Any]) -> Any:
    if "N" in typed:  # most of what is no string
        return _number(typed["N"])
    [(tag, value)] = typed.items()
    return PLAIN[tag](value)


def typed_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: typed(value) for name, value in item.items()}


def typed(value: Any) -> dict[str, Any]:
    """The typed form of a JSON value, bytes or a set of strings. ValueError for a number that DynamoDB cannot keep."""
    if value is None:
        return {"NULL": True}
    tag, encode = TYPED[type(value)]
    return {tag: encode(value)}


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _number_text(number: float | Decimal) -> str:
    text = str(number)
    try:
        if not NUMBERS.create_decimal(text).is_finite():
            raise ValueError(f"not a number: {text}")
    except DecimalException as error:
        raise ValueError(f"more than DynamoDB can keep: {text[:50]}") from error
    return text


def _integer_text(number: int) -> str:
    if not -(10**38) < number < 10**38:
        raise ValueError("an integer of more than 38 digits")
    return str(number)


def _same(value: Any) -> Any:
    return value


PLAIN: dict[str, Callable[[Any], Any]] = {
    "S": _same,
    "N": _number,
    "BOOL": _same,
    "NULL": lambda _: None,
    "M": plain_item,
    "L": lambda values: [plain(value) for value in values],
    "B": _same,
    "SS": set,
    "NS": lambda texts: {_number(text) for text in texts},
    "BS": set,
}
TYPED: dict[type, tuple[str, Callable[[Any], Any]]] = {
    str: ("S", _same),
    int: ("N", _integer_text),
    float: ("N", _number_text),
    Decimal: ("N", _number_text),
    bool: ("BOOL", _same),
    dict: ("M", typed_item),
    list: ("L", lambda values: [typed(value) for value in values]),
    tuple: ("L", lambda values: [typed(value) for value in values]),
    bytes: ("B", _same),
    set: ("SS", sorted),
    frozenset: ("SS", sorted),
}
