"""A portability package (Article 20 GDPR): what the person provided, as JSON and as CSV for each kind.

Not in it: what was decided, drawn, booked or logged about the person (winners, points, coupons, log, system variables).
CSV is RFC 4180 in UTF-8 with commas, and without a guard against formulas: it is for programs, so every value is exact.
"""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.exports.columns import Table
from chalicelib.kinds import FIELDS
from chalicelib.packages.contents import Contents, File, Shown

FORMAT: Final = "afterchat-portability"
VERSION: Final = 1

# Of each kind the members that the person provided, or that say when and where.
PROVIDED: Final[dict[str, tuple[str, ...]]] = {
    "customers": ("email", "registered_at", "locale", "channel", "fields"),
    "consents": (
        "consent",
        "status",
        "text",
        "text_version",
        "locale",
        "channel",
        "method",
        "requested_at",
        "confirmed_at",
        "recorded_at",
    ),
    "participations": ("created_at", "experience", "giveaway", "terms_version", "channel", "fields"),
    "instant_win_participations": ("created_at", "experience", "instant_win", "fields"),
    "redemptions": ("created_at", "experience", "reward", "reward_title", "fields"),
    "variables": ("created_at", "experience", "process_instance", "scope", "name", "value", "file_url"),
    "files": ("created_at", "experience", "name", "content_type", "size", "sha256", "variable"),
    "codes": ("redeemed_at", "experience", "code"),
}


def records(contents: Contents, files: list[File]) -> dict[str, list[Shown]]:
    """By kind, oldest first. A file has its `path` in the package, or says what it lacks."""
    found = {}
    for kind, members in PROVIDED.items():
        rows = [row for row in reversed(contents.records[kind]) if not row.get("system")]
        found[kind] = [{name: row[name] for name in members} for row in rows]
    for row, file in zip(found["files"], reversed(files), strict=True):
        row |= located(file)
    return found


def located(file: File) -> dict[str, str | None]:
    """Where the content is in the package, or why it is not there."""
    return {"path": None if file.lack else file.path, "lacks": file.lack or None}


def document(rows: dict[str, list[Shown]], made_at: str) -> str:
    head = {"format": FORMAT, "version": VERSION, "made_at": made_at}
    return json.dumps({**head, "records": rows}, ensure_ascii=False, indent=2) + "\n"


def table(rows: list[Shown]) -> Iterator[str]:
    """The lines of a CSV file; `fields` becomes a column for each name that occurs."""
    columns = _columns(rows)
    line = io.StringIO()
    writer = csv.writer(line)
    for cells in (columns.header, *map(columns.cells, rows)):
        writer.writerow(map(_cell, cells))
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _columns(rows: list[Shown]) -> Table:
    names = {name for row in rows for name in row.get(FIELDS.name, ())}
    plain = [name for name in rows[0] if name != FIELDS.name]
    return Table(plain, [FIELDS] if FIELDS.name in rows[0] else [], {FIELDS.name: names})


def _cell(value: Any) -> str:
    """Text as it is, everything else as JSON; what is not there is empty."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
