"""Where the pictures of the console are taken: the address of each page, and what is done on it first."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from local.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = {
    "overview": "/",
    "overview-raffle": "/",
    "customers": "/customers",
    "customer": "/customers/{customer}",
    "record": "/consents",
    "consents": "/consents",
    "giveaways-manage": "/giveaways/manage?experience=summer-raffle&giveaway=bike",
    "giveaways-participations": "/giveaways/participations",
    "giveaways-drawn": "/giveaways/drawn",
    "draw-dialog": "/giveaways/manage?experience=summer-raffle&giveaway=bike",
    "draw": "/draws/{draw}",
    "certificate": "/certificate/{draw}",
    "instant-win-manage": "/instant-win/manage?experience=lucky-wheel",
    "instant-win-participations": "/instant-win/participations",
    "instant-win-drawn": "/instant-win/drawn",
    "codes-manage-coupons": "/codes/manage-coupons?experience=lucky-wheel",
    "codes-manage-codes": "/codes/manage-codes?experience=loyalty-club",
    "import": "/codes/manage-coupons?experience=lucky-wheel",
    "codes-coupons": "/codes/coupons",
    "codes-codes": "/codes/codes",
    "loyalty-manage": "/loyalty/manage?experience=loyalty-club",
    "loyalty-redemptions": "/loyalty/redemptions",
    "loyalty-transactions": "/loyalty/transactions",
    "variables": "/variables",
    "files": "/files",
    "log": "/log",
    "trace": "/traces/{trace}",
    "export": "/giveaways/participations",
    "delete-all": "/giveaways/participations",
    "experiences": "/experiences",
    "experience": "/experiences/summer-raffle",
    "jobs": "/jobs",
    "gdpr": "/gdpr",
    "gdpr-look-up": "/gdpr",
    "receipts": "/receipts",
    "audit": "/audit",
    "keys": "/keys",
    "webhooks": "/webhooks",
    "settings": "/settings",
}
README = ("overview-raffle", "certificate")
RICH = ("consents", "participations", "winners", "instant_win_winners", "transactions", "redemptions", "coupons")
SPREADSHEET = "\n".join(("code", *(f"AUTUMN-{n:03}" for n in range(240)), "AUTUMN-007", "4.5E+11", "x" * 200, ""))


def places(service: Service) -> dict[str, str]:
    """What the addresses name: a customer of whom there is much to see, a draw, a trace."""
    files = service.get("/v1/records/files?limit=100")["items"]
    people = {row["customer_id"]: row["email"] for row in files}
    customer = max(people, key=lambda who: sum(service.has(kind, who) for kind in RICH))
    winner = service.get("/v1/records/winners?limit=1")["items"][0]
    entry = service.get("/v1/records/log?limit=1&level=error")["items"][0]
    return {"customer": customer, "email": people[customer], "draw": winner["draw_id"], "trace": entry["trace_id"]}


def _choose_raffle(page: "Page", known: dict[str, str]) -> None:
    page.locator("#content .section-head input").first.click()
    page.get_by_role("option").last.click()
    page.locator("#content").focus()


def _open_row(page: "Page", known: dict[str, str]) -> None:
    page.locator("[data-row] [data-open]").nth(3).click()


def _draw(page: "Page", known: dict[str, str]) -> None:
    page.locator(".page-actions button").first.click()


def _export(page: "Page", known: dict[str, str]) -> None:
    page.locator(".page-actions [aria-haspopup=dialog]").first.click()


def _delete_all(page: "Page", known: dict[str, str]) -> None:
    page.locator(".page-actions [aria-haspopup=menu]").first.click()
    page.get_by_role("menuitem").last.click()


def _import(page: "Page", known: dict[str, str]) -> None:
    """A dry run, which writes nothing."""
    page.locator("input[type=file]").first.set_input_files(
        {"name": "autumn.csv", "mimeType": "text/csv", "buffer": SPREADSHEET.encode()}
    )
    page.locator(".mantine-Modal-content table").wait_for()


def _look_up(page: "Page", known: dict[str, str]) -> None:
    field = page.locator("#content input[type=email], #content input").first
    field.fill(known["email"])
    field.press("Enter")


DEEDS: dict[str, Callable[["Page", dict[str, str]], None]] = {
    "overview-raffle": _choose_raffle,
    "record": _open_row,
    "draw-dialog": _draw,
    "export": _export,
    "delete-all": _delete_all,
    "import": _import,
    "gdpr-look-up": _look_up,
}
