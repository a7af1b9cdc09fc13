"""An uploaded file, whatever it is: what it was found to be, and its lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from chalicelib.imports import delimited
from chalicelib.imports.entries import Raw
from chalicelib.imports.sheets import Sheet, Unreadable

ZIP: Final = b"PK\x03\x04"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # .xls, or an .xlsx with a password


@dataclass(frozen=True)
class Found:
    """What the file was found, or said, to be: text with encoding and separator, or the named sheet of several."""

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    other_sheets: int = 0


def opened(
    kind: str, file: BinaryIO, separator: str | None = None, encoding: str | None = None
) -> tuple[Found, Iterator[Raw]]:
    """Raises Unreadable, now or while lines are read."""
    file.seek(0)
    head = file.read(4)
    if head == ZIP:
        sheet = Sheet(file)
        return Found(sheet=sheet.name, other_sheets=sheet.others), sheet.rows()
    if head == OLD_EXCEL:
        raise Unreadable("file_unreadable")
    encoding = encoding or delimited.encoding_of(file)
    separator = separator or delimited.separator_of(kind, file, encoding)
    return Found(encoding, separator), delimited.rows(file, encoding, separator)
