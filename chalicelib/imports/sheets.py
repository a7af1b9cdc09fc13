"""Excel files (.xlsx): the first sheet, row by row, after a look at how much there is to unpack."""

import re
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from chalicelib.imports.entries import Cell, Raw, Unusable

MOST_UNPACKED: Final = 400_000_000  # bytes of all parts together: a full sheet has a third of that
MOST_STRINGS: Final = 150_000_000  # of the part that is held in memory
MOST_PARTS: Final = 2000
ROWS: Final = 1_048_576  # of a sheet; a row that says it is the billionth would be waited for
COLUMNS: Final = 12  # as far to the right as we look for what is too much
ZEROS: Final = re.compile("0{2,50}")  # a number format that shows leading zeros


class Unreadable(Exception):
    """No Excel file, or one that nobody should open. `code` is one of job_codes.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sheet:
    """The first sheet of a file. Raises Unreadable."""

    def __init__(self, file: BinaryIO) -> None:
        _check(file)
        from openpyxl import load_workbook

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about charts and styles that are left out
                book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            self._sheet: Any = book.worksheets[0]
        except Exception as error:
            raise Unreadable("file_unreadable") from error
        self.name, self.others = str(self._sheet.title), len(book.worksheets) - 1

    def rows(self) -> Iterator[Raw]:
        """Raises Unreadable."""
        try:
            self._sheet.reset_dimensions()  # which may be wrong
            for number, row in enumerate(self._sheet.iter_rows(max_row=ROWS, max_col=COLUMNS), 1):
                yield number, [_cell(cell) for cell in row]
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable("file_unreadable") from error


def _check(file: BinaryIO) -> None:
    """Python's zipfile unpacks no more of a part than its entry declares, so the declared sizes can be trusted."""
    import zipfile

    try:
        with zipfile.ZipFile(file) as parts:
            infos = parts.infolist()
    except Exception as error:
        raise Unreadable("file_unreadable") from error
    strings = sum(info.file_size for info in infos if "sharedstrings" in info.filename.casefold())
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_UNPACKED or strings > MOST_STRINGS or len(infos) > MOST_PARTS:
        raise Unreadable("file_too_large")


def _cell(cell: Any) -> Cell:
    """A formula has the value that was last computed, or none. Dates are what Excel made of something else."""
    value = cell.value
    if value is None or isinstance(value, str | bool):
        return Unusable("empty") if cell.data_type == "e" else value
    if not isinstance(value, int | float):
        return Unusable("excel_number")
    zeros = str(cell.number_format)
    return str(int(value)).zfill(len(zeros)) if ZEROS.fullmatch(zeros) and value == int(value) >= 0 else value
