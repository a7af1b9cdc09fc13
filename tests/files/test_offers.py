"""Announcing a file: a form for exactly that file, and a record that nobody sees before the file is there."""

import hmac
import json
import os
from typing import Any

import pytest
from time_machine import Traveller

from chalicelib import clock as clocks
from chalicelib.jobs import arrivals
from chalicelib.settings import settings
from chalicelib.store import wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from tests.collect.stored import items, nothing_written
from tests.files.uploads import PNG, STORE, objects_left, offer, policy, put, stored
from tests.seeds import ANNA, guest
from tests.world import EXPERIENCE, Reply, World

DAY = 86_400
LIMITS = {"max_bytes": 1000, "types": ["audio/*", "text/csv"]}


def event(**told: Any) -> dict[str, Any]:
    return {"name": "Foto.png", "content_type": "image/png", "size": len(PNG), **told}


def refused(reply: Reply) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in reply.problem(422, "validation")["errors"]]


def limit(world: World, **files: Any) -> Reply:
    etag = world.get("/v1/experiences/summer").headers["ETag"]
    return world.request("PUT", "/v1/experiences/summer", {**EXPERIENCE, "files": files}, headers={"If-Match": etag})


# -- the form --


def test_the_form_takes_one_object_of_that_type_and_size_for_a_quarter_of_an_hour(world: World) -> None:
    answer = offer(world, content_type="image/png")
    assert answer["outcome"] == "upload_ready"
    assert answer["id"] == answer["file_id"]
    assert answer["expires_at"] == "2026-05-09T15:30:00Z"
    form = answer["upload"]
    assert form["expires_at"] == "2026-03-10T15:45:00Z"
    bucket, key = settings().files_bucket, f"t/acme/{answer['file_id']}"
    assert form["url"] == f"https://{bucket}.s3.eu-central-1.amazonaws.com/"  # the region's: a redirect breaks CORS
    assert (form["fields"]["key"], form["fields"]["Content-Type"]) == (key, "image/png")
    signed = policy(form)
    assert signed["expiration"] == "2026-03-10T15:45:00Z"
    for condition in ({"bucket": bucket}, {"key": key}, {"Content-Type": "image/png"}):
        assert condition in signed["conditions"]
    assert ["content-length-range", 1, len(PNG)] in signed["conditions"]
    assert not any("starts-with" in str(condition) for condition in signed["conditions"])


def test_the_policy_cannot_be_changed_without_the_secret_key(world: World) -> None:
    """SigV4: emulators do not check it, so what S3 would compute is computed here."""
    fields = offer(world)["upload"]["fields"]
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in fields["x-amz-credential"].split("/")[1:]:
        key = hmac.digest(key, part.encode(), "sha256")
    assert fields["x-amz-credential"].endswith("/20260310/eu-central-1/s3/aws4_request")
    assert hmac.digest(key, fields["policy"].encode(), "sha256").hex() == fields["x-amz-signature"]


def test_a_type_is_taken_without_its_parameters_and_a_name_without_its_path(world: World) -> None:
    answer = offer(world, content_type="Audio/WebM; codecs=opus", name="C:\\fakepath\\Grüße 🎤.webm")
    assert answer["upload"]["fields"]["Content-Type"] == "audio/webm"
    row = stored(answer["file_id"])
    assert row and (row["data"]["content_type"], row["data"]["name"]) == ("audio/webm", "Grüße 🎤.webm")


def test_neither_name_nor_person_is_in_the_objects_key(world: World) -> None:
    person = guest(world)
    key = offer(world, customer_id=person, name="anna-maria.png")["upload"]["fields"]["key"]
    assert person not in key and "anna-maria" not in key


# -- refusals --


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"size": 20_000_001}, [("/size", "too_big")]),
        ({"size": 0}, [("/size", "too_small")]),
        ({"size": "7"}, [("/size", "not_a_whole_number")]),
        ({"content_type": "application/zip"}, [("/content_type", "not_allowed")]),
        ({"content_type": "image/svg+xml"}, [("/content_type", "not_allowed")]),
        ({"content_type": "text/html"}, [("/content_type", "not_allowed")]),
        ({"content_type": "image/*"}, [("/content_type", "wrong_format")]),
        ({"content_type": "png"}, [("/content_type", "wrong_format")]),
        ({"content_type": None}, [("/content_type", "not_a_string")]),
        ({"name": ""}, [("/name", "wrong_format")]),
        ({"name": "a/"}, [("/name", "wrong_format")]),
        ({"name": "x" * 256}, [("/name", "too_long")]),
        ({"name": "a\nb.png"}, [("/name", "wrong_format")]),
        ({"name": "gnp.\u202eexe"}, [("/name", "wrong_format")]),
        ({"name": "page.html"}, [("/name", "not_here")]),
        ({"name": 7}, [("/name", "not_a_string")]),
        ({"sha256": "abc"}, [("/sha256", "wrong_format")]),
        ({"variable": "my voice"}, [("/variable", "wrong_format")]),
        ({"fields": {}}, [("/fields", "unknown_member")]),
    ],
    ids=str,
)
def test_what_the_experience_does_not_take_is_refused_by_name(
    world: World, told: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    with nothing_written():
        assert refused(world.collect("files", **event(**told))) == wrong


def test_each_experience_has_limits_of_its_own(world: World) -> None:
    limit(world, **LIMITS).ok()
    assert refused(world.collect("files", **event(size=1001))) == [
        ("/size", "too_big"),
        ("/content_type", "not_allowed"),
    ]
    assert offer(world, content_type="audio/x-own", size=1000)["outcome"] == "upload_ready"
    assert offer(world, content_type="text/csv", size=1, name="a.csv")["outcome"] == "upload_ready"


@pytest.mark.parametrize("type", ["text/html", "image/svg+xml", "application/javascript", "application/octet-stream"])
def test_no_experience_may_take_what_runs_scripts(world: World, type: str) -> None:
    assert refused(limit(world, types=["image/png", type])) == [("/files/types/1", "not_here")]


def test_errors_of_several_files_point_at_each_and_nothing_is_recorded(world: World) -> None:
    events = [{"type": "sign-ins"}, {"type": "files", **event()}, {"type": "files", **event(size=10**9)}]
    with nothing_written():
        assert refused(world.call(*events, key="k", email=ANNA)) == [("/events/2/size", "too_big")]


# -- whose it is, and who sees it --


def seen(world: World, person: str, file_id: str) -> list[str]:
    """The reads that show a file."""
    found = [f"list {query}" for query in QUESTIONS if world.rows("files", **query)]
    found += ["of customer"] if world.rows("files", customer_id=person) else []
    found += ["of e-mail"] if world.rows("files", email="anna") else []
    found += ["page"] if world.get(f"/v1/customers/{person}").ok()["files"]["items"] else []
    paths = (f"/v1/records/files/{file_id}", f"/v1/files/{file_id}", f"/v1/files/{file_id}/content")
    return found + [path for path in paths if world.get(path).status != 404]


QUESTIONS: list[dict[str, Any]] = [{}, {"experience": "summer"}]


@pytest.mark.parametrize("owner", ["customer_id", "email", "process_instance"])
def test_a_file_is_seen_everywhere_once_it_came_and_nowhere_before(world: World, owner: str) -> None:
    person = guest(world, process_instance="pi-1")
    told: dict[str, Any] = {"customer_id": person, "email": ANNA, "process_instance": "pi-1"}
    answer = offer(world, **{owner: told[owner]})
    assert seen(world, person, answer["file_id"]) == []
    arrivals.look(put(answer))
    assert len(seen(world, person, answer["file_id"])) == 8
    [row] = world.rows("files")
    assert (row["id"], row["email"], row["state"], row["reason"]) == (answer["file_id"], ANNA, "ready", None)
    assert row["created_at"] == answer["created_at"] and row["expires_at"] == answer["expires_at"]


def test_a_file_sent_before_the_sign_in_becomes_the_customers(world: World) -> None:
    answer = offer(world, process_instance="pi-2")
    person = guest(world, process_instance="pi-2")
    arrivals.look(put(answer))
    assert [row["id"] for row in world.rows("files", customer_id=person)] == [answer["file_id"]]


def test_a_file_of_nobody_is_listed_without_a_name(world: World) -> None:
    arrivals.look(put(offer(world)))
    [row] = world.rows("files")
    assert (row["email"], row["customer_id"]) == (None, None)


def test_whoever_is_named_must_be_known_and_is_active_by_it(world: World, clock: Traveller) -> None:
    world.collect("files", **event(), email="nobody@example.com").problem(404, "customer_unknown")
    person = guest(world)
    clock.shift(3 * DAY)
    offer(world, customer_id=person)
    [customer] = world.rows("customers")
    assert customer["last_active_at"] == "2026-03-13T15:30:00.000Z"


def test_a_file_dated_back_is_gone_60_days_after_its_time(world: World) -> None:
    at = "2026-01-10T00:00:00Z"
    answer = offer(world, occurred_at=at)
    assert (answer["created_at"], answer["expires_at"]) == ("2026-01-10T00:00:00.000Z", "2026-03-11T00:00:00Z")
    arrivals.look(put(answer))
    assert [row["created_at"] for row in world.rows("files")] == ["2026-01-10T00:00:00.000Z"]
    world.collect("files", **event(), occurred_at="2026-01-09T15:29:59Z").problem(422, "time_out_of_range")


def test_a_file_that_never_came_is_in_no_index_and_due_within_a_day(world: World, clock: Traveller) -> None:
    answer = offer(world)
    row = stored(answer["file_id"])
    assert row and {"feed", "by_experience", "by_module", "by_draw"}.isdisjoint(row)
    assert row["expires_at"] == clocks.now_s() + DAY
    clock.shift(DAY)
    arrivals.look(put(answer))
    assert (world.rows("files"), objects_left()) == ([], [])


def test_a_file_id_may_be_stored_as_a_variable_before_and_after_the_file_came(world: World) -> None:
    person, answer = guest(world), offer(world)
    for name in ("early", "late"):
        told: dict[str, Any] = {"variables": [{"name": name, "file_id": answer["file_id"], "persist": True}]}
        assert world.collect("variables", customer_id=person, **told).ok()["outcome"] == "stored"
        arrivals.look(put(answer))
    urls = {row["file_url"] for row in world.rows("variables") if not row["system"]}
    assert urls == {f"/v1/files/{answer['file_id']}/content"}
    assert world.get(urls.pop()).status == 302


def test_a_long_process_instance_still_gives_an_id_that_variables_take(world: World) -> None:
    answer = offer(world, process_instance="漢" * 128)
    told: dict[str, Any] = {"variables": [{"name": "photo", "file_id": answer["file_id"], "persist": True}]}
    assert world.collect("variables", process_instance="漢" * 128, **told).ok()["outcome"] == "stored"
    assert len(f"t/{'a' * 64}/{answer['file_id']}") <= 1024  # S3's longest key


# -- sent again --


def test_the_same_key_gets_a_fresh_form_for_the_same_file_and_then_its_state(world: World, clock: Traveller) -> None:
    first = offer(world, key="k")
    clock.shift(1800)
    reply = world.collect("files", "k", **event())
    again = reply.ok()
    assert reply.headers["Idempotent-Replayed"] == "true"
    assert again["outcome"] == "upload_ready"
    assert again["upload"]["expires_at"] == "2026-03-10T16:15:00Z"
    same = ("file_id", "id", "created_at", "expires_at")
    assert {name: again[name] for name in same} == {name: first[name] for name in same}
    assert len(items("Activity")) == 1
    arrivals.look(put(again))
    settled = offer(world, key="k")
    assert (settled["outcome"], settled["upload"], settled["file_id"]) == ("ready", None, first["file_id"])
    assert len(world.rows("files")) == 1


def test_the_same_key_tells_of_a_refusal_and_of_a_deletion(world: World) -> None:
    answer = offer(world, key="k")
    arrivals.look(put(answer, b"<html>"))
    assert offer(world, key="k")["outcome"] == "refused"
    world.request("DELETE", f"/v1/records/files/{answer['file_id']}").ok()
    world.collect("files", "k", **event()).problem(410, "erased")


def test_the_same_key_with_another_file_is_refused_and_another_key_is_another_file(world: World) -> None:
    first = offer(world, key="k")
    world.collect("files", "k", **event(name="other.png")).problem(422, "idempotency_key_reused")
    assert offer(world, key="l")["file_id"] != first["file_id"]
    assert offer(world)["file_id"] != offer(world)["file_id"]
    other = world.collect("files", "k", tenant="other", **event()).ok()
    assert other["upload"]["fields"]["key"].startswith("t/other/")


def test_in_a_call_of_several_events_each_file_has_its_own_form(world: World) -> None:
    files = [{"type": "files", **event(name=f"{place}.png")} for place in range(3)]
    answers = [world.call({"type": "sign-ins"}, *files, key="k", email=ANNA).ok()["results"][1:] for _ in range(2)]
    ids = [[result["file_id"] for result in results] for results in answers]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3
    assert all(STORE.tenant in result["upload"]["fields"]["key"] for result in answers[0])


# -- what it costs --


@pytest.mark.parametrize(("key", "write"), [(None, 1), ("k", 4)])
def test_announcing_costs_one_write_unit_and_three_more_with_a_key(world: World, key: str | None, write: int) -> None:
    with metered(wire.client()) as units:
        offer(world, key=key)
    assert (units.read, units.write) == (1.5, write)


def test_settling_costs_three_write_units_and_nine_with_a_variable(world: World) -> None:
    for variable, write in ((None, 3), ("photo", 9)):
        key = put(offer(world, process_instance="pi", variable=variable))
        with metered(wire.client()) as units:
            arrivals.look(key)
        assert units.write == write
        assert units.read <= 4  # record 1, horizons twice, whose instance it is ½
        with metered(wire.client()) as units:
            arrivals.look(key)
        assert (units.read, units.write) == (2, 0)


def test_nothing_of_the_object_is_in_any_answer(world: World) -> None:
    person = guest(world)
    answer = offer(world, customer_id=person)
    arrivals.look(put(answer))
    shown = [world.get(path).ok() for path in ("/v1/records/files", f"/v1/customers/{person}")]
    assert f"t/acme/{answer['file_id']}" not in json.dumps(shown)
    assert '"etag"' not in json.dumps(shown)
    assert Store("acme").tenant in (stored(answer["file_id"]) or {})["data"]["object"]
