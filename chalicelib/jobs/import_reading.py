"""The first half of an import: the file is read into chunks of checked lines, and what is twice in it is found."""

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import islice
from typing import BinaryIO, Final

from chalicelib import clock
from chalicelib.imports import sources
from chalicelib.imports.entries import Entry, entries
from chalicelib.imports.sheets import Unreadable
from chalicelib.jobs.import_state import (
    CHUNK,
    PREVIEW,
    Asked,
    Reached,
    asked_of,
    at,
    chunk,
    groups,
    put_chunk,
    put_part,
)
from chalicelib.jobs.leftovers import upload
from chalicelib.settings import settings
from chalicelib.store import jobs, objects
from chalicelib.store.jobs import Failed, Job
from chalicelib.store.tenancy import Store, in_parallel

MOST_LINES: Final = 5_000_000
SAVED_EVERY: Final = 10  # chunks; read again they are the same
BUCKET: Final = 250_000  # codes that are compared at once


def read(store: Store, job: Job, reached: Reached, is_late: Callable[[], bool]) -> Job:
    """Until the file is read or time is up; who goes on skips what was read before. Raises Failed and Taken."""
    asked = asked_of(job)
    with _fetched(store, job, reached) as (file, etag):
        try:
            found, lines = sources.opened(asked.kind, file, asked.separator, asked.encoding)
            reached = replace(reached, etag=etag, found=asdict(found))
            rest = (entry for entry in entries(asked.kind, lines, asked.spelling) if entry.line > reached.line)
            while part := list(islice(rest, CHUNK)):
                put_chunk(store, job, reached.chunks, part)
                reached = _counted(reached, part, asked)
                if reached.chunks % SAVED_EVERY == 0:
                    job = jobs.save(store, at(job, reached))
                    if is_late():
                        return job
        except Unreadable as refused:
            raise Failed(refused.code) from refused
    return at(job, replace(reached, phase="compare"))


def compare(store: Store, job: Job, reached: Reached) -> Job:
    """All at once: twelve bytes a line. What has the hash of an earlier line is taken for the same; of five million
    codes one is wrong in a million imports."""
    hashes, lines = array("q"), array("I")
    for numbers in groups(reached.chunks):
        for part in in_parallel(lambda number: chunk(store, job, number), numbers):
            valid = [entry for entry in part if not entry.reason]
            hashes.extend(hash(entry.key) for entry in valid)
            lines.extend(entry.line for entry in valid)
    twice = array("I", sorted(lines[place] for place in _repeated(hashes)))
    put_part(store, job, "twice", twice.tobytes())
    return at(job, replace(reached, phase="write", twice=len(twice), rows_at=clock.now_ms()))


def _repeated(hashes: "array[int]") -> Iterator[int]:
    """Places of all but the first of each. In passes, so that a set never has more than a quarter of a million."""
    passes = len(hashes) // BUCKET + 1
    for turn in range(passes):
        seen: set[int] = set()
        for place, one in enumerate(hashes):
            if one % passes == turn:
                if one in seen:
                    yield place
                seen.add(one)


def _counted(reached: Reached, part: list[Entry], asked: Asked) -> Reached:
    lines = reached.lines + len(part)
    if lines > MOST_LINES:
        raise Failed("too_many_lines")
    valid = [entry for entry in part if not entry.reason]
    shown = [_shown(entry, asked) for entry in valid[: PREVIEW - len(reached.preview)]]
    return replace(
        reached,
        line=part[-1].line,
        chunks=reached.chunks + 1,
        lines=lines,
        invalid=reached.invalid + len(part) - len(valid),
        preview=[*reached.preview, *shown],
    )


def _shown(entry: Entry, asked: Asked) -> dict[str, object]:
    own = {"points": entry.points, "win": entry.win} if asked.kind == "codes" else {}
    return {"line": entry.line, "code": entry.code, **own}


@contextmanager
def _fetched(store: Store, job: Job, reached: Reached) -> Iterator[tuple[BinaryIO, str]]:
    """The upload on disk. Its form can be used again while it lasts, so it is made sure that it is still the same."""
    there = objects.find(settings().files_bucket, upload(store.tenant, job.id))
    if there is None:
        raise Failed("nothing_uploaded")
    if reached.etag not in ("", there.etag):
        raise Failed("file_replaced")
    import tempfile  # of the worker's alone

    with tempfile.TemporaryFile() as file:
        for content in there.chunks:
            file.write(content)
        yield file, there.etag
