"""The Manage pages: one experience's giveaways, instant wins and loyalty, each kind in a block of its own."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.console.campaign import play
from tests.console.reader import Reader

pytestmark = pytest.mark.slow

ANNA = "anna.schmidt@example.com"
OTHER = {
    "title": "Autumn club",
    "rewards": [{"id": "cap", "title": "Cap", "cost": 5, "stock": 3}, {"id": "hug", "title": "Hug", "cost": 1}],
}


def block(reader: Reader, name: str) -> Locator:
    return reader.page.get_by_role("region", name=name, exact=True)


def test_an_instant_win_shows_prizes_left_wins_and_plays_and_nothing_to_draw(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/instant-win/manage")
    expect(block(reader, "Prizes left")).to_contain_text("49 of 50 left")
    expect(block(reader, "Won").locator("[data-row]")).to_contain_text("Cup")
    expect(block(reader, "Plays").locator("[data-row]")).to_contain_text(ANNA)
    expect(reader.page.get_by_role("button", name=re.compile("^Draw"))).to_have_count(0)
    assert reader.violations() == []
    block(reader, "Won").get_by_role("button", name=ANNA, exact=True).click()
    panel = reader.page.get_by_role("complementary")
    panel.get_by_role("button", name="Mark as notified").click()
    expect(block(reader, "Won").locator("[data-row]")).to_contain_text("notified")
    expect(panel.get_by_role("button", name=re.compile("redraw"))).to_have_count(0)
    assert reader.violations() == []
    assert [row["state"] for row in reader.service.rows("instant_win_winners", reader.tenant)] == ["notified"]


def test_loyalty_shows_rewards_with_stock_and_one_reward_is_chosen_for_its_redemptions(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.service.request("PUT", "/v1/experiences/autumn", OTHER, reader.tenant)
    reader.sign_in().go("/loyalty/manage?experience=summer")
    expect(block(reader, "Rewards")).to_contain_text("4 of 5 left · 10 points")
    expect(block(reader, "Redemptions").locator("[data-row]")).to_contain_text("Mug")
    expect(block(reader, "Points").locator("[data-row]")).to_have_count(2)
    assert reader.violations() == []
    block(reader, "Rewards").get_by_role("button", name=re.compile("Mug")).click()
    expect(reader.page).to_have_url(re.compile("reward=mug"))
    expect(block(reader, "Redemptions").locator("[data-row]")).to_have_count(1)
    reader.page.get_by_role("combobox", name="Experience").or_(reader.page.get_by_label("Experience")).first.click()
    reader.page.get_by_role("option", name="Autumn club").click()
    expect(block(reader, "Redemptions")).to_contain_text("No rewards redeemed yet")
    expect(block(reader, "Rewards")).to_contain_text("as many as are wanted")
    assert reader.violations() == []


def test_without_a_choice_the_first_experience_that_has_such_a_part_is_shown(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.service.request("PUT", "/v1/experiences/autumn", OTHER, reader.tenant)
    reader.sign_in().go("/giveaways/manage")
    expect(block(reader, "Participations").locator("[data-row]")).to_contain_text(ANNA)
    reader.go("/giveaways/manage?experience=autumn")
    expect(reader.page.get_by_text("This experience has no giveaway.")).to_be_visible()
    expect(reader.page.get_by_role("link", name="Open the experience")).to_be_visible()
    assert reader.violations() == []


def test_a_tenant_without_experiences_is_told_what_is_missing(reader: Reader) -> None:
    reader.sign_in()
    for path in ("/giveaways/manage", "/instant-win/manage", "/loyalty/manage"):
        reader.go(path)
        expect(reader.page.get_by_text("There is no experience yet")).to_be_visible()
        assert reader.violations() == [], path


def test_a_search_in_one_block_leaves_the_other_as_it_is_and_the_address_tells_both(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/giveaways/manage")
    expect(block(reader, "Participations").locator("[data-row]")).to_have_count(1)
    block(reader, "Participations").get_by_role("searchbox").fill("nobody")
    expect(block(reader, "Participations")).to_contain_text("Nothing matches")
    expect(block(reader, "Drawn")).to_contain_text("Nothing drawn yet")
    expect(reader.page).to_have_url(re.compile("entries.email=nobody"))
    reader.page.reload()
    expect(block(reader, "Participations")).to_contain_text("Nothing matches")


def test_the_pages_in_german_in_the_dark_on_a_phone(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber")
    for path, text in {
        "/giveaways/manage": "Letzter sicherer Ziehungstag",
        "/instant-win/manage": "49 von 50 übrig",
        "/loyalty/manage": "4 von 5 übrig",
    }.items():
        reader.go(path)
        expect(reader.page.locator(".manage")).to_contain_text(text)
        expect(reader.row(ANNA).first).to_be_visible()
        assert reader.violations() == [], path
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390, path
