"""The routes of imports: what is refused, who sees what, the history, the form, the examples."""

import base64
import json
from typing import Any

import pytest
import time_machine

from local import issuer
from tests.imports.importing import announce, bring_in
from tests.world import EXPERIENCE, Reply, World

BODY = {"kind": "coupons", "experience": "summer", "file_name": "codes.csv"}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "customers"}, "/kind"),
        ({"experience": "A b"}, "/experience"),
        ({"file_name": ""}, "/file_name"),
        ({"separator": "x"}, "/separator"),
        ({"encoding": "utf-7"}, "/encoding"),
        ({"dry_run": "yes"}, "/dry_run"),
        ({"more": 1}, "/more"),
    ],
)
def test_a_wrong_announcement_names_the_member(world: World, wrong: dict[str, Any], pointer: str) -> None:
    refused = world.request("POST", "/v1/imports", BODY | wrong).problem(422, "validation")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def test_an_experience_that_is_closed_or_unknown_takes_no_import(world: World) -> None:
    world.request("POST", "/v1/imports", BODY | {"experience": "nowhere"}).problem(404, "experience_unknown")
    etag = world.get("/v1/experiences/summer").headers["ETag"]
    world.request("DELETE", "/v1/experiences/summer", headers={"If-Match": etag}).ok()
    world.request("POST", "/v1/imports", BODY).problem(404, "experience_unknown")


def test_the_form_takes_one_file_of_a_hundred_megabytes_for_an_hour(world: World) -> None:
    answer = announce(world)
    policy = json.loads(base64.b64decode(answer["upload"]["fields"]["policy"]))
    assert ["content-length-range", 1, 100_000_000] in policy["conditions"]
    assert answer["upload"]["fields"]["key"] == f"i/acme/{answer['job']}"
    assert answer["upload"]["expires_at"].startswith("2026-03-10T16:30")
    assert answer["import"] == answer["job"]
    told = world.get(f"/v1/jobs/{answer['job']}").ok()
    assert (told["state"], told["file_name"], told["dry_run"]) == ("waiting", "codes.csv", False)


def test_spellings_are_those_of_the_experience(world: World, clock: time_machine.Traveller) -> None:
    world.request("PUT", "/v1/experiences/exact", EXPERIENCE | {"codes": {"fold_case": False, "ignore": ""}}).ok()
    job = bring_in(world, clock, "ab\nAB\nA-B\n", "codes", experience="exact")
    assert (job.result or {})["added"] == 3


def test_the_history_is_newest_first_and_by_experience_and_kind(world: World, clock: time_machine.Traveller) -> None:
    world.request("PUT", "/v1/experiences/winter", EXPERIENCE).ok()
    first = bring_in(world, clock, "A\n")
    second = bring_in(world, clock, "A\n", "codes", experience="winter", dry_run=True)
    third = announce(world, file_name="Café.xlsx")["import"]

    def listed(**query: str) -> list[tuple[str, str]]:
        return [(one["id"], one["state"]) for one in world.get("/v1/imports", query=query).ok()["items"]]

    assert listed() == [(third, "waiting"), (second.id, "checked"), (first.id, "ready")]
    assert listed(experience="winter") == [(second.id, "checked")]
    assert listed(kind="coupons") == [(third, "waiting"), (first.id, "ready")]
    [shown] = world.get("/v1/imports", query={"experience": "winter"}).ok()["items"]
    assert (shown["dry_run"], shown["file_name"], shown["result"]["added"]) == (True, "codes.csv", 1)
    assert world.get("/v1/imports", tenant="other").ok() == {"items": [], "next": None}
    world.get("/v1/imports", query={"colour": "red"}).problem(422, "filter_unknown")
    world.get("/v1/imports", query={"cursor": "x"}).problem(422, "cursor_invalid")


def test_a_long_history_has_pages(world: World, clock: time_machine.Traveller) -> None:
    made = [announce(world)["import"] for _ in range(52)]
    page = world.get("/v1/imports").ok()
    rest = world.get("/v1/imports", query={"cursor": page["next"]}).ok()
    assert [one["id"] for one in page["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


def test_who_sees_masked_sees_no_codes_but_those_he_brought_in(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, "SECRET-1\nSECRET-2\n")

    def asked(path: str, subject: str, *roles: str) -> Reply:
        token = issuer.token(world.data, "acme", roles, subject, hours=24_000)
        return world.get(path, anonymous=True, headers={"Authorization": f"Bearer {token}"})

    for path in ("/v1/imports", "/v1/jobs", f"/v1/jobs/{job.id}"):
        hidden, seen = asked(path, "somebody", "editor").text, asked(path, "somebody", "viewer").text
        assert ("SECRET" in hidden, "SECRET" in seen, '"line":1' in hidden) == (False, True, True)
        assert "SECRET-1" in asked(path, "user-of-acme", "editor").text
    file = f"/v1/jobs/{job.id}/file"
    asked(file, "somebody", "editor").problem(403, "role_missing")
    asked(file, "somebody", "viewer").problem(403, "role_missing")
    assert asked(file, "somebody", "editor", "viewer").status == 200
    assert asked(file, "user-of-acme", "editor").status == 200


def test_an_import_of_another_tenant_is_unknown(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, "A\n")
    world.request("DELETE", f"/v1/imports/{job.id}", tenant="other").problem(404, "import_unknown")
    for id in ("x", "0" * 32, "%2F"):
        world.request("DELETE", f"/v1/imports/{id}").problem(404, "import_unknown")


def test_imports_are_audited(world: World, clock: time_machine.Traveller) -> None:
    job = bring_in(world, clock, "A\n")
    world.get(f"/v1/jobs/{job.id}/file").ok()
    world.request("DELETE", f"/v1/imports/{job.id}").ok()
    noted = [one["action"] for one in world.get("/v1/audit").ok()["items"]]
    assert {"import.created", "import.downloaded", "import.taken_back"} <= set(noted)


@pytest.mark.parametrize("kind", ["coupons", "codes"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_example_is_imported_without_a_remark(
    world: World, clock: time_machine.Traveller, kind: str, format: str
) -> None:
    example = world.get(f"/v1/examples/{kind}", query={"format": format}).ok()
    content = base64.b64decode(example["url"].partition(",")[2])
    job = bring_in(world, clock, content, kind, file_name=example["name"])
    assert {name: (job.result or {})[name] for name in ("lines", "added", "invalid")} == {
        "lines": 3,
        "added": 3,
        "invalid": 0,
    }


def test_examples_are_of_coupons_and_codes(world: World) -> None:
    world.get("/v1/examples/customers").problem(404, "kind_unknown")
    world.get("/v1/examples/codes", query={"format": "pdf"}).problem(422, "validation")
    world.get("/v1/examples/codes", query={"colour": "red"}).problem(422, "validation")
