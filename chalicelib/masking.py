"""How a row looks to a caller without `viewer`: personal data, values and open codes hidden on the server."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.kinds import Kind, Mask

HIDDEN: Final = "•••"
HIDDEN_EMAIL: Final = "•••@•••"
# Members of a row that are no column of its kind but common to all (contract: they stay readable).
COMMON: Final = frozenset({"id", "created_at", "expires_at", "customer_id", "experience"})
_SHOWN_OF_CODE: Final = 3
_SPENT: Final = ("issued", "redeemed")

Row = Mapping[str, Any]


def mask(row: Row, kind: Kind) -> dict[str, Any]:
    """A copy of a row with everything masked that its columns declare, and `masked` set. Ids, states and times stay.

    A member that is neither a column nor common is masked like values, so that forgetting a column shows nothing.
    """
    masks: dict[str, Mask] = {"email": "email", **{column.name: column.mask for column in kind.columns}}
    masked = {name: _masked(value, _mask_of(name, masks), row) for name, value in row.items()}
    return {**masked, "masked": True}


def _mask_of(name: str, masks: Mapping[str, Mask]) -> Mask:
    return masks.get(name, "" if name in COMMON else "values")


def _masked(value: Any, mask: Mask, row: Row) -> Any:
    return value if value is None or not mask else _MASKS[mask](value, row)


def _email(_value: Any, _row: Row) -> str:
    return HIDDEN_EMAIL


def _value(_value: Any, _row: Row) -> str:
    return HIDDEN


def _values(value: Any, row: Row) -> Any:
    if isinstance(value, Mapping):
        return {name: _values(inner, row) for name, inner in value.items()}
    return HIDDEN


def _code(value: Any, row: Row) -> str:
    """An open code is worth money: nothing of it is shown. Of a spent one, three characters, never more than half."""
    spent = row.get("state") in _SPENT and len(str(value)) >= 2 * _SHOWN_OF_CODE
    return str(value)[:_SHOWN_OF_CODE] + HIDDEN if spent else HIDDEN


_MASKS: Final[dict[Mask, Callable[[Any, Row], Any]]] = {
    "email": _email,
    "value": _value,
    "values": _values,
    "code": _code,
}
