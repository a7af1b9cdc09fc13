"""The overview: its numbers are what was played, it names what waits, and says so when nothing does."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.campaign import EXPERIENCE, play, sign_in
from tests.console.reader import Reader
from tests.live.service import eventually

pytestmark = pytest.mark.slow


def kept(reader: Reader, kind: str) -> int:
    told: Any = reader.service.request("GET", "/v1/overview", tenant=reader.tenant)
    return int(told["kept"][kind])


def today(reader: Reader) -> list[str]:
    """The newest row of the table beside the chart."""
    reader.page.get_by_text("As a table").click()
    cells = reader.page.locator(".day-table tbody tr").first.locator("td")
    return [cell.inner_text() for cell in cells.all()]


def test_a_new_tenant_is_told_in_a_line_that_nothing_needs_anybody(reader: Reader) -> None:
    reader.sign_in()
    expect(reader.page.get_by_text("Nothing needs you.")).to_be_visible()
    expect(reader.page.get_by_text("As of")).to_be_visible()
    expect(reader.page.get_by_text("No experience has coupons.")).to_be_visible()
    expect(reader.page.get_by_text("Nothing reaches the end of its retention.")).to_be_visible()
    expect(reader.page.get_by_text("No jobs in the last 30 days.")).to_be_visible()
    headings = reader.page.locator("#content h2").all_inner_texts()
    assert headings == [
        "Needs you",
        "Entries and customers of the last 30 days",
        "Coupons",
        "Will be gone in the next 14 days",
        "Jobs",
    ]
    assert reader.violations() == []


def test_its_numbers_are_what_was_played(reader: Reader) -> None:
    midday = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # no day ends meanwhile
    reader.service.request("PUT", "/v1/settings", {"time_zone": midday}, reader.tenant)
    play(reader.service, reader.tenant)
    sign_in(reader.service, reader.tenant, **{"ben@example.com": "Ben", "cem@example.com": "Cem"})
    wanted = {"customers": 3, "participations": 1, "instant_win_participations": 1}
    eventually(lambda: all(kept(reader, kind) == count for kind, count in wanted.items()), 20)
    reader.sign_in()
    assert today(reader) == ["1", "1", "3"]
    assert reader.violations() == []
    reader.page.get_by_role("combobox", name="Experience").click()
    reader.page.get_by_role("option", name="Summer raffle").click()
    expect(reader.page.get_by_text("Customers belong to no single experience")).to_be_visible()
    expect(reader.page.locator(".day-table tbody tr").first.locator("td")).to_have_text(["1", "1"])


def test_what_waits_leads_to_where_it_is_done(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    ended = {**EXPERIENCE["giveaways"][0], "closes_at": "2026-01-01T00:00:00Z"}
    reader.service.change_experience("summer", {**EXPERIENCE, "giveaways": [ended]}, reader.tenant)
    body = {"giveaway": "bike", "count": 1}
    draw = reader.service.request("POST", "/v1/experiences/summer/draws", body, reader.tenant, key="draw")
    reader.service.ended(draw["job"], reader.tenant)
    failed = {"experience": "summer", "level": "error", "message": "The shop answered 503", "event": "remote_api"}
    reader.service.request("POST", "/v1/collect/log-entries", failed, reader.tenant)
    eventually(lambda: kept(reader, "winners") == 1, 20)
    reader.sign_in()
    winners = reader.page.get_by_role("link", name="1 winner of E-Bike has not answered")
    expect(winners).to_have_attribute("href", "#/giveaways/manage?experience=summer&giveaway=bike")
    expect(reader.page.locator(".last-job").filter(has_text="Draw")).to_contain_text("Done")
    assert reader.violations() == []
    reader.page.get_by_role("link", name="1 error in the last 24 hours: remote_api").click()
    expect(reader.row("The shop answered 503")).to_be_visible()
    expect(reader.rows()).to_have_count(1)


def test_a_german_looks_on_a_dark_phone(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    eventually(lambda: kept(reader, "participations") == 1, 20)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber")
    expect(reader.page.get_by_text("Nichts braucht Sie gerade.")).to_be_visible()
    expect(reader.page.get_by_text("Teilnahmen und Spiele 2")).to_be_visible()
    assert reader.violations() == []
