"""Exports as tests make them: started by the API, run by the worker, and what is in the file."""

import csv
import io
import json
from typing import Any

import time_machine

from chalicelib.settings import settings
from chalicelib.store import objects
from tests.pumping import finished, stored
from tests.world import World

Rows = list[dict[str, Any]]


def start(world: World, kind: str, roles: tuple[str, ...] = ("owner",), **asked: Any) -> str:
    """The job's id."""
    return str(world.request("POST", "/v1/exports", {"kind": kind, **asked}, roles=roles).ok()["id"])


def done(world: World, clock: time_machine.Traveller, kind: str, **asked: Any) -> str:
    job = start(world, kind, **asked)
    ended = finished(job, clock)
    assert (ended.state, ended.error) == ("done", None)
    return job


def content(job: str) -> bytes:
    key = stored(job).file
    assert key
    return b"".join(objects.read(settings().exports_bucket, key))


def exported(world: World, clock: time_machine.Traveller, kind: str, **asked: Any) -> bytes:
    return content(done(world, clock, kind, **asked))


def json_rows(raw: bytes) -> Rows:
    return [json.loads(line) for line in raw.splitlines()]


def table(raw: bytes, separator: str = ",") -> list[dict[str, str]]:
    """CSV, read by Python."""
    text = raw.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def left() -> list[str]:
    """What lies in the exports bucket."""
    return list(objects.keys(settings().exports_bucket, ""))
