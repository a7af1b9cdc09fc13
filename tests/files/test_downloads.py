"""Downloads: a link made on click that lives for minutes, to a file that passed, of a customer who lives."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from time_machine import Traveller

from chalicelib import clock as clocks
from chalicelib.jobs import arrivals
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import audit, customers, horizons, objects, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from tests.files.uploads import PNG, SAMPLES, STORE, offer, put
from tests.seeds import guest
from tests.world import EXPERIENCE, Reply, World

EVERYTHING = {"types": ["image/*", "audio/*", "video/*", "text/*", "application/*"]}


def arrived(world: World, content: bytes = PNG, **told: Any) -> str:
    """The id of a file that passed."""
    answer = offer(world, content, **told)
    arrivals.look(put(answer, content))
    return str(answer["file_id"])


def take_everything(world: World) -> None:
    etag = world.get("/v1/experiences/summer").headers["ETag"]
    body = {**EXPERIENCE, "files": EVERYTHING}
    world.request("PUT", "/v1/experiences/summer", body, headers={"If-Match": etag}).ok()


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def opened(tenant: str = "acme") -> list[dict[str, Any]]:
    """What the audit log says of opened files."""
    rows, _ = audit.page(Store(tenant), 0, 2**45, None, 100)
    return [row["data"] for row in rows if row["data"]["action"] == "file.opened"]


def both(world: World, file_id: str, **options: Any) -> list[Reply]:
    return [world.get(f"/v1/files/{file_id}{suffix}", **options) for suffix in ("", "/content")]


def test_a_link_lives_for_five_minutes_and_names_one_object(world: World) -> None:
    file_id = arrived(world)
    link = world.get(f"/v1/files/{file_id}").ok()
    assert link["expires_at"] == "2026-03-10T15:35:00Z"
    where, query = urlsplit(link["url"]), asked(link["url"])
    assert where.hostname == f"{settings().files_bucket}.s3.eu-central-1.amazonaws.com"
    assert where.path == f"/t/acme/{file_id}"
    assert (query["X-Amz-Expires"], query["X-Amz-Date"]) == ("300", "20260310T153000Z")
    assert query["X-Amz-SignedHeaders"] == "host"
    assert len(query["X-Amz-Signature"]) == 64


def test_the_stable_address_leads_to_the_same_and_is_not_kept(world: World) -> None:
    file_id = arrived(world)
    reply = world.get(f"/v1/files/{file_id}/content")
    assert (reply.status, reply.text) == (302, "")
    assert reply.headers["Location"] == world.get(f"/v1/files/{file_id}").ok()["url"]
    assert (reply.headers["Cache-Control"], reply.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize("name", SAMPLES)
def test_sound_and_raster_images_are_shown_and_all_else_is_saved_as_mere_bytes(world: World, name: str) -> None:
    take_everything(world)
    media_type, content = SAMPLES[name]
    link = world.get(f"/v1/files/{arrived(world, content, content_type=media_type, name='datei')}").ok()
    query = asked(link["url"])
    shown = media_type.startswith("audio/") or media_type in (
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/bmp",
    )
    assert link["inline"] is shown
    assert query["response-content-type"] == (media_type if shown else "application/octet-stream")
    assert query["response-content-disposition"].startswith("inline" if shown else "attachment")


def test_a_name_arrives_as_it_was(world: World) -> None:
    name = "Grüße; \"an\" 'alle' 日本 🎤.png"
    query = asked(world.get(f"/v1/files/{arrived(world, name=name)}").ok()["url"])
    quoted = "Gr%C3%BC%C3%9Fe%3B%20%22an%22%20%27alle%27%20%E6%97%A5%E6%9C%AC%20%F0%9F%8E%A4.png"
    assert query["response-content-disposition"] == f"inline; filename*=UTF-8''{quoted}"


# -- who may --


@pytest.mark.parametrize("role", ["reader", "editor", "privacy", "exporter", "collector"])
def test_who_may_not_view_opens_no_file_and_none_is_noted(world: World, role: str) -> None:
    for reply in both(world, arrived(world), roles=(role,)):
        reply.problem(403, "role_missing")
    assert opened() == []


def test_an_exporters_key_opens_what_its_exports_name(world: World) -> None:
    file_id = arrived(world)
    made = world.request("POST", "/v1/keys", {"name": "CRM", "role": "exporter"}).ok()
    header = {"Authorization": f"Bearer {made['key']}"}
    assert [reply.status for reply in both(world, file_id, anonymous=True, headers=header)] == [200, 302]
    assert [row["by"] for row in opened()] == [f"key:{made['id']}"]


def test_a_key_of_one_experience_opens_no_file_of_another(world: World) -> None:
    world.request("PUT", "/v1/experiences/winter", EXPERIENCE).ok()
    own, foreign = arrived(world), arrived(world, experience="winter")
    made = world.request("POST", "/v1/keys", {"name": "CRM", "role": "exporter", "experience": "summer"}).ok()
    options: dict[str, Any] = {"anonymous": True, "headers": {"Authorization": f"Bearer {made['key']}"}}
    assert [reply.status for reply in both(world, own, **options)] == [200, 302]
    for reply in both(world, foreign, **options):
        reply.problem(404, "record_unknown")


def test_another_tenant_opens_nothing(world: World) -> None:
    file_id = arrived(world, customer_id=guest(world))
    for reply in both(world, file_id, tenant="other"):
        reply.problem(404, "record_unknown")
    assert opened() == opened("other") == []


# -- what can be opened --


def refused_for(world: World, file_id: str) -> None:
    for reply in both(world, file_id):
        reply.problem(404, "record_unknown")
    assert opened() == []


def test_what_is_awaited_refused_or_deleted_cannot_be_opened(world: World) -> None:
    awaited, wrong = offer(world), offer(world)
    arrivals.look(put(wrong, b"<html>"))
    gone = arrived(world)
    world.request("DELETE", f"/v1/records/files/{gone}").ok()
    for file_id in (awaited["file_id"], wrong["file_id"], gone, "x", f"{gone}A", "%2e%2e"):
        refused_for(world, file_id)


@pytest.mark.parametrize("kind", ["files", "customers"])
def test_what_was_cleared_cannot_be_opened(world: World, clock: Traveller, kind: str) -> None:
    file_id = arrived(world, customer_id=guest(world))
    clock.shift(1)
    horizons.clear(STORE, KINDS[kind], None, clocks.now_ms())
    refused_for(world, file_id)


def test_a_file_of_60_days_ago_cannot_be_opened(world: World, clock: Traveller) -> None:
    file_id = arrived(world)
    clock.shift(60 * 86_400 - 1)
    assert world.get(f"/v1/files/{file_id}").status == 200
    clock.shift(1)
    assert world.get(f"/v1/files/{file_id}").status == 404


@pytest.mark.parametrize("owner", ["customer", "instance"])
def test_the_file_of_a_customer_who_is_gone_cannot_be_opened(world: World, owner: str) -> None:
    person = guest(world, process_instance="pi-1")
    told: dict[str, Any] = {"customer_id": person} if owner == "customer" else {"process_instance": "pi-1"}
    file_id = arrived(world, **told)
    STORE.delete(customers.reference(STORE, person))
    refused_for(world, file_id)


def test_what_was_put_in_its_place_cannot_be_opened_even_before_it_was_looked_at(world: World) -> None:
    answer = offer(world, b"x" * 1000)
    key = put(answer)
    arrivals.look(key)
    put(answer, PNG + b"<script>")
    refused_for(world, answer["file_id"])
    objects.delete(settings().files_bucket, key)
    refused_for(world, answer["file_id"])


# -- noted --


def test_opening_is_noted_once_an_hour_for_each_caller_and_customer(world: World, clock: Traveller) -> None:
    anna, bob = guest(world), guest(world, "bob@example.org")
    files = [arrived(world, customer_id=anna), arrived(world, customer_id=anna), arrived(world, customer_id=bob)]
    for file_id in files * 2:
        both(world, file_id)
    hashes = {audit.customer_hash(STORE, person) for person in (anna, bob)}
    assert {row["customer"] for row in opened()} == hashes
    assert len(opened()) == 2
    row = opened()[0]
    assert (row["kind"], row["experience"], row["role"]) == ("files", "summer", "owner")
    assert anna not in str(opened()) and "Foto" not in str(opened())
    both(world, files[0], roles=("viewer",))
    clock.shift(3600)
    both(world, files[0])
    assert len(opened()) == 3  # the same user under another role is the same user


def test_opening_costs_three_read_units_and_one_to_note_it(world: World) -> None:
    file_id = arrived(world, customer_id=guest(world))
    for _ in range(2):  # a note that is there already costs the same
        with metered(wire.client()) as units:
            world.get(f"/v1/files/{file_id}").ok()
        assert units.write == 1
        assert units.read <= 3


def test_files_of_nobody_are_noted_each(world: World) -> None:
    for _ in range(2):
        both(world, arrived(world))
    assert [row.get("customer") for row in opened()] == [None, None]
