"""`python -m local.screenshots`: pictures of every page of the console, light and dark, on a laptop and on a phone.

Of a service of its own, in which the demo was played; `--url` takes one that runs already.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import cloud, data

PAGES = {
    "overview": "/",
    "customers": "/customers",
    "customer": "/customers?email=liselotte.scholl@example.com",
    "consents": "/consents",
    "giveaways-manage": "/giveaways/manage?experience=summer-raffle&giveaway=bike",
    "giveaways-participations": "/giveaways/participations",
    "giveaways-drawn": "/giveaways/drawn",
    "instant-win-manage": "/instant-win/manage?experience=lucky-wheel",
    "instant-win-participations": "/instant-win/participations",
    "instant-win-drawn": "/instant-win/drawn",
    "codes-manage-coupons": "/codes/manage-coupons?experience=lucky-wheel",
    "codes-manage-codes": "/codes/manage-codes?experience=loyalty-club",
    "codes-coupons": "/codes/coupons",
    "codes-codes": "/codes/codes",
    "loyalty-manage": "/loyalty/manage?experience=loyalty-club",
    "loyalty-redemptions": "/loyalty/redemptions",
    "loyalty-transactions": "/loyalty/transactions",
    "variables": "/variables",
    "files": "/files",
    "log": "/log",
    "experiences": "/experiences",
    "experience": "/experiences/summer-raffle",
    "jobs": "/jobs",
    "gdpr": "/gdpr",
    "receipts": "/receipts",
    "audit": "/audit",
    "keys": "/keys",
    "webhooks": "/webhooks",
    "settings": "/settings",
}
OPENED = ("customer",)  # what the first row of these leads to
SIZES = {"laptop": (1280, 800), "phone": (390, 844)}
SETTLED = 700  # milliseconds after the last answer
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.screenshots", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", help="of a service that runs already, with the demo in it")
    parser.add_argument("--out", type=Path, default=data.ROOT / "build/screenshots")
    parser.add_argument("--locale", choices=("en", "de"), default="en")
    parser.add_argument("--page", action="append", choices=PAGES, help="this page only; may be given more than once")
    wanted = parser.parse_args()
    pages = {name: PAGES[name] for name in wanted.page or PAGES}
    wanted.out.mkdir(parents=True, exist_ok=True)
    if wanted.url:
        take(wanted.url.rstrip("/"), pages, wanted.out, wanted.locale)
        return 0
    with demonstrated() as url:
        take(url, pages, wanted.out, wanted.locale)
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


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def take(url: str, pages: dict[str, str], out: Path, locale: str) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
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
                for name, path in pages.items():
                    page.goto(f"{url}/#{path}")
                    if name in OPENED:
                        page.locator("[data-row] [data-open]").first.click()
                    page.wait_for_load_state("networkidle")
                    page.wait_for_timeout(SETTLED)
                    page.screenshot(path=out / f"{name}-{size}-{scheme}.png")
                    print(out / f"{name}-{size}-{scheme}.png")
                page.context.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
