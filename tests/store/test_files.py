"""Files: the record waits unseen, is settled once, and takes its object with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib import clock
from chalicelib.jobs import changes
from chalicelib.settings import settings
from chalicelib.store import alive, files, horizons, objects, records
from chalicelib.store.files import Finding, Upload
from chalicelib.store.plain import typed_item
from chalicelib.store.tenancy import Row, Store
from tests.world import World

START = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
FINE = Finding("ready", 3, '"etag"', "ab")


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def store(cloud: dict[str, str]) -> Store:
    return Store("acme")


def uploaded(store: Store, content: bytes = b"abc", days_ago: int = 0, **owner: str) -> Row:
    upload = Upload("summer", "Foto.png", "image/png", 3, **owner)
    row = files.awaited(store, upload, records.new_position(clock.now_ms() - days_ago * clock.DAY_MS))
    store.put(row)
    objects.put(settings().files_bucket, row.data[files.OBJECT], content)
    return read(store, row.pk, row.sk)


def read(store: Store, pk: str, sk: str) -> Row:
    stored = store.get("Activity", pk, sk)
    assert stored
    return stored


def settle(store: Store, row: Row, finding: Finding = FINE) -> bool:
    return files.settle(store, row, finding, alive.horizons(store))


def test_a_file_is_settled_once_and_then_in_its_feeds_for_60_days(store: Store, travel: time_machine.Traveller) -> None:
    row = uploaded(store)
    assert "feed" not in row and row["expires_at"] == clock.now_s() + clock.DAY_S
    assert [settle(store, row), settle(store, row)] == [True, False]
    settled = read(store, row["pk"], row["sk"])
    assert settled["data"].items() >= {"state": "ready", "sha256": "ab", "size": 3, "etag": '"etag"'}.items()
    assert settled["feed"].startswith("acme#files#") and settled["by_experience"].startswith("acme#x#summer#files#")
    assert settled["expires_at"] == clock.now_s() + 60 * clock.DAY_S
    assert "reason" not in settled["data"]


def test_a_settled_file_changes_only_for_who_saw_what_was_found(store: Store) -> None:
    row = uploaded(store)
    settle(store, row)
    seen = read(store, row["pk"], row["sk"])
    replaced = Finding("refused", 9, '"other"', "cd", "replaced")
    assert settle(store, {**seen, "data": {**seen["data"], "etag": '"unseen"'}}, replaced) is False
    assert [settle(store, seen, replaced), settle(store, seen, FINE)] == [True, False]


def test_a_file_is_settled_until_the_last_second_of_its_day(store: Store, travel: time_machine.Traveller) -> None:
    first, second = uploaded(store), uploaded(store)
    travel.move_to(START + timedelta(days=1, seconds=-1))
    assert settle(store, first)
    travel.move_to(START + timedelta(days=1))
    assert not settle(store, second)


def test_a_file_dated_back_does_not_wait_beyond_its_retention(store: Store, travel: time_machine.Traveller) -> None:
    row = uploaded(store, days_ago=59)
    assert row["expires_at"] == clock.now_s() + clock.DAY_S
    travel.shift(1)
    late = uploaded(store, days_ago=60)
    assert late["expires_at"] == clock.now_s()
    assert not settle(store, late)


def test_a_cleared_file_is_not_settled(store: Store, travel: time_machine.Traveller) -> None:
    row = uploaded(store)
    horizons.clear(store, files.KIND, None, clock.now_ms())
    travel.shift(1)
    assert not settle(store, row)


def test_an_object_names_its_record_to_us_alone(store: Store) -> None:
    rows = [uploaded(store, customer_id="c" * 36) for _ in range(2)]
    keys = [row["data"]["object"] for row in rows]
    assert keys[0] != keys[1]
    for key, row in zip(keys, rows, strict=True):
        assert files.place_of(key) == (store, (row["pk"], row["sk"]))
        assert "c" * 36 not in key
    sealed = keys[0].split("/")[2]
    foreign = (f"t/other/{sealed}", f"i/acme/{sealed}", f"t/acme/{sealed}x", f"t/acme/x/{sealed}", f"t/acme/{sealed}=")
    assert [files.place_of(key) for key in (*foreign, "t/acme/", "", "t/ACME/x")] == [None] * 8


def test_the_object_goes_with_its_record(store: Store) -> None:
    row, kept = uploaded(store), uploaded(store)
    change = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "OldImage": typed_item(row)}}
    for _ in range(2):
        assert changes.on_changes({"Records": [change]}) == {"batchItemFailures": []}
    assert list(objects.keys(settings().files_bucket, "t/")) == [kept["data"]["object"]]


def test_files_are_listed_without_their_objects_for_customers_and_process_instances(world: World, store: Store) -> None:
    answer = world.collect("sign-ins", email="anna@example.com", process_instance="pi-1").ok()
    rows = [uploaded(store, customer_id=answer["customer_id"]), uploaded(store, process_instance="pi-1")]
    assert world.rows("files") == world.rows("files", customer_id=answer["customer_id"]) == []
    for row in rows:
        settle(store, row)
    shown = world.rows("files")
    assert [one["email"] for one in shown] == ["anna@example.com"] * 2
    assert rows[0]["data"]["object"] not in str(shown)
    assert len(world.rows("files", customer_id=answer["customer_id"])) == 2
