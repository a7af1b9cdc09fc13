"""What a campaign with codes, a draw and an upload left: one record at least of every kind, made through the API."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import urllib3
from openpyxl import Workbook

from local import uploads
from tests.console.campaign import play
from tests.live.service import Service, eventually

HTTP = urllib3.PoolManager(retries=False, timeout=30)
ANNA = "anna.schmidt@example.com"


def play_all(service: Service, tenant: str) -> None:
    """One record of each kind, by Anna; two coupons of which one is issued, two codes of which one is redeemed."""
    play(service, tenant)
    drawn = draw(service, tenant)
    bring_in(service, tenant, "coupons", b"code\r\nSUN-1\r\nSUN-2\r\n")
    bring_in(service, tenant, "codes", b"code;points;win\r\n=LUCKY-1;50;yes\r\nLUCKY-2;20;no\r\n")
    who = {"experience": "summer", "email": ANNA}
    service.request("POST", "/v1/collect/coupon-claims", who, tenant)
    service.request("POST", "/v1/collect/code-redemptions", {**who, "code": "LUCKY-2"}, tenant)
    picture = uploads.picture(1)
    event = {name: value for name, value in uploads.announcement(picture).items() if name != "type"}
    offered = service.request("POST", "/v1/collect/files", {**who, **event}, tenant)
    assert uploads.post(HTTP, offered["upload"], picture)[0] == 204
    assert service.ended(drawn, tenant)["state"] == "done"
    eventually(lambda: len(service.rows("files", tenant)) == 1, 30)


def draw(service: Service, tenant: str) -> str:
    """The job of a draw that Anna wins, of a giveaway that closes as soon as she is in it."""
    closes_at = datetime.now(UTC) + timedelta(seconds=5)
    giveaway = {"id": "tent", "title": "Tent", "closes_at": closes_at.isoformat(), "prizes": [{"name": "Tent"}]}
    service.request("PUT", "/v1/experiences/camping", {"title": "Camping", "giveaways": [giveaway]}, tenant)
    who = {"experience": "camping", "email": ANNA}
    service.request("POST", "/v1/collect/participations", {**who, "giveaway": "tent"}, tenant)
    eventually(lambda: datetime.now(UTC) > closes_at, 10)
    asked = {"giveaway": "tent", "count": 1}
    return str(service.request("POST", "/v1/experiences/camping/draws", asked, tenant)["job"])


def bring_in(service: Service, tenant: str, kind: str, content: bytes) -> Any:
    """An import that is done."""
    body = {"kind": kind, "experience": "summer", "file_name": f"{kind}.csv"}
    started = service.request("POST", "/v1/imports", body, tenant)
    form = started["upload"]
    answer = HTTP.request("POST", form["url"], fields={**form["fields"], "file": (f"{kind}.csv", content)})
    assert answer.status < 300, answer.data
    eventually(lambda: service.job(started["job"], tenant)["state"] == "done", 60)
    return started


def sheet(*rows: tuple[Any, ...]) -> bytes:
    """An Excel file."""
    book, file = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet("Codes")
    for row in rows:
        page.append(row)
    book.save(file)
    return file.getvalue()
