"""The second phase of an export: the file, made of chunks that nobody changes any more, so it is the same each time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any

import orjson

from chalicelib.exports import MEDIA_TYPES, columns, delimited, instances, sheet
from chalicelib.exports.columns import Table
from chalicelib.jobs.export_state import Asked, Reached, asked_of, at, chunk_key, file_key
from chalicelib.settings import settings
from chalicelib.store import jobs, objects, parts
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store

FAN = 16  # runs that are merged at once


def merge(store: Store, job: Job, reached: Reached) -> Job:
    """Makes one run of the first sixteen, until no more than so many are left."""
    if reached.chunks - reached.first <= FAN:
        return at(job, replace(reached, phase="write"))
    key = chunk_key(store, job, reached, reached.chunks)
    runs = [_lines(store, job, reached, reached.first + place) for place in range(FAN)]
    with objects.Writer(_bucket(), key, MEDIA_TYPES["jsonl"]) as out:
        out.writelines(instances.merged(runs))
    return at(job, replace(reached, first=reached.first + FAN, chunks=reached.chunks + 1))


def write(store: Store, job: Job, reached: Reached) -> Job:
    """One part of the file, or the whole of it where parts cannot be made one by one."""
    if not asked_of(job).in_parts:
        return _written_whole(store, job, reached)
    try:
        return _written_on(store, job, reached)
    except parts.Torn:
        return at(job, replace(reached, upload="", parts=[], next=0, written=0))


def check(store: Store, job: Job, reached: Reached) -> dict[str, Any]:
    """The finished file's digest and size, from one streaming read."""
    digest, size = sha256(), 0
    for chunk in objects.read(_bucket(), file_key(store, job, reached)):
        digest.update(chunk)
        size += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _written_on(store: Store, job: Job, reached: Reached) -> Job:
    """The last step has nothing to send: whoever repeats it must not send to an upload that was completed."""
    key, asked = file_key(store, job, reached), asked_of(job)
    if reached.upload and reached.next == reached.chunks:
        parts.complete(_bucket(), key, reached.upload, reached.parts)
        return at(job, replace(reached, phase="check", lines=reached.written))
    content, rows, following = _part(store, job, reached)
    if following == reached.chunks and not reached.upload:
        objects.put(_bucket(), key, content, MEDIA_TYPES[asked.format])
        return at(job, replace(reached, phase="check", next=following, written=rows, lines=rows))
    upload = reached.upload or parts.begin(_bucket(), key, MEDIA_TYPES[asked.format])
    sent = [*reached.parts, parts.send(_bucket(), key, upload, len(reached.parts) + 1, content)]
    return at(job, replace(reached, upload=upload, parts=sent, next=following, written=reached.written + rows))


def _part(store: Store, job: Job, reached: Reached) -> tuple[io.BytesIO, int, int]:
    """Bytes of so many chunks as a part needs, of one at least; how many rows they are; the chunk that comes next."""
    asked, held, rows, chunk = asked_of(job), io.BytesIO(), 0, reached.next
    text = None if asked.format == "jsonl" else _delimited(asked, reached)
    if text and chunk == 0:
        held.write(text.head())
    while chunk < reached.chunks and (chunk == reached.next or held.tell() < parts.LEAST):
        content = b"".join(objects.read(_bucket(), chunk_key(store, job, reached, chunk)))
        made, count = text.from_chunk(content) if text else (content, content.count(b"\n"))
        held.write(made)
        rows, chunk = rows + count, chunk + 1
    held.seek(0)
    return held, rows, chunk


def _written_whole(store: Store, job: Job, reached: Reached) -> Job:
    asked, on_its_way = asked_of(job), _Progress(store, job, reached)
    runs = (_lines(store, job, reached, number) for number in range(reached.first, reached.chunks))
    rows = instances.rows(instances.merged(runs)) if asked.by_instance else map(orjson.loads, chain.from_iterable(runs))
    with objects.Writer(_bucket(), file_key(store, job, reached), MEDIA_TYPES[asked.format]) as out:
        counted = on_its_way.counted(rows)
        if asked.format == "xlsx":
            sheet.write(out, _table(asked, reached), counted, reached.zone, reached.as_of)
        elif asked.format == "csv":
            text = _delimited(asked, reached)
            out.write(text.head())
            out.writelines(text.rows([row]) for row in counted)
        else:
            out.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in counted)
    return at(on_its_way.job, replace(reached, phase="check", written=reached.rows, lines=on_its_way.lines))


class _Progress:
    """Saves the job now and then, which is also how a worker learns that it was cancelled."""

    EVERY = 5000

    def __init__(self, store: Store, job: Job, reached: Reached) -> None:
        self._store, self.job, self._reached, self.lines = store, job, reached, 0

    def counted(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in rows:
            self.lines += 1
            if self.lines % self.EVERY == 0:
                told = jobs.advanced(self.job, self._reached.rows + self.lines, self.job.total)
                self.job = jobs.save(self._store, told)
            yield row


def _lines(store: Store, job: Job, reached: Reached, number: int) -> Iterator[bytes]:
    return objects.lines(_bucket(), chunk_key(store, job, reached, number))


def _table(asked: Asked, reached: Reached) -> Table:
    if asked.by_instance:
        return instances.table(reached.names.get(instances.NAMES, ()))
    return columns.of_kind(asked.of, reached.names)


def _delimited(asked: Asked, reached: Reached) -> delimited.Delimited:
    return delimited.Delimited(_table(asked, reached), asked.separator, asked.bom)


def _bucket() -> str:
    return settings().exports_bucket
