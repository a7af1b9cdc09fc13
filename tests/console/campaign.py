"""What a campaign left in a tenant: somebody with everything, and some with names that are hard to show."""

from typing import Any

from tests.live.service import Service

EXPERIENCE: dict[str, Any] = {
    "title": "Summer raffle",
    "giveaways": [{"id": "bike", "title": "E-Bike", "rule": "unlimited", "prizes": [{"name": "E-Bike"}]}],
    "instant_wins": [
        {"id": "wheel", "title": "Wheel", "rule": "unlimited", "mode": "odds", "per_mille": 1000}
        | {"prizes": [{"id": "cup", "name": "Cup", "stock": 50}], "wins_per_customer": 5}
    ],
    "rewards": [{"id": "mug", "title": "Mug", "cost": 10, "stock": 5, "per_customer": 2}],
}
HARD_NAMES = {
    "rtl@example.com": "שלום עולם",
    "emoji@example.com": "Zoë 👩‍👩‍👧‍👦 🎉",
    "long@example.com": "x" * 300,
    "html@example.com": "<img src=x onerror=alert(1)><script>alert(2)</script>",
}
WORDING = "Yes, I would like to receive the newsletter."


def play(service: Service, tenant: str) -> None:
    """One record of each kind that a chat makes, by anna.schmidt@example.com."""
    service.request("PUT", "/v1/experiences/summer", EXPERIENCE, tenant)
    events = [
        {"type": "sign-ins", "fields": {"firstname": "Anna", "lastname": "Schmidt"}},
        {"type": "consents", "consent": "newsletter", "status": "granted", "text": WORDING, "text_version": "2026-05"},
        {"type": "variables", "variables": [{"name": "score", "value": 42, "persist": True}]},
        {"type": "participations", "giveaway": "bike", "fields": {"city": "Dresden", "postal_code": "01067"}},
        {"type": "instant-wins", "instant_win": "wheel"},
        {"type": "points", "amount": 50, "reason": "Welcome"},
        {"type": "reward-redemptions", "reward": "mug", "fields": {"street": "Hauptstr. 1"}},
        {"type": "log-entries", "level": "warning", "message": "The shop did not answer", "event": "remote_api"},
    ]
    body = {"experience": "summer", "email": "anna.schmidt@example.com", "process_instance": "pi-1", "events": events}
    service.request("POST", "/v1/collect", body, tenant, key="campaign")


def sign_in(service: Service, tenant: str, **people: str) -> None:
    for email, name in people.items():
        body = {"experience": "summer", "email": email, "fields": {"firstname": name}}
        service.request("POST", "/v1/collect/sign-ins", body, tenant)


def enter_many(service: Service, tenant: str, count: int) -> None:
    """So many entries of one person, with the moment of each in their order."""
    for first in range(0, count, 50):
        events = [
            {"type": "participations", "giveaway": "bike", "fields": {"city": f"City {first + place}"}}
            for place in range(min(50, count - first))
        ]
        body = {"experience": "summer", "email": "anna.schmidt@example.com", "events": events}
        service.request("POST", "/v1/collect", body, tenant, key=f"many-{first}")
