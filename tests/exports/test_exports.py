"""Exports: every kind as its list has it, filtered as the list is, as of the export's start; nobody lost or doubled."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from chalicelib import clock as now
from chalicelib.jobs import export_writing, worker
from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import horizons, objects, parts, whole_feeds
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from tests.exports.exporting import content, exported, json_rows, left, start, table
from tests.pumping import delete_all, finished, pump, stored
from tests.seeds import EVERY_KIND, guest, of_kind, plant
from tests.world import World

STORE = Store("acme")


def entries(count: int, **own: Any) -> list[str]:
    """Tickets of so many entries, newest first."""
    for number in range(count):
        plant("participations", None, at=now.now_ms() - 1000 * (count - number), ticket=f"T{number:03}", **own)
    return [f"T{number:03}" for number in reversed(range(count))]


def tickets(raw: bytes) -> list[str]:
    return [row["ticket"] for row in json_rows(raw)]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_exports_as_its_list_has_it(world: World, clock: time_machine.Traveller, kind: str) -> None:
    for number in range(5):
        of_kind(world, kind, guest(world, f"anna{number}@example.com"))
        clock.shift(0.01)
    query = {"active_days": "180"} if kind == "customers" else {}
    listed = world.rows(kind, **query)  # type: ignore[arg-type]
    assert len(listed) >= 5
    assert json_rows(exported(world, clock, kind, format="jsonl")) == listed
    listed = world.rows(kind, **query)  # type: ignore[arg-type]  # the log tells of the export
    cells = table(exported(world, clock, kind, format="csv"))
    for name in [column.name for column in KINDS[kind].columns if column.type in ("text", "time", "integer")]:
        assert [row[name] for row in cells] == ["" if row[name] is None else str(row[name]) for row in listed]


def test_columns_are_those_of_the_kind_with_the_union_of_all_fields(
    world: World, clock: time_machine.Traveller, small: None
) -> None:
    plant("participations", None, fields={"zip": "01067", "city": "Dresden", "agreed": True})
    for number in range(12):
        plant("participations", None, fields={"firstname": "Anna", f"answer.{number}": number})
    rows = table(exported(world, clock, "participations"))
    assert list(rows[0])[:7] == ["created_at", "expires_at", "customer_id", "email", "experience", "giveaway", "ticket"]
    fields = [name for name in rows[0] if name.startswith("fields.")]
    assert fields[:3] == ["fields.firstname", "fields.city", "fields.agreed"]
    assert set(fields[3:]) == {"fields.zip", *(f"fields.answer.{number}" for number in range(12))}
    assert list(rows[0])[-1] == "drawn"
    assert [row["fields.zip"] for row in rows] == [""] * 12 + ["01067"]
    assert rows[-1]["fields.agreed"] == "true"


def test_an_export_gets_on_though_its_headings_fill_a_part(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LEAST", 1)
    expected = entries(3)
    assert [row["ticket"] for row in table(exported(world, clock, "participations"))] == expected


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("participations", {"experience": "summer"}),
        ("participations", {"experience": "summer", "giveaway": "bike"}),
        ("consents", {"consent": "newsletter", "state": "granted"}),
        ("winners", {"draw": "draw-1"}),
        ("coupons", {"state": "free"}),
        ("coupons", {"experience": "winter", "state": "issued"}),
        ("log", {"level": "error"}),
        ("log", {"event": "remote_call_failed"}),
        ("variables", {"experience": "winter", "name": "size"}),
        ("redemptions", {"experience": "summer", "reward": "mug"}),
    ],
)
def test_an_export_is_filtered_as_its_list_is(
    world: World, clock: time_machine.Traveller, small: None, kind: str, asked: dict[str, str]
) -> None:
    person = guest(world)
    other: dict[str, Any] = {
        "participations": {"giveaway": "daily"},
        "consents": {"consent": "profiling"},
        "winners": {"draw_id": "draw-2"},
        "log": {"level": "info", "event": "other"},
        "variables": {"name": "colour"},
        "redemptions": {"reward": "cup"},
    }
    for experience in ("summer", "winter"):
        for who in (person, None) if kind in ("coupons", "log") else (person,):
            plant(kind, who, experience=experience)
            plant(kind, who, experience=experience, **other.get(kind, {}))
    listed = world.rows(kind, **asked)  # type: ignore[arg-type]
    assert listed and len(listed) < len(world.rows(kind))
    assert json_rows(exported(world, clock, kind, format="jsonl", **asked)) == listed


def test_from_and_to_choose_the_time(world: World, clock: time_machine.Traveller) -> None:
    told = entries(5)
    at = {row["ticket"]: row["created_at"] for row in world.rows("participations")}
    asked = {"from": at["T001"], "to": at["T003"]}
    assert tickets(exported(world, clock, "participations", format="jsonl", **asked)) == told[2:4]


def test_the_result_says_how_many_rows_how_many_bytes_and_their_digest(
    world: World, clock: time_machine.Traveller, small: None
) -> None:
    from hashlib import sha256

    entries(9)
    job = start(world, "participations", format="csv", separator=";")
    ended = finished(job, clock)
    raw = content(job)
    assert ended.result == {
        "rows": 9,
        "bytes": len(raw),
        "sha256": sha256(raw).hexdigest(),
        "as_of": ended.result["as_of"] if ended.result else None,
    }
    assert (ended.done, ended.total) == (18, 18)
    assert left() == [ended.file]


def test_an_export_of_nothing_is_a_file_with_no_rows(world: World, clock: time_machine.Traveller) -> None:
    assert exported(world, clock, "participations", format="jsonl") == b""
    assert exported(world, clock, "participations", format="csv", bom=False).count(b"\r\n") == 1
    assert table(exported(world, clock, "customers", format="csv")) == []


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_file_made_in_parts_by_many_workers_is_the_one_made_at_once(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, small: None, format: str
) -> None:
    monkeypatch.setattr(whole_feeds, "PAGE", 500)
    monkeypatch.setattr(parts, "LEAST", 2**23)
    for number in range(30):
        plant("participations", None, fields={f"answer{number % 7}": 'a, "b"\n' * (number % 3)})
    whole = exported(world, clock, "participations", format=format)
    monkeypatch.setattr(whole_feeds, "PAGE", 2)
    monkeypatch.setattr(parts, "LEAST", 300)
    monkeypatch.setattr(worker, "SLICE_MS", -1)  # every step is a worker's last
    assert exported(world, clock, "participations", format=format) == whole


def test_an_upload_that_was_torn_is_begun_anew(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, send = entries(20), parts.send

    def torn(*place: Any) -> str:
        if place[3] == 2:  # the second part, once
            monkeypatch.setattr(parts, "send", send)
            raise parts.Torn
        return send(*place)

    monkeypatch.setattr(parts, "send", torn)
    assert tickets(exported(world, clock, "participations", format="jsonl")) == told
    assert parts.send is send


def test_what_is_made_after_the_start_is_not_in_the_export(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = entries(20)
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    job = start(world, "participations", format="jsonl")
    step()
    step()
    plant("participations", None, ticket="late")
    finished(job, clock)
    assert tickets(content(job)) == told


def step() -> None:
    """One message of the queue, where `SLICE_MS` makes each slice one step long."""
    import app
    from local.pump import Jobs
    from tests.pumping import client

    Jobs(client(), settings().jobs_queue, app.worker, 1).once(wait=0)


def test_customers_who_become_active_while_the_export_runs_are_in_it_once(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [guest(world, f"anna{number}@example.com", at=now.now_ms() - 3 * now.DAY_MS) for number in range(16)]
    monkeypatch.setattr(whole_feeds, "PAGE", 1)  # of four shards, so that two pages leave some of sixteen
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    job = start(world, "customers", format="csv")
    for place in range(4):
        step()
        guest(world, f"anna{place}@example.com")  # some were read, some were not
        guest(world, f"anna{15 - place}@example.com")
    guest(world, "new@example.com")
    assert stored(job).checkpoint["phase"] == "read"
    finished(job, clock)
    found = [row["customer_id"] for row in table(content(job))]
    assert sorted(found) == sorted(people)


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_all_customers_are_exported_whenever_they_were_active_unless_days_are_asked_for(
    world: World, clock: time_machine.Traveller, format: str
) -> None:
    guest(world, "old@example.com", at=now.now_ms() - 100 * now.DAY_MS)
    guest(world, "new@example.com")
    asked = {"format": "jsonl"}
    assert len(json_rows(exported(world, clock, "customers", **asked))) == 2
    assert [row["email"] for row in json_rows(exported(world, clock, "customers", active_days=60, **asked))] == [
        "new@example.com"
    ]


def clear_log(world: World) -> None:
    delete_all(world, "log")


def clear_all(world: World) -> None:
    delete_all(world, "participations")


def clear_summer(world: World) -> None:
    delete_all(world, "participations", experience="summer")


def clear_customers(world: World) -> None:
    delete_all(world, "customers")


def erase_somebody(world: World) -> None:
    at = now.now_ms()
    horizons.change_document(STORE, STORE.key("tenant"), "tenant", lambda told: told.update(erased_at=at))


@pytest.mark.parametrize("event", [clear_all, clear_summer, clear_customers, erase_somebody])
@pytest.mark.parametrize("steps", [1, 3, 100], ids=["begun", "reading", "written"])
def test_what_is_cleared_or_erased_meanwhile_makes_the_export_begin_anew(
    world: World,
    clock: time_machine.Traveller,
    small: None,
    monkeypatch: pytest.MonkeyPatch,
    event: Callable[[World], None],
    steps: int,
) -> None:
    entries(30)
    plant("participations", None, experience="winter", ticket="winter")
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    job = start(world, "participations", format="jsonl")
    for _ in range(steps):
        if stored(job).checkpoint.get("phase") != "check":
            step()
    before = stored(job)
    assert before.state == "running"
    event(world)
    monkeypatch.setattr(worker, "SLICE_MS", 60_000)
    ended = finished(job, clock)
    assert ended.done >= before.done and ended.done == ended.total
    assert tickets(content(job)) == tickets_listed(world)
    assert ended.result and ended.result["rows"] == len(tickets_listed(world))
    assert left() == [ended.file]


def tickets_listed(world: World) -> list[str]:
    return [row["ticket"] for row in world.rows("participations")]


def test_what_does_not_concern_the_export_does_not_stop_it(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = entries(20)
    monkeypatch.setattr(worker, "SLICE_MS", -1)
    job = start(world, "participations", format="jsonl")
    step()
    step()
    as_of = stored(job).checkpoint["as_of"]
    clear_log(world)
    step()
    assert stored(job).checkpoint["as_of"] == as_of
    finished(job, clock)
    assert tickets(content(job)) == told


def test_a_worker_that_was_thought_dead_slips_nothing_in(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, put = entries(20), objects.put

    def stalled(bucket: str, key: str, body: bytes, type: str = "") -> None:
        monkeypatch.setattr(objects, "put", put)
        clock.shift(131)
        worker.run(STORE, job)  # somebody else does it all
        put(bucket, key, b'{"ticket":"forged"}\n')

    job = start(world, "participations", format="jsonl")
    monkeypatch.setattr(objects, "put", stalled)
    pump()
    finished(job, clock)
    assert tickets(content(job)) == told


def test_variables_are_a_row_each_or_a_row_for_each_process_instance(
    world: World, clock: time_machine.Traveller, small: None
) -> None:
    person = guest(world, process_instance="pi-1")
    at = now.now_ms()
    for number in range(12):
        plant("variables", None, at=at + number, instance="pi-1", name=f"v{number % 5}", value=str(number))
        plant("variables", None, at=at + number, instance=f"pi-{2 + number}", name="colour", value='"red"')
    plant("variables", None, at=at + 20, instance="pi-3", name="voice", value=None, file_url="/v1/files/x/content")
    clock.shift(1)
    values = table(exported(world, clock, "variables", experience="summer"))
    assert len(values) == len(world.rows("variables"))
    assert {row["file_url"] for row in values} == {"", "/v1/files/x/content"}
    rows = {row["process_instance"]: row for row in table(exported(world, clock, "variables", layout="instances"))}
    assert [rows["pi-1"][f"variables.v{number}"] for number in range(5)] == ["10", "11", "7", "8", "9"]
    assert (rows["pi-1"]["customer_id"], rows["pi-3"]["variables.voice"]) == (person, "/v1/files/x/content")
    assert rows["pi-2"]["variables.colour"] == "red"
    assert len(rows) == 13


def test_many_runs_of_instances_are_merged_to_the_same_rows(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        plant("variables", None, instance=f"pi-{number % 20}", name=f"v{number % 3}", value=str(number))
    clock.shift(1)
    whole = exported(world, clock, "variables", layout="instances", format="jsonl")
    monkeypatch.setattr(whole_feeds, "PAGE", 1)
    assert exported(world, clock, "variables", layout="instances", format="jsonl") == whole
    assert len(json_rows(whole)) == 20


def test_more_rows_than_an_excel_file_takes_end_the_job_in_words(
    world: World, clock: time_machine.Traveller, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.exports.sheet.MOST_ROWS", 9)
    entries(20)
    job = start(world, "participations", format="xlsx")
    assert finished(job, clock).state == "failed"
    shown = world.get(f"/v1/jobs/{job}", headers={"Accept-Language": "de"}).ok()["error"]
    assert (shown["code"], "Bitte wählen Sie CSV" in shown["detail"]) == ("too_many_rows", True)
    assert left() == []


def test_more_names_of_fields_than_a_table_takes_end_the_job_but_not_as_jsonl(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.exports.columns.MOST_NAMES", 3)
    for number in range(4):
        plant("participations", None, fields={f"answer{number}": "yes"})
    ended = finished(start(world, "participations", format="csv"), clock)
    assert (ended.state, (ended.error or {})["code"]) == ("failed", "too_many_columns")
    assert len(json_rows(exported(world, clock, "participations", format="jsonl"))) == 4


# -- the route --


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/kind", "missing"),
        ({"kind": "people"}, "/kind", "not_allowed"),
        ({"kind": "codes", "format": "pdf"}, "/format", "not_allowed"),
        ({"kind": "codes", "separator": "|"}, "/separator", "not_allowed"),
        ({"kind": "codes", "format": "jsonl", "separator": ";"}, "/separator", "not_here"),
        ({"kind": "codes", "format": "xlsx", "bom": False}, "/bom", "not_here"),
        ({"kind": "codes", "layout": "instances"}, "/layout", "not_here"),
        ({"kind": "codes", "state": "lost"}, "/state", "not_allowed"),
        ({"kind": "codes", "from": "yesterday"}, "/from", "not_a_time"),
        ({"kind": "codes", "from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, "/to", "not_after"),
        ({"kind": "participations", "giveaway": "bike"}, "/experience", "missing"),
        ({"kind": "customers", "active_days": 200}, "/active_days", "too_big"),
        ({"kind": "codes", "email": "anna"}, "/email", "unknown_member"),
        ({"kind": "log", "text": "anna"}, "/text", "unknown_member"),
        ({"kind": "codes", "customer_id": "x"}, "/customer_id", "unknown_member"),
    ],
)
def test_a_wrong_value_is_named(world: World, body: Any, pointer: str, code: str) -> None:
    problem = world.request("POST", "/v1/exports", body).problem(422, "validation")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert world.get("/v1/jobs").ok()["items"] == []


def test_a_filter_that_the_kind_lacks_is_refused(world: World) -> None:
    problem = world.request("POST", "/v1/exports", {"kind": "codes", "giveaway": "bike"}).problem(422, "filter_unknown")
    assert problem["errors"][0]["pointer"] == "/giveaway"


@pytest.mark.parametrize("roles", [("reader",), ("viewer",), ("editor",), ("exporter",), ("privacy",), ("collector",)])
def test_whoever_sees_masked_or_may_not_export_is_refused(world: World, roles: tuple[str, ...]) -> None:
    world.request("POST", "/v1/exports", {"kind": "codes"}, roles=roles).problem(403, "role_missing")


def key_of(world: World, **told: Any) -> dict[str, str]:
    made = world.request("POST", "/v1/keys", {"name": "BI", "role": "exporter", **told}).ok()
    return {"Authorization": f"Bearer {made['key']}"}


def test_a_key_that_is_bound_to_an_experience_exports_only_that(world: World, clock: time_machine.Traveller) -> None:
    for experience in ("summer", "winter"):
        plant("participations", None, experience=experience)
    headers = key_of(world, experience="summer")

    def post(**body: Any) -> Any:
        return world.request("POST", "/v1/exports", body, headers=headers, anonymous=True)

    job = post(kind="participations", format="jsonl").ok()["id"]
    finished(job, clock)
    assert {row["experience"] for row in json_rows(content(job))} == {"summer"}
    post(kind="participations", experience="winter").problem(403, "experience_not_allowed")
    post(kind="customers").problem(403, "experience_not_allowed")
    other = start(world, "participations", experience="winter")
    for path in (f"/v1/jobs/{other}", f"/v1/jobs/{other}/file"):
        world.get(path, headers=headers, anonymous=True).problem(404, "job_unknown")
    assert [one["id"] for one in world.get("/v1/jobs", headers=headers, anonymous=True).ok()["items"]] == [job]


def test_an_export_and_its_download_are_in_the_audit_log(world: World, clock: time_machine.Traveller) -> None:
    from chalicelib.store import audit

    job = start(world, "codes", format="jsonl")
    finished(job, clock)
    world.get(f"/v1/jobs/{job}/file").ok()
    rows, _ = audit.page(STORE, 0, now.now_ms() + 1000, None, 50)
    noted = [row["data"] for row in rows if row["data"]["action"].startswith("export.")]
    assert [(one["action"], one["kind"], one["details"]["job"]) for one in noted] == [
        ("export.downloaded", "codes", job),
        ("export.created", "codes", job),
    ]


def test_rows_that_become_a_file_elsewhere_are_noted_before(world: World) -> None:
    from chalicelib.store import audit

    shown = {"kind": "participations", "format": "csv", "rows": 3, "experience": "summer"}
    world.request("POST", "/v1/exports/shown", shown).ok()
    [row], _ = audit.page(STORE, 0, now.now_ms() + 1000, None, 50, "export.shown")
    noted = [row["data"][name] for name in ("kind", "experience", "count", "details")]
    assert noted == ["participations", "summer", 3, {"format": "csv"}]
    wrong = {"kind": "badges", "format": "xlsx", "rows": -1}
    refused = world.request("POST", "/v1/exports/shown", wrong).problem(422, "validation")
    assert {one["pointer"] for one in refused["errors"]} == {"/kind", "/format", "/rows"}


def test_a_job_tells_what_was_asked_for(world: World) -> None:
    job = start(world, "participations", experience="summer", giveaway="bike", format="xlsx")
    told = world.get(f"/v1/jobs/{job}").ok()
    assert (told["kind"], told["format"], told["layout"]) == ("participations", "xlsx", "values")
    assert told["filters"] == {"experience": "summer", "giveaway": "bike"}


def test_the_job_holds_no_personal_data(world: World, clock: time_machine.Traveller) -> None:
    person = guest(world)
    plant("participations", person)
    job = start(world, "participations", format="csv", experience="summer")
    finished(job, clock)
    kept = json.dumps(STORE.get("Control", STORE.key("jobs"), job))
    for told in ("anna", "Schmidt", "Annegret", person):
        assert told not in kept


def test_a_step_that_fails_again_and_again_does_not_go_on_for_ever(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Job:
        raise ValueError

    entries(3)
    monkeypatch.setattr(export_writing, "check", fail)
    job = start(world, "participations")
    ended = finished(job, clock)
    assert (ended.state, ended.attempts) == ("failed", 5)
    assert left() == []
