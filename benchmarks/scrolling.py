"""What scrolling costs the browser in a list of ten thousand rows, against one of five hundred: the rows come from
canned pages, the console from a service that runs meanwhile."""

import re
from typing import TYPE_CHECKING, Any

from benchmarks.ratio import Ratio
from local.screenshots import demonstrated, launched, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page, Route

FEW, MANY, STEPS, ROUNDS = 500, 10_000, 40, 5  # steps that do not reach the top of the few
LIST = "/v1/records/participations"
REGION = "document.querySelector('#content [role=region]')"
DOWN = f"{REGION}.scrollTop = {REGION}.scrollHeight"
SCROLLED = f"""async (steps) => {{
    const region = {REGION};
    for (let step = 0; step < steps; step++) {{
        region.scrollTop -= region.clientHeight / 2;
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    }}
}}"""


def run() -> list[Ratio]:
    from playwright.sync_api import sync_playwright

    with demonstrated() as url, sync_playwright() as playwright:
        browser = launched(playwright)
        pages = {count: listing(signed_in(browser, url, "laptop", "light", "en"), url, count) for count in (MANY, FEW)}
        spent = {count: min(scrolling(page) for _ in range(ROUNDS)) for count, page in pages.items()}
        browser.close()
    return [Ratio(f"half a screen of {MANY:,} rows", spent[MANY], f"of {FEW} rows", spent[FEW], bound=1.25)]


def listing(page: "Page", url: str, count: int) -> "Page":
    """A page that shows so many rows and has read all of them."""
    page.route(re.compile(re.escape(LIST) + r"\?"), Canned(count))
    page.goto(f"{url}/#/giveaways/participations")
    shown = page.locator("[data-row]")
    shown.first.wait_for()
    last = page.locator(f"[data-row='{count - 1:032x}']")
    while not last.count():
        page.evaluate(DOWN)
        page.wait_for_timeout(20)
    return page


class Canned:
    """Pages of rows like the first one that the service has."""

    def __init__(self, count: int) -> None:
        self.count, self._like = count, dict[str, Any]()

    def __call__(self, route: "Route") -> None:
        if not self._like:
            self._like = route.fetch().json()["items"][0]
        asked = re.search(r"cursor=(\d+)", route.request.url)
        first = int(asked[1]) if asked else 0
        following = min(first + 100, self.count)
        items = [self._like | {"id": f"{place:032x}"} for place in range(first, following)]
        route.fulfill(json={"items": items, "next": str(following) if following < self.count else None})


def scrolling(page: "Page") -> float:
    """Milliseconds of the browser's main thread a step."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(DOWN)
    page.wait_for_timeout(200)
    before = busy(session)
    page.evaluate(SCROLLED, STEPS)
    return (busy(session) - before) / STEPS


def busy(session: "CDPSession") -> float:
    measured = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(measured["TaskDuration"]) * 1000
