"""The sweep of the files bucket, once a day: objects whose record is gone are deleted, and uploads that were not dealt
with, because the message was lost, are looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.jobs import arrivals, queue
from chalicelib.settings import settings
from chalicelib.store import alive, files, jobs, objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Row, Store, in_parallel

PAGE = 250
YOUNG_MS = 3_600_000  # what came within the hour may still be under way


def tenants() -> Iterator[str]:
    """Who has objects: one request for each thousand of them."""
    pages = objects.client().get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=settings().files_bucket, Prefix="t/", Delimiter="/"):
        for prefix in page.get("CommonPrefixes", ()):
            yield prefix["Prefix"].split("/")[1]


def start(store: Store) -> Job:
    """Once a day for each of `tenants`; a message that is lost is sent again by the schedule."""
    job = jobs.create(store, "sweep", "schedule", {})
    queue.send(store.tenant, job.id)
    return job


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice: goes on after the object that the checkpoint names, until there is no other or time is up."""
    while listed := _page(store, job.checkpoint.get("after", "")):
        rows = _records(store, [one["Key"] for one in listed if clock.milliseconds(one["LastModified"]) < _since()])
        cleared = alive.horizons(store)
        gone = [key for key, row in rows.items() if not alive.is_kept(row, files.KIND, cleared)]
        in_parallel(lambda key: objects.delete(settings().files_bucket, key), gone)
        undecided = [key for key, row in rows.items() if key not in gone and row and row["data"]["state"] != "ready"]
        reached = _looked_at(undecided, is_late) or listed[-1]["Key"]
        job = jobs.save(store, replace(job, done=job.done + len(gone), checkpoint={"after": reached}, attempts=0))
        if is_late():
            return job
    return replace(job, state="done", result={"rows": job.done})


def _page(store: Store, after: str) -> list[dict[str, Any]]:
    answer = objects.client().list_objects_v2(
        Bucket=settings().files_bucket, Prefix=f"t/{store.tenant}/", StartAfter=after, MaxKeys=PAGE
    )
    return list(answer.get("Contents", ()))


def _since() -> int:
    return clock.now_ms() - YOUNG_MS


def _records(store: Store, keys: list[str]) -> dict[str, Row | None]:
    """By their objects, in that order: half a read unit each. Objects that we cannot have asked for are left out, and
    to the bucket's lifecycle."""
    named = {key: files.place_of(key) for key in keys}
    places = {key: found[1] for key, found in named.items() if found}
    rows = store.get_many("Activity", places.values())
    return {key: rows.get(place) for key, place in places.items()}


def _looked_at(keys: list[str], is_late: Callable[[], bool]) -> str | None:
    """How far it got, if not to the end."""
    for key in keys:
        arrivals.look(key)
        if is_late():
            return key
    return None
