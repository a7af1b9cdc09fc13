"""Deleting all of a kind: asked in a dialog that says what goes and what stays, hidden at once, removed with a bar and
a receipt in the end."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.console.campaign import enter_many, play
from tests.console.reader import Reader
from tests.console.stocked import ANNA

pytestmark = pytest.mark.slow


def ask(reader: Reader, path: str) -> Locator:
    """The dialog, opened from the menu beside the export."""
    reader.go(path)
    expect(reader.rows().first).to_be_visible()
    reader.page.get_by_role("button", name="More actions").click()
    reader.page.get_by_role("menuitem", name="Delete all").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_all_of_one_experience_go_and_the_others_stay(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    enter_many(reader.service, reader.tenant, 150)
    other = {"title": "Winter", "giveaways": [{"id": "sledge", "title": "Sledge", "prizes": [{"name": "Sledge"}]}]}
    reader.service.request("PUT", "/v1/experiences/winter", other, reader.tenant)
    body = {"experience": "winter", "email": ANNA, "giveaway": "sledge"}
    reader.service.request("POST", "/v1/collect/participations", body, reader.tenant)
    reader.sign_in()
    dialog = ask(reader, "/giveaways/participations?experience=summer&from=2020-01-01")
    expect(dialog.get_by_role("heading")).to_have_text("Delete all participations of Summer raffle?")
    expect(dialog).to_contain_text(
        re.compile(r"(About 1\d\d|More than 100) records will be deleted\.")
    )  # the tallies lag
    expect(dialog).to_contain_text("Customers and drawn participations stay")
    expect(dialog).to_contain_text("The other filters on screen do not narrow this down")
    assert reader.violations() == []
    typed = dialog.get_by_role("textbox")
    typed.fill("Everything")
    dialog.get_by_role("button", name="Delete all participations").click()
    expect(dialog).to_contain_text("This is not “Participations”")
    assert len(reader.service.rows("participations", reader.tenant)) == 152
    typed.fill("participations")
    dialog.get_by_role("button", name="Delete all participations").dblclick()
    expect(dialog.get_by_role("heading")).to_have_text("All participations are deleted")
    assert [row["experience"] for row in reader.service.rows("participations", reader.tenant)] == ["winter"]
    expect(dialog.get_by_role("link", name="Receipt no. 1")).to_be_visible(timeout=30_000)
    expect(dialog).to_contain_text("151 Participations")
    assert reader.violations() == []
    dialog.get_by_role("button", name="Close").last.click()
    expect(reader.rows()).to_have_count(0)
    jobs = reader.service.request("GET", "/v1/jobs", tenant=reader.tenant)["items"]
    assert [job["type"] for job in jobs] == ["purge"]


def test_all_can_be_exported_first_without_leaving_the_question(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in()
    dialog = ask(reader, "/loyalty/transactions")
    expect(dialog).to_contain_text("2 records will be deleted.")
    expect(dialog).to_contain_text("This concerns all experiences.")
    expect(dialog).to_contain_text("The balance of each customer stays as it is.")
    dialog.get_by_role("button", name="Export them first").click()
    dialog.get_by_role("button", name="Make the file").click()
    expect(dialog.get_by_role("button", name="Download")).to_be_visible(timeout=30_000)
    with reader.page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.startswith("transactions-")
    dialog.get_by_role("textbox").fill("Transactions")
    dialog.get_by_role("button", name="Delete all transactions").click()
    expect(dialog.get_by_role("link", name="Receipt")).to_be_visible(timeout=30_000)
    [customer] = reader.service.rows("customers", reader.tenant)
    assert customer["points"] == 40


def test_with_all_customers_goes_what_belongs_to_them(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in()
    dialog = ask(reader, "/customers")
    expect(dialog.get_by_role("heading")).to_have_text("Delete all customers?")
    expect(dialog).to_contain_text("With the customers go consents, entries, wins, points, variables and files.")
    dialog.get_by_role("textbox").fill("Customers")
    dialog.get_by_role("button", name="Delete all customers").click()
    expect(dialog.get_by_role("heading")).to_have_text("All customers are deleted")
    dialog.get_by_role("button", name="Close").last.click()
    for path in ("/customers", "/consents", "/giveaways/participations", "/variables"):
        reader.go(path)
        expect(reader.page.locator(".empty")).to_be_visible()


def test_what_cannot_be_deleted_now_says_why_and_keeps_the_question(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in()
    dialog = ask(reader, "/consents")
    problem = '{"code": "unavailable", "title": "Not now", "status": 503, "detail": "Try again soon."}'
    pattern = re.compile(r"/v1/records/consents\?confirm")
    reader.page.route(pattern, lambda route: route.fulfill(status=503, body=problem), times=1)
    dialog.get_by_role("textbox").fill("Consents")
    dialog.get_by_role("button", name="Delete all consents").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Try again soon.")
    assert len(reader.service.rows("consents", reader.tenant)) == 1
    dialog.get_by_role("button", name="Delete all consents").click()
    expect(dialog.get_by_role("heading")).to_have_text("All consents are deleted")
    reader.complaints = [one for one in reader.complaints if "503" not in one]


def test_whoever_is_no_owner_finds_no_way_to_delete_all(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in("Editor").go("/consents")
    expect(reader.rows()).to_have_count(1)
    expect(reader.page.get_by_role("button", name="More actions")).to_have_count(0)
