"""Files as people have them: every encoding and separator, what Excel does to codes, and what nobody should open."""

import io
import struct
import tracemalloc
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chalicelib.imports import examples, sources
from chalicelib.imports.entries import Entry, Spelling, entries
from chalicelib.imports.sheets import Unreadable

Found = tuple[int, str, str]
UMLAUTS = "Gutschein-Ä\nGröße-ß\nÖl-ü\n"


def read(content: bytes | str, kind: str = "coupons", spelling: Spelling | None = None, **told: Any) -> list[Entry]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    _, lines = sources.opened(kind, file, **told)
    return list(entries(kind, lines, spelling or Spelling()))


def found(content: bytes | str, kind: str = "coupons", **told: Any) -> list[Found]:
    """Line, code and reason."""
    return [(entry.line, entry.code, entry.reason) for entry in read(content, kind, **told)]


def sheet(*rows: tuple[Any, ...], formats: dict[str, str] | None = None, more: bool = False) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    for place, format in (formats or {}).items():
        book.active[place].number_format = format  # type: ignore[index]
    if more:
        book.create_sheet("Other").append(["OTHER"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# -- text --


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_umlauts_arrive_in_every_encoding(encoding: str) -> None:
    assert [code for _, code, _ in found(UMLAUTS.encode(encoding))] == UMLAUTS.split()


def test_a_byte_that_is_no_utf8_loses_its_line_alone() -> None:
    assert found(UMLAUTS.encode() + b"\xff\nB\n")[3:] == [(4, "\ufffd", "bad_encoding"), (5, "B", "")]
    assert found(b"A\x81\xfc\nB\xfc\n") == [(1, "A\ufffdü", "bad_encoding"), (2, "Bü", "")]


def test_the_encoding_that_is_named_counts() -> None:
    assert found("ü\n".encode(), encoding="cp1252") == [(1, "Ã¼", "")]
    assert found("ü\n".encode("cp1252"), encoding="utf-8") == [(1, "\ufffd", "bad_encoding")]


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("head", ["", "Code{0}Punkte{0}GEWINN\n", "win{0}code{0}points\n"])
def test_separator_and_header_are_found(separator: str, head: str) -> None:
    lines = ["ja{0}A B{0}50", "{0}C{0}"] if head.startswith("win") else ["A B{0}50{0}ja", "C{0}{0}"]
    content = head.format(separator) + "\n".join(lines).format(*[separator] * 4)
    got = read(content, "codes")
    assert [(one.code, one.points, one.win, one.reason) for one in got] == [("A B", 50, True, ""), ("C", 0, False, "")]


def test_the_separator_that_is_named_counts() -> None:
    assert found("10,00-A\n20,00-B\n", separator=";") == [(1, "10,00-A", ""), (2, "20,00-B", "")]
    assert [reason for *_, reason in found("10,00-A\n20,00-B\n")] == ["too_many_columns"] * 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way_and_empty_ones_count_for_nothing(end: str) -> None:
    assert found(end.join(["", "CODE", "A", "", "  ", ";;", "B"])) == [(3, "A", ""), (7, "B", "")]


def test_quotes_hold_separators_and_other_quotes() -> None:
    assert found('"A;1"\n"B ""2"""\n5" disc\n"C"\n', separator=";") == [
        (1, "A;1", ""),
        (2, 'B "2"', ""),
        (3, '5" disc', ""),
        (4, "C", ""),
    ]


def test_a_line_break_within_quotes_is_one_line_that_is_refused() -> None:
    assert found('"A\nB"\nC\n') == [(1, "A\nB", "control_character"), (3, "C", "")]
    assert found('"A\n"\nC\n') == [(1, "A", ""), (3, "C", "")]


def test_a_quote_that_never_ends_loses_one_line_and_not_the_file() -> None:
    codes = [f"C{n:06}" for n in range(5000)]
    got = found('"' + "\n".join(codes))
    assert got[0] == (1, "", "too_long")
    assert [code for _, code, reason in got[1:] if not reason] == codes[1:]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x" * 200, ""),
        ("x" * 201, "too_long"),
        ("4,00638E+12", "excel_number"),
        ("4.00638E+12", "excel_number"),
        ("4E+12", "excel_number"),
        ("12E3", ""),
        ("A\x00B", "control_character"),
        ("A\u200bB", "control_character"),
        ("A\u202eB", "control_character"),
        ("A\tB", "control_character"),
        ("A\x1cB", "control_character"),
        ("=1+1", ""),
        ("01067", ""),
        ("🎉", ""),
    ],
)
def test_codes_that_cannot_be_right_are_named(code: str, reason: str) -> None:
    assert [got[2] for got in found(f'CODE\n"{code}"\n', separator=";")] == [reason]


def test_a_cell_of_a_megabyte_is_too_long_and_the_rest_is_read() -> None:
    assert found("A" * 1_000_000 + "\nB\n") == [(1, "", "too_long"), (2, "B", "")]
    assert found('"' + "A" * 1_000_000 + '"\nB\n') == [(1, "", "too_long"), (2, "B", "")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A;50;ja", ""),
        ("A; 50 ;X", ""),
        ("A;;", ""),
        ("A", ""),
        (";50;ja", "empty"),
        (" - ;50;", "empty"),
        ("A;1,5;", "points_not_whole"),
        ("A;1.0;", "points_not_whole"),
        ("A;-5;", "points_not_whole"),
        ("A;9007199254740992;", "points_not_whole"),
        ("A;1000000001;", "points_not_whole"),
        ("A;viele;", "points_not_whole"),
        ("A;\u0661;", "points_not_whole"),
        ("A;1;vielleicht", "win_unclear"),
        ("A;1;2", "win_unclear"),
        ("A;1;ja;x", "too_many_columns"),
        ("A;1;ja;", ""),
        ("ﷺ" * 60 + ";1;", "too_long"),
    ],
)
def test_points_and_wins_that_are_unclear_are_named(line: str, reason: str) -> None:
    assert [got[2] for got in found(line + "\n", "codes", separator=";")] == [reason]


@pytest.mark.parametrize("win", ["true", "1", "yes", "Ja", "X", "WAHR"])
def test_a_win_is_said_in_many_ways(win: str) -> None:
    assert [one.win for one in read(f"A;1;{win}\nB;1;no", "codes")] == [True, False]


def test_spellings_of_one_code_have_one_key() -> None:
    keys = {one.key for one in read("AB-12\nab 12\n\uff21\uff22\uff11\uff12\n", "codes")}
    assert keys == {"ab12"}
    exact = Spelling(fold_case=False, ignore="")
    assert len({one.key for one in read("AB-12\nab 12\nAB12\n", "codes", exact)}) == 3


@given(st.binary(max_size=300))
def test_whatever_bytes_come_are_read_or_refused_in_words(content: bytes) -> None:
    for kind in ("coupons", "codes"):
        try:
            lines = [entry.line for entry in read(content, kind)]
        except Unreadable as refused:
            assert refused.code in ("file_unreadable", "file_too_large")
        else:
            assert lines == sorted(set(lines))


def test_a_large_file_is_read_in_little_memory() -> None:
    file = io.BytesIO(b"".join(b"CODE-%08d;50;ja\r\n" % n for n in range(30_000)) + b'"' + b"x" * 3_000_000)
    tracemalloc.start()
    _, lines = sources.opened("codes", file)
    count = sum(1 for _ in entries("codes", lines, Spelling()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 30_001
    assert peak < 8_000_000


# -- Excel --


def test_a_sheet_is_read_as_text_is() -> None:
    file = sheet(("Code", "Punkte", "Gewinn"), ("A-1", 50, True), ("01067", None, "ja"), (), ("B", 5.0, 0), more=True)
    got = read(file, "codes")
    assert [(one.line, one.code, one.points, one.win, one.reason) for one in got] == [
        (2, "A-1", 50, True, ""),
        (3, "01067", 0, True, ""),
        (5, "B", 5, False, ""),
    ]
    about, _ = sources.opened("codes", io.BytesIO(file))
    assert (about.sheet, about.other_sheets, about.encoding) == ("Sheet", 1, None)


@pytest.mark.parametrize(
    ("cell", "code", "reason"),
    [
        (4006381333931, "4006381333931", ""),
        (999_999_999_999_999, "999999999999999", ""),
        (10**15, "1000000000000000", "excel_number"),
        (1.5, "1.5", "excel_number"),
        (-1, "-1", "excel_number"),
        (True, "True", "excel_number"),
        (date(2026, 2, 1), "", "excel_number"),
        ("A\nB", "A\nB", "control_character"),
        ("x" * 32_000, "x" * 200, "too_long"),
    ],
)
def test_what_excel_made_of_a_code_is_named(cell: Any, code: str, reason: str) -> None:
    assert found(sheet(("CODE",), (cell,), ("B",))) == [(2, code, reason), (3, "B", "")]


def test_zeros_that_a_format_shows_are_part_of_the_code() -> None:
    assert found(sheet((42,), formats={"A1": "00000"})) == [(1, "00042", "")]


def test_formula_and_error_cells_bring_nothing_in() -> None:
    assert found(sheet(("A", None, None), ("=1+1", 5, None)), "codes") == [(1, "A", ""), (2, "", "empty")]
    assert [reason for *_, reason in found(sheet(("A",), ("#REF!",)))] == ["", "empty"]


def test_points_of_a_sheet_are_whole_numbers() -> None:
    rows = [("A", 1.5, None), ("B", -1, None), ("C", True, None), ("D", 2**53, None), ("E", 7, "x")]
    assert [reason for *_, reason in found(sheet(*rows), "codes")] == ["points_not_whole"] * 4 + [""]


def bomb() -> bytes:
    """A sheet that unpacks to half a gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(500):
            part.write(bytes(1_000_000))
    return file.getvalue()


def lying(content: bytes) -> bytes:
    """The same with a directory that declares a small size."""
    place = content.rindex(b"PK\1\2")
    return content[: place + 24] + struct.pack("<I", 1000) + content[place + 28 :]


@pytest.mark.parametrize("honest", [True, False])
def test_a_zip_bomb_is_not_unpacked(honest: bool) -> None:
    content = bomb() if honest else lying(bomb())
    tracemalloc.start()
    with pytest.raises(Unreadable) as refused:
        read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == ("file_too_large" if honest else "file_unreadable")
    assert peak < 20_000_000


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """An Excel file with one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return file.getvalue()


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"ha" * 50
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    "content",
    [
        b"PK\3\4",
        sheet(("A",))[:500],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        with_part(sheet(("A",)), "xl/workbook.xml", b"<nothing/>"),
        with_part(sheet(("A",)), "xl/worksheets/sheet1.xml", b"<unclosed"),
        with_part(
            sheet(("A",)),
            "xl/worksheets/sheet1.xml",
            LAUGHS + SHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>',
        ),
        with_part(sheet(("A",)), "xl/worksheets/sheet1.xml", SHEET % b'<row r="x"><c r="??"><v>1</v></c></row>'),
    ],
    ids=["four bytes", "half", "old or locked", "no workbook", "torn", "a billion laughs", "wild places"],
)
def test_what_is_no_excel_file_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.code == "file_unreadable"


def test_a_row_that_says_it_is_the_billionth_is_not_waited_for() -> None:
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>A</t></is></c></row><row r="9000000000000"><c><v>1</v></c></row>'
    content = with_part(sheet(("A",)), "xl/worksheets/sheet1.xml", SHEET % rows)
    assert found(content) == [(1, "A", "")]


# -- examples --


@pytest.mark.parametrize("format", list(examples.FORMATS))
@pytest.mark.parametrize("kind", examples.KINDS)
def test_an_example_is_read_without_a_remark(kind: str, format: str) -> None:
    import base64

    made = examples.made(kind, format)
    got = read(base64.b64decode(made["url"].partition(",")[2]), kind)
    assert [one.reason for one in got] == ["", "", ""]
    assert [one.code for one in got] == [row[0] for row in examples.ROWS[kind]]
    assert made["name"] == f"{kind}.{format}"
