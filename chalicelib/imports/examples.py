"""Example files, which are imported as they are, without a remark."""

import base64
import io
from typing import Any, Final

from chalicelib.imports.entries import COLUMNS

KINDS: Final = tuple(COLUMNS)
FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS: Final[dict[str, tuple[tuple[Any, ...], ...]]] = {
    "coupons": (("SUMMER-7F3K-01",), ("SUMMER-9QXM-02",), ("SUMMER-2BTD-03",)),
    "codes": (("LUCKY-4711-AB", 50, "yes"), ("LUCKY-0815-CD", 20, "no"), ("LUCKY-1234-EF", 0, "no")),
}


def made(kind: str, format: str) -> dict[str, str]:
    content = _csv(kind) if format == "csv" else _xlsx(kind)
    encoded = base64.b64encode(content).decode()
    type = FORMATS[format]
    return {"name": f"{kind}.{format}", "content_type": type, "url": f"data:{type.replace(' ', '')};base64,{encoded}"}


def _csv(kind: str) -> bytes:
    """With the separator that German Excel expects, too."""
    lines = [COLUMNS[kind], *ROWS[kind]]
    return "".join(";".join(map(str, line)) + "\r\n" for line in lines).encode()


def _xlsx(kind: str) -> bytes:
    """Codes are text cells, so that Excel keeps their zeros."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet(kind)
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, 0, 24, text)
        for place, line in enumerate([COLUMNS[kind], *ROWS[kind]]):
            sheet.write_row(place, 0, line)
    return file.getvalue()
