"""Packages as tests ask for them: ordered through the API, made by the pumped queue, read from the bucket."""

import io
import json
import secrets
import zipfile
from datetime import UTC, datetime
from typing import Any

import time_machine

from chalicelib.settings import settings
from chalicelib.store import objects
from chalicelib.store.jobs import Job
from tests.pumping import delete_all, finished
from tests.seeds import Planted, plant
from tests.world import Reply, World

PRIVACY = ("privacy",)


def ask(world: World, person: str, purpose: str = "access", tenant: str = "acme", **told: Any) -> Reply:
    body = {"purpose": purpose, **told}
    return world.request("POST", f"/v1/customers/{person}/packages", body, roles=PRIVACY, tenant=tenant)


def made(
    world: World,
    clock: time_machine.Traveller,
    person: str,
    purpose: str = "access",
    tenant: str = "acme",
    **told: Any,
) -> Job:
    """The finished job."""
    job_id = ask(world, person, purpose, tenant, **told).ok()["id"]
    job = finished(job_id, clock, tenant)
    assert job.state == "done", job.error
    return job


def clear(world: World, kind: str) -> str:
    """Deletes all of a kind, which takes a clock that runs; the job's id."""
    with time_machine.travel(datetime.now(UTC), tick=True):
        return delete_all(world, kind)


def content(job: Job) -> bytes:
    assert job.file
    return b"".join(objects.read(settings().exports_bucket, job.file))


def opened(job: Job) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content(job)))


def data(job: Job) -> Any:
    return json.loads(opened(job).read("data.json"))


def page(job: Job) -> str:
    return opened(job).read("index.html").decode()


def link_of(world: World, job: Job, roles: tuple[str, ...] = PRIVACY) -> str:
    """The path of the one-time link."""
    link: str = world.get(f"/v1/jobs/{job.id}", roles=roles).ok()["result"]["link"]
    return link[link.index("/v1/") :]


def upload(person: str | None, name: str, content: bytes, tenant: str = "acme", **told: Any) -> Planted:
    """A file that passed, its object in the bucket."""
    key = f"t/{tenant}/{secrets.token_hex(16)}"
    objects.put(settings().files_bucket, key, content)
    etag = objects.etag(settings().files_bucket, key)
    told = {"object": key, "etag": etag, "size": len(content), **told}
    return plant("files", person, tenant=tenant, name=name, **told)
