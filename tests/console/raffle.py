"""A giveaway that has closed, with guests who entered in time: what a draw needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.live.service import Row, Service

GUESTS = ("anna", "ben", "clara", "david", "emma", "finn")


def close_with_entries(service: Service, tenant: str, guests: tuple[str, ...] = GUESTS) -> list[str]:
    """Their tickets. The giveaway `bike` of the experience `summer` closed half an hour ago."""
    service.request("PUT", "/v1/experiences/summer", _experience(), tenant)
    return [_entered(service, tenant, guest) for guest in guests]


def _experience() -> dict[str, Any]:
    now = datetime.now(UTC)
    times = {"opens_at": (now - timedelta(days=3)).isoformat(), "closes_at": (now - timedelta(minutes=30)).isoformat()}
    prizes = [{"name": "E-Bike"}, {"name": "Helmet", "count": 2}]
    bike = {"id": "bike", "title": "E-Bike", "rule": "once", "prizes": prizes, "respond_days": 14, **times}
    return {"title": "Summer raffle", "giveaways": [bike, {"id": "cup", "title": "Cup", "prizes": [{"name": "Cup"}]}]}


def _entered(service: Service, tenant: str, guest: str) -> str:
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    fields = {"firstname": guest.title(), "lastname": "Schmidt", "city": "Dresden"}
    events = [
        {"type": "sign-ins", "fields": fields, "occurred_at": at},
        {"type": "participations", "giveaway": "bike", "fields": fields, "occurred_at": at},
    ]
    body = {"experience": "summer", "email": f"{guest}@example.com", "events": events}
    return str(service.request("POST", "/v1/collect", body, tenant, key=f"enter-{guest}")["results"][1]["ticket"])


def draw(service: Service, tenant: str, **asked: Any) -> str:
    """The id of a draw that was made; two winners and one alternate unless said otherwise."""
    body = {"giveaway": "bike", "count": 2, "alternates": 1, **asked}
    started = service.request("POST", "/v1/experiences/summer/draws", body, tenant)
    assert service.ended(started["job"], tenant)["state"] == "done"
    return str(started["draw"])


def winners(service: Service, tenant: str) -> dict[int, Row]:
    """Who holds each slot now."""
    rows = service.rows("winners", tenant, experience="summer")
    return {row["slot"]: row for row in rows if row["state"] not in ("disqualified", "replaced")}
