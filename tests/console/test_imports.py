"""Coupons and codes brought in as an editor does it: drop a file, see what would come of each line, take it, take it
back; under a bad network, an ended session and a reload."""

import base64
import csv
import io
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.console.campaign import EXPERIENCE, play
from tests.console.reader import Reader
from tests.console.stocked import ANNA, bring_in, sheet

pytestmark = pytest.mark.slow

CODES = b"code;points;win\r\nSUN-1;50;ja\r\nSUN-2;20;\r\nSUN-1;5;\r\n;5;\r\nBAD-1;zehn;\r\nBAD-2;5;vielleicht\r\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.querySelector(".records, .empty").dispatchEvent(new DragEvent(kind, { bubbles: true, dataTransfer }));
}"""


def prepare(reader: Reader, path: str = "/codes/manage-codes?experience=summer", role: str = "Owner") -> Page:
    reader.service.request("PUT", "/v1/experiences/summer", EXPERIENCE, reader.tenant)
    reader.sign_in(role).go(path)
    expect(reader.page.locator(".empty, .records")).to_be_visible()
    return reader.page


def choose(page: Page, name: str = "codes.csv", content: bytes = CODES, type: str = "text/csv") -> Locator:
    """The dialog, once the file was chosen."""
    page.locator(".imports input[type=file]").set_input_files({"name": name, "mimeType": type, "buffer": content})
    dialog = page.get_by_role("dialog", name="Import")
    expect(dialog).to_be_visible()
    return dialog


def test_a_csv_is_dropped_checked_line_by_line_taken_and_taken_back(reader: Reader, tmp_path: Path) -> None:
    page = prepare(reader)
    expect(page.get_by_text("Drop your Excel or CSV file here")).to_be_visible()
    assert reader.violations() == []
    page.evaluate(DROP, ["codes.csv", base64.b64encode(CODES).decode()])
    dialog = page.get_by_role("dialog", name="Import codes into Summer raffle")
    expect(dialog.get_by_text("2 of 6 lines would be imported")).to_be_visible()
    expect(dialog.get_by_text("separated by semicolons")).to_be_visible()
    report = dialog.get_by_role("table")
    expect(report.get_by_role("row").filter(has_text="BAD-1")).to_contain_text("points are no whole number")
    expect(report.get_by_role("row").filter(has_text="BAD-2")).to_contain_text("win is neither yes nor no")
    expect(report.get_by_role("row").filter(has_text="SUN")).to_have_count(0)
    dialog.get_by_text("1 twice in the file").click()
    expect(report.get_by_role("row").filter(has_text="SUN-1")).to_contain_text("4")
    assert reader.violations() == []
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download the report").click()
    download.value.save_as(tmp_path / "report.csv")
    lines = list(csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text(encoding="utf-8-sig"))))
    assert [(one["line"], one["result"]) for one in lines][:3] == [
        ("2", "added"),
        ("3", "added"),
        ("4", "twice_in_file"),
    ]
    assert reader.service.rows("codes", reader.tenant) == []
    dialog.get_by_role("button", name="Import 2 codes").click()
    expect(dialog.get_by_text("2 of 6 lines were imported")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(reader.row("SUN-1")).to_contain_text("50")
    expect(page.get_by_text("2 codes imported")).to_be_visible()
    body = {"experience": "summer", "email": ANNA}
    reader.service.request("POST", "/v1/collect/sign-ins", body, reader.tenant)
    reader.service.request("POST", "/v1/collect/code-redemptions", {**body, "code": "SUN-2"}, reader.tenant)
    page.get_by_role("button", name="Imports").click()
    history = page.get_by_role("dialog", name="Imports of codes")
    expect(history.get_by_role("row").filter(has_text="only checked")).to_be_visible()
    assert reader.violations() == []
    history.get_by_role("button", name="Take back").click()
    asked = page.get_by_role("dialog", name="Take back")
    expect(asked).to_contain_text("What somebody has stays theirs")
    asked.get_by_role("button", name="Take back").click()
    expect(history.get_by_text("1 removed, 1 were given away before")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    expect(reader.row("SUN-1")).to_be_hidden()
    [left] = reader.service.rows("codes", reader.tenant)
    assert (left["code"], left["state"]) == ("SUN-2", "redeemed")


def test_an_excel_file_of_coupons_fills_the_stock(reader: Reader) -> None:
    page = prepare(reader, "/codes/manage-coupons?experience=summer")
    content = sheet(("code",), ("0107-A",), ("0107-B",), ("0107-C",), (4.00638e12,))
    dialog = choose(page, "coupons.xlsx", content, XLSX)
    expect(dialog.get_by_text("Read from the sheet")).to_be_visible()
    dialog.get_by_role("button", name=re.compile("Import . coupons")).click()
    expect(dialog.get_by_text("were imported")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    free = len(reader.service.rows("coupons", reader.tenant))
    expect(page.get_by_text(f"{free} free")).to_be_visible()
    expect(page.get_by_text("0 issued")).to_be_visible()
    assert reader.violations() == []
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="issued").click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_the_example_files_are_imported_as_they_are(reader: Reader, tmp_path: Path) -> None:
    page = prepare(reader)
    for form, name in (("CSV", "codes.csv"), ("Excel", "codes.xlsx")):
        page.get_by_role("button", name="Example file").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=form).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        dialog = choose(page, name, (tmp_path / name).read_bytes())
        expect(dialog.get_by_text("3 of 3 lines would be imported")).to_be_visible()
        dialog.get_by_role("button", name="Close").first.click()
        expect(dialog).to_be_hidden()


def test_a_file_that_was_read_wrongly_is_read_differently(reader: Reader) -> None:
    page = prepare(reader, "/codes/manage-coupons?experience=summer")
    dialog = choose(page, content=b"A;1\r\nB;2\r\n")
    dialog.get_by_role("button", name="Read it differently").click()
    dialog.get_by_role("combobox", name="Separator").click()
    page.get_by_role("option", name="separated by commas").click()
    expect(dialog.get_by_text("2 of 2 lines would be imported")).to_be_visible()
    dialog.get_by_role("button", name="Import 2 coupons").click()
    expect(dialog.get_by_text("were imported")).to_be_visible()
    assert {row["code"] for row in reader.service.rows("coupons", reader.tenant)} == {"A;1", "B;2"}


def test_a_file_that_cannot_be_read_is_told_in_words(reader: Reader) -> None:
    page = prepare(reader)
    dialog = choose(page, "codes.xlsx", b"PK\x03\x04 no workbook", XLSX)
    expect(dialog.get_by_role("alert")).to_contain_text("neither CSV nor a whole Excel file", timeout=30_000)
    assert reader.violations() == []
    dialog.get_by_role("button", name="Close").first.click()
    tray = page.get_by_role("region", name="My jobs")
    expect(tray.get_by_text("1 job failed")).to_be_visible()
    expect(tray).to_contain_text("Please save it as .xlsx or CSV")


def test_an_import_goes_on_through_a_reload(reader: Reader) -> None:
    page = prepare(reader)
    dialog = choose(page)
    expect(dialog.get_by_text("2 of 6 lines would be imported")).to_be_visible()
    expect(page).to_have_url(re.compile("import.job=[0-9a-f]{32}"))
    page.reload()
    expect(dialog.get_by_text("2 of 6 lines would be imported")).to_be_visible()
    expect(dialog.get_by_role("row").filter(has_text="BAD-1")).to_be_visible()
    expect(dialog.get_by_text("choose the same file again")).to_be_visible()
    page.get_by_role("dialog").locator("input[type=file]").set_input_files(
        {"name": "codes.csv", "mimeType": "text/csv", "buffer": CODES}
    )
    dialog.get_by_role("button", name="Import 2 codes").click()
    expect(dialog.get_by_text("2 of 6 lines were imported")).to_be_visible()


def test_an_upload_waits_for_the_network_and_a_double_click_imports_once(reader: Reader) -> None:
    page = prepare(reader)
    tries: list[str] = []

    def broken(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) < 3:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(lambda url: "filesbucket" in url, broken)
    dialog = choose(page)
    expect(dialog.get_by_text("Uploading")).to_be_visible()
    expect(dialog.get_by_text("2 of 6 lines would be imported")).to_be_visible()
    assert len(tries) >= 3
    dialog.get_by_role("button", name="Import 2 codes").dblclick()
    expect(dialog.get_by_text("2 of 6 lines were imported")).to_be_visible()
    imports = reader.service.request("GET", "/v1/imports", tenant=reader.tenant)["items"]
    assert [one["dry_run"] for one in imports] == [False, True]
    reader.complaints = [one for one in reader.complaints if "ERR_CONNECTION_RESET" not in one]


def test_an_upload_that_is_stopped_leaves_nothing_that_waits(reader: Reader) -> None:
    page = prepare(reader)
    page.route(lambda url: "filesbucket" in url, lambda route: time.sleep(0))  # never answered
    with page.expect_request(lambda request: "filesbucket" in request.url):
        dialog = choose(page)
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name="My jobs")).to_have_count(0)
    page.get_by_role("button", name="Imports").click()
    expect(page.get_by_role("dialog").get_by_text("cancelled")).to_be_visible()


def test_an_upload_that_is_stopped_before_its_job_is_known_leaves_nothing_that_waits_and_the_next_begins(
    reader: Reader,
) -> None:
    page = prepare(reader)
    announced: list[Route] = []
    page.route(re.compile("/v1/imports$"), lambda route: announced.append(route), times=1)
    with page.expect_request(re.compile("/v1/imports$")):
        dialog = choose(page)
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog).to_be_hidden()
    dialog = choose(page)
    expect(dialog.get_by_text("2 of 6 lines would be imported")).to_be_visible()
    announced[0].continue_()
    dialog.get_by_role("button", name="Close").last.click()
    page.get_by_role("button", name="Imports").click()
    expect(page.get_by_role("dialog").get_by_text("cancelled")).to_be_visible()


def test_a_session_that_ends_keeps_the_chosen_file(reader: Reader) -> None:
    page = prepare(reader)
    ended = '{"code": "unauthenticated", "title": "", "status": 401, "detail": ""}'
    page.route(re.compile("/v1/imports$"), lambda route: route.fulfill(status=401, body=ended), times=1)
    dialog = choose(page)
    again = page.get_by_role("dialog", name="Sign in again to go on")
    again.get_by_label("Tenant").fill(reader.tenant)
    again.get_by_role("button", name="Owner").click()
    expect(dialog.get_by_text("2 of 6 lines would be imported")).to_be_visible()
    expect(dialog.get_by_text("codes.csv")).to_be_visible()
    reader.complaints = [one for one in reader.complaints if "401" not in one]


def test_an_editor_sees_masks_but_what_he_brings_in(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    bring_in(reader.service, reader.tenant, "codes", b"code\r\nOLD-77\r\n")
    page = prepare_again(reader, "Editor")
    expect(reader.rows().first.locator(".masked").first).to_be_visible()
    dialog = choose(page)
    expect(dialog.get_by_text("BAD-1")).to_be_visible()
    dialog.get_by_role("button", name="Import 2 codes").click()
    expect(dialog.get_by_text("were imported")).to_be_visible()


def test_a_reader_is_told_who_may_import(reader: Reader) -> None:
    page = prepare(reader, role="Reader")
    expect(page.get_by_text("Whoever has the role editor")).to_be_visible()
    expect(page.get_by_role("button", name="Upload a file")).to_have_count(0)
    page.evaluate(DROP, ["codes.csv", base64.b64encode(CODES).decode()])
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_an_experience_it_is_said_where_to_begin(reader: Reader) -> None:
    reader.sign_in().go("/codes/manage-coupons")
    expect(reader.page.get_by_text("There is no experience yet")).to_be_visible()
    assert reader.violations() == []


def prepare_again(reader: Reader, role: str) -> Page:
    reader.sign_in(role).go("/codes/manage-codes?experience=summer")
    expect(reader.rows().first).to_be_visible()
    return reader.page


def test_in_german_on_a_dark_phone(reader: Reader) -> None:
    reader.service.request("PUT", "/v1/experiences/summer", EXPERIENCE, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber").go("/codes/manage-codes")
    page = reader.page
    expect(page.get_by_text("Keine Codes in Summer raffle.")).to_be_visible()
    expect(page.get_by_text("Excel- oder CSV-Datei hier ablegen")).to_be_visible()
    assert reader.violations() == []
    page.locator(".imports input[type=file]").set_input_files(
        {"name": "codes.csv", "mimeType": "text/csv", "buffer": CODES}
    )
    dialog = page.get_by_role("dialog", name="Codes in Summer raffle importieren")
    expect(dialog.get_by_text("2 von 6 Zeilen würden importiert")).to_be_visible()
    expect(dialog.get_by_text("die Punkte sind keine ganze Zahl")).to_be_visible()
    assert reader.violations() == []
    dialog.get_by_role("button", name="2 Codes importieren").click()
    expect(dialog.get_by_text("2 von 6 Zeilen wurden importiert")).to_be_visible()
    dialog.get_by_role("button", name="Schließen").last.click()
    expect(reader.row("SUN-1")).to_be_visible()
    page.get_by_role("button", name="Exportieren").click()
    page.get_by_role("button", name="Datei erstellen").click()
    expect(page.get_by_role("button", name="Herunterladen").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Weitere Aktionen").click()
    page.get_by_role("menuitem", name="Alle löschen").click()
    asked = page.get_by_role("dialog", name="Alle Codes von Summer raffle löschen?")
    expect(asked).to_contain_text("2 Einträge werden gelöscht.")
    assert reader.violations() == []
    asked.get_by_role("textbox").fill("codes")
    asked.get_by_role("button", name="Alle Codes löschen").click()
    expect(page.get_by_text("Beleg Nr. 1")).to_be_visible(timeout=30_000)
    reader.go("/jobs")
    expect(page.get_by_text("Löschung aller: Codes · Summer raffle")).to_be_visible()
    expect(page.get_by_text("Import von codes.csv")).to_be_visible()
    assert reader.violations() == []
    reader.go("/webhooks")
    expect(page.get_by_text("Noch keine Webhooks")).to_be_visible()
    assert reader.violations() == []
