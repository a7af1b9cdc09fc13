"""Settings, keys and the audit log."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.console.campaign import play
from tests.console.reader import Reader

pytestmark = pytest.mark.slow


def settings(reader: Reader) -> dict[str, object]:
    return dict(reader.service.request("GET", "/v1/settings", tenant=reader.tenant))


def save(reader: Reader) -> Locator:
    return reader.page.get_by_role("button", name="Save", exact=True)


def test_settings_are_changed_and_saved_together(reader: Reader) -> None:
    reader.sign_in().go("/settings")
    zone = reader.page.get_by_role("combobox", name="Time zone")
    zone.fill("Tokyo")
    reader.page.get_by_role("option", name="Asia/Tokyo").click()
    reader.page.get_by_label("Keep proofs of consent").fill("24")
    reader.page.get_by_label("Controller").fill("Bikes Ltd, London")
    reader.page.get_by_label("Files", exact=True).fill("Photos for the contest")
    expect(reader.page.get_by_text("Not saved yet")).to_be_visible()
    assert reader.violations() == []
    save(reader).click()
    expect(reader.page.get_by_text("Saved", exact=True)).to_be_visible()
    told = settings(reader)
    assert (told["time_zone"], told["consent_proof_months"], told["receipt_months"]) == ("Asia/Tokyo", 24, 36)
    assert told["privacy"] == {
        "en": {"controller": "Bikes Ltd, London", "purposes": {"files": "Photos for the contest"}}
    }
    reader.page.get_by_label("Keep proofs of consent").fill("12")
    expect(reader.page.get_by_text("older proofs are hidden at once")).to_be_visible()


def test_what_was_typed_survives_errors_and_a_conflict_is_settled_by_the_reader(reader: Reader) -> None:
    reader.sign_in().go("/settings")
    controller = reader.page.get_by_label("Controller")
    controller.fill("Mine")
    problem = '{"code": "unavailable", "title": "Storage", "status": 503, "detail": "Try again soon."}'
    reader.page.route("**/v1/settings", lambda route: route.fulfill(status=503, body=problem), times=1)
    save(reader).click()
    expect(reader.page.get_by_role("alert")).to_contain_text("Try again soon.")
    expect(controller).to_have_value("Mine")
    theirs = {"privacy": {"en": {"contact": "theirs@example.com"}}}
    reader.service.request("PUT", "/v1/settings", theirs, reader.tenant)
    save(reader).click()
    expect(reader.page.get_by_role("alert")).to_contain_text("Somebody else saved these settings meanwhile")
    expect(controller).to_have_value("Mine")
    assert "Mine" not in str(settings(reader)["privacy"])
    reader.page.get_by_role("button", name="Save mine instead").click()
    expect(reader.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert settings(reader)["privacy"] == {"en": {"controller": "Mine", "purposes": {}}}
    reader.complaints = [one for one in reader.complaints if "503" not in one and "412" not in one]


def test_the_role_privacy_changes_its_part_and_others_read(reader: Reader) -> None:
    reader.sign_in("Privacy").go("/settings")
    expect(reader.page.get_by_text("Whoever has the role owner may change these")).to_be_visible()
    expect(reader.page.get_by_role("combobox", name="Time zone")).not_to_be_editable()
    reader.page.get_by_label("Keep receipts for").fill("48")
    save(reader).click()
    expect(reader.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert settings(reader)["receipt_months"] == 48
    reader.visit()
    reader.sign_in("Viewer").go("/settings")
    expect(reader.page.get_by_label("Keep receipts for")).to_have_value("48")
    expect(reader.page.get_by_label("Keep receipts for")).not_to_be_editable()
    expect(save(reader)).to_have_count(0)
    assert reader.violations() == []


def test_a_key_is_shown_once_works_and_is_revoked(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/keys")
    expect(reader.page.get_by_text("No keys yet")).to_be_visible()
    reader.page.get_by_role("button", name="New key").click()
    dialog = reader.page.get_by_role("dialog", name="New key")
    dialog.get_by_label("Name").fill("Chat engine")
    dialog.get_by_role("combobox", name="Experience").click()
    reader.page.get_by_role("option", name="Summer raffle").click()
    assert reader.violations() == []
    dialog.get_by_role("button", name="Make key").click()
    secret = dialog.locator(".secret .copy")
    expect(secret).to_have_attribute("title", re.compile("^ak_"))
    text = secret.get_attribute("title") or ""
    assert reader.violations() == []
    dialog.get_by_role("button", name="I have kept it").click()
    row = reader.page.get_by_role("row").filter(has_text="Chat engine")
    expect(row).to_contain_text(f"…{text[-4:]}")
    expect(row).to_contain_text("Summer raffle")
    expect(reader.page.locator("body")).not_to_contain_text(text)
    row.get_by_role("button", name="Revoke Chat engine").click()
    asked = reader.page.get_by_role("alertdialog", name="Revoke this key?")
    expect(asked.get_by_role("button", name="Keep")).to_be_focused()
    assert reader.violations() == []
    asked.get_by_role("button", name="Revoke key").click()
    expect(reader.page.get_by_text("No keys yet")).to_be_visible()
    assert reader.service.request("GET", "/v1/keys", tenant=reader.tenant)["items"] == []


def test_a_key_that_cannot_be_made_keeps_what_was_typed(reader: Reader) -> None:
    reader.sign_in().go("/keys")
    reader.page.get_by_role("button", name="New key").click()
    dialog = reader.page.get_by_role("dialog", name="New key")
    dialog.get_by_label("Name").fill("Old")
    dialog.get_by_label("Works up to").fill("2020-01-01")
    dialog.get_by_role("button", name="Make key").click()
    expect(dialog).to_contain_text("is in the past")
    expect(dialog.get_by_label("Name")).to_have_value("Old")
    reader.complaints = [one for one in reader.complaints if "422" not in one]


def test_the_audit_log_tells_who_did_what_and_is_filtered(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.service.request("PUT", "/v1/settings", {"receipt_months": 24}, reader.tenant)
    reader.service.request("POST", "/v1/keys", {"name": "a", "role": "collector"}, reader.tenant)
    reader.sign_in("Privacy").go("/audit")
    expect(reader.rows()).to_have_count(3)
    expect(reader.row("changed settings")).to_contain_text("months of receipts")
    assert reader.violations() == []
    reader.page.get_by_role("combobox", name="Action").fill("key")
    reader.page.get_by_role("option", name="made a key").click()
    expect(reader.rows()).to_have_count(1)
    expect(reader.page).to_have_url(re.compile("action=key.made"))
    reader.page.get_by_role("button", name="Period").click()
    reader.page.get_by_label("Up to and including").fill("2020-01-01")
    reader.page.keyboard.press("Escape")
    expect(reader.page.get_by_text("Nothing matches.")).to_be_visible()
    reader.page.get_by_role("button", name="Clear all filters").click()
    expect(reader.rows()).to_have_count(3)


def test_pages_that_a_role_does_not_open_say_so(reader: Reader) -> None:
    reader.sign_in("Viewer")
    for path, title in {"/keys": "Keys", "/audit": "Audit", "/receipts": "Receipts"}.items():
        reader.go(path)
        expect(reader.page.get_by_role("heading", name=title)).to_be_visible()
        expect(reader.page.get_by_text("Your roles do not open this page")).to_be_visible()


def test_arbeitsbereich_auf_deutsch_im_dunkeln(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.service.request("POST", "/v1/keys", {"name": "Chat", "role": "collector"}, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber")
    shown = {
        "/gdpr": "Wie lange Daten gespeichert sind",
        "/settings": "Zeitzone, Sprache, Grenze",
        "/keys": "Widerrufen",
        "/audit": "hat einen Schlüssel erstellt",
        "/receipts": "Noch wurde nichts gelöscht",
    }
    for path, text in shown.items():
        reader.go(path)
        expect(reader.page.get_by_text(text).first).to_be_visible()
        assert reader.violations() == [], path
        assert reader.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
