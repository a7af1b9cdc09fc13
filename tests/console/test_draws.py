"""Drawing in the console: the dialog, the winners on their stage, what becomes of them, who comes in their place."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.console.raffle import close_with_entries, draw, winners
from tests.console.reader import Reader

pytestmark = pytest.mark.slow

MANAGE = "/giveaways/manage?experience=summer&giveaway=bike"


def opened(reader: Reader) -> Locator:
    """The dialog that draws."""
    reader.page.get_by_role("button", name="Draw …").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Winners")).to_be_visible()
    return dialog


def drawn(reader: Reader) -> Locator:
    return reader.page.get_by_role("region", name="Drawn", exact=True).locator("[data-row]")


def panel_of(reader: Reader, email: str) -> Locator:
    drawn(reader).filter(has_text=email).locator("[data-open]").click()
    panel = reader.page.get_by_role("complementary")
    expect(panel).to_contain_text(email)
    return panel


def test_winners_are_drawn_shown_on_their_stage_and_stand_above_the_entries(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    reader.sign_in().go(MANAGE)
    expect(reader.page.get_by_text("Nothing drawn yet")).to_be_visible()
    assert reader.violations() == []
    dialog = opened(reader)
    expect(dialog.get_by_role("textbox", name="Winners")).to_have_value("3")  # as many as there are prizes
    dialog.get_by_role("textbox", name="Winners").fill("2")
    dialog.get_by_role("textbox", name="Alternates").fill("1")
    will = dialog.get_by_role("region", name="What will happen")
    expect(will).to_contain_text(re.compile("The first 2 persons in that order win: 1 . E-Bike, 1 . Helmet."))
    expect(will).to_contain_text("The next one stands by as alternate.")
    expect(will).to_contain_text("Winners may answer for 14 days.")
    assert reader.violations() == []
    dialog.get_by_role("button", name="Draw 2 winners").click()
    expect(dialog.get_by_text("2 winners of 6 tickets.").first).to_be_visible()
    held = winners(reader.service, reader.tenant)
    assert set(held) == {1, 2}
    for slot, prize in ((1, "E-Bike"), (2, "Helmet")):
        stub = dialog.locator("li").nth(slot - 1)
        expect(stub).to_contain_text(held[slot]["email"])
        expect(stub).to_contain_text(prize)
        expect(dialog.get_by_role("status").last).to_contain_text(held[slot]["email"])  # read out together
    assert reader.violations() == []
    dialog.get_by_role("button", name="To the list").click()
    expect(drawn(reader)).to_have_count(2)
    entries = reader.page.get_by_role("region", name="Participations", exact=True)
    expect(entries.locator("[data-row]")).to_have_count(6)
    above = [
        reader.page.get_by_role("region", name=name, exact=True).bounding_box() for name in ("Drawn", "Participations")
    ]
    assert above[0] and above[1] and above[0]["y"] < above[1]["y"]
    expect(reader.page.get_by_role("list", name="Draws")).to_contain_text("2 winners of 6 tickets")
    assert reader.violations() == []


def test_a_test_draw_shows_tickets_and_leaves_nothing(reader: Reader) -> None:
    tickets = close_with_entries(reader.service, reader.tenant)
    reader.sign_in().go(MANAGE)
    dialog = opened(reader)
    dialog.get_by_role("switch", name="Test draw").click()
    expect(dialog.get_by_role("region", name="What will happen")).to_contain_text("Nobody wins")
    dialog.get_by_role("button", name="Make a test draw").click()
    expect(dialog.get_by_text("3 tickets would have won.").first).to_be_visible()
    shown = dialog.locator("li code").all_inner_texts()
    assert len(shown) == 3 and set(shown) <= set(tickets)
    assert reader.violations() == []
    dialog.get_by_role("button", name="Close").last.click()
    expect(reader.page.get_by_text("Nothing drawn yet")).to_be_visible()
    assert reader.service.rows("winners", reader.tenant) == []


def test_a_call_that_is_sent_twice_draws_once(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    reader.sign_in().go(MANAGE)
    dialog = opened(reader)

    def answer_is_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    reader.page.route("**/v1/experiences/summer/draws", answer_is_lost, times=1)
    button = dialog.get_by_role("button", name="Draw 3 winners")
    button.click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be reached")
    button.dblclick()
    expect(dialog.get_by_text("3 winners of 6 tickets.").first).to_be_visible()
    items = reader.service.request("GET", "/v1/experiences/summer/draws", tenant=reader.tenant)["items"]
    assert len(items) == 1
    assert len(reader.service.rows("winners", reader.tenant)) == 3
    reader.complaints = [one for one in reader.complaints if "ERR_FAILED" not in one]


def test_too_few_entrants_are_told_and_the_form_stays(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant, ("anna", "ben"))
    reader.sign_in().go(MANAGE)
    dialog = opened(reader)
    dialog.get_by_role("textbox", name="Winners").fill("")
    dialog.get_by_role("button", name=re.compile("^Draw")).click()
    expect(dialog.get_by_text("At least one")).to_be_visible()
    dialog.get_by_role("textbox", name="Winners").fill("5")
    dialog.get_by_role("button", name="Draw 5 winners").click()
    expect(dialog.get_by_role("alert")).to_contain_text("2 entrants are alive")
    dialog.get_by_role("button", name="Period, public randomness and more").click()
    dialog.get_by_label("If too few can win").click()
    dialog.get_by_role("button", name="Draw 5 winners").click()
    expect(dialog.get_by_text("2 winners of 2 tickets.").first).to_be_visible()
    reader.complaints = [one for one in reader.complaints if "422" not in one]


def test_an_open_giveaway_offers_a_test_draw_and_says_what_a_draw_needs(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant, ())
    reader.sign_in().go("/giveaways/manage?experience=summer&giveaway=cup")
    expect(reader.page.get_by_role("region", name="Participations", exact=True)).to_contain_text(
        "last safe day to draw", ignore_case=True
    )
    dialog = opened(reader)
    expect(dialog.get_by_text("This giveaway is open without an end")).to_be_visible()
    expect(dialog.get_by_role("switch", name="Test draw")).to_be_checked()
    dialog.get_by_role("switch", name="Test draw").click()
    dialog.get_by_role("button", name="Draw 1 winner").click()
    expect(dialog.get_by_text("name a day that is over")).to_be_visible()
    assert reader.violations() == []


def test_a_winner_is_noted_as_notified_alone_and_with_others(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    draw(reader.service, reader.tenant)
    first, second = (winners(reader.service, reader.tenant)[slot]["email"] for slot in (1, 2))
    reader.sign_in().go(MANAGE)
    panel = panel_of(reader, first)
    assert reader.violations() == []
    panel.get_by_role("button", name="Mark as notified").click()
    expect(drawn(reader).filter(has_text=first)).to_contain_text("notified")
    panel.get_by_role("button", name="Mark as accepted").click()
    expect(drawn(reader).filter(has_text=first)).to_contain_text("accepted")
    expect(panel.get_by_role("button", name="Mark as declined")).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    reader.page.get_by_role("region", name="Drawn", exact=True).get_by_role("checkbox").first.check()
    reader.page.get_by_role("button", name="Mark as notified").click()
    expect(drawn(reader).filter(has_text=second)).to_contain_text("notified")
    states = {row["email"]: row["state"] for row in reader.service.rows("winners", reader.tenant)}
    assert states == {first: "accepted", second: "notified"}  # who accepted is not put back
    reader.complaints = [one for one in reader.complaints if "409" not in one]


def test_what_the_service_refuses_is_taken_back_and_told(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    draw(reader.service, reader.tenant, count=1)
    email = winners(reader.service, reader.tenant)[1]["email"]
    reader.sign_in().go(MANAGE)
    panel = panel_of(reader, email)
    problem = '{"code": "internal", "title": "Error", "status": 500, "detail": "It broke.", "trace_id": "abc"}'
    reader.page.route(
        re.compile("/v1/records/winners/"),
        lambda route: route.fulfill(status=500, body=problem) if route.request.method == "PATCH" else route.continue_(),
    )
    panel.get_by_role("button", name="Mark as notified").click()
    expect(panel.get_by_role("alert")).to_contain_text("It broke.")
    expect(drawn(reader).filter(has_text=email)).not_to_contain_text("notified")
    reader.complaints = [one for one in reader.complaints if "500" not in one]


def test_a_disqualified_winner_is_replaced_by_the_alternate_and_our_reason_is_not_published(
    reader: Reader,
) -> None:
    close_with_entries(reader.service, reader.tenant)
    id = draw(reader.service, reader.tenant)
    before = winners(reader.service, reader.tenant)
    email = before[1]["email"]
    alternate = reader.service.request("GET", f"/v1/draws/{id}", tenant=reader.tenant)["drawn"][2]["ticket"]
    reader.sign_in().go(MANAGE)
    panel = panel_of(reader, email)
    panel.get_by_role("button", name="Disqualify and redraw …").click()
    form = panel.get_by_role("form", name="Somebody else for slot 1?")
    expect(form).to_contain_text("The certificate will say “disqualified”")
    form.get_by_role("button", name="Disqualify and redraw").click()
    expect(form.get_by_text("A reason is needed")).to_be_visible()
    assert reader.violations() == []
    form.get_by_label("Reason").fill("under age")
    form.get_by_role("button", name="Disqualify and redraw").dblclick()
    expect(panel.get_by_role("status")).to_contain_text("Slot 1 now belongs to")
    now = winners(reader.service, reader.tenant)
    assert (now[1]["ticket"], now[2]["id"]) == (alternate, before[2]["id"])
    expect(drawn(reader)).to_have_count(3)
    expect(drawn(reader).filter(has_text=email)).to_contain_text("disqualified")
    panel.get_by_role("link", name="Open the draw").click()
    order = reader.page.get_by_role("table").last
    expect(order.get_by_role("row").filter(has_text=alternate)).to_contain_text("disqualified")
    expect(order).not_to_contain_text("under age")
    assert reader.violations() == []


def test_a_winner_who_declined_makes_room_without_being_disqualified(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    draw(reader.service, reader.tenant, count=1)
    winner = winners(reader.service, reader.tenant)[1]
    declined = {"state": "declined"}
    reader.service.request("PATCH", f"/v1/records/winners/{winner['id']}", declined, reader.tenant)
    reader.sign_in().go(MANAGE)
    panel = panel_of(reader, winner["email"])
    panel.get_by_role("button", name="Redraw this slot …").click()
    expect(panel).to_contain_text("The certificate will say “declined”")
    panel.get_by_label("Reason").fill("wanted no bike")
    panel.get_by_role("button", name="Redraw the slot").click()
    expect(panel.get_by_role("status")).to_contain_text("Slot 1 now belongs to")
    expect(drawn(reader).filter(has_text=winner["email"])).to_contain_text("replaced")


def test_a_draw_waits_for_its_public_value_and_goes_on_once_it_is_told(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    reader.sign_in().go(MANAGE)
    dialog = opened(reader)
    dialog.get_by_role("button", name="Period, public randomness and more").click()
    dialog.get_by_label("Public randomness", exact=True).fill("Lotto of 4 July")
    expect(dialog.get_by_role("region", name="What will happen")).to_contain_text("waits until you tell the value")
    dialog.get_by_role("button", name="Draw 3 winners").click()
    expect(dialog.get_by_text("The draw waits for its public value.")).to_be_visible()
    assert reader.violations() == []
    dialog.get_by_role("link", name="Open the draw").click()
    asked = reader.page.get_by_role("region", name="This draw waits for its public value")
    expect(asked).to_contain_text("Lotto of 4 July")
    assert reader.violations() == []
    asked.get_by_role("button", name="Tell the value and draw").click()
    expect(asked.get_by_text("What is the value?")).to_be_visible()
    asked.get_by_label("Public value").fill("4 8 15 16 23 42")
    asked.get_by_role("button", name="Tell the value and draw").click()
    expect(reader.page.get_by_role("dialog").get_by_text("3 winners of 6 tickets.").first).to_be_visible()
    reader.page.get_by_role("dialog").get_by_role("button", name="To the list").click()
    expect(asked).to_be_hidden()
    expect(reader.page.get_by_text("4 8 15 16 23 42")).to_be_visible()


def test_the_stage_can_be_skipped(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    reader.visit(reduced_motion="no-preference")
    reader.sign_in().go(MANAGE)
    dialog = opened(reader)
    dialog.get_by_role("textbox", name="Winners").fill("6")  # nine seconds of stage
    dialog.get_by_role("button", name="Draw 6 winners").click()
    skip = dialog.get_by_role("button", name="Show all at once")
    expect(skip).to_be_visible()
    expect(dialog.locator("li[data-state=waiting]").last).to_be_attached()
    skip.click()
    expect(dialog.locator("li[data-state=known]")).to_have_count(6)
    expect(skip).to_be_hidden()


def test_whoever_may_not_draw_sees_no_button_and_whoever_sees_masks_draws_masked(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    draw(reader.service, reader.tenant, count=1)
    reader.sign_in("Reader").go(MANAGE)
    expect(drawn(reader).locator(".masked").first).to_be_visible()
    expect(reader.page.get_by_role("button", name="Draw …")).to_have_count(0)
    reader.visit()
    reader.sign_in("Editor").go(MANAGE)
    dialog = opened(reader)
    dialog.get_by_role("textbox", name="Winners").fill("1")
    dialog.get_by_role("button", name="Draw 1 winner").click()
    expect(dialog.locator("li .masked")).to_have_text("•••@•••")


def test_a_draw_in_german_in_the_dark_on_a_phone(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber").go(MANAGE)
    expect(reader.page.get_by_text("Noch nichts gezogen")).to_be_visible()
    assert reader.violations() == []
    reader.page.get_by_role("button", name="Ziehen …").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="Was geschehen wird")).to_contain_text("Personen dieser Reihenfolge")
    dialog.get_by_role("textbox", name="Gewinner").fill("2")
    assert reader.violations() == []
    dialog.get_by_role("button", name="2 Gewinner ziehen").click()
    expect(dialog.get_by_text("2 Gewinner aus 6 Losen.").first).to_be_visible()
    dialog.get_by_role("button", name="Zur Liste").click()
    row = reader.page.get_by_role("region", name="Gezogen", exact=True).locator("[data-row]").first
    row.get_by_role("button").first.click()
    panel = reader.page.get_by_role("complementary")
    panel.get_by_role("button", name="Als benachrichtigt vermerken").click()
    expect(panel.get_by_text("benachrichtigt", exact=True).first).to_be_visible()
    panel.get_by_role("button", name="Disqualifizieren und neu ziehen …").click()
    panel.get_by_label("Grund").fill("minderjährig")
    assert reader.violations() == []
    panel.get_by_role("button", name="Disqualifizieren und neu ziehen", exact=True).click()
    expect(panel.get_by_role("status")).to_contain_text("Platz 2 gehört jetzt")
