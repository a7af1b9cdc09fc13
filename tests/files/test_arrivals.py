"""What S3 says has arrived is looked at once: listed, or refused and deleted; it may come late, twice or of nobody."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from time_machine import Traveller

from chalicelib import clock as clocks
from chalicelib.jobs import arrivals, worker
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import customers, files, horizons, objects
from chalicelib.store.tables import Activity
from tests import faults, pumping
from tests.collect import stored as tables
from tests.conftest import forget_settings
from tests.files.uploads import (
    HARMFUL,
    HTML,
    PNG,
    SAMPLES,
    STORE,
    objects_left,
    offer,
    put,
    sha256,
    stored,
    told_by_s3,
)
from tests.seeds import guest
from tests.world import EXPERIENCE, World

DAY = 86_400
EVERYTHING = {"types": ["image/*", "audio/*", "video/*", "text/*", "application/*"]}


def listed(world: World) -> list[tuple[str, str | None]]:
    """State and reason of each file."""
    return [(row["state"], row["reason"]) for row in world.rows("files")]


def values(world: World) -> dict[str, str | None]:
    """The file variables, oldest first."""
    rows = [row for row in reversed(world.rows("variables")) if not row["system"]]
    return {row["name"]: row["file_url"] for row in rows}


# -- looked at --


def test_s3_tells_the_worker_and_the_file_is_listed_with_what_really_came(world: World) -> None:
    answer = offer(world, b"x" * 1000)
    put(answer)
    assert pumping.pump() == 1
    [row] = world.rows("files")
    assert (row["id"], row["state"], row["size"], row["sha256"]) == (answer["id"], "ready", len(PNG), sha256(PNG))
    assert len(objects_left()) == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_each_type_is_known_by_its_first_bytes(world: World, name: str) -> None:
    etag = world.get("/v1/experiences/summer").headers["ETag"]
    body = {**EXPERIENCE, "files": EVERYTHING}
    world.request("PUT", "/v1/experiences/summer", body, headers={"If-Match": etag}).ok()
    media_type, content = SAMPLES[name]
    arrivals.look(put(offer(world, content, content_type=media_type), content))
    assert listed(world) == [("ready", None)]


@pytest.mark.parametrize("name", HARMFUL)
def test_content_of_another_type_is_refused_and_deleted(world: World, name: str) -> None:
    content = HARMFUL[name]
    arrivals.look(put(offer(world, content), content))
    assert (listed(world), objects_left()) == ([("refused", "wrong_type")], [])


def test_a_larger_object_than_announced_is_refused_unread(world: World) -> None:
    arrivals.look(put(offer(world, PNG[:-1]), PNG))
    [row] = world.rows("files")
    assert (row["state"], row["reason"], row["size"]) == ("refused", "too_large", len(PNG))
    assert objects_left() == []


@pytest.mark.parametrize(("digest", "state"), [(sha256(PNG), "ready"), (sha256(b"other"), "refused")])
def test_a_declared_sha256_must_be_that_of_the_whole_object(world: World, digest: str, state: str) -> None:
    arrivals.look(put(offer(world, sha256=digest)))
    [row] = world.rows("files")
    assert (row["state"], row["sha256"]) == (state, sha256(PNG))
    assert row["reason"] == (None if state == "ready" else "wrong_sha256")


def test_a_large_object_is_read_to_its_end(world: World) -> None:
    content = PNG + bytes(3_000_000) + b"end"
    arrivals.look(put(offer(world, content, sha256=sha256(content)), content))
    assert listed(world) == [("ready", None)]


# -- the variable --


def test_the_variable_is_set_when_the_file_came_and_only_if_it_passed(world: World) -> None:
    person = guest(world)
    fine, wrong = (offer(world, customer_id=person, variable=name) for name in ("photo", "page"))
    assert values(world) == {}
    arrivals.look(put(fine))
    arrivals.look(put(wrong, HTML))
    assert values(world) == {"photo": f"/v1/files/{fine['file_id']}/content"}
    [row] = [row for row in world.rows("variables", customer_id=person) if not row["system"]]
    assert (row["scope"], row["experience"], row["value"], row["email"] is None) == (
        "experience",
        "summer",
        None,
        False,
    )
    assert world.get(row["file_url"]).status == 302


def test_the_variable_is_newer_than_what_was_set_while_the_file_was_under_way(world: World, clock: Traveller) -> None:
    person = guest(world)
    answer = offer(world, customer_id=person, variable="photo")
    clock.shift(60)
    old: dict[str, Any] = {"variables": [{"name": "photo", "value": "none yet", "persist": True}]}
    world.collect("variables", customer_id=person, **old).ok()
    clock.shift(60)
    for _ in range(2):
        arrivals.look(put(answer))
    rows = world.rows("variables", customer_id=person, experience="summer", name="photo")
    assert [row["value"] for row in rows] == [None, "none yet"]
    assert world.collect("variables", customer_id=person, **old).ok()["outcome"] == "stored"  # the file was the present


# -- messages --


def test_what_s3_says_twice_or_of_others_changes_nothing(world: World) -> None:
    keys = [put(offer(world, name=f"{place}.png")) for place in range(3)]
    foreign = ["t/acme/nothing-of-ours", "t/acme/", "t/UPPER/x", "elsewhere/x", "t/other/" + keys[0].split("/")[2]]
    arrivals.on_upload({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": settings().files_bucket})
    arrivals.on_upload(told_by_s3(*keys, *foreign, *keys))
    before = tables.items("Activity")
    arrivals.on_upload(told_by_s3(*reversed(keys)))
    assert tables.items("Activity") == before
    assert listed(world) == [("ready", None)] * 3
    assert sorted(objects_left()) == sorted(keys)


def test_only_what_was_created_in_our_bucket_is_looked_at(world: World) -> None:
    key = put(offer(world))
    arrivals.on_upload(told_by_s3(key, bucket="another"))
    arrivals.on_upload(told_by_s3(key, name="ObjectRemoved:Delete"))
    assert listed(world) == []
    arrivals.on_upload(told_by_s3(key, name="s3:ObjectCreated:Put"))
    assert listed(world) == [("ready", None)]


def test_keys_are_decoded_as_s3_encodes_them(world: World) -> None:
    key = put(offer(world))
    arrivals.on_upload(told_by_s3(key.replace("/", "%2F")))
    assert listed(world) == [("ready", None)]


def test_a_message_whose_file_cannot_be_looked_at_comes_again(world: World) -> None:
    put(offer(world))
    with faults.at(1, "broken", lasting=True):
        assert pumping.pump() == 1
    assert pumping.waiting_messages() == 0  # hidden until its visibility ends
    assert listed(world) == []


def test_the_dead_letter_of_an_upload_fails_no_job_and_is_forgotten(world: World) -> None:
    letter = {"messageId": "1", "body": '{"Records": []}'}
    assert worker.on_dead_letters({"Records": [letter]}) == {"batchItemFailures": []}


# -- gone meanwhile --


def test_the_object_of_a_deleted_record_is_deleted_at_once(world: World) -> None:
    answer = offer(world)
    assert world.request("DELETE", f"/v1/records/files/{answer['file_id']}").status == 204
    arrivals.look(put(answer))
    assert (objects_left(), world.rows("files"), tables.items("Activity")) == ([], [], [])


@pytest.mark.parametrize("kind", ["files", "customers"])
def test_what_was_cleared_while_it_was_under_way_is_not_listed(world: World, clock: Traveller, kind: str) -> None:
    answer = offer(world, customer_id=guest(world))
    horizons.clear(STORE, KINDS[kind], None, clocks.now_ms())
    clock.shift(1)
    arrivals.look(put(answer))
    assert (objects_left(), world.rows("files")) == ([], [])


@pytest.mark.parametrize("named", ["customer", "instance"])
def test_the_file_of_a_customer_who_is_gone_is_deleted_and_sets_nothing(world: World, named: str) -> None:
    person = guest(world, process_instance="pi-1")
    owner: dict[str, Any] = {"customer_id": person} if named == "customer" else {"process_instance": "pi-1"}
    answer = offer(world, variable="photo", **owner)
    STORE.delete(customers.reference(STORE, person))
    arrivals.look(put(answer))
    assert (objects_left(), world.rows("files"), values(world)) == ([], [], {})


def test_who_goes_while_a_large_file_is_read_gets_nothing_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = guest(world)
    answer = offer(world, customer_id=person, variable="photo")
    read = arrivals._read

    def read_while_somebody_erases(chunks: Any) -> tuple[bytes, str]:
        world.request("DELETE", f"/v1/records/customers/{person}").ok()
        return read(chunks)

    monkeypatch.setattr(arrivals, "_read", read_while_somebody_erases)
    arrivals.look(put(answer))
    assert (objects_left(), world.rows("files"), values(world)) == ([], [], {})


def test_an_object_that_is_gone_before_it_was_looked_at_leaves_its_record_awaited(world: World) -> None:
    answer = offer(world)
    key = put(answer)
    objects.delete(settings().files_bucket, key)
    arrivals.look(key)
    assert listed(world) == []
    arrivals.look(put(answer))
    assert listed(world) == [("ready", None)]


# -- the form used again --


def test_the_same_content_once_more_changes_nothing_and_other_content_is_refused(world: World) -> None:
    answer = offer(world, b"x" * 1000)
    for _ in range(2):
        arrivals.look(put(answer))
        assert listed(world) == [("ready", None)]
    arrivals.look(put(answer, PNG + b"more"))
    assert (listed(world), objects_left()) == ([("refused", "replaced")], [])


def test_what_was_refused_stays_refused(world: World) -> None:
    answer = offer(world, b"x" * 1000)
    arrivals.look(put(answer, HTML))
    arrivals.look(put(answer))
    assert (listed(world), objects_left()) == ([("refused", "wrong_type")], [])


def test_other_content_of_another_etag_that_is_the_same_file_passes(world: World) -> None:
    """A multipart upload, or one under another encryption, has another ETag."""
    answer = offer(world)
    arrivals.look(put(answer))
    row = stored(answer["file_id"])
    assert row
    row["data"]["etag"] = '"another"'
    item = Activity(row["pk"], row["sk"])
    STORE.update(item, [Activity.data["etag"].set('"another"')])
    assert world.get(f"/v1/files/{answer['file_id']}").status == 404
    arrivals.look(put(answer))
    assert listed(world) == [("ready", None)]
    assert world.get(f"/v1/files/{answer['file_id']}").status == 200


# -- keys that change --


def test_after_a_change_of_the_sealing_keys_objects_still_find_their_records(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, late = offer(world), offer(world)
    arrivals.look(put(arrived))
    monkeypatch.setenv("AFTERCHAT_SEALING_KEYS", "a new key,a key of the tests")
    forget_settings()
    arrivals.look(put(late))
    assert [row["state"] for row in world.rows("files")] == ["ready", "ready"]
    for answer in (arrived, late):
        assert world.get(f"/v1/files/{answer['file_id']}").status == 200
        row = stored(answer["file_id"])
        assert row
        files.remove_object(row)
    assert objects_left() == []


# -- trouble --


@pytest.mark.slow
@pytest.mark.parametrize("content", [PNG, HTML], ids=["ready", "refused"])
def test_trouble_at_any_call_of_an_arrival_ends_the_same(world: World, clock: Traveller, content: bytes) -> None:
    person = guest(world)

    def prepare() -> str:
        for key in objects_left():
            objects.delete(settings().files_bucket, key)
        for row in tables.items("Activity"):
            STORE.delete(Activity(row["pk"], row["sk"]))
        return put(offer(world, content, customer_id=person, variable="photo"), content)

    def check(key: str) -> None:
        ready = content == PNG
        assert listed(world) == [("ready", None) if ready else ("refused", "wrong_type")]
        assert objects_left() == ([key] if ready else [])
        assert len(values(world)) == ready
        assert len(tables.items("Activity")) == 1 + ready

    struck = faults.everywhere(prepare, arrivals.look, check)
    assert {"lost GetObject", "throttled GetItem"} <= set(struck)
    assert ("lost TransactWriteItems" in struck) == (content == PNG)
    assert ("lost DeleteObject" in struck) == (content == HTML)


@pytest.mark.slow
@pytest.mark.parametrize("key", [None, "key"])
def test_trouble_at_any_call_of_an_announcement_ends_with_one_file(
    world: World, clock: Traveller, key: str | None
) -> None:
    person, number = guest(world), iter(range(1000))

    def prepare() -> str:
        for row in tables.items("Activity"):
            STORE.delete(Activity(row["pk"], row["sk"]))
        return f"{key}-{next(number)}"

    def check(_: str) -> None:
        assert {state for state, _ in listed(world)} == {"ready"}
        if key:
            assert len(world.rows("files")) == len(tables.items("Activity")) == 1

    def announce(call: str) -> None:
        told: dict[str, Any] = {"name": "a.png", "content_type": "image/png", "size": len(PNG), "customer_id": person}
        reply = world.collect("files", call if key else None, **told)
        if reply.status == 503:
            raise ClientError({"Error": {"Code": "503"}}, "POST")
        answer = reply.ok()
        if answer["upload"]:
            arrivals.look(put(answer))

    struck = faults.everywhere(prepare, announce, check)
    assert len({one.split()[1] for one in struck}) >= 3


def test_an_object_that_breaks_off_while_it_is_read_is_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = PNG + bytes(3_000_000)
    key = put(offer(world, content), content)
    whole = objects.find(settings().files_bucket, key)
    assert whole

    def torn() -> Any:
        yield next(whole.chunks)
        raise ReadTimeoutError(endpoint_url="https://s3")

    with monkeypatch.context() as patched:
        patched.setattr(objects, "find", lambda *_: objects.Found(whole.etag, whole.size, torn()))
        with pytest.raises(ReadTimeoutError):
            arrivals.look(key)
    assert listed(world) == []
    arrivals.look(key)
    assert [row["sha256"] for row in world.rows("files")] == [sha256(content)]


def test_two_workers_with_the_same_message_settle_it_once(world: World) -> None:
    answer = offer(world, process_instance="pi-1", variable="photo")
    key = put(answer)
    with faults.before("TransactWriteItems", lambda: arrivals.look(key)):
        arrivals.look(key)
    assert listed(world) == [("ready", None)]
    assert len([row for row in tables.items("Activity") if row["sk"].startswith("variables#")]) == 1


def test_who_is_always_overtaken_gives_up_and_is_called_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = put(offer(world))
    monkeypatch.setattr(files, "settle", lambda *_: False)
    with pytest.raises(arrivals.Contended):
        arrivals.look(key)
