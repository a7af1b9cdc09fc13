"""Webhooks as their owner sets them up: made, their secret seen once, tested, changed, paused, calls sent again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.console.campaign import play
from tests.console.reader import Reader
from tests.live.service import eventually
from tests.webhooks.receiving import Receiver

pytestmark = pytest.mark.slow


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def make(reader: Reader, receiver: Receiver) -> Locator:
    """A webhook about points, made on the page; its card."""
    page = reader.page
    page.get_by_role("button", name="New webhook").click()
    form = page.get_by_role("dialog", name="New webhook")
    form.get_by_role("textbox", name="Address").fill(receiver.url)
    form.get_by_label("Points booked").check()
    form.get_by_role("button", name="Create the webhook").click()
    return page.locator("[data-webhook]")


def test_a_webhook_is_made_and_its_secret_shown_once(reader: Reader, receiver: Receiver) -> None:
    reader.sign_in().go("/webhooks")
    page = reader.page
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    assert reader.violations() == []
    page.get_by_role("button", name="New webhook").click()
    form = page.get_by_role("dialog", name="New webhook")
    form.get_by_role("textbox", name="Address").fill("ftp://nowhere")
    assert reader.violations() == []
    form.get_by_role("button", name="Create the webhook").click()
    expect(form.get_by_text("Choose at least one event")).to_be_visible()
    form.get_by_label("Points booked").check()
    form.get_by_role("button", name="Create the webhook").click()
    expect(form.get_by_role("textbox", name="Address")).to_have_attribute("aria-invalid", "true")
    form.get_by_role("textbox", name="Address").fill(receiver.url)
    form.get_by_role("button", name="Create the webhook").dblclick()
    shown = page.get_by_role("dialog", name="The secret of")
    expect(shown).to_contain_text("whsec_")
    secret = (shown.locator(".hook-secret bdi").text_content() or "").strip()
    page.keyboard.press("Escape")
    expect(shown).to_be_visible()
    assert reader.violations() == []
    shown.get_by_role("button", name="I have kept it").click()
    card = page.locator("[data-webhook]")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("whsec_••••")
    card.get_by_role("button", name="Send a test").click()
    expect(card.get_by_text("Answered 200")).to_be_visible()
    assert receiver.calls[0].is_signed_with(secret)
    reader.complaints = [one for one in reader.complaints if "422" not in one]


def test_calls_are_looked_at_and_sent_again(reader: Reader, receiver: Receiver) -> None:
    reader.sign_in().go("/webhooks")
    card = make(reader, receiver)
    reader.page.get_by_role("button", name="I have kept it").click()
    play(reader.service, reader.tenant)
    eventually(lambda: len(receiver.of_type("points.booked")) == 2, 30)
    [hook] = reader.service.request("GET", "/v1/webhooks", tenant=reader.tenant)["items"]
    told = f"/v1/webhooks/{hook['id']}/deliveries"

    def are_noted() -> bool:
        deliveries = reader.service.request("GET", told, tenant=reader.tenant)["items"]
        return [one["state"] for one in deliveries] == ["delivered"] * 2

    def still_waiting(route: Route) -> None:
        answer = route.fetch().json()
        items = [{**one, "state": "waiting", "status": None} for one in answer["items"]]
        route.fulfill(json={**answer, "items": items})

    eventually(are_noted, 30)
    reader.page.route(re.compile("/deliveries"), still_waiting, times=1)
    card.get_by_role("button", name="Deliveries").click()
    drawer = reader.page.get_by_role("dialog", name="Deliveries to 127.0.0.1")
    rows = drawer.locator("[data-delivery]")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("waits")
    expect(rows.first).to_contain_text("200")  # by itself
    assert reader.violations() == []
    rows.first.get_by_text("What was sent").click()
    expect(rows.first).to_contain_text("balance_after")
    rows.first.get_by_role("button", name="Send again").click()
    expect(drawer.get_by_text("1 is sent again")).to_be_visible()
    eventually(lambda: len(receiver.of_type("points.booked")) == 3, 30)
    drawer.get_by_text("failed", exact=True).click()
    expect(drawer.get_by_text("Nothing was sent")).to_be_visible()
    drawer.get_by_role("button", name="Send all failed again").click()
    expect(drawer.get_by_text("0 are sent again")).to_be_visible()


def test_a_webhook_is_changed_paused_given_a_new_secret_and_deleted(reader: Reader, receiver: Receiver) -> None:
    reader.sign_in().go("/webhooks")
    page, card = reader.page, make(reader, receiver)
    page.get_by_role("button", name="I have kept it").click()
    more = card.get_by_role("button", name="More for 127.0.0.1")
    more.click()
    page.get_by_role("menuitem", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit the webhook")
    form.get_by_label("E-mail address").check()
    form.get_by_label("Coupons running low").check()
    form.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Points booked · Coupons running low")
    expect(card).to_contain_text("E-mail address")
    card.get_by_role("button", name="Pause").click()
    expect(card.get_by_text("paused")).to_be_visible()
    card.get_by_role("button", name="Enable again").click()
    expect(card.get_by_text("active", exact=True)).to_be_visible()
    more.click()
    page.get_by_role("menuitem", name="New secret").click()
    page.get_by_role("dialog", name="Make a new secret?").get_by_role("button", name="Make a new secret").click()
    expect(page.get_by_role("dialog", name="The secret of")).to_contain_text("whsec_")
    page.get_by_role("button", name="I have kept it").click()
    expect(card).to_contain_text("signed with the secret of before until")
    receiver.always = 500
    card.get_by_role("button", name="Send a test").click()
    expect(card.get_by_role("alert")).to_contain_text("No success")
    assert reader.violations() == []
    more.click()
    page.get_by_role("menuitem", name="Delete").click()
    asked = page.get_by_role("dialog", name="Delete this webhook?")
    assert reader.violations() == []
    asked.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()


def test_only_owners_open_the_page(reader: Reader) -> None:
    reader.sign_in("Viewer").go("/webhooks")
    expect(reader.page.get_by_text("Your roles do not open this page")).to_be_visible()
