"""One record as a card of the access package's page: titles and values for a reader of German or English."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.kinds import Column, ColumnType, Kind
from chalicelib.packages.contents import File, Shown
from chalicelib.packages.markup import Html, element, link, pairs, plain, text
from chalicelib.packages.words import GERMAN_ZONES, STATE_COLUMNS, WORDS, field, say, state
from chalicelib.titles import Locale, title

# The person is named at the top; ids are for programs, which have data.json.
LEFT_OUT: Final = frozenset(("id", "customer_id", "email", "created_at", "expires_at", "experience"))
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NOTHING: Final = element("span", Html("\N{EN DASH}"), css="none")


@dataclass(frozen=True)
class Reader:
    """For whom the page is written."""

    locale: Locale
    zone: ZoneInfo
    experiences: Mapping[str, str]  # id → title

    def say(self, name: str, **values: Any) -> Html:
        return plain(say(name, self.locale, **values))

    def time(self, rfc3339: str, days: bool = False) -> Html:
        moment = clock.parsed(rfc3339).astimezone(self.zone)
        return Html(f'<time datetime="{plain(rfc3339)}">{plain(spoken(moment, self.locale, days))}</time>')

    def title(self, of: Kind | Column) -> Html:
        if isinstance(of, Kind) and of.name in WORDS:
            return self.say(of.name)
        return plain(title(of, self.locale))


def spoken(moment: datetime, locale: Locale, days: bool = False) -> str:
    day = f"{moment:%d.%m.%Y}" if locale == "de" else f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    zone = GERMAN_ZONES.get(f"{moment:%Z}", f"{moment:%Z}") if locale == "de" else f"{moment:%Z}"
    return day if days else f"{day}, {moment:%H:%M:%S} {zone}"


def card(kind: Kind, row: Shown, reader: Reader, file: File | None = None) -> Html:
    experience = row.get("experience")
    named = reader.experiences.get(experience or "", experience)
    made_at = reader.time(row.get("created_at") or row["recorded_at"])
    heading = element("h3", made_at, element("span", text(named)) if named else Html())
    told = ((words, _value(name, type, value, reader)) for name, words, type, value in _members(kind, row, reader))
    content = element("p", _content(file, reader)) if file else Html()
    gone = element("p", reader.say("gone"), Html(" "), reader.time(row["expires_at"], days=True), css="gone")
    return element("article", heading, pairs(told, css="grid"), content, gone)


def _members(kind: Kind, row: Shown, reader: Reader) -> Iterator[tuple[str, Html, ColumnType, Any]]:
    """(name, title, type, value) of the columns, then of what is stored beside them."""
    columns = {column.name: column for column in kind.columns if column.name not in LEFT_OUT}
    for name, column in columns.items():
        yield name, reader.title(column), column.type, row.get(name)
    for name, value in row.items():
        if name not in columns and name not in LEFT_OUT and value is not None:
            known = reader.say(name) if name in WORDS else plain(name)
            yield name, known, "text" if isinstance(value, str) else "json", value


def _value(name: str, type: ColumnType, value: Any, reader: Reader) -> Html:
    if value is None or value == "" or value == {}:
        return NOTHING
    if type == "time":
        return reader.time(value)
    if isinstance(value, bool):
        return reader.say("yes" if value else "no")
    if type == "map":
        return pairs(
            [(text(field(key, reader.locale)), _value("status", "text", inner, reader)) for key, inner in value.items()]
        )
    if not isinstance(value, str):
        return text(json.dumps(value, ensure_ascii=False))
    return text(state(value, reader.locale) if name in STATE_COLUMNS else value)


def _content(file: File, reader: Reader) -> Html:
    if file.lack:
        return element("span", reader.say(file.lack), css="lack")
    return link(file.path, say("open_file", reader.locale))
