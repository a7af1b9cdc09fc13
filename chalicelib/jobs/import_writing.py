"""The second half of an import: chunk by chunk into the table, then the report, then the one write that opens it."""

import csv
import io
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chalicelib.exports.guard import guarded
from chalicelib.imports.entries import Entry
from chalicelib.jobs.import_state import (
    Asked,
    Reached,
    asked_of,
    at,
    chunk,
    groups,
    part,
    position,
    put_part,
    report_key,
)
from chalicelib.promotions import codes, coupons
from chalicelib.promotions.outcome import Outcome
from chalicelib.settings import settings
from chalicelib.store import alive, experiences, jobs
from chalicelib.store.alive import Horizons
from chalicelib.store.jobs import Failed, Job
from chalicelib.store.objects import Writer
from chalicelib.store.tenancy import Key, Store, in_parallel

RESULTS: Final = {"a": "added", "t": "already_there", "2": "twice_in_file", "i": "invalid"}


class Writing:
    """The chunks of one import under one lease."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store, self._id, self._asked = store, job.id, asked_of(job)
        self._twice = array("I")
        self._twice.frombytes(part(store, job, "twice"))

    def run(self, job: Job, reached: Reached, is_late: Callable[[], bool]) -> Job:
        """Until all chunks are written or time is up. What is new is decided, and that is saved, before it is written.
        Raises Failed and Taken."""
        while reached.next < reached.chunks:
            entries = chunk(self._store, job, reached.next)
            candidates = self._candidates(entries)
            cleared = still_wanted(self._store, self._asked, reached)
            if reached.decided is None:
                new = self._new(candidates, cleared)
                reached = replace(reached, decided=f"{sum(is_new << place for place, is_new in enumerate(new)):x}")
                job = jobs.save(self._store, at(job, reached))
            reached = self._written(job, reached, entries, candidates, cleared)
            if is_late():
                return at(job, reached)
        return at(job, replace(reached, phase="report"))

    def _candidates(self, entries: list[Entry]) -> list[Entry]:
        """Those that could be brought in: neither wrong nor named on an earlier line."""
        low = bisect_left(self._twice, entries[0].line)
        twice = set(self._twice[low : bisect_right(self._twice, entries[-1].line)])
        return [entry for entry in entries if not entry.reason and entry.line not in twice]

    def _new(self, candidates: list[Entry], cleared: Horizons) -> list[bool]:
        """Half a read unit each, as against a write unit for each that is refused."""
        only = ("created_at", "expires_at", "experience")
        places = [self._place(entry) for entry in candidates]
        there = self._store.get_many("Codes", places, only=only)
        return [not alive.is_alive(there.get(place), self._asked.of, cleared) for place in places]

    def _place(self, entry: Entry) -> Key:
        place = coupons.place if self._asked.kind == "coupons" else codes.place
        return place(self._store, self._asked.experience, entry.key)

    def _written(
        self, job: Job, reached: Reached, entries: list[Entry], candidates: list[Entry], cleared: Horizons
    ) -> Reached:
        bits = int(reached.decided or "0", 16)
        new = [entry for place, entry in enumerate(candidates) if bits >> place & 1]
        results = {entry.line: "t" for entry in candidates}
        if self._asked.dry_run:
            results |= {entry.line: "a" for entry in new}
        else:
            numbered = list(enumerate(new, reached.ordinal))
            outcomes = in_parallel(lambda one: self._add(reached.rows_at, *one, cleared), numbered)
            results |= {e.line: "a" for e, o in zip(new, outcomes, strict=True) if o.name == "added"}
        marks = "".join("i" if entry.reason else results.get(entry.line, "2") for entry in entries)
        put_part(self._store, job, f"results/{reached.next:06}", marks.encode())
        return replace(
            reached,
            next=reached.next + 1,
            decided=None,
            ordinal=reached.ordinal + len(new),
            added=reached.added + marks.count("a"),
            already_there=reached.already_there + marks.count("t"),
        )

    def _add(self, rows_at: int, ordinal: int, entry: Entry, cleared: Horizons) -> Outcome:
        store, experience, where = self._store, self._asked.experience, position(rows_at, self._id, entry.line)
        if self._asked.kind == "coupons":
            return coupons.add(store, experience, entry.code, self._id, ordinal, rows_at, cleared, at=where)
        told = entry.code, entry.key, self._id, rows_at, cleared
        return codes.add(store, experience, *told, points=entry.points, win=entry.win, at=where)


def still_wanted(store: Store, asked: Asked, reached: Reached) -> Horizons:
    """Raises Failed if all such rows were deleted since the import began to write: of the tenant, or of the experience,
    which alone remembers a removal that is over."""
    cleared, experience = alive.horizons(store), experiences.read(store, asked.experience)
    settled = experience.horizons.get(asked.kind, 0) if experience else 0
    if max(settled, cleared.of(asked.of, asked.experience)) >= reached.rows_at:
        raise Failed("cleared_meanwhile")
    return cleared


def report(store: Store, job: Job, reached: Reached) -> None:
    """Line by line what became of it, as a CSV file that Excel opens."""
    with Writer(settings().exports_bucket, report_key(store, job), "text/csv; charset=utf-8") as file:
        file.write(("\ufeffline,code,result,reason\r\n").encode())
        for numbers in groups(reached.chunks):
            for content in in_parallel(lambda number: _reported(store, job, number), numbers):
                file.write(content)


def _reported(store: Store, job: Job, number: int) -> bytes:
    text = io.StringIO()
    marks = part(store, job, f"results/{number:06}").decode()
    lines = zip(chunk(store, job, number), marks, strict=True)
    rows = ((entry.line, entry.code and guarded(entry.code), RESULTS[mark], entry.reason) for entry, mark in lines)
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
