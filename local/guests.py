"""The guests of the demo: who they are and what their chats report of each visit, made up from a seed."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from faker import Faker

Event = dict[str, Any]
Call = dict[str, Any]  # the body of one POST /v1/collect

LOCALES = ("de_DE", "en_GB", "fr_FR", "ja_JP")
DOMAINS = ("example.com", "example.org", "mail.example", "post.example")
UMLAUTS = ("bücher.example", "straße.example", "日本語.example")
COUNTRIES = {"de_DE": "DE", "en_GB": "GB", "fr_FR": "FR", "ja_JP": "JP"}
RAFFLE, WHEEL, CLUB = "summer-raffle", "lucky-wheel", "loyalty-club"
LONGEST = timedelta(days=59)
LOGGED = timedelta(days=6, hours=23)
WORDING = {
    "de_DE": "Ja, ich möchte den Newsletter per E-Mail bekommen.",
    "en_GB": "Yes, I would like to receive the newsletter by e-mail.",
    "fr_FR": "Oui, je souhaite recevoir la lettre d'information par e-mail.",
    "ja_JP": "はい、メールでニュースレターを受け取ります。",
}


@dataclass(frozen=True)
class Guest:
    email: str
    locale: str
    names: dict[str, str]
    address: dict[str, str]
    calls: tuple[Call, ...]  # in the order of their time


def guests(count: int, seed: int, now: datetime) -> Iterator[Guest]:
    """The same guests for the same seed; only the days move with `now`."""
    chance = random.Random(seed)
    fakers = {locale: Faker(locale) for locale in LOCALES}
    for place, locale in enumerate(LOCALES):
        fakers[locale].seed_instance(seed * 10 + place)
    addresses: set[str] = set()
    for number in range(count):
        locale = chance.choices(LOCALES, (50, 20, 15, 15))[0]
        fake = fakers[locale]
        names = {"firstname": fake.first_name(), "lastname": fake.last_name()}
        email = _email(fake, locale, names, chance, addresses)
        address = _address(fake, locale)
        calls = _Visits(chance, number, seed, email, locale, names, address, now).calls()
        yield Guest(email, locale, names, address, tuple(calls))


def _email(fake: Any, locale: str, names: dict[str, str], chance: random.Random, taken: set[str]) -> str:
    romanised = locale == "ja_JP"
    first = fake.first_romanized_name() if romanised else names["firstname"]
    last = fake.last_romanized_name() if romanised else names["lastname"]
    local = ".".join("".join(c for c in _ascii(part) if c.isalnum()) for part in (first, last))
    domain = chance.choice(UMLAUTS if chance.random() < 0.03 else DOMAINS)
    tag = "+raffle" if chance.random() < 0.04 else ""
    number = 1
    while (email := f"{local}{'' if number == 1 else number}{tag}@{domain}") in taken:
        number += 1
    taken.add(email)
    return email


def _ascii(name: str) -> str:
    for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.lower().replace(letter, spelled)
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _address(fake: Any, locale: str) -> dict[str, str]:
    street = fake.town() + fake.chome() if locale == "ja_JP" else fake.street_name()
    house = fake.ban() if locale == "ja_JP" else fake.building_number()
    parts = {"street": street, "house_number": house, "postal_code": fake.postcode(), "city": fake.city()}
    return {**parts, "country": COUNTRIES[locale]}


@dataclass
class _Visits:
    chance: random.Random
    number: int
    seed: int
    email: str
    locale: str
    names: dict[str, str]
    address: dict[str, str]
    now: datetime

    def calls(self) -> Iterator[Call]:
        begun = self.now - LONGEST * self.chance.uniform(0.001, 0.999)
        experience = self.chance.choices((RAFFLE, WHEEL, CLUB), (60, 20, 20))[0]
        yield self._call(1, experience, begun, self._first(experience, begun))
        again = begun + timedelta(days=self.chance.uniform(0.5, 20))
        if self.chance.random() < 0.35 and again < self.now - timedelta(hours=1):
            yield self._call(2, experience, again, self._second(experience))

    def _call(self, visit: int, experience: str, begun: datetime, events: list[Event]) -> Call:
        """Half a minute passes between two events, but not beyond now."""
        moments = [min(begun + timedelta(seconds=30 * place), self.now) for place in range(len(events))]
        timed = [{**event, "occurred_at": at.isoformat()} for event, at in zip(events, moments, strict=True)]
        instance = f"pi-{self.seed}-{self.number}-{visit}"
        return {"experience": experience, "process_instance": instance, "email": self.email, "events": timed}

    def _first(self, experience: str, begun: datetime) -> list[Event]:
        events: list[Event] = []
        if self._happens(0.15):  # before anybody knows who it is
            events.append(self._variables(email=None, landing_page=self.chance.choice(("/", "/bike", "/wheel"))))
        fields = dict(self.names) if self._happens(0.45) else {}
        channel = self.chance.choice(("web", "web", "whatsapp", "instagram"))
        signed = {"type": "sign-ins", "locale": self.locale.replace("_", "-"), "channel": channel, "fields": fields}
        events.append({**signed, "email_verified": self._happens(0.5)})
        events += self._consents() if self._happens(0.6) else []
        if experience == RAFFLE and self._happens(0.8):
            events.append(self._entry("bike", {**self.names, **self.address}))
        if self._happens(0.15):
            events.append(self._variables(shoe_size=self.chance.randint(35, 47), favourite=self.chance.choice("ABC")))
        return events + (self._log() if begun > self.now - LOGGED else [])

    def _second(self, experience: str) -> list[Event]:
        events: list[Event] = [{"type": "sign-ins"}]
        if experience == RAFFLE:
            events.append(self._entry("daily-mug", dict(self.names)))
        if self._happens(0.2):
            events.append({"type": "consents", "consent": "newsletter", "status": "withdrawn"})
        return events

    def _consents(self) -> list[Event]:
        asked = {"type": "consents", "consent": "newsletter", "text": WORDING[self.locale], "text_version": "2026-05"}
        asked |= {"locale": self.locale.replace("_", "-")}
        if self._happens(0.15):
            return [{**asked, "status": "declined", "method": "single"}]
        requested = {**asked, "status": "requested", "method": "double"}
        granted = {**asked, "status": "granted", "method": "double", "ip": f"203.0.113.{self.number % 254 + 1}"}
        return [requested, granted] if self._happens(0.7) else [requested]

    def _entry(self, giveaway: str, fields: dict[str, str]) -> Event:
        return {"type": "participations", "giveaway": giveaway, "terms_version": "2026-05", "fields": fields}

    def _variables(self, email: str | None = "", **values: Any) -> Event:
        """The first one is stored, others stay in the chat's cookie."""
        named = [
            {"name": name, "value": value, "persist": not place} for place, (name, value) in enumerate(values.items())
        ]
        return {"type": "variables", "variables": named} | ({} if email == "" else {"email": email})

    def _log(self) -> list[Event]:
        seen = {"type": "log-entries", "level": "info", "event": "sign_in", "message": "A guest signed in"}
        failed = {"type": "log-entries", "level": "error", "event": "remote_api", "attributes": {"status": 502}}
        return [seen, {**failed, "message": f"The CRM did not take {self.email}"}] if self._happens(0.3) else [seen]

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share
