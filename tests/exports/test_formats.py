"""What Python and LibreOffice read in the files: the same text in every cell, times as times, nothing computed."""

import csv
import io
import subprocess
from datetime import datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.exports import columns, sheet
from chalicelib.exports.columns import Table
from chalicelib.exports.delimited import Delimited, column
from chalicelib.exports.guard import guarded
from chalicelib.kinds import KINDS, Column

MADE = 1_773_156_600_250  # 2026-03-10T15:30:00.250Z
OFFICE = which("soffice") or which("libreoffice")
NO_OFFICE = "LibreOffice is missing: apt-get install libreoffice-calc-nogui, or libreoffice.org"
# What people type, and what a spreadsheet might make of it.
TEXTS = [
    "Müller-Lüdenscheidt",
    "🚲 Łódź 日本語 العربية",
    "first line\nsecond line",
    "with a carriage\r\nreturn",
    "01067",
    "0049351",
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+49 351 4960123",
    "+49 (0) 351 4960123",
    "+1+1",
    "-5",
    "-5+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "1E5",
    "1.000",
    "1,5",
    "3-4",
    "2026-03-10",
    "10:30",
    "TRUE",
    "wahr",
    "NULL",
    'she said "yes", twice',
    "a;b,c\td",
    " blanks around ",
    "https://example.com/a?b=c",
    "mailto:anna@example.com",
    "_x0041_",
    "<b>&amp;</b>",
    "'quoted",
    "12345678901234567890",
]
# CSV has no types: what looks like a number, a date or a truth becomes one in a spreadsheet that is not told otherwise.
# LibreOffice keeps the rest, but makes one kind of line break of all.
RETYPED = {
    "01067",
    "0049351",
    "-5",
    "1E5",
    "1.000",
    "1,5",
    "3-4",
    "2026-03-10",
    "10:30",
    "TRUE",
    "12345678901234567890",
}

Rows = list[dict[str, Any]]


def rows_of(texts: list[str]) -> tuple[Table, Rows]:
    """The texts as the first column's and, turned round, as a field's."""
    table = Table((), (Column("text", "Text"), Column("fields", "Fields", "map")), {"fields": ["answer"]})
    return table, [{"text": a, "fields": {"answer": b}} for a, b in zip(texts, reversed(texts), strict=True)]


def workbook(path: Path, table: Table, rows: Rows, zone: str = "Europe/Berlin") -> Path:
    target = path / "export.xlsx"
    with target.open("wb", buffering=0) as out:
        sheet.write(out, table, rows, zone, MADE)
    return target


def cells(path: Path, *, escaped: bool = True) -> list[list[Any]]:
    """What openpyxl reads; formulas as they are spelled, so that none goes unseen. It leaves the file format's escapes
    (ECMA-376, ST_Xstring) to its caller; LibreOffice writes none."""
    from openpyxl import load_workbook
    from openpyxl.utils.escape import unescape

    book = load_workbook(path)
    assert book.active
    found = [[cell.value for cell in row] for row in book.active.iter_rows()]
    return [[unescape(value) if escaped and isinstance(value, str) else value for value in row] for row in found]


def types(path: Path) -> set[str]:
    from openpyxl import load_workbook

    book = load_workbook(path)
    assert book.active
    return {cell.data_type for row in book.active.iter_rows() for cell in row}


def converted(path: Path, to: str, *options: str) -> Path:
    """What LibreOffice makes of the file."""
    if OFFICE is None:
        pytest.skip(NO_OFFICE)
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    asked = [
        OFFICE,
        profile,
        "--headless",
        *options,
        "--convert-to",
        to,
        "--outdir",
        str(path.parent / "made"),
        str(path),
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)
    return path.parent / "made" / f"{path.stem}.{to.partition(':')[0]}"


# -- XLSX --


def test_excel_cells_are_read_by_python_as_the_texts_they_were(tmp_path: Path) -> None:
    table, rows = rows_of(TEXTS)
    path = workbook(tmp_path, table, rows)
    assert cells(path) == [table.header, *(table.cells(row) for row in rows)]
    assert types(path) == {"s"} or types(path) == {"inlineStr"}


@pytest.mark.slow
def test_excel_cells_are_read_by_libreoffice_as_the_texts_they_were(tmp_path: Path) -> None:
    table, rows = rows_of(TEXTS)
    made = converted(workbook(tmp_path, table, rows), "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false")
    read = list(csv.reader(io.StringIO(made.read_bytes().decode("utf-8-sig"), newline="")))
    assert [[in_one_way(cell) for cell in line] for line in read] == [
        [in_one_way(cell) for cell in line] for line in (table.header, *(table.cells(row) for row in rows))
    ]


def in_one_way(text: str) -> str:
    """Line breaks as LibreOffice writes them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_times_in_excel_are_the_wall_clock_of_the_tenant(tmp_path: Path) -> None:
    table = Table((), (Column("at", "At", "time"),), {})
    told = ["2026-03-10T15:30:00.250Z", "2026-07-10T22:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]
    read = [row[0] for row in cells(workbook(tmp_path, table, [{"at": at} for at in told]))[1:]]
    assert read == [
        datetime(2026, 3, 10, 16, 30, 0, 250_000),
        datetime(2026, 7, 11, 0, 30),
        datetime(2026, 10, 25, 2, 30),
        datetime(2026, 10, 25, 2, 30),  # the hour that is there twice
    ]
    read = [row[0] for row in cells(workbook(tmp_path, table, [{"at": told[0]}], "Asia/Tokyo"))[1:]]
    assert read == [datetime(2026, 3, 11, 0, 30, 0, 250_000)]


def test_numbers_and_truths_are_such_in_excel_unless_excel_would_round_them(tmp_path: Path) -> None:
    table = Table((), (Column("value", "Value", "json"),), {})
    told = [5, -5, 1.5, True, False, 10**15, 123456789012345678, {"a": [1, "ü"]}, None, ""]
    read = [row[0] for row in cells(workbook(tmp_path, table, [{"value": value} for value in told]))[1:]]
    assert read[:8] == [5, -5, 1.5, True, False, "1000000000000000", "123456789012345678", '{"a":[1,"ü"]}']
    assert [type(value) for value in read[3:5]] == [bool, bool]


def test_the_same_rows_make_the_same_excel_file(tmp_path: Path) -> None:
    table, rows = rows_of(TEXTS)
    first = workbook(tmp_path, table, rows).read_bytes()
    assert workbook(tmp_path, table, rows).read_bytes() == first


# -- CSV --


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_by_python_as_the_texts_they_were_but_for_the_guard(separator: str) -> None:
    table, rows = rows_of(TEXTS)
    text = Delimited(table, separator)
    raw = text.head() + text.rows(rows)
    read = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=separator))
    assert read == [table.header, *([guarded(cell) for cell in table.cells(row)] for row in rows)]
    assert raw.count(b"\r\n") >= len(TEXTS) + 1


@pytest.mark.slow
@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_is_read_by_libreoffice_as_it_was_but_for_what_looks_like_a_number(tmp_path: Path, separator: str) -> None:
    table, rows = rows_of(TEXTS)
    text, path = Delimited(table, separator), tmp_path / "export.csv"
    path.write_bytes(text.head() + text.rows(rows))
    made = converted(path, "xlsx", f"--infilter=Text - txt - csv (StarCalc):{ord(separator)},34,76,1,,1033,false,false")
    read = cells(made, escaped=False)
    assert "f" not in types(made)
    expected = [[guarded(cell) for cell in table.cells(row)] for row in rows]
    for got, told in zip(read[1:], expected, strict=True):
        for cell, text_told in zip(got, told, strict=True):
            assert text_told in RETYPED or in_one_way(str(cell)) == in_one_way(text_told)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "+1+1",
        "-5+3",
        "-(5)",
        "+cmd|x",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "-x",
        "\uff1d1",
        "+49/351",
    ],
)
def test_text_that_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "+49 351 4960123",
        "+49 (0) 351 4960123",
        "+493514960123",
        "-5",
        "-5.50",
        "-1.234,5",
        "-",
        "+",
        "",
        "a=b",
        "1-2",
        "x@y.z",
    ],
)
def test_phone_numbers_amounts_and_all_other_text_stay_what_they_are(text: str) -> None:
    assert guarded(text) == text


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
    st.text("=+-@ \t\r\n\",;'()123.a", max_size=8),
    st.sampled_from(TEXTS),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=4), st.sampled_from([",", ";", "\t"]))
def test_rows_that_are_joined_at_a_glance_are_what_the_csv_module_writes(lines: list[Any], separator: str) -> None:
    table = Table((), (Column("a", "A"), Column("b", "B")), {})
    raw = Delimited(table, separator).rows({"a": a, "b": b} for a, b in lines)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([guarded(as_told(cell)) for cell in line] for line in lines)
    assert raw.decode() == out.getvalue()


def as_told(cell: Any) -> str:
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def test_a_chunk_that_knew_fewer_columns_becomes_the_same_rows() -> None:
    kind = KINDS["participations"]
    row: dict[str, Any] = dict.fromkeys([column.name for column in kind.columns])
    row |= dict.fromkeys(columns.FIRST) | {"fields": {"b": "x\r\ny", "c": "=1"}}
    few, many = columns.of_kind(kind, {"fields": ["b"]}), columns.of_kind(kind, {"fields": ["a", "b", "c"]})
    early = {**row, "fields": {"b": '1,"2"\n'}}
    known = Delimited(few, ";").chunk([early])
    assert Delimited(many, ";").from_chunk(known) == (Delimited(many, ";").rows([early]), 1)
    assert Delimited(many, ";").from_chunk(Delimited(many, ";").chunk([row, early])) == (
        Delimited(many, ";").rows([row, early]),
        2,
    )
    assert column(known, "fields.b", ";") == ['1,"2"\n']
