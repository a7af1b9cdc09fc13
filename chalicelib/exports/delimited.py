"""CSV (RFC 4180): lines end in CRLF, quotes only where they are needed, no cell that a spreadsheet would compute."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from chalicelib.exports.columns import Table
from chalicelib.exports.guard import SUSPECT, guarded

BOM = "\ufeff"
END = "\r\n"
NUL = "\0"  # in no text that we keep


class Delimited:
    """Turns rows into bytes, part by part."""

    def __init__(self, table: Table, separator: str = ",", bom: bool = True) -> None:
        self._table, self._separator, self._bom = table, separator, bom
        self._quoted = re.compile(f'["\\r\\n{separator}]')
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator=END)

    def head(self) -> bytes:
        if self._bom:
            self._text.write(BOM)
        self._writer.writerow(map(guarded, self._table.header))
        return self._taken()

    def rows(self, rows: Iterable[dict[str, Any]]) -> bytes:
        """Most rows hold nothing that needs quotes or a guard: these are seen at a glance and only joined."""
        of, needs_quotes, write = self._table.cells, self._quoted.search, self._text.write
        for row in rows:
            cells = [cell if type(cell) is str else _text(cell) for cell in of(row)]
            joined = NUL + NUL.join(cells)
            if needs_quotes(joined) or SUSPECT.search(joined) or joined.count(NUL) != len(cells) or len(cells) < 2:
                self._writer.writerow(map(guarded, cells))
            else:
                write(joined[1:].replace(NUL, self._separator) + END)
        return self._taken()

    def chunk(self, rows: list[dict[str, Any]]) -> bytes:
        """Rows with a line in front that says how many they are and which columns they have."""
        told = {"rows": len(rows), "columns": self._table.header}
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE) + self.rows(rows)

    def from_chunk(self, chunk: bytes) -> tuple[bytes, int]:
        """The rows of a chunk with the columns of this table, of which it may have known fewer; and how many."""
        told, content = _opened(chunk)
        if told["columns"] == self._table.header:
            return content, told["rows"]
        known = {name: place for place, name in enumerate(told["columns"])}
        places = [known.get(name, len(known)) for name in self._table.header]
        lines = _lines(content, self._separator)
        self._writer.writerows([(*cells, "")[place] for place in places] for cells in lines)
        return self._taken(), told["rows"]

    def _taken(self) -> bytes:
        content = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return content


def column(chunk: bytes, name: str, separator: str) -> list[str]:
    """One column of a chunk."""
    told, content = _opened(chunk)
    place = told["columns"].index(name)
    return [cells[place] for cells in _lines(content, separator)]


def _opened(chunk: bytes) -> tuple[Any, bytes]:
    line, _, content = chunk.partition(b"\n")
    return orjson.loads(line), content


def _lines(content: bytes, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content.decode(), newline=""), delimiter=separator)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(cell) if type(cell) is int or type(cell) is float else orjson.dumps(cell).decode()
