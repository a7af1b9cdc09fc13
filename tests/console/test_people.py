"""The customer page: everything one person left, by role; files that play; consents with their wording and proof."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from local import uploads
from tests.console.campaign import WORDING, enter_many, play, sign_in
from tests.console.reader import Reader
from tests.console.uploading import upload

pytestmark = pytest.mark.slow

ANNA = "anna.schmidt@example.com"


def anna(reader: Reader) -> str:
    """Her id."""
    rows = reader.service.rows("customers", reader.tenant, email=ANNA)
    return str(rows[0]["id"])


def section(reader: Reader, name: str) -> Locator:
    return reader.page.get_by_role("region", name=name, exact=True)


def test_the_page_of_a_customer_shows_everything_that_is_kept(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url.partition("/v1/")[2]))
    reader.sign_in().go("/customers")
    reader.row(ANNA).get_by_role("button", name=ANNA, exact=True).click()
    expect(reader.page.get_by_role("heading", name=ANNA)).to_be_visible()
    expect(section(reader, "Personal data")).to_contain_text("Schmidt")
    expect(section(reader, "Points")).to_contain_text("40 points now")
    expect(section(reader, "Points").get_by_role("row").filter(has_text="Welcome")).to_contain_text("+50")
    promotions = section(reader, "Promotions")
    for text in ("bike", "01067", "wheel", "Cup", "Mug", "Hauptstr. 1"):
        expect(promotions).to_contain_text(text)
    expect(section(reader, "Time line of variables").get_by_role("listitem").filter(has_text="score")).to_contain_text(
        "42"
    )
    expect(section(reader, "Runtime log")).to_contain_text("The shop did not answer")
    assert reader.violations() == []
    assert len([url for url in asked if url.startswith("customers/")]) == 1
    assert ANNA not in reader.page.title(), "the browser's history names nobody"


def test_a_recording_is_played_and_a_picture_shown_from_the_bucket(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    upload(reader.service, reader.tenant, ANNA, uploads.sound(), uploads.picture(3))
    reader.sign_in().go(f"/customers/{anna(reader)}")
    files = section(reader, "Files")
    files.get_by_role("button", name="Play: Sprachnachricht.wav").click()
    audio = files.locator("audio")
    expect(audio).to_have_js_property("ended", True)
    assert audio.evaluate("sound => sound.duration") > 0
    files.get_by_role("button", name="Show picture: Foto 3.png").click()
    expect(files.get_by_role("img", name="Foto 3.png")).to_have_js_property("naturalWidth", 16)
    line = section(reader, "Time line of variables")
    line.get_by_role("button", name="Show picture: Foto 3.png").click()
    expect(line.get_by_role("img", name="Foto 3.png")).to_have_js_property("complete", True)
    assert reader.violations() == []
    actions = reader.service.request("GET", "/v1/audit", tenant=reader.tenant)["items"]
    hours = [note["at"][:13] for note in actions if note["action"] == "file.opened"]
    assert hours and len(hours) == len(set(hours)), "once an hour"


def test_what_does_not_fit_one_answer_comes_when_it_is_asked_for(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    enter_many(reader.service, reader.tenant, 60)
    reader.sign_in().go(f"/customers/{anna(reader)}")
    entries = reader.page.get_by_role("table", name="Participations", exact=True).locator("tr[data-row]")
    expect(entries).to_have_count(50)
    section(reader, "Promotions").get_by_role("button", name="Show more").click()
    expect(entries).to_have_count(61)
    assert len(set(entries.evaluate_all("rows => rows.map(row => row.dataset.row)"))) == 61


def test_whoever_may_erase_but_not_see_works_on_a_masked_page(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    upload(reader.service, reader.tenant, ANNA, uploads.sound())
    person = anna(reader)
    reader.sign_in("Privacy").go("/customers")
    reader.rows().first.get_by_role("button", name="•••").first.click()
    expect(reader.page.get_by_role("heading", name="Customer (hidden)")).to_be_visible()
    expect(reader.page).to_have_url(re.compile(f"#/customers/{person}$"))
    expect(reader.page.get_by_role("alert").or_(reader.page.locator(".masked-notice"))).to_contain_text("role viewer")
    expect(section(reader, "Personal data").locator(".masked").first).to_have_text("•••@•••")
    expect(section(reader, "Files")).to_contain_text("Whoever has the role viewer can open it")
    expect(reader.page.locator("body")).not_to_contain_text("Schmidt")
    expect(reader.page.get_by_role("button", name="Erase …")).to_be_visible()
    expect(section(reader, "Packages for this person")).to_be_visible()
    assert reader.violations() == []


def test_a_reader_is_told_which_role_opens_the_page(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    person = anna(reader)
    reader.sign_in("Reader").go(f"/customers/{person}")
    expect(reader.page.get_by_text("Your roles do not open this page")).to_be_visible()


def test_a_correction_sends_what_was_changed_and_says_what_is_wrong(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    sign_in(reader.service, reader.tenant, **{"ben@example.com": "Ben"})
    reader.sign_in().go(f"/customers/{anna(reader)}")
    reader.page.get_by_role("button", name="Correct").click()
    dialog = reader.page.get_by_role("dialog", name="Correct personal data")
    dialog.get_by_label("E-mail").fill("ben@example.com")
    dialog.get_by_label("Last name", exact=True).fill("Schmitt")
    dialog.get_by_role("button", name="Save correction").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Last name", exact=True)).to_have_value("Schmitt")
    assert reader.violations() == []
    dialog.get_by_label("E-mail").fill("anna.schmitt@example.com")
    dialog.get_by_role("button", name="Remove First name").click()
    dialog.get_by_label("Another field").fill("city")
    dialog.get_by_role("button", name="Add field").click()
    dialog.get_by_label("City", exact=True).fill("Leipzig")
    dialog.get_by_role("button", name="Save correction").click()
    expect(dialog).to_be_hidden()
    expect(reader.page.get_by_role("heading", name="anna.schmitt@example.com")).to_be_visible()
    [row] = reader.service.rows("customers", reader.tenant, email="anna.schmitt@example.com")
    assert row["fields"] == {"lastname": "Schmitt", "city": "Leipzig"}
    reader.complaints = [one for one in reader.complaints if "409" not in one]


def test_a_consent_shows_its_wording_and_its_proof_to_take_along(reader: Reader, tmp_path: Path) -> None:
    reader.service.request("PUT", "/v1/settings", {"consent_proof_months": 12}, reader.tenant)
    play(reader.service, reader.tenant)
    reader.sign_in().go("/consents")
    reader.row("newsletter").get_by_role("button", name=ANNA, exact=True).click()
    panel = reader.page.get_by_role("complementary")
    expect(panel.locator("blockquote")).to_have_text(WORDING)
    panel.get_by_role("button", name="Show proof").click()
    expect(panel.locator("blockquote")).to_have_text([WORDING, WORDING])
    expect(panel).to_contain_text("Kept until")
    assert reader.violations() == []
    with reader.page.expect_download() as download:
        panel.get_by_role("button", name="Download proof").click()
    download.value.save_as(tmp_path / "proof.json")
    [proof] = json.loads((tmp_path / "proof.json").read_text())["items"]
    assert (proof["consent"], proof["status"], proof["text"]) == ("newsletter", "granted", WORDING)


def test_while_proofs_are_off_that_is_said(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in("Privacy").go(f"/customers/{anna(reader)}")
    consents = section(reader, "Consents")
    consents.get_by_role("button", name="newsletter").click()
    expect(consents.locator("blockquote")).to_have_text(WORDING)
    consents.get_by_role("button", name="Show proof").click()
    expect(consents.get_by_role("status")).to_contain_text("the proof ends with the customer")


def test_back_from_a_customer_leads_to_the_row_that_was_left(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    sign_in(reader.service, reader.tenant, **{f"guest{number:02}@example.com": "Guest" for number in range(60)})
    reader.sign_in().go("/customers")
    region = reader.page.get_by_role("region", name="Customers")
    expect(reader.rows().first).to_be_visible()
    region.evaluate("element => { element.scrollTop = 900 }")
    row = reader.row("guest30@example.com")
    row.get_by_role("button", name="guest30@example.com", exact=True).click()
    expect(reader.page.get_by_role("heading", name="guest30@example.com")).to_be_visible()
    reader.page.go_back()
    expect(row.locator("[data-open]")).to_be_focused()
    expect(row).to_be_in_viewport()
    assert 700 < region.evaluate("element => element.scrollTop") < 1100


def test_closing_a_record_leads_to_its_row(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    enter_many(reader.service, reader.tenant, 5)
    reader.sign_in().go("/giveaways/participations")
    third = reader.rows().nth(2).locator("[data-open]")
    third.click()
    expect(reader.page.get_by_role("complementary")).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(third).to_be_focused()


def test_kunden_auf_deutsch_auch_auf_dem_telefon_im_dunkeln(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    person = anna(reader)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber").go(f"/customers/{person}")
    expect(section(reader, "Persönliche Daten")).to_contain_text("Schmidt")
    expect(section(reader, "Punkte")).to_contain_text("40 Punkte aktuell")
    assert reader.violations() == []
    overflow = reader.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    reader.page.get_by_role("button", name="Löschen …").click()
    asked = section(reader, "Diesen Kunden überall löschen?")
    asked.get_by_role("textbox").fill("erase")
    asked.get_by_role("button", name="Kunden löschen").click()
    expect(asked).to_contain_text("Das ist nicht “löschen”")
    asked.get_by_role("textbox").fill("Löschen")
    asked.get_by_role("button", name="Kunden löschen").click()
    expect(reader.page.get_by_role("heading", name="Der Kunde ist gelöscht")).to_be_visible(timeout=60_000)
    assert reader.violations() == []
    assert reader.service.rows("customers", reader.tenant) == []
