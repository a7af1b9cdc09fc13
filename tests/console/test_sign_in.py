"""Signing in: locally by one click, at an issuer by the code flow with PKCE, and again in the middle of work."""

import re

import pytest
from playwright.sync_api import expect

from tests.console.an_issuer import AnIssuer
from tests.console.campaign import play
from tests.console.reader import Reader

pytestmark = pytest.mark.slow

ANNA = "anna.schmidt@example.com"


def test_one_click_signs_in_locally_and_signing_out_leads_back(reader: Reader) -> None:
    assert reader.violations() == []
    reader.sign_in("Viewer").go("/customers")
    expect(reader.page.get_by_role("heading", name="Customers")).to_be_visible()
    reader.page.get_by_role("button", name=re.compile("Language, appearance")).click()
    reader.page.get_by_role("menuitem", name="Sign out").click()
    expect(reader.page.get_by_role("heading", name="Sign in to Afterchat")).to_be_visible()


def test_the_page_that_was_asked_for_opens_after_signing_in(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.go("/consents?consent=newsletter")
    reader.page.reload()
    reader.sign_in()
    expect(reader.row("newsletter")).to_be_visible()
    expect(reader.page).to_have_url(re.compile("#/consents.consent=newsletter"))


def test_a_session_that_ends_in_the_middle_of_work_goes_on_after_a_new_sign_in(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/loyalty/transactions")
    row = reader.row("Welcome")
    row.hover()
    row.get_by_role("button", name=f"Delete {ANNA}").click()
    ended = {"left": 1}

    def unauthenticated(route):  # type: ignore[no-untyped-def]
        if route.request.method == "DELETE" and ended["left"]:
            ended["left"] -= 1
            route.fulfill(status=401, body='{"code": "unauthenticated", "title": "", "status": 401, "detail": ""}')
        else:
            route.continue_()

    reader.page.route("**/v1/records/**", unauthenticated)
    reader.page.get_by_role("button", name="Delete transaction").click()
    dialog = reader.page.get_by_role("dialog", name="Sign in again to go on")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Tenant").fill(reader.tenant)
    dialog.get_by_role("button", name="Owner").click()
    expect(row).to_be_hidden()
    assert len(reader.service.rows("transactions", reader.tenant)) == 1
    reader.complaints = [one for one in reader.complaints if "401" not in one]


def test_another_language_is_spoken_at_once_and_remembered(reader: Reader) -> None:
    reader.sign_in().go("/customers")
    reader.page.get_by_role("button", name=re.compile("Language, appearance")).click()
    reader.page.get_by_role("menuitem", name="Deutsch").click()
    expect(reader.page.get_by_role("heading", name="Kunden")).to_be_visible()
    reader.page.reload()
    expect(reader.page.get_by_role("heading", name="Kunden")).to_be_visible()
    assert reader.page.evaluate("document.documentElement.lang") == "de"


def test_an_issuer_signs_in_by_the_code_flow_and_leads_back_to_the_page(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    issuer = AnIssuer(reader.service.token(reader.tenant))
    issuer.serve(reader.page.context)
    reader.go("/consents")
    reader.page.reload()
    reader.page.get_by_role("button", name="Sign in").click()
    expect(reader.row("newsletter")).to_be_visible()
    assert (issuer.asked["response_type"], issuer.asked["code_challenge_method"]) == ("code", "S256")
    assert (issuer.asked["client_id"], issuer.asked["redirect_uri"]) == ("console", reader.url)
    assert reader.page.url == f"{reader.url}#/consents"


def test_a_sign_in_that_was_not_begun_here_is_not_finished_here(reader: Reader) -> None:
    reader.page.goto(f"{reader.url}?code=the-code&state=unknown")
    expect(reader.page.get_by_text("begun elsewhere or too long ago")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Owner")).to_be_visible()
    reader.complaints = [one for one in reader.complaints if "Scripts may close only" not in one]


def test_signing_in_again_besides_keeps_the_page_and_does_what_waited(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    issuer = AnIssuer(reader.service.token(reader.tenant))
    issuer.serve(reader.page.context)
    reader.page.reload()
    reader.page.get_by_role("button", name="Sign in").click()
    expect(reader.page.locator("#content")).to_be_visible()
    reader.page.evaluate("window.kept = true")
    ended = '{"code": "unauthenticated", "title": "", "status": 401, "detail": ""}'
    reader.page.route("**/v1/records/**", lambda route: route.fulfill(status=401, body=ended), times=1)
    reader.page.get_by_role("link", name="Consents").click()
    with reader.page.expect_popup() as popup:
        reader.page.get_by_role("dialog").get_by_role("button", name="Sign in").click()
    expect(reader.row("newsletter")).to_be_visible()
    if not popup.value.is_closed():
        popup.value.wait_for_event("close")
    assert (issuer.traded, reader.page.evaluate("window.kept")) == (2, True)
    reader.complaints = [one for one in reader.complaints if "401" not in one]


def test_what_somebody_began_is_not_done_in_the_name_of_another(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/loyalty/transactions")
    row = reader.row("Welcome")
    row.hover()
    row.get_by_role("button", name=f"Delete {ANNA}").click()
    ended = '{"code": "unauthenticated", "title": "", "status": 401, "detail": ""}'
    reader.page.route(re.compile("/v1/records/transactions/"), lambda r: r.fulfill(status=401, body=ended), times=1)
    reader.page.get_by_role("button", name="Delete transaction").click()
    dialog = reader.page.get_by_role("dialog", name="Sign in again to go on")
    dialog.get_by_label("Tenant").fill(f"{reader.tenant[:50]}-other")
    dialog.get_by_role("button", name="Owner").click()
    expect(reader.page.get_by_text("No points booked yet")).to_be_visible()
    assert len(reader.service.rows("transactions", reader.tenant)) == 2
    reader.complaints = [one for one in reader.complaints if "401" not in one]
