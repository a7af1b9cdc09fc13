"""Somebody who reads the console: a page of a browser, signed in as a role, with eyes for what axe finds."""

import json
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from local.data import ROOT
from tests.live.service import Service

AXE = ROOT / "console/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 15_000  # milliseconds
expect.set_options(timeout=PATIENCE)


class Reader:
    def __init__(self, browser: Browser, service: Service, tenant: str, **options: Any) -> None:
        self.service, self.tenant = service, tenant
        self._browser = browser
        self.context: BrowserContext | None = None
        self.complaints: list[str] = []
        self.visit(**options)

    def visit(self, locale: str = "en", **options: Any) -> None:
        """A new browser profile; `locale`, `color_scheme`, `viewport` as Playwright has them."""
        if self.context:
            self._close()
        given = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        self.context = self._browser.new_context(locale=locale, **given)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(self.url)
        expect(self.page.get_by_role("main")).to_be_visible()  # its router has the address now

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.service.port}/"

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _close(self) -> None:
        """Answers that a test still holds are nobody's any more; Playwright would raise them in the next test."""
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.context.unroute_all(behavior="ignoreErrors")
        self.page.context.close()

    def leave(self) -> None:
        self._close()
        assert not self.complaints, self.complaints

    def sign_in(self, role: str = "Owner") -> "Reader":
        self.page.get_by_label("Tenant").or_(self.page.get_by_label("Mandant")).fill(self.tenant)
        self.page.get_by_role("button", name=role).click()
        expect(self.page.locator("#content").get_by_role("heading", level=1)).to_be_visible()
        return self

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}#{path}")

    def rows(self) -> Locator:
        return self.page.locator("[data-row]")

    def row(self, text: str) -> Locator:
        return self.rows().filter(has_text=text)

    def violations(self) -> list[str]:
        """What axe finds on the page as it is now: rule and element."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
