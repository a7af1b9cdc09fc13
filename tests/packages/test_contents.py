"""What a package holds: everything of one person, whatever kind, and nothing of anybody else."""

import csv
import io
from typing import Any

import pytest
import time_machine

from chalicelib import kinds, titles
from chalicelib.clock import DAY_MS, now_ms
from chalicelib.kinds import KINDS
from chalicelib.packages import provided
from chalicelib.store import alive, files
from chalicelib.store.files import Upload
from chalicelib.store.records import new_position
from chalicelib.store.tenancy import Store
from tests import seeds
from tests.packages.packing import clear, data, made, opened, page, upload
from tests.seeds import POSTAL, guest, link, plant
from tests.world import World

BERT = "bert@example.com"
LINKED = ("variables", "files", "log")  # kinds that are recorded before anybody signs in


def of_everybody(world: World, kind: str) -> tuple[str, set[str]]:
    """A person, and the ids of that person's records, among those of others."""
    anna, bert = guest(world), guest(world, BERT)
    elsewhere = guest(world, tenant="other")
    for person, tenant in ((bert, "acme"), (None, "acme"), (elsewhere, "other")):
        if kind != "customers":
            plant(kind, person, tenant=tenant)
    own = {seeds.of_kind(world, kind, anna).id}
    if kind in LINKED:
        link("pi-anna", anna)
        link("pi-bert", bert)
        own.add(plant(kind, None, instance="pi-anna").id)
        plant(kind, None, instance="pi-bert")
    return anna, own


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_an_access_package_holds_each_record_of_the_person_and_of_nobody_else(
    world: World, clock: time_machine.Traveller, kind: str
) -> None:
    anna, own = of_everybody(world, kind)
    job = made(world, clock, anna)
    records = data(job)["records"]
    assert list(records) == list(KINDS)
    found = {row["id"] for row in records[kind] if not row.get("system")}
    assert found == own
    for rows in records.values():
        assert {row["customer_id"] for row in rows} <= {anna}
    for name in opened(job).namelist():
        assert BERT not in opened(job).read(name).decode()
    assert page(job).count("<article>") == sum(len(rows) for rows in records.values())


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_a_row_has_all_that_the_api_shows_of_it(world: World, clock: time_machine.Traveller, kind: str) -> None:
    anna = guest(world, fields=POSTAL)
    seeds.of_kind(world, kind, anna)
    shown = world.rows(kind, customer_id=anna)
    packed = data(made(world, clock, anna))["records"][kind]
    assert len(packed) == len(shown)
    for row, expected in zip(packed, shown, strict=True):
        assert {name: row[name] for name in expected if name != "masked"} | {"masked": False} == expected


def test_what_lists_leave_out_is_in_the_package(world: World, clock: time_machine.Traveller) -> None:
    """The network that a consent came from, its wording, the process instance of each row."""
    anna = guest(world)
    plant("consents", anna, ip="192.0.2.0/24", instance="pi-1")
    link("pi-1", anna)
    job = made(world, clock, anna)
    [consent] = data(job)["records"]["consents"]
    assert (consent["ip"], consent["text"]) == ("192.0.2.0/24", seeds.WORDING)
    assert consent["process_instance"] == "pi-1"
    assert data(job)["process_instances"] == ["pi-1"]
    for told in ("192.0.2.0/24", seeds.WORDING, "pi-1"):
        assert told in page(job)


def test_proofs_of_consent_are_in_the_package_when_they_are_kept(world: World, clock: time_machine.Traveller) -> None:
    world.request("PUT", "/v1/settings", {"consent_proof_months": 24}).ok()
    anna = guest(world)
    consent = {"consent": "newsletter", "status": "granted", "text": seeds.WORDING}
    world.collect("consents", email=seeds.ANNA, **consent).ok()
    world.collect("sign-ins", email=BERT).ok()
    world.collect("consents", email=BERT, **consent).ok()
    job = made(world, clock, anna)
    [proof] = data(job)["consent_proofs"]
    assert (proof["consent"], proof["text"]) == ("newsletter", seeds.WORDING)
    assert proof["recorded_at"] == "2026-05-21T08:30:00.000Z"
    assert "Nachweise von Einwilligungen" in page(job)


def test_expired_and_cleared_records_are_in_no_package(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    old = plant("participations", anna, at=now_ms() - 61 * DAY_MS)
    plant("transactions", anna)
    clock.shift(1)
    clear(world, "transactions")
    clock.shift(1)
    records = data(made(world, clock, anna))["records"]
    assert old.stored(Store("acme"))
    assert records["participations"] == records["transactions"] == []


# -- files --


def test_files_are_packed_with_their_content_and_a_path(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    upload(anna, "Foto.jpg", b"\xff\xd8 one")
    clock.shift(1)
    upload(anna, "Foto.jpg", b"\xff\xd8 two" * 300_000)
    upload(guest(world, BERT), "Foto.jpg", b"of Bert")
    job = made(world, clock, anna)
    paths = [row["path"] for row in data(job)["records"]["files"]]
    assert paths == ["files/Foto.jpg", "files/Foto (2).jpg"]
    assert opened(job).read("files/Foto (2).jpg") == b"\xff\xd8 one"
    assert opened(job).read("files/Foto.jpg") == b"\xff\xd8 two" * 300_000
    assert 'href="files/Foto%20%282%29.jpg"' in page(job)
    assert sorted(opened(job).namelist()) == sorted(["data.json", "index.html", *paths])


def test_files_without_content_are_listed_with_the_reason(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    upload(anna, "weg.mp3", b"", object="t/acme/gone")
    upload(anna, "nein.exe", b"MZ", state="refused")
    upload(anna, "neu.png", b"replaced", etag='"another"')
    awaited = files.awaited(
        Store("acme"), Upload("summer", "bald.png", "image/png", 3, customer_id=anna), new_position()
    )
    Store("acme").put(awaited)
    job = made(world, clock, anna)
    lacks = {row["name"]: (row["path"], row["lacks"]) for row in data(job)["records"]["files"]}
    assert lacks == {
        "weg.mp3": (None, "missing"),
        "nein.exe": (None, "refused"),
        "neu.png": (None, "checking"),
        "bald.png": (None, "checking"),
    }
    assert (job.result or {})["files_left_out"] == 4
    assert sorted(opened(job).namelist()) == ["data.json", "index.html"]
    for said in ("nicht mehr gespeichert", "wurde beim Hochladen abgelehnt", "noch nicht geprüft"):
        assert said in page(job)


def test_a_package_is_the_same_whenever_it_is_made(world: World, clock: time_machine.Traveller) -> None:
    """Entries bear the time of the request."""
    anna = guest(world)
    upload(anna, "Foto.jpg", b"\xff\xd8 one")
    job = made(world, clock, anna)
    assert {info.date_time for info in opened(job).infolist()} == {(2026, 5, 21, 8, 30, 0)}
    assert opened(job).testzip() is None


# -- portability --

DERIVED = ("winners", "instant_win_winners", "transactions", "coupons", "log")


@pytest.mark.parametrize("kind", seeds.EVERY_KIND)
def test_a_portability_package_holds_what_the_person_provided(
    world: World, clock: time_machine.Traveller, kind: str
) -> None:
    anna, own = of_everybody(world, kind)
    job = made(world, clock, anna, "portability")
    told = data(job)
    assert (told["format"], told["version"]) == ("afterchat-portability", 1)
    assert set(told["records"]) == set(KINDS) - set(DERIVED)
    assert (len(told["records"].get(kind, ())) == len(own)) == (kind not in DERIVED)
    assert BERT not in str(told)


def test_neither_points_nor_prizes_nor_system_variables_are_provided_by_the_person(
    world: World, clock: time_machine.Traveller
) -> None:
    anna = guest(world, fields={"firstname": "Anna"})
    for kind in KINDS:
        if kind != "customers":
            plant(kind, anna)
    records = data(made(world, clock, anna, "portability"))["records"]
    assert [row["name"] for row in records["variables"]] == ["size"]
    members = {name for rows in records.values() for row in rows for name in row}
    assert not members & {"points", "win", "won", "drawn", "prize", "ticket", "cost", "draw_id", "current", "id"}


def test_the_tables_of_a_portability_package_are_exact(world: World, clock: time_machine.Traveller) -> None:
    anna = guest(world)
    values = {"plz": "01067", "phone": "+49 351", "formula": '=cmd|"/c"', "lines": "a\r\nb", "quote": '"', "n": -5}
    plant("participations", anna, fields=values)
    plant("participations", anna, fields={"plz": "10115"})
    job = made(world, clock, anna, "portability")
    text = opened(job).read("participations.csv").decode()
    first, second = list(csv.DictReader(io.StringIO(text, newline="")))
    told = [first, second] if first["fields.formula"] else [second, first]
    assert {name: told[0][f"fields.{name}"] for name in values} == {**values, "n": "-5"}
    assert (told[1]["fields.plz"], told[1]["fields.phone"]) == ("10115", "")
    assert text.split("\r\n")[0].startswith("created_at,experience,giveaway,")


def test_every_column_that_is_provided_is_one_of_its_kind() -> None:
    beside = {"created_at", "experience", "text", "process_instance"}
    for kind, members in provided.PROVIDED.items():
        assert set(members) <= {column.name for column in KINDS[kind].columns} | beside, kind


# -- titles --


def test_every_title_has_its_german_twin() -> None:
    columns: list[Any] = [column for kind in KINDS.values() for column in kind.columns]
    columns += [value for value in vars(kinds).values() if isinstance(value, kinds.Column)]
    assert {of.title for of in [*KINDS.values(), *columns]} == set(titles.GERMAN)


def test_awaited_files_are_in_no_list(world: World, clock: time_machine.Traveller) -> None:
    """They are in the package all the same: see above."""
    anna = guest(world)
    awaited = files.awaited(Store("acme"), Upload("summer", "b.png", "image/png", 3, customer_id=anna), new_position())
    Store("acme").put(awaited)
    assert world.rows("files", customer_id=anna) == []
    assert alive.is_awaited(Store("acme").get("Activity", awaited.pk, awaited.sk))
