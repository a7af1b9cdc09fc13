"""Exports as their reader makes them: each list's file holds what is on screen, in words before and in rows after."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Error, Page, Request, Route, expect

from tests.console.campaign import enter_many, play
from tests.console.reader import Reader
from tests.console.stocked import ANNA, play_all
from tests.live.service import Service

pytestmark = pytest.mark.slow

TENANT = "exports-of-each-kind"
LISTS = {
    "/customers": ("customers", ANNA),
    "/consents": ("consents", "newsletter"),
    "/giveaways/participations": ("participations", "01067"),
    "/giveaways/drawn": ("winners", "Tent"),
    "/instant-win/participations": ("instant_win_participations", ANNA),
    "/instant-win/drawn": ("instant_win_winners", "Cup"),
    "/codes/coupons": ("coupons", "SUN-2"),
    "/codes/codes": ("codes", "=LUCKY-1"),
    "/codes/manage-coupons?experience=summer": ("coupons", "SUN-1"),
    "/codes/manage-codes?experience=summer": ("codes", "LUCKY-2"),
    "/loyalty/redemptions": ("redemptions", "Mug"),
    "/loyalty/transactions": ("transactions", "Welcome"),
    "/variables": ("variables", "score"),
    "/files": ("files", "Foto 1.png"),
}


@pytest.fixture(scope="module")
def stocked(service: Service) -> str:
    play_all(service, TENANT)
    return TENANT


@pytest.fixture
def exporter(browser: Browser, service: Service, stocked: str) -> Iterator[Reader]:
    """Before the tenant with everything in it."""
    reader = Reader(browser, service, stocked)
    yield reader.sign_in()
    reader.leave()


def make(page: Page, form: str = "Excel") -> Download:
    """What is chosen in the open export, as a file."""
    page.get_by_role("radio", name=form).check()
    page.get_by_role("button", name="Make the file").click()
    button = page.get_by_role("dialog").get_by_role("button", name="Download")
    expect(button).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        button.click()
    return download.value


def cells(download: Download, path: Path) -> list[list[str]]:
    """All rows of a downloaded Excel file or CSV, as text."""
    download.save_as(path)
    if download.suggested_filename.endswith(".csv"):
        return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    [sheet] = load_workbook(path)
    return [[str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("path", LISTS)
def test_the_file_of_each_list_holds_the_rows_on_screen(exporter: Reader, path: str, tmp_path: Path) -> None:
    kind, text = LISTS[path]
    exporter.go(path)
    expect(exporter.rows().first).to_be_visible()
    shown = exporter.rows().count()
    exporter.page.keyboard.press("e")
    download = make(exporter.page)
    [head, *rows] = cells(download, tmp_path / "export.xlsx")
    assert download.suggested_filename.startswith(kind)
    assert head[0] == ("expires_at" if kind == "customers" else "created_at")
    assert len(rows) == shown == len(exporter.service.rows(kind, TENANT))
    assert any(text in cell for row in rows for cell in row), rows


def test_what_is_filtered_is_what_is_exported_and_said_before(reader: Reader, tmp_path: Path) -> None:
    play(reader.service, reader.tenant)
    other = {"title": "Winter", "giveaways": [{"id": "bike", "title": "Sledge", "prizes": [{"name": "Sledge"}]}]}
    reader.service.request("PUT", "/v1/experiences/winter", other, reader.tenant)
    ben = {"experience": "winter", "email": "ben@example.com"}
    reader.service.request("POST", "/v1/collect/sign-ins", ben, reader.tenant)
    reader.service.request("POST", "/v1/collect/participations", {**ben, "giveaway": "bike"}, reader.tenant)
    reader.sign_in().go("/giveaways/participations?experience=winter&from=2020-01-01")
    expect(reader.rows()).to_have_count(1)
    reader.page.get_by_role("button", name="Export").click()
    dialog = reader.page.get_by_role("dialog", name="Export")
    expect(dialog).to_contain_text("Participations · Winter · from 1 January 2020, Excel")
    assert reader.violations() == []
    [head, row] = cells(make(reader.page, "CSV"), tmp_path / "export.csv")
    assert dict(zip(head, row, strict=True))["email"] == "ben@example.com"
    [job] = reader.service.request("GET", "/v1/jobs", tenant=reader.tenant)["items"]
    assert job["filters"] == {"experience": "winter", "from": "2019-12-31T23:00:00.000Z"}


def test_customers_in_a_file_are_those_of_the_days_on_screen(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/customers")
    expect(reader.rows()).to_have_count(1)
    reader.page.keyboard.press("e")
    make(reader.page)
    [job] = reader.service.request("GET", "/v1/jobs", tenant=reader.tenant)["items"]
    assert job["filters"]["active_days"] == "60"


def is_export(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/v1/exports")


def test_all_customers_can_be_had_from_the_consents(exporter: Reader, tmp_path: Path) -> None:
    exporter.go("/consents?consent=newsletter")
    expect(exporter.rows()).to_have_count(1)
    exporter.page.get_by_role("button", name="Export").click()
    expect(exporter.page.get_by_role("dialog")).to_contain_text("Consents · Consent newsletter, Excel")
    exporter.page.get_by_role("radio", name="All customers").check()
    expect(exporter.page.get_by_role("dialog")).to_contain_text("Customers · active in 180 days, Excel")
    [head, row] = cells(make(exporter.page), tmp_path / "export.xlsx")
    assert "registered_at" in head
    assert ANNA in row


def test_conversations_with_all_their_variables_are_one_row_each(exporter: Reader, tmp_path: Path) -> None:
    exporter.go("/variables?experience=summer")
    expect(exporter.rows().first).to_be_visible()
    exporter.page.get_by_role("button", name="Export").click()
    exporter.page.get_by_role("radio", name="one conversation").check()
    [head, *rows] = cells(make(exporter.page), tmp_path / "export.xlsx")
    assert {"process_instance", "variables.score", "variables.email"} <= set(head)
    assert any(ANNA in row for row in rows)


def test_a_search_for_a_person_is_in_no_job_but_in_a_file_and_in_the_audit(exporter: Reader, tmp_path: Path) -> None:
    jobs = len(exporter.service.request("GET", "/v1/jobs", tenant=TENANT)["items"])
    exporter.go("/loyalty/transactions?email=anna")
    expect(exporter.rows().first).to_be_visible()
    shown = exporter.rows().count()
    exporter.page.get_by_role("button", name="Export").click()
    dialog = exporter.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Transactions · “anna”, CSV")
    expect(dialog.get_by_role("radio", name="Excel")).to_have_count(0)
    assert exporter.violations() == []
    with exporter.page.expect_download() as download:
        dialog.get_by_role("button", name="Make the file").click()
    [head, *rows] = cells(download.value, tmp_path / "export.csv")
    assert len(rows) == shown > 1
    assert {dict(zip(head, row, strict=True))["email"] for row in rows} == {ANNA}
    assert len(exporter.service.request("GET", "/v1/jobs", tenant=TENANT)["items"]) == jobs
    noted = exporter.service.request("GET", "/v1/audit", tenant=TENANT, query={"action": "export.shown"})["items"]
    assert [one["count"] for one in noted][:1] == [shown]


def test_selected_rows_become_a_file_with_nothing_to_compute_in_it(exporter: Reader, tmp_path: Path) -> None:
    exporter.go("/codes/codes")
    exporter.row("=LUCKY-1").get_by_role("checkbox").check()
    with exporter.page.expect_download() as download:
        exporter.page.get_by_role("button", name="Export as CSV").click()
    [head, row] = cells(download.value, tmp_path / "export.csv")
    assert dict(zip(head, row, strict=True))["code"] == "'=LUCKY-1"
    expect(exporter.page.get_by_text("1 row saved")).to_be_visible()


def test_a_file_of_selected_rows_waits_until_its_columns_are_known(reader: Reader, tmp_path: Path) -> None:
    play(reader.service, reader.tenant)
    held: list[Route] = []
    reader.page.route(re.compile("/v1/kinds"), lambda route: held.append(route))
    reader.sign_in().go("/loyalty/transactions")
    reader.row("Welcome").get_by_role("checkbox").check()
    with reader.page.expect_download() as download:
        with reader.page.expect_response(re.compile("/v1/exports/shown")):
            reader.page.get_by_role("button", name="Export as CSV").click()
        for route in held:
            route.continue_()
    [head, row] = cells(download.value, tmp_path / "export.csv")
    assert dict(zip(head, row, strict=True))["reason"] == "Welcome"


def test_selected_winners_are_marked_as_notified(reader: Reader) -> None:
    play_all(reader.service, reader.tenant)
    reader.sign_in().go("/giveaways/drawn")
    reader.row("Tent").get_by_role("checkbox").check()
    reader.page.get_by_role("button", name="Mark as notified").click()
    expect(reader.row("notified")).to_be_visible()
    [winner] = reader.service.rows("winners", reader.tenant)
    assert winner["state"] == "notified"


def test_of_selected_rows_those_that_fail_stay_selected_and_say_why(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    enter_many(reader.service, reader.tenant, 2)
    reader.sign_in().go("/giveaways/participations")
    expect(reader.rows()).to_have_count(3)
    last = reader.rows().last.get_attribute("data-row") or ""
    problem = '{"code": "locked", "title": "", "status": 409, "detail": "Somebody works on it."}'
    pattern = re.compile(f"/v1/records/participations/{re.escape(last)}")
    reader.page.route(pattern, lambda route: route.fulfill(status=409, body=problem))
    reader.page.get_by_role("checkbox", name=re.compile("Select the 3")).check()
    reader.page.get_by_role("button", name="Delete", exact=True).click()
    reader.page.get_by_role("button", name="Delete", exact=True).click()
    expect(reader.page.get_by_text("1 could not be done: Somebody works on it.")).to_be_visible()
    expect(reader.page.get_by_text("1 selected")).to_be_visible()
    expect(reader.rows()).to_have_count(1)
    reader.complaints = [one for one in reader.complaints if "409" not in one]


def test_a_double_click_makes_one_file_and_a_failure_is_told_in_words(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/consents")
    expect(reader.rows()).to_have_count(1)
    asked: list[str] = []
    failed = {
        "state": "failed",
        "error": {"code": "too_many_rows", "detail": "An Excel file holds at most 250,000 rows here."},
    }

    def fail(route: Route) -> None:
        with suppress(Error):  # the page has gone on and asks no more
            route.fulfill(json={**route.fetch().json(), **failed})

    reader.page.on("request", lambda request: asked.append(request.url) if is_export(request) else None)
    reader.page.route(re.compile("/v1/jobs/[0-9a-f]{32}$"), fail)
    reader.page.keyboard.press("e")
    dialog = reader.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make the file").dblclick()
    expect(dialog.get_by_text("at most 250,000 rows")).to_be_visible()
    assert len(asked) == 1
    dialog.get_by_role("button", name="Another file").click()
    expect(dialog.get_by_role("radio", name="CSV")).to_be_visible()


def test_the_tray_survives_a_reload_and_jobs_can_be_cancelled_and_started_again(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/consents")
    expect(reader.rows()).to_have_count(1)
    running = {"state": "running", "done": 30, "total": 100}
    hold = {"on": True}

    def slowed(told: dict[str, Any]) -> dict[str, Any]:
        still = running | {"file_until": None} if hold["on"] else {}
        if "items" in told:
            return told | {"items": [one | still for one in told["items"]]}
        return told | still

    def held(route: Route) -> None:
        with suppress(Error):  # the page was loaded anew and asks no more
            route.fulfill(json=slowed(route.fetch().json()))

    reader.page.route(re.compile(r"/v1/jobs(/[0-9a-f]{32})?$"), held)
    reader.page.keyboard.press("e")
    reader.page.get_by_role("button", name="Make the file").click()
    tray = reader.page.get_by_role("region", name="My jobs")
    expect(tray.get_by_text("1 job running")).to_be_visible()
    expect(tray.get_by_text("30 %")).to_be_visible()
    reader.page.reload()
    expect(tray.get_by_text("Export: Consents")).to_be_visible()
    expect(tray.get_by_text("30 %")).to_be_visible()
    assert reader.violations() == []
    hold["on"] = False
    expect(tray.get_by_text("1 row · Excel")).to_be_visible()
    with reader.page.expect_download() as download:
        tray.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.startswith("consents-")
    tray.get_by_role("button", name="Put away").click()
    expect(tray).to_have_count(0)
    reader.go("/jobs")
    expect(reader.page.get_by_role("row").filter(has_text="Export: Consents")).to_contain_text("1 row")
    assert reader.violations() == []


def test_a_cancelled_job_says_so_and_is_started_again_from_the_list_of_jobs(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    cloud = reader.service
    body = {"kind": "coupons", "experience": "summer", "file_name": "late.csv"}
    cloud.request("POST", "/v1/imports", body, reader.tenant)
    export = cloud.request("POST", "/v1/exports", {"kind": "consents", "format": "csv"}, reader.tenant)
    cloud.ended(export["id"], reader.tenant)
    reader.sign_in().go("/jobs")
    waiting = reader.page.get_by_role("row").filter(has_text="Import of late.csv")
    expect(waiting).to_contain_text("Waits for its file")
    waiting.get_by_role("button", name="Cancel").click()
    expect(waiting).to_contain_text("Cancelled")

    def gone(route: Route) -> None:
        told = route.fetch().json()
        items = [
            {**one, "file_until": None if one["id"] == export["id"] else one["file_until"]} for one in told["items"]
        ]
        with suppress(Error):  # the page was loaded anew and asks no more
            route.fulfill(json=told | {"items": items})

    reader.page.route(re.compile("/v1/jobs$"), gone)
    reader.page.reload()
    exports = reader.page.get_by_role("row").filter(has_text="Export: Consents")
    exports.get_by_role("button", name="Start again").click()
    expect(exports).to_have_count(2)


def test_whoever_may_not_export_has_no_button_for_it(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in("Editor").go("/giveaways/participations")
    expect(reader.rows()).to_have_count(1)
    reader.page.keyboard.press("e")
    expect(reader.page.get_by_role("button", name="Export")).to_have_count(0)
    expect(reader.page.get_by_role("dialog")).to_have_count(0)
