"""The editor of experiences: forms that make what a chat can use, refusals at their fields, no change lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.console.campaign import play
from tests.console.reader import Reader

pytestmark = pytest.mark.slow


def document(reader: Reader, id: str = "summer") -> Any:
    return reader.service.request("GET", f"/v1/experiences/{id}", tenant=reader.tenant)


def collect(reader: Reader, *events: dict[str, Any]) -> list[Any]:
    body = {"experience": "summer-raffle", "email": "anna@example.com", "events": [{"type": "sign-ins"}, *events]}
    return list(reader.service.request("POST", "/v1/collect", body, reader.tenant, key="chat")["results"][1:])


def field(reader: Reader, at: str) -> Locator:
    return reader.page.locator(f'input[data-pointer="{at}"]')


def save(reader: Reader) -> None:
    reader.page.get_by_role("button", name="Save", exact=True).click()


def is_saved(reader: Reader) -> None:
    expect(reader.page.get_by_text("All changes are saved")).to_be_visible()


def test_forms_make_a_whole_experience_that_a_chat_can_use(reader: Reader) -> None:
    page = reader.page
    reader.sign_in().go("/experiences")
    expect(page.get_by_text("No experiences yet")).to_be_visible()
    assert reader.violations() == []
    page.get_by_role("button", name="New experience").click()
    page.get_by_label("Title").fill("Summer raffle!")
    expect(page.get_by_label("Id")).to_have_value("summer-raffle")
    assert reader.violations() == []
    page.get_by_role("button", name="Create").click()
    expect(page).to_have_url(re.compile("#/experiences/summer-raffle"))

    page.get_by_role("button", name="Add a giveaway").click()
    field(reader, "/giveaways/0/title").fill("E-Bike")
    expect(field(reader, "/giveaways/0/id")).to_have_value("e-bike")
    field(reader, "/giveaways/0/opens_at").fill("2026-06-01T00:00")
    page.get_by_role("combobox", name="How often one person may take part").click()
    page.get_by_role("option", name="as often as they like").click()
    page.get_by_role("button", name="Add a prize").click()
    field(reader, "/giveaways/0/prizes/0/name").fill("An e-bike")
    field(reader, "/giveaways/0/prizes/0/count").fill("2")

    page.get_by_role("button", name="Add an instant win").click()
    field(reader, "/instant_wins/0/title").fill("Wheel")
    field(reader, "/instant_wins/0/per_mille").fill("1000")
    page.get_by_role("button", name="Add a prize").last.click()
    field(reader, "/instant_wins/0/prizes/0/name").fill("Cup")
    field(reader, "/instant_wins/0/prizes/0/stock").fill("3")

    page.get_by_role("button", name="Add a reward").click()
    field(reader, "/rewards/0/title").fill("Mug")
    field(reader, "/rewards/0/cost").fill("10")
    field(reader, "/rewards/0/stock").fill("5")
    field(reader, "/coupons/low_at").fill("50")
    field(reader, "/files/max_bytes").fill("2.5")
    assert reader.violations() == []
    save(reader)
    is_saved(reader)
    assert reader.violations() == []

    told = document(reader, "summer-raffle")
    assert told["giveaways"][0]["opens_at"] == "2026-05-31T22:00:00Z"
    assert told["giveaways"][0]["prizes"] == [{"name": "An e-bike", "count": 2}]
    assert (told["coupons"]["low_at"], told["files"]["max_bytes"]) == (50, 2_500_000)
    results = collect(
        reader,
        {"type": "participations", "giveaway": "e-bike"},
        {"type": "instant-wins", "instant_win": "wheel"},
        {"type": "points", "amount": 10, "reason": "Welcome"},
        {"type": "reward-redemptions", "reward": "mug"},
    )
    assert [one["outcome"] for one in results] == ["entered", "won", "booked", "redeemed"]
    page.reload()
    page.get_by_role("button", name=re.compile("^Mug")).click()
    expect(page.get_by_text("4 left")).to_be_visible()


def test_warnings_stand_at_their_fields_and_block_nothing(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/experiences/summer")
    reader.page.get_by_role("button", name=re.compile("^E-Bike")).click()
    field(reader, "/giveaways/0/opens_at").fill("2030-06-01T00:00")
    field(reader, "/giveaways/0/closes_at").fill("2030-09-30T23:59")
    reader.page.get_by_role("button", name="Remove E-Bike").last.click()  # the prize
    save(reader)
    is_saved(reader)
    closes = reader.page.locator(".mantine-InputWrapper-root").filter(has=field(reader, "/giveaways/0/closes_at"))
    expect(closes).to_contain_text("the first are gone before it closes. Draw by 30 Jul 2030.")
    expect(reader.page.get_by_role("group", name="Prizes").first).to_contain_text("There is nothing to win yet.")
    assert reader.violations() == []


def test_what_is_refused_is_said_at_its_field_and_stays_typed(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/experiences/summer")
    reader.page.get_by_role("button", name=re.compile("^E-Bike")).click()
    field(reader, "/giveaways/0/opens_at").fill("2030-06-01T00:00")
    field(reader, "/giveaways/0/closes_at").fill("2030-05-01T00:00")
    save(reader)
    expect(reader.page.get_by_role("alert")).to_contain_text("/giveaways/0/closes_at")
    expect(field(reader, "/giveaways/0/closes_at")).to_have_attribute("aria-invalid", "true")
    expect(field(reader, "/giveaways/0/closes_at")).to_have_value("2030-05-01T00:00")
    assert reader.violations() == []
    assert document(reader)["giveaways"][0]["closes_at"] is None
    field(reader, "/giveaways/0/closes_at").fill("2030-07-01T00:00")
    expect(reader.page.get_by_role("alert")).to_be_hidden()
    save(reader)
    is_saved(reader)
    reader.complaints = [one for one in reader.complaints if "422" not in one]


def changed_by_somebody_else(reader: Reader) -> None:
    """Between reading and saving."""
    theirs = {name: value for name, value in document(reader).items() if name not in OUTSIDE}
    theirs["title"], theirs["coupons"] = "Theirs", {"low_at": 7}
    reader.service.change_experience("summer", theirs, reader.tenant)


OUTSIDE = ("id", "closed", "warnings", "commitments", "stock")


@pytest.mark.parametrize("choice", ["Save mine instead", "Take theirs"], ids=["mine", "theirs"])
def test_a_conflict_lets_one_choose(reader: Reader, choice: str) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/experiences/summer")
    field(reader, "/title").fill("Mine")
    changed_by_somebody_else(reader)
    save(reader)
    conflict = reader.page.get_by_role("alert").filter(has_text="Somebody else saved Theirs")
    expect(conflict.locator("tr[data-differs]")).to_have_text(["/titleTheirsMine", "/coupons/low_at70"])
    expect(field(reader, "/title")).to_have_value("Mine")
    assert reader.violations() == []
    conflict.get_by_role("button", name=choice).click()
    is_saved(reader)
    assert (document(reader)["title"] == "Mine") == (choice == "Save mine instead")
    expect(field(reader, "/title")).to_have_value(document(reader)["title"])
    reader.complaints = [one for one in reader.complaints if "412" not in one]


def test_unsaved_changes_are_asked_about_and_outlive_a_session_that_ends(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/experiences")
    reader.page.get_by_role("link", name="Summer raffle").click()
    field(reader, "/title").fill("Autumn raffle")
    reader.page.get_by_role("link", name="Consents").click()
    asked = reader.page.get_by_role("dialog", name="Leave without saving?")
    expect(asked.get_by_role("button", name="Keep editing")).to_be_focused()
    assert reader.violations() == []
    asked.get_by_role("button", name="Keep editing").click()
    ended = {"left": 1}

    def once(route: Route) -> None:
        if route.request.method == "PUT" and ended["left"]:
            ended["left"] -= 1
            route.fulfill(status=401, body='{"code": "unauthenticated", "title": "", "status": 401, "detail": ""}')
        else:
            route.continue_()

    reader.page.route("**/v1/experiences/summer", once)
    save(reader)
    dialog = reader.page.get_by_role("dialog", name="Sign in again to go on")
    dialog.get_by_label("Tenant").fill(reader.tenant)
    dialog.get_by_role("button", name="Owner").click()
    is_saved(reader)
    assert document(reader)["title"] == "Autumn raffle"
    field(reader, "/title").fill("Winter raffle")
    reader.page.get_by_role("link", name="Consents").click()
    reader.page.get_by_role("button", name="Leave and lose the changes").click()
    expect(reader.page.get_by_role("heading", name="Consents")).to_be_visible()
    assert document(reader)["title"] == "Autumn raffle"
    reader.complaints = [one for one in reader.complaints if "401" not in one]


def test_experts_write_json_and_the_form_follows(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/experiences/summer")
    reader.page.get_by_text("JSON", exact=True).click()
    text = reader.page.get_by_label("The document as the API has it")
    text.fill(text.input_value().replace("Summer raffle", "By hand"))
    assert reader.violations() == []
    text.fill(text.input_value()[:-1])
    expect(reader.page.get_by_text("This is no valid JSON")).to_be_visible()
    reader.page.get_by_text("Form", exact=True).click()
    expect(field(reader, "/title")).to_have_value("By hand")
    save(reader)
    is_saved(reader)
    assert document(reader)["title"] == "By hand"


def test_an_experience_is_closed_after_a_question_and_opened_again_by_saving(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().go("/experiences/summer")
    reader.page.get_by_role("button", name="Close the experience").click()
    asked = reader.page.get_by_role("alertdialog", name="Close Summer raffle?")
    expect(asked.get_by_role("button", name="Keep it open")).to_be_focused()
    assert reader.violations() == []
    asked.get_by_role("button", name="Close the experience").click()
    expect(reader.page.get_by_text("This experience is closed")).to_be_visible()
    assert document(reader)["closed"] is True
    reader.page.get_by_role("button", name="Save and open again").click()
    expect(reader.page.get_by_text("This experience is closed")).to_be_hidden()
    assert document(reader)["closed"] is False


def test_whoever_may_not_change_it_can_look(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in("Viewer").go("/experiences/summer")
    expect(reader.page.get_by_text("You can look, but not change")).to_be_visible()
    expect(field(reader, "/title")).to_have_attribute("readonly", "")
    expect(reader.page.get_by_role("button", name="Add a giveaway")).to_be_hidden()
    assert reader.violations() == []
    reader.go("/experiences")
    expect(reader.page.get_by_role("button", name="New experience")).to_be_hidden()


def test_a_german_makes_one_on_a_dark_phone(reader: Reader) -> None:
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber").go("/experiences")
    reader.page.get_by_role("button", name="Neue Experience").click()
    reader.page.get_by_label("Titel").fill("Grüße & Küsse")
    expect(reader.page.get_by_label("Kennung")).to_have_value("gruesse-kuesse")
    reader.page.get_by_role("button", name="Anlegen").click()
    reader.page.get_by_role("button", name="Verlosung hinzufügen").click()
    field(reader, "/giveaways/0/title").fill("Fahrrad")
    reader.page.get_by_role("button", name="Speichern").click()
    expect(reader.page.get_by_text("Alle Änderungen sind gespeichert")).to_be_visible()
    expect(reader.page.get_by_text("Noch gibt es nichts zu gewinnen.")).to_be_visible()
    assert reader.violations() == []


def test_the_jump_list_leads_to_an_experience(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.sign_in().page.keyboard.press("Control+k")
    reader.page.get_by_role("combobox", name=re.compile("Tab, experience")).fill("summer")
    reader.page.get_by_role("option", name="Summer raffle").click()
    expect(field(reader, "/title")).to_have_value("Summer raffle")
