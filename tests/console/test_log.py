"""The runtime log and its traces: filters, what comes while one reads, and one call with all that followed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.campaign import EXPERIENCE, play
from tests.console.reader import Reader
from tests.live.service import eventually
from tests.webhooks.receiving import Receiver

pytestmark = pytest.mark.slow

ANNA = "anna.schmidt@example.com"
SHOP = "The shop did not answer"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.stop()


def note(reader: Reader, *messages: str, level: str = "info") -> None:
    events = [{"type": "log-entries", "level": level, "message": message} for message in messages]
    body = {"experience": "summer", "events": events}
    reader.service.request("POST", "/v1/collect", body, reader.tenant, key=messages[0].replace(" ", "-"))


def opened(reader: Reader) -> None:
    reader.service.request("PUT", "/v1/experiences/summer", EXPERIENCE, reader.tenant)


def test_an_empty_log_is_quiet(reader: Reader) -> None:
    reader.sign_in().go("/log")
    expect(reader.page.get_by_text("Quiet: nothing in 7 days.")).to_be_visible()
    assert reader.violations() == []


def test_it_is_filtered_by_level_words_and_time(reader: Reader) -> None:
    opened(reader)
    note(reader, "a guest came", "a guest left")
    note(reader, "the shop failed", level="error")
    note(reader, "the shop is slow", level="warning")
    reader.sign_in().go("/log")
    expect(reader.rows()).to_have_count(4)
    expect(reader.row("the shop failed")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d\.\d{3}"))
    assert reader.violations() == []
    reader.page.get_by_role("combobox", name="Level").click()
    reader.page.get_by_role("option", name="warnings and errors").click()
    expect(reader.rows()).to_have_count(2)
    reader.page.get_by_label("Words of the message").fill("slow")
    expect(reader.rows()).to_have_count(1)
    expect(reader.page).to_have_url(re.compile("level=warning&text=slow"))
    reader.go("/log?text=guest")
    expect(reader.rows()).to_have_count(2)
    reader.page.get_by_role("combobox", name="Time").click()
    reader.page.get_by_role("option", name="last 15 minutes").click()
    expect(reader.page).to_have_url(re.compile("from=20"))
    expect(reader.rows()).to_have_count(2)
    reader.go("/log?from=2099-01-01T00:00:00Z")
    expect(reader.page.get_by_text("Nothing matches.")).to_be_visible()


def test_new_entries_come_by_themselves_at_the_top_and_wait_while_one_reads_below(reader: Reader) -> None:
    opened(reader)
    note(reader, *(f"entry {n}" for n in range(40)))
    reader.sign_in().go("/log")
    expect(reader.row("entry 39")).to_be_visible()
    note(reader, "while at the top")
    expect(reader.rows().first).to_contain_text("while at the top")
    viewport = reader.page.get_by_role("region", name="Log entries")
    viewport.evaluate("element => { element.scrollTop = 500 }")
    note(reader, "first below", "second below")
    waiting = reader.page.get_by_role("button", name="2 new entries")
    expect(waiting).to_be_visible()
    expect(reader.row("second below")).to_be_hidden()
    assert reader.violations() == []
    waiting.click()
    expect(reader.rows().first).to_contain_text("second below")
    reader.page.get_by_role("button", name="Live", exact=True).click()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    note(reader, "nobody looks")
    reader.page.wait_for_timeout(2500)  # it would have looked by now
    assert [url for url in asked if "/v1/records/log" in url] == []


def test_an_open_entry_keeps_its_place(reader: Reader) -> None:
    opened(reader)
    note(reader, "look at me")
    reader.sign_in().go("/log")
    reader.row("look at me").click()
    panel = reader.page.get_by_role("complementary")
    expect(panel).to_contain_text("look at me")
    assert reader.violations() == []
    note(reader, "me, too")
    expect(reader.page.get_by_role("button", name="1 new entry")).to_be_visible()
    expect(reader.rows()).to_have_count(1)
    panel.get_by_role("link", name="Open the trace").click()
    expect(reader.page.get_by_role("heading", name="Trace")).to_be_visible()


def traced(reader: Reader, receiver: Receiver) -> str:
    """The id of a trace with a call to a receiver that failed once."""
    receiver.answers = [503]
    body = {"url": receiver.url, "types": ["participation.entered"]}
    reader.service.request("POST", "/v1/webhooks", body, reader.tenant)
    play(reader.service, reader.tenant)
    [entry] = [row for row in reader.service.rows("log", reader.tenant) if row["message"] == SHOP]
    trace = str(entry["trace_id"])

    def is_told() -> bool:
        told: Any = reader.service.request("GET", f"/v1/traces/{trace}", tenant=reader.tenant)
        return len(told["calls"]) == 2

    eventually(is_told, 40)
    return trace


def test_a_trace_is_a_time_line_with_the_calls_of_receivers(reader: Reader, receiver: Receiver) -> None:
    trace = traced(reader, receiver)
    page = reader.page
    reader.sign_in()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Tab, experience")).fill(trace)
    page.keyboard.press("Enter")
    tree = page.get_by_role("treegrid", name="Time line")
    expect(tree.get_by_role("row").filter(has_text="collect points")).to_have_attribute("aria-level", "2")
    expect(tree.get_by_role("row", name=re.compile("^participation.entered [0-9]"))).to_be_visible()
    expect(tree.get_by_role("row").filter(has_text="POST 127.0.0.1").filter(has_text="503")).to_be_visible()
    calls = page.locator("tr[data-call]")
    expect(calls).to_have_count(2)
    failed = calls.filter(has=page.get_by_text("503", exact=True))
    expect(failed).to_contain_text("ms")
    expect(page.get_by_role("link", name=ANNA)).to_have_attribute("href", re.compile("#/customers/"))
    expect(page.get_by_role("button", name=re.compile(f"Copy.*{trace}"))).to_be_visible()
    assert reader.violations() == []

    rows = tree.locator("tbody tr")
    count = rows.count()
    rows.first.focus()
    page.keyboard.press("ArrowLeft")
    expect(rows.first).to_have_attribute("aria-expanded", "false")
    expect(rows).not_to_have_count(count)
    page.keyboard.press("ArrowRight")
    expect(rows).to_have_count(count)
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    failed.get_by_role("link", name="entry").click()
    expect(page.get_by_role("complementary")).to_contain_text("answered 503")


def test_of_an_unknown_trace_it_says_so(reader: Reader) -> None:
    reader.sign_in().go("/traces/80f198ee56343ba864fe8b2a57d3eff7")
    expect(reader.page.get_by_text("Nothing is known of this trace")).to_be_visible()
    assert reader.violations() == []
    reader.complaints = [one for one in reader.complaints if "404" not in one]


def test_who_sees_no_addresses_sees_none_in_a_trace(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    eventually(lambda: len(reader.service.rows("log", reader.tenant)) > 3, 20)
    [entry] = [row for row in reader.service.rows("log", reader.tenant) if row["message"] == SHOP]
    reader.sign_in("Reader").go(f"/traces/{entry['trace_id']}")
    expect(reader.page.get_by_text("•••@•••")).to_be_visible()
    assert ANNA not in reader.page.content()
    assert reader.violations() == []


def test_a_german_reads_the_log_on_a_dark_phone(reader: Reader) -> None:
    play(reader.service, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.sign_in("Inhaber").go("/log")
    expect(reader.row(SHOP)).to_be_visible()
    assert reader.violations() == []
    reader.row(SHOP).click()
    reader.page.get_by_role("link", name="Trace öffnen").click()
    expect(reader.page.get_by_role("heading", name="Zeitverlauf")).to_be_visible()
    expect(reader.page.get_by_text("Kein Aufruf ging an andere Dienste.")).to_be_visible()
    assert reader.violations() == []
