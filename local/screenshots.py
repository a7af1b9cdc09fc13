"""`python -m local.screenshots`: pictures of every page of the console, light and dark, on a laptop and on a phone.

Of a service of its own, in which the demo was played; `--url` takes one that runs already, with the demo in it.
`--readme` makes the pictures of the README alone, `--whole` pictures as long as their pages.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import cloud, data
from local.cloud import free_ports
from local.places import DEEDS, PAGES, README, places
from local.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

SIZES = {"laptop": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")
SETTLED = 700  # milliseconds after the last answer
LONGEST = 4000  # pixels of a whole page
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-sync", "--disable-component-update"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.screenshots", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", help="of a service that runs already, with the demo in it")
    parser.add_argument("--out", type=Path, default=data.ROOT / "build/screenshots")
    parser.add_argument("--locale", choices=("en", "de"), default="en")
    parser.add_argument("--page", action="append", choices=PAGES, help="this page only; may be given more than once")
    parser.add_argument("--size", action="append", choices=SIZES)
    parser.add_argument("--scheme", action="append", choices=SCHEMES)
    parser.add_argument("--whole", action="store_true", help="as long as the page, not as the screen")
    parser.add_argument("--readme", action="store_true", help="only those of the README, into docs/images")
    wanted = parser.parse_args()
    if wanted.readme:
        wanted.page, wanted.size, wanted.scheme, wanted.out = README, ("laptop",), ("light",), data.ROOT / "docs/images"
    wanted.out.mkdir(parents=True, exist_ok=True)
    if wanted.url:
        take(wanted.url.rstrip("/"), wanted)
        return 0
    with demonstrated() as url:
        take(url, wanted)
    return 0


@contextmanager
def demonstrated() -> Iterator[str]:
    """Where a service runs that ends with this."""
    port, cloud_port = free_ports(2)
    with tempfile.TemporaryDirectory() as directory:
        where = ["--data", directory]
        run = ["--port", str(port), "--cloud-port", str(cloud_port), *where]
        service = subprocess.Popen([sys.executable, "-m", "local.run", *run], cwd=data.ROOT)
        try:
            url = f"http://127.0.0.1:{port}"
            while not cloud.answers(f"{url}/health"):
                if service.poll() is not None:
                    raise SystemExit("The service did not start.")
                time.sleep(0.2)
            play = ["local.demo", "--url", url, "--customers", "400", *where]
            subprocess.run([sys.executable, "-m", *play], cwd=data.ROOT, check=True)
            yield url
        finally:
            service.terminate()
            service.wait()


def take(url: str, wanted: Any) -> None:
    from playwright.sync_api import sync_playwright

    service = Service(url, 1)
    service.token = service.sign_in_locally("demo", "owner")
    known = places(service)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for scheme in wanted.scheme or SCHEMES:
            for size in wanted.size or SIZES:
                page = signed_in(browser, url, size, scheme, wanted.locale)
                for name in wanted.page or PAGES:
                    picture(page, url, name, known, wanted.out / f"{name}-{size}-{scheme}.png", wanted.whole)
                page.context.close()
        browser.close()


def launched(playwright: "Playwright") -> "Browser":
    if CHROMIUM is None:
        raise SystemExit("No Chromium is installed: apt-get install chromium")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))


def signed_in(browser: "Browser", url: str, size: str, scheme: str, locale: str) -> "Page":
    width, height = SIZES[size]
    page = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=locale,
        has_touch=size == "phone",
        reduced_motion="reduce",
    ).new_page()
    page.goto(url)
    page.locator(".role").first.click()
    page.locator("#content").wait_for()
    return page


def picture(page: "Page", url: str, name: str, known: dict[str, str], file: Path, whole: bool) -> None:
    size = page.viewport_size or {"width": 0, "height": 0}
    page.goto("about:blank")  # so that no dialog of the page before stays
    page.goto(f"{url}/#{PAGES[name].format(**known)}")
    settle(page)
    if name in DEEDS:
        DEEDS[name](page, known)
        settle(page)
    if whole:
        long = page.evaluate("Math.max(...[...document.querySelectorAll('#content, main')].map(e => e.scrollHeight))")
        page.set_viewport_size({**size, "height": min(LONGEST, max(size["height"], long))})
        page.wait_for_timeout(SETTLED)
    page.screenshot(path=file)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    print(file)


def settle(page: "Page") -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED)


if __name__ == "__main__":
    sys.exit(main())
