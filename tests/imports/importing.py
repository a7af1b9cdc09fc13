"""Imports as a person makes them: announced, uploaded, pumped to their end; and what they left."""

import csv
import io
from typing import Any

import time_machine

from chalicelib.settings import settings
from chalicelib.store import objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Row, Store
from tests.files.uploads import put, told_by_s3
from tests.pumping import finished
from tests.world import World

STORE = Store("acme")


def announce(world: World, kind: str = "coupons", **told: Any) -> Any:
    """The answer: job, import and form."""
    body = {"kind": kind, "experience": "summer", "file_name": "codes.csv", **told}
    return world.request("POST", "/v1/imports", body).ok()


def upload(answer: Any, content: bytes) -> None:
    from chalicelib.jobs import arrivals

    arrivals.on_upload(told_by_s3(put(answer, content)))


def bring_in(
    world: World, clock: time_machine.Traveller, content: bytes | str, kind: str = "coupons", **told: Any
) -> Job:
    answer = announce(world, kind, **told)
    upload(answer, content.encode() if isinstance(content, str) else content)
    return finished(answer["job"], clock)


def counts(job: Job) -> tuple[int, int, int, int, int]:
    """Lines, added, already there, twice in the file, invalid."""
    assert job.result, job.error
    names = ("lines", "added", "already_there", "twice_in_file", "invalid")
    lines, added, there, twice, invalid = (job.result[name] for name in names)
    return lines, added, there, twice, invalid


def report(job: Job) -> list[tuple[int, str, str, str]]:
    """Its lines: number, code, result, reason."""
    assert job.file
    text = b"".join(objects.read(settings().exports_bucket, job.file)).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text))
    assert header == ["line", "code", "result", "reason"]
    return [(int(line), code, result, reason) for line, code, result, reason in lines]


def stored(kind: str = "coupons", import_id: str | None = None) -> list[Row]:
    """All rows of the tenant that lie in the table, by code."""
    from chalicelib.store import wire
    from chalicelib.store.plain import plain_item

    answer = wire.client().scan(TableName=settings().tables["Codes"])
    assert "LastEvaluatedKey" not in answer
    rows = [plain_item(item) for item in answer["Items"]]
    own = [row for row in rows if row["pk"].startswith("acme#") and row["sk"] == kind.removesuffix("s")]
    return sorted((r for r in own if import_id in (None, r["data"]["import_id"])), key=lambda row: row["data"]["code"])


def codes_of(rows: list[Row]) -> list[str]:
    return [row["data"]["code"] for row in rows]


def ordinals(rows: list[Row]) -> list[int]:
    return sorted(int(row["ordinal"]) for row in rows)


def left_in_buckets() -> list[str]:
    of_files = list(objects.keys(settings().files_bucket, "i/"))
    return of_files + list(objects.keys(settings().exports_bucket, "e/"))
