"""Customers are sorted by their last activity, so who becomes active while they are read moves away from the reader.
When all others were read, those who moved are read in the order in which they move, until nobody is ahead."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib import clock
from chalicelib.exports import delimited
from chalicelib.jobs.export_reading import Reading, kept
from chalicelib.jobs.export_state import Reached, at, chunk_key
from chalicelib.settings import settings
from chalicelib.store import feeds, keys, objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Row, Span

SETTLED_MS = 2000  # what was written so long ago is in the index
BATCH = 1000
ID = slice(len('{"id":"'), len('{"id":"') + 36)  # where a row's line has its id


def step(reading: Reading, job: Job, reached: Reached) -> Job:
    """All of it at once: few move while an export runs."""
    if reading.question.until is not None and reading.question.until <= reached.as_of:
        return at(job, replace(reached, phase="write"))  # who moved is no longer among those asked for
    if not reached.settled_at:
        settled_at = clock.now_ms() + SETTLED_MS
        return replace(at(job, replace(reached, settled_at=settled_at)), not_before=settled_at)
    moved = _moved(reading)
    for known in _written(reading, job, reached) if moved else ():
        moved.pop(known, None)
    found = list(moved.values())
    for place in range(0, len(found), BATCH):
        page = [row for row in reading.shown(found[place : place + BATCH]) if reading.question.covers(_active(row))]
        reached = kept(reading, job, reached, page)
    return at(job, replace(reached, phase="write"))


def _moved(reading: Reading) -> dict[str, Row]:
    """Index rows of customers who were active since, by id. Read upwards: who moves on is met again further up."""
    found: dict[str, Row] = {}
    feed = feeds.of_tenant(reading.store, reading.kind)
    for partition in feed.partitions:
        span = Span(keys.time_prefix(reading.as_of + 1))
        for row in reading.store.query_all(feed.access, partition, span):
            found[reading.store.partition(row["pk"]).removeprefix("c#")] = row
    return found


def _written(reading: Reading, job: Job, reached: Reached) -> Iterator[str]:
    for number in range(reached.chunks):
        key = chunk_key(reading.store, job, reached, number)
        chunk = b"".join(objects.read(settings().exports_bucket, key))
        if reading.asked.format == "csv":
            yield from delimited.column(chunk, "customer_id", reading.asked.separator)
        else:
            yield from (line[ID].decode() for line in chunk.splitlines())


def _active(row: dict[str, object]) -> int:
    return clock.milliseconds(clock.parsed(str(row["last_active_at"])))
