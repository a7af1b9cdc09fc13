"""From the cells of a line to the coupon or code that it brings in, or to the reason why it brings none."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.promotions import codes

MOST_CODE: Final = 200  # characters
MOST_KEY: Final = 1000  # bytes, of the normalised form: half of what a partition key can be
MOST_POINTS: Final = 1_000_000_000
EXACT: Final = 10**15  # Excel keeps 15 digits of a number

COLUMNS: Final = {"coupons": ("code",), "codes": ("code", "points", "win")}
NAMES: Final = {
    **dict.fromkeys(("code", "codes", "coupon", "coupons", "gutschein", "gutscheine", "gutscheincode"), "code"),
    **dict.fromkeys(("points", "punkte"), "points"),
    **dict.fromkeys(("win", "gewinn"), "win"),
}
YES: Final = frozenset(("true", "1", "yes", "ja", "x", "wahr"))
NO: Final = frozenset(("", "false", "0", "no", "nein", "falsch"))
# How Excel shows a number of twelve digits and more, and then saves it as text.
SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-][0-9]{2,}", re.IGNORECASE)
WHOLE: Final = re.compile(r"[0-9]{1,10}")
HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))  # control and format characters, line separators


@dataclass(frozen=True)
class Unusable:
    """A cell that cannot be a code. `reason` as the report has it."""

    reason: str


Cell = str | int | float | bool | None | Unusable
Raw = tuple[int, Sequence[Cell] | None]  # line and cells; None: too long to be read


@dataclass(frozen=True)
class Spelling:
    """What an experience makes the same code."""

    fold_case: bool = True
    ignore: str = " -"


@dataclass(frozen=True)
class Entry:
    """One line of the file; `key` tells codes apart. With a `reason` it brings nothing in."""

    line: int
    code: str
    key: str = ""
    points: int = 0
    win: bool = False
    reason: str = ""


class _Refused(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def entries(kind: str, lines: Iterable[Raw], spelling: Spelling) -> Iterator[Entry]:
    """Empty lines are left out, and so is a header, if the first line is one."""
    columns: Sequence[str] | None = None
    for line, cells in lines:
        if cells is None:
            yield Entry(line, "", reason="too_long")
        elif any(not _is_empty(cell) for cell in cells):
            if columns is None and (columns := header(kind, cells)):
                continue
            columns = columns or COLUMNS[kind]
            yield _entry(kind, line, cells, columns, spelling)


def header(kind: str, cells: Sequence[Cell]) -> Sequence[str] | None:
    """The columns that a first line names, in any order; None if it is none."""
    names = [NAMES.get(str(cell).strip().casefold(), "?") if not _is_empty(cell) else "" for cell in cells]
    told = [name for name in names if name]
    known = "code" in told and len(set(told)) == len(told) and set(told) <= set(COLUMNS[kind])
    return names if known else None


def _entry(kind: str, line: int, cells: Sequence[Cell], columns: Sequence[str], spelling: Spelling) -> Entry:
    named = dict(zip(columns, cells, strict=False))
    cell = named.get("code")
    shown = "" if cell is None or isinstance(cell, Unusable) else str(cell).strip()[:MOST_CODE]
    try:
        if any(not _is_empty(extra) for extra in _beyond(cells, columns)):
            raise _Refused("too_many_columns")
        code = _code(cell)
        key = _key(code, spelling) if kind == "codes" else code
        return Entry(line, code, key, _points(named.get("points")), _win(named.get("win")))
    except _Refused as refused:
        return Entry(line, shown, reason=refused.reason)


def _beyond(cells: Sequence[Cell], columns: Sequence[str]) -> list[Cell]:
    return [cell for place, cell in enumerate(cells) if place >= len(columns) or not columns[place]]


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _code(cell: Cell) -> str:
    """Raises _Refused."""
    text = _text(cell)
    if not text:
        raise _Refused("empty")
    if "\ufffd" in text:
        raise _Refused("bad_encoding")
    if not text.isprintable() and any(unicodedata.category(letter) in HIDDEN for letter in text):
        raise _Refused("control_character")
    if len(text) > MOST_CODE:
        raise _Refused("too_long")
    if SCIENTIFIC.fullmatch(text):
        raise _Refused("excel_number")
    return text


def _text(cell: Cell) -> str:
    """Of a number the digits, while they are sure to be those that were typed."""
    if isinstance(cell, Unusable):
        raise _Refused(cell.reason)
    if cell is None or isinstance(cell, str):
        return (cell or "").strip()
    if isinstance(cell, bool) or cell != int(cell) or not 0 <= cell < EXACT:
        raise _Refused("excel_number")
    return str(int(cell))


def _key(code: str, spelling: Spelling) -> str:
    key = codes.normalised(code, fold_case=spelling.fold_case, ignore=spelling.ignore)
    if not key:
        raise _Refused("empty")
    if len(key.encode()) > MOST_KEY:
        raise _Refused("too_long")
    return key


def _points(cell: Cell) -> int:
    if isinstance(cell, Unusable | bool):
        raise _Refused("points_not_whole")
    if _is_empty(cell):
        return 0
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if not WHOLE.fullmatch(text) or int(text) > MOST_POINTS:
        raise _Refused("points_not_whole")
    return int(text)


def _win(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    text = "?" if isinstance(cell, Unusable) else "" if cell is None else str(cell).strip().casefold()
    text = text.removesuffix(".0")
    if text not in YES | NO:
        raise _Refused("win_unclear")
    return text in YES
