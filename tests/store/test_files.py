"""Files: the record hides where its object lies, is settled once, and takes its object with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib import clock
from chalicelib.jobs import changes
from chalicelib.settings import settings
from chalicelib.store import alive, files, horizons, objects
from chalicelib.store.files import Upload
from chalicelib.store.plain import typed_item
from chalicelib.store.tenancy import Row, Store
from tests.world import World

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def store(cloud: dict[str, str]) -> Iterator[Store]:
    objects.client.cache_clear()
    yield Store("acme")
    objects.client.cache_clear()


def uploaded(store: Store, **owner: Any) -> Row:
    row = files.add(store, Upload("summer", "Foto.png", "image/png", 3, **owner))
    objects.client().put_object(Bucket=settings().files_bucket, Key=row.data["object"], Body=b"abc")
    stored = store.get("Activity", row.pk, row.sk)
    assert stored
    return stored


def settle(store: Store, row: Row) -> bool:
    return files.settle(store, row, "ready", alive.horizons(store), size=3, sha256="ab")


def test_a_file_is_settled_once(store: Store) -> None:
    row = uploaded(store)
    assert [settle(store, row), settle(store, row)] == [True, False]
    settled = store.get("Activity", row["pk"], row["sk"])
    assert settled and (settled["data"]["state"], settled["data"]["sha256"]) == ("ready", "ab")


def test_a_file_is_settled_until_the_last_second_of_60_days(store: Store, travel: time_machine.Traveller) -> None:
    first, second = uploaded(store), uploaded(store)
    travel.move_to(START + timedelta(days=60, seconds=-1))
    assert settle(store, first)
    travel.move_to(START + timedelta(days=60))
    assert not settle(store, second)


def test_a_cleared_file_is_not_settled(store: Store, travel: time_machine.Traveller) -> None:
    row = uploaded(store)
    horizons.clear(store, files.KIND, None, clock.now_ms())
    travel.shift(1)
    assert not settle(store, row)


def test_objects_have_random_keys_of_their_tenant(store: Store) -> None:
    keys = {files.new_object(store) for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("t/acme/") for key in keys)


def test_the_object_goes_with_its_record(store: Store) -> None:
    row, kept = uploaded(store), uploaded(store)
    change = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "OldImage": typed_item(row)}}
    for _ in range(2):
        assert changes.on_changes({"Records": [change]}) == {"batchItemFailures": []}
    listed = objects.client().list_objects_v2(Bucket=settings().files_bucket)["Contents"]
    assert [one["Key"] for one in listed] == [kept["data"]["object"]]


def test_files_are_listed_without_their_objects_for_customers_and_process_instances(world: World, store: Store) -> None:
    answer = world.collect("sign-ins", email="anna@example.com", process_instance="pi-1").ok()
    uploaded(store, customer_id=answer["customer_id"])
    row = uploaded(store, process_instance="pi-1")
    rows = world.rows("files")
    assert [one["email"] for one in rows] == ["anna@example.com"] * 2
    assert row["data"]["object"] not in str(rows)
    assert len(world.rows("files", customer_id=answer["customer_id"])) == 2
