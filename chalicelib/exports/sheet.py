"""XLSX: text stays text whatever it looks like, times are Excel's in the tenant's zone, one row at a time in memory."""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from io import RawIOBase
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from chalicelib import clock
from chalicelib.exports.columns import Table

MOST_ROWS = 250_000
MOST_DIGITS = 10**15  # beyond it Excel rounds: such numbers are text
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
EPOCH = 25_569  # 1970-01-01 as a day of Excel
WIDTH = 18


def write(out: RawIOBase, table: Table, rows: Iterable[dict[str, Any]], zone: str, at: int) -> None:
    """`at` (ms) is when it was made: the same rows give the same bytes."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    with TemporaryDirectory() as folder:
        book = Workbook(out, {"constant_memory": True, "strings_to_urls": False, "tmpdir": folder})
        book.set_properties({"created": datetime.fromisoformat(clock.rfc3339(at)).replace(tzinfo=None)})
        sheet = book.add_worksheet()
        with closing(sheet.row_data_fh):  # whatever fails: a function's disk is small and outlives the call
            _fill(book, sheet, table, rows, ZoneInfo(zone))
            book.close()


def _fill(book: Any, sheet: Any, table: Table, rows: Iterable[dict[str, Any]], zone: ZoneInfo) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(table.header) - 1), WIDTH)
    bold, time = book.add_format({"bold": True}), book.add_format({"num_format": TIME_FORMAT})
    for place, name in enumerate(table.header):
        sheet.write_string(0, place, name, bold)
    cells = _Cells(sheet, table.times, zone, time)
    for number, row in enumerate(rows, 1):
        cells.add(number, table.cells(row))


class _Cells:
    def __init__(self, sheet: Any, times: set[int], zone: ZoneInfo, time_format: Any) -> None:
        self._sheet, self._times, self._zone, self._format = sheet, times, zone, time_format

    def add(self, number: int, cells: list[Any]) -> None:
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if place in self._times:
                refused = self._sheet.write_number(number, place, _day(cell, self._zone), self._format)
            else:
                refused = self._write(number, place, cell)
            if refused:  # never silently partial
                raise ValueError(f"a cell that Excel cannot hold: {refused}")

    def _write(self, number: int, place: int, cell: Any) -> Any:
        if isinstance(cell, bool):
            return self._sheet.write_boolean(number, place, cell)
        if isinstance(cell, int | float) and abs(cell) < MOST_DIGITS:
            return self._sheet.write_number(number, place, cell)
        return self._sheet.write_string(number, place, cell if isinstance(cell, str) else orjson.dumps(cell).decode())


@lru_cache(maxsize=4096)
def _day(time: str, zone: ZoneInfo) -> float:
    """The wall clock of that zone as Excel counts it."""
    moment = datetime.fromisoformat(time).astimezone(zone).replace(tzinfo=None)
    return (moment - datetime(1970, 1, 1)).total_seconds() / clock.DAY_S + EPOCH
