"""The lists as somebody uses them: looking, searching, opening, deleting, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Request, Route, expect

from tests.console.campaign import HARD_NAMES, enter_many, play, sign_in
from tests.console.reader import Reader

pytestmark = pytest.mark.slow

ANNA = "anna.schmidt@example.com"
LISTS = {
    "/customers": ANNA,
    "/consents": "newsletter",
    "/giveaways/participations": ANNA,
    "/instant-win/participations": ANNA,
    "/instant-win/drawn": "Cup",
    "/loyalty/redemptions": "Mug",
    "/loyalty/transactions": "+50",
    "/variables": "score",
}
EMPTY = {
    "/giveaways/drawn": "Nothing drawn yet",
    "/codes/coupons": "No coupons in any experience",
    "/codes/codes": "No codes in any experience",
    "/files": "No uploads",
}


def test_each_tab_shows_what_the_chat_left_and_how_long_it_stays(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in()
    for path, text in LISTS.items():
        reader.go(path)
        expect(reader.rows().filter(has_text=text).first).to_be_visible()
        expect(reader.page.locator(".promise")).to_contain_text(re.compile(r"(60|180) days"))
        assert reader.violations() == [], path
    for path, text in EMPTY.items():
        reader.go(path)
        expect(reader.page.locator(".empty")).to_contain_text(text)
        assert reader.violations() == [], path


def test_dark_phones_have_no_violations_either(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    assert reader.violations() == []
    reader.sign_in("Inhaber")
    for path in ("/customers", "/giveaways/participations", "/loyalty/transactions"):
        reader.go(path)
        expect(reader.row(ANNA).first).to_be_visible()
        assert reader.violations() == [], path
    reader.page.get_by_role("button", name="Menü öffnen").click()
    reader.page.get_by_role("link", name="Einwilligungen").click()
    expect(reader.page.get_by_role("heading", name="Einwilligungen")).to_be_visible()
    expect(reader.row("erteilt")).to_be_visible()


def test_search_finds_parts_of_the_address_and_says_when_nothing_matches(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/customers")
    search = reader.page.get_by_role("searchbox")
    search.fill("schmidt")
    expect(reader.row(ANNA)).to_be_visible()
    expect(reader.page).to_have_url(re.compile("#/customers.*email=schmidt"))
    search.fill("nobody-of-that-name")
    expect(reader.page.get_by_text("Nothing matches")).to_be_visible()
    reader.page.get_by_role("button", name="Clear all filters").click()
    expect(reader.row(ANNA)).to_be_visible()


TYPED = """(input, letters) => { // at a speed that no busy machine changes
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  for (const letter of letters) {
    set.call(input, input.value + letter);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


def test_typing_asks_once_it_pauses_and_what_was_overtaken_is_given_up(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/customers")
    expect(reader.row(ANNA)).to_be_visible()
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.url)
        if "email=sch&" in route.request.url:
            return  # never answered
        route.continue_()

    given_up: list[Request] = []
    reader.page.on("requestfailed", lambda request: given_up.append(request))
    reader.page.route(re.compile(r"/v1/records/customers\?.*email="), slowly)
    search = reader.page.get_by_role("searchbox")
    with reader.page.expect_request(re.compile("email=sch&")):
        search.evaluate(TYPED, "sch")
    with reader.page.expect_response(re.compile("email=schmidt")):
        search.evaluate(TYPED, "midt")
    expect(reader.row(ANNA)).to_be_visible()
    expect(reader.page).to_have_url(re.compile("email=schmidt"))
    reader.page.wait_for_timeout(300)
    assert [re.findall(r"email=(\w+)", url) for url in asked] == [["sch"], ["schmidt"]]
    assert len(given_up) == 1


def test_a_record_has_an_address_and_back_leads_to_the_list_as_it_was(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/giveaways/participations?experience=summer")
    reader.row(ANNA).get_by_role("button", name=ANNA, exact=True).click()
    panel = reader.page.get_by_role("complementary")
    expect(panel).to_contain_text("01067")
    expect(reader.page).to_have_url(re.compile("experience=summer&record="))
    assert reader.violations() == []
    reader.page.reload()
    expect(panel).to_contain_text("Dresden")
    reader.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    reader.page.go_back()
    expect(panel).to_be_visible()


def test_one_record_is_deleted_after_a_question_that_names_it(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/loyalty/transactions")
    row = reader.row("Welcome")
    row.hover()
    row.get_by_role("button", name=f"Delete {ANNA}").click()
    asked = reader.page.get_by_role("alertdialog")
    expect(asked).to_contain_text("The balance stays as it is")
    expect(asked).to_contain_text("Welcome")
    expect(asked.get_by_role("button", name="Keep")).to_be_focused()
    assert reader.violations() == []
    asked.get_by_role("button", name="Keep").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name=f"Delete {ANNA}").click()
    asked.get_by_role("button", name="Delete transaction").click()
    expect(row).to_be_hidden()
    assert [one["reason"] for one in reader.service.rows("transactions", reader.tenant)] == ["Mug"]


def test_the_keyboard_alone_reads_and_selects(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    enter_many(reader.service, reader.tenant, 3)
    reader.sign_in().go("/giveaways/participations")
    expect(reader.rows()).to_have_count(4)
    keys = reader.page.keyboard
    keys.press("j")
    keys.press("j")
    expect(reader.rows().nth(1).locator("[data-open]")).to_be_focused()
    keys.press("x")
    expect(reader.page.get_by_text("1 selected")).to_be_visible()
    keys.press("Enter")
    expect(reader.page.get_by_role("complementary")).to_be_focused()
    keys.press("Escape")
    expect(reader.rows().nth(1).locator("[data-open]")).to_be_focused()
    keys.press("/")
    expect(reader.page.get_by_role("searchbox")).to_be_focused()
    keys.press("Escape")
    keys.press("?")
    expect(reader.page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    keys.press("Control+k")
    reader.page.get_by_role("dialog").get_by_role("combobox").fill("redemp")
    keys.press("Enter")
    expect(reader.page).to_have_url(re.compile("#/loyalty/redemptions"))


SCROLLED = """element => {
  element.scrollTop += 400;
  return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""


def test_a_long_list_shows_each_row_once_while_it_changes_and_draws_few_of_them(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    enter_many(reader.service, reader.tenant, 300)
    reader.sign_in().go("/giveaways/participations")
    expect(reader.rows().first).to_be_visible()
    seen: list[str] = []
    region = reader.page.get_by_role("region", name="Participations")
    for look in range(60):
        seen += reader.rows().evaluate_all("rows => rows.map(row => row.dataset.row)")
        region.evaluate(SCROLLED)
        reader.page.wait_for_timeout(50)
        if look == 0:
            body = {"experience": "summer", "email": ANNA, "giveaway": "bike"}
            reader.service.request("POST", "/v1/collect/participations", body, reader.tenant)
    expect(reader.page.get_by_text("301 rows")).to_be_visible()
    assert len(set(seen)) == 301
    assert reader.rows().count() < 80


def test_names_are_shown_as_they_are_and_do_nothing(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    sign_in(reader.service, reader.tenant, **HARD_NAMES)
    reader.sign_in().go("/customers")
    reader.page.get_by_role("button", name="Choose columns").click()
    reader.page.get_by_label("First name").check()
    reader.page.keyboard.press("Escape")
    for email, name in HARD_NAMES.items():
        expect(reader.row(email)).to_contain_text(name)
    assert reader.rows().first.bounding_box()["height"] <= 37  # type: ignore[index]


def test_a_reader_sees_masks_and_cannot_delete_or_search_by_parts(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in("Reader").go("/customers")
    expect(reader.rows().first.locator(".masked")).to_have_text("•••@•••")
    expect(reader.page.get_by_role("button", name=re.compile("^Delete"))).to_have_count(0)
    search = reader.page.get_by_role("searchbox")
    search.fill("schmidt")
    expect(reader.page.get_by_text("found by the whole address only")).to_be_visible()
    with reader.page.expect_response(re.compile(r"/v1/records/customers\?.*email=")):
        search.fill(ANNA)
    expect(reader.page.locator(".records.stale")).to_have_count(0)
    expect(reader.rows()).to_have_count(1)
    assert reader.violations() == []


def test_what_fails_says_why_with_its_trace_and_can_be_tried_again(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/consents")
    expect(reader.row("newsletter")).to_be_visible()
    problem = '{"code": "internal", "title": "Error", "status": 500, "detail": "It broke.", "trace_id": "abc"}'
    pattern = re.compile(r"/v1/records/variables\?")
    reader.page.route(pattern, lambda route: route.fulfill(status=500, body=problem))
    reader.page.get_by_role("link", name="Variables").click()
    alert = reader.page.get_by_role("alert")
    expect(alert).to_contain_text("It broke.")
    expect(alert).to_contain_text("abc")
    expect(reader.page.locator(".empty")).to_have_count(0)
    reader.page.unroute(pattern)
    alert.get_by_role("button", name="Try again").click()
    expect(reader.row("score")).to_be_visible()
    reader.complaints = [one for one in reader.complaints if "500" not in one]


def test_being_offline_is_said(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/consents")
    expect(reader.row("newsletter")).to_be_visible()
    reader.page.context.set_offline(True)
    expect(reader.page.get_by_text("You are offline")).to_be_visible()
    reader.page.context.set_offline(False)
    expect(reader.page.get_by_text("You are offline")).to_be_hidden()
    reader.complaints = [one for one in reader.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
