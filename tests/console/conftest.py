"""The console in a real browser, before the running service; each test has a tenant of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from local.screenshots import CHROMIUM, launched
from tests.console.reader import Reader
from tests.live.conftest import service
from tests.live.service import Service

__all__ = ["service"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    browser = launched(playwright)
    yield browser
    browser.close()


@pytest.fixture
def reader(browser: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Somebody before a browser, not signed in yet; whatever the console complains of fails the test."""
    tenant = "".join(c if c.isalnum() else "-" for c in request.node.name.removeprefix("test_"))[:60].strip("-")
    reader = Reader(browser, service, tenant)
    yield reader
    reader.leave()
