"""The rights of a person: erased with a receipt, given a package by a link that works once, looked up; the chain of
receipts, the retention table and the notice."""

import re

import pytest
from playwright.sync_api import expect

from local import uploads
from tests.console.campaign import play, sign_in
from tests.console.reader import Reader
from tests.console.test_people import ANNA, anna, section
from tests.console.uploading import upload
from tests.live.service import Service

pytestmark = pytest.mark.slow

ERASED = 60_000  # milliseconds


def erase(service: Service, tenant: str, email: str) -> None:
    [row] = service.rows("customers", tenant, email=email)
    started = service.request("DELETE", f"/v1/records/customers/{row['id']}", tenant=tenant)
    service.ended(started["job"], tenant)


def test_a_customer_is_erased_after_a_preview_and_a_typed_word_and_has_a_receipt(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    upload(reader.service, reader.tenant, ANNA, uploads.picture(1))
    reader.sign_in().go("/customers")
    reader.row(ANNA).hover()
    reader.row(ANNA).get_by_role("button", name=f"Delete {ANNA}").click()
    reader.page.get_by_role("button", name="Show what goes").click()
    asked = section(reader, "Erase this customer everywhere?")
    expect(asked.get_by_role("listitem").filter(has_text="Transactions")).to_contain_text("2")
    expect(asked.get_by_role("listitem").filter(has_text="Files")).to_contain_text("1")
    expect(asked.get_by_role("listitem").filter(has_text="Drawn participations")).to_contain_text("1")
    assert reader.violations() == []
    asked.get_by_role("button", name="Erase customer").click()
    expect(asked).to_contain_text("This is not “erase”")
    assert reader.service.rows("customers", reader.tenant) != []
    asked.get_by_role("textbox").fill("erase")
    asked.get_by_role("button", name="Erase customer").click()
    expect(reader.page.get_by_role("heading", name=re.compile("hidden; the removal runs|is erased"))).to_be_visible()
    assert reader.violations() == []
    reader.page.reload()
    expect(reader.page.get_by_role("heading", name="The customer is erased")).to_be_visible(timeout=ERASED)
    expect(reader.page.get_by_text("Person (as a code)")).to_be_visible()
    assert reader.violations() == []
    reader.page.get_by_role("link", name="To the customers").click()
    expect(reader.page.locator(".empty")).to_be_visible()


def test_cancelling_an_erasure_leaves_everything(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go(f"/customers/{anna(reader)}")
    reader.page.get_by_role("button", name="Erase …").click()
    section(reader, "Erase this customer everywhere?").get_by_role("button", name="Cancel").click()
    expect(section(reader, "Erase this customer everywhere?")).to_be_hidden()
    expect(reader.page.get_by_role("button", name="Erase …")).to_be_focused()
    assert len(reader.service.rows("customers", reader.tenant)) == 1


def test_an_editor_erases_without_seeing_and_is_told_where_the_receipt_is(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in("Editor").go(f"/customers/{anna(reader)}?erase=1")
    asked = section(reader, "Erase this customer everywhere?")
    asked.get_by_role("textbox").fill("erase")
    asked.get_by_role("textbox").press("Enter")
    expect(reader.page.get_by_text("The receipt is kept for whoever has the role privacy")).to_be_visible(
        timeout=ERASED
    )


def test_a_package_is_made_and_its_link_works_once(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    person = anna(reader)
    reader.sign_in("Privacy").go(f"/customers/{person}")
    packages = section(reader, "Packages for this person")
    packages.get_by_role("button", name="Make access package").click()
    expect(packages).to_contain_text("One-time link", timeout=30_000)
    expect(packages).to_contain_text("Works once, until")
    assert reader.violations() == []
    link = packages.locator(".package-link .copy").get_attribute("title") or ""
    assert "/v1/packages/" in link
    person_page = reader.page.context.new_page()
    person_page.goto(link)
    with person_page.expect_download():
        person_page.get_by_role("button").click()
    person_page.close()
    reader.page.reload()
    expect(packages).to_contain_text("The link was used")
    packages.get_by_role("button", name="New link").click()
    expect(packages.locator(".package-link .copy")).to_be_visible()
    assert packages.locator(".package-link .copy").get_attribute("title") != link
    with reader.page.expect_download() as download:
        packages.get_by_role("button", name="Download it here").click()
    assert download.value.suggested_filename.startswith("access-")


def test_a_person_is_looked_up_and_found_in_receipts_after_the_erasure(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/customers")
    expect(reader.row(ANNA)).to_be_visible()
    reader.page.get_by_role("link", name="GDPR").first.click()
    look = section(reader, "Look up a person")
    look.get_by_label("E-mail").fill("anna.schmidt")
    look.get_by_role("button", name="Look up").click()
    expect(look).to_contain_text("A whole e-mail address is needed")
    look.get_by_label("E-mail").fill(ANNA)
    look.get_by_role("button", name="Look up").click()
    expect(look.get_by_role("listitem").filter(has_text="Transactions")).to_contain_text("2")
    assert reader.violations() == []
    look.get_by_role("link", name="Erase …").click()
    expect(section(reader, "Erase this customer everywhere?")).to_be_visible()
    erase(reader.service, reader.tenant, ANNA)
    reader.go("/gdpr")
    look.get_by_label("E-mail").fill(ANNA)
    look.get_by_label("E-mail").press("Enter")
    expect(look).to_contain_text("Nothing is held of this address")
    expect(look).to_contain_text("Erased before: 1 receipt")
    look.get_by_text("Receipt 1").click()
    expect(look).to_contain_text("Person (as a code)")


def test_requests_wait_until_the_package_was_fetched(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    body = {"purpose": "portability", "locale": "en"}
    job = reader.service.request("POST", f"/v1/customers/{anna(reader)}/packages", body, reader.tenant)
    reader.service.ended(job["id"], reader.tenant)
    reader.sign_in("Privacy").go("/gdpr")
    due = section(reader, "Requests due")
    expect(due.get_by_role("row").filter(has_text="Portability (Art. 20)")).to_contain_text("not fetched yet")
    due.get_by_role("button", name="Link").click()
    expect(due).to_contain_text("One-time link")
    assert reader.violations() == []


def test_the_page_tells_how_long_everything_is_kept_and_has_the_notice_in_both_languages(reader: Reader) -> None:
    controller = {"privacy": {"de": {"controller": "Fahrrad GmbH, Dresden"}}}
    reader.service.request("PUT", "/v1/settings", controller, reader.tenant)
    reader.sign_in().go("/gdpr?kind=consents")
    table = reader.page.get_by_role("table", name="How long data is kept")
    expect(table.locator("[data-current]")).to_contain_text("Consents")
    expect(table.get_by_role("row").filter(has_text="Coupons")).to_contain_text("720")
    expect(reader.page.get_by_role("table", name="Retention report").get_by_role("row")).to_have_count(14)
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.page.locator("label").filter(has_text="Deutsch").click()
    expect(reader.page.get_by_role("region", name="Text of the notice")).to_contain_text(
        "Verantwortlicher: Fahrrad GmbH"
    )
    reader.page.get_by_role("button", name="Copy notice").click()
    expect(reader.page.get_by_role("button", name="Copied")).to_be_visible()
    assert "Ihre Rechte (DSGVO)" in reader.page.evaluate("navigator.clipboard.readText()")
    reader.visit()
    reader.sign_in("Reader").go("/gdpr")
    table = reader.page.get_by_role("table", name="How long data is kept")
    expect(table.get_by_role("row")).to_have_count(14)
    expect(section(reader, "Look up a person")).to_be_hidden()
    assert reader.violations() == []


def test_receipts_are_listed_found_by_the_address_and_their_chain_verified(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    sign_in(reader.service, reader.tenant, **{"ben@example.com": "Ben"})
    for email in (ANNA, "ben@example.com"):
        erase(reader.service, reader.tenant, email)
    reader.sign_in("Privacy").go("/receipts")
    listed = reader.page.get_by_role("table", name="Receipts", exact=True).locator("[data-row]")
    expect(listed).to_have_count(2)
    reader.page.get_by_role("button", name="Verify chain").click()
    expect(section(reader, "The chain of receipts")).to_contain_text("The chain is whole: 2 receipts verified.")
    find = reader.page.get_by_role("region", name=re.compile("Find a person.s receipts"))
    find.get_by_label("E-mail").fill(ANNA)
    find.get_by_role("button", name="Find").click()
    found = find.get_by_role("table").locator("[data-row]")
    expect(found).to_have_count(1)
    listed.nth(1).locator("[data-open]").click()
    panel = reader.page.get_by_role("complementary", name="Receipt")
    expect(panel).to_contain_text("Digest before")
    assert reader.violations() == []
    reader.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert ANNA not in reader.page.url


def test_a_broken_chain_says_where(reader: Reader) -> None:
    reader.sign_in().go("/receipts")
    head = {"number": 9, "digest": "0" * 64}
    told = {"ok": False, "count": 4, "first": 1, "last": 4, "digest": "0" * 64, "head": head, "next": None}
    broken = {**told, "broken_at": 5, "reason": "it does not follow the one before"}
    reader.page.route("**/v1/receipts/verify*", lambda route: route.fulfill(json=broken))
    reader.page.get_by_role("button", name="Verify chain").click()
    expect(section(reader, "The chain of receipts")).to_contain_text("broken at receipt 5: it does not follow")
