"""Whole guests, and their erasure from the request to the receipt."""

from typing import Any

import time_machine

from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import objects
from chalicelib.store.jobs import Job
from tests import seeds
from tests.cloud import tables
from tests.pumping import finished
from tests.seeds import ANNA, Planted, guest, link, plant
from tests.world import World

RECORDS = [kind for kind in KINDS if kind != "customers"]
INSTANCE = "pi-8812"
OBJECT = "t/acme/object"
EXPERIENCES = ("acme#x#", "acme#experiences", "other#")
UNLIKE = ("consents", "winners", "variables", "files", "coupons")


def whole_guest(world: World, email: str = ANNA, tenant: str = "acme", instance: str = INSTANCE) -> str:
    """Somebody with records of every kind, made by the chat and planted, before the sign-in and after it."""
    told = {"tenant": tenant, "email": email}
    before = {"name": "colour", "value": "blue", "persist": True}
    world.collect("variables", tenant=tenant, process_instance=instance, variables=[before]).ok()
    world.collect("log-entries", tenant=tenant, process_instance=instance, level="error", message="no answer").ok()
    fields = {"firstname": "Anna", "letter": "x" * 500}
    person = guest(world, email, tenant=tenant, fields=fields, process_instance=instance)
    world.collect("consents", f"{person}-1", consent="news", status="granted", text="Ja.", **told).ok()
    world.collect("participations", f"{person}-2", giveaway="person", fields=seeds.POSTAL, **told).ok()
    world.collect("participations", f"{person}-3", giveaway="often", **told).ok()
    world.collect("variables", f"{person}-4", variables=[{"name": "size", "value": "XL", "persist": True}], **told).ok()
    world.collect("log-entries", f"{person}-5", level="info", message="done", **told).ok()
    everything(person, tenant=tenant)
    return person


def empty_tables() -> None:
    """Of all but experiences, at once: rounds of a test must not become slower with what earlier ones left."""
    for table in tables():
        for pk in [pk for pk in table.items if not str(getattr(pk, "value", pk)).startswith(EXPERIENCES)]:
            del table.items[pk]
        if table.stream_shard:
            table.stream_shard.items.clear()


def small_guest(world: World, email: str = ANNA) -> str:
    """Somebody with a record of every kind that goes in its own way, an entry with a guard, and a process instance; for
    tests of many rounds: nobody else is there."""
    empty_tables()
    person = guest(world, email)
    world.collect("participations", f"{person}-1", giveaway="person", customer_id=person).ok()
    link(INSTANCE, person)
    plant("log", None, instance=INSTANCE)
    for kind in UNLIKE:
        own: dict[str, Any] = {"object": OBJECT} if kind == "files" else {}
        plant(kind, person, **own)
    objects.put(settings().files_bucket, OBJECT, b"content")
    return person


def everything(person: str, **where: Any) -> dict[str, Planted]:
    """A record of every kind but customers."""
    return {kind: plant(kind, person, **where) for kind in RECORDS}


def erase(world: World, person: str, **options: Any) -> str:
    """The job's id."""
    return str(world.request("DELETE", f"/v1/records/customers/{person}", **options).ok()["job"])


def erased(world: World, person: str, clock: time_machine.Traveller, tenant: str = "acme") -> Job:
    job = finished(erase(world, person, tenant=tenant), clock, tenant)
    assert job.state == "done", job.error
    return job


__all__ = [
    "ANNA",
    "INSTANCE",
    "RECORDS",
    "empty_tables",
    "erase",
    "erased",
    "everything",
    "link",
    "small_guest",
    "whole_guest",
]
