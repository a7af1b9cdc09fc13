"""Variables as one row a process instance: runs of lines sorted by instance, merged, and pivoted while they pass."""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import orjson

from chalicelib.exports.columns import Table
from chalicelib.kinds import Column

PLAIN = ("process_instance", "experience", "customer_id", "email", "created_at", "changed_at")
NAMES = "variables"
TAB = b"\t"


def run(rows: Iterable[dict[str, Any]], first: int) -> bytes:
    """Rows newest first, sorted by what they are of; `first` counts the rows before them."""
    return b"".join(sorted(_line(row, number) for number, row in enumerate(rows, first)))


def merged(runs: Iterable[Iterator[bytes]]) -> Iterator[bytes]:
    return heapq.merge(*runs)


def rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One an instance; of values of one name the newest."""
    for _, group in groupby(lines, key=lambda line: line.partition(TAB)[0]):
        yield _pivot(orjson.loads(line.rpartition(TAB)[2]) for line in group)


def table(names: Iterable[str]) -> Table:
    return Table(PLAIN, (Column(NAMES, "Variables", "map"),), {NAMES: names})


def _line(row: dict[str, Any], number: int) -> bytes:
    """Values without an instance are their customer's together, or each one's own."""
    owner = [row["experience"], row["process_instance"] or "", "" if row["process_instance"] else row["customer_id"]]
    if not any(owner[1:]):
        owner.append(row["id"])
    return b"%s\t%012d\t%s\n" % (orjson.dumps(owner), number, orjson.dumps(row))


def _pivot(values: Iterable[dict[str, Any]]) -> dict[str, Any]:
    newest, *older = values
    found: dict[str, Any] = {}
    for one in (newest, *older):
        found.setdefault(one["name"], one["file_url"] if one["value"] is None else one["value"])
    times = {"created_at": [newest, *older][-1]["created_at"], "changed_at": newest["created_at"]}
    return {name: newest[name] for name in PLAIN if name not in times} | times | {NAMES: found}
