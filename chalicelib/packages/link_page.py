"""What somebody sees who opens the link to a package: a page with one button, or in plain words why there is none."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from chalicelib.packages.cards import spoken
from chalicelib.packages.markup import COLOURS, Html, element, plain, style_hash, text
from chalicelib.packages.words import say
from chalicelib.titles import Locale

STYLE: Final = f"""{COLOURS}
main{{max-width:34rem;margin:12vh auto 2rem;padding:2.2rem;background:var(--paper);border:1px solid var(--line);
 border-radius:.8rem}}
h1{{font-size:1.5rem;line-height:1.25;margin:0 0 .8rem;overflow-wrap:anywhere}}
p{{margin:.6rem 0;overflow-wrap:anywhere}}
.who{{margin:0 0 .3rem;font-size:.85rem;font-weight:600;color:var(--mark)}}
.ask{{color:var(--soft);font-size:.9rem;margin-top:1.4rem;white-space:pre-line}}
button{{font:inherit;font-weight:600;color:#fff;background:var(--mark);border:0;border-radius:.5rem;
 padding:.7rem 1.4rem;margin:.8rem 0 .2rem;cursor:pointer}}
button:focus-visible{{outline:3px solid var(--ink);outline-offset:2px}}
@media (max-width:38rem){{main{{margin:0;min-height:100vh;border:0;border-radius:0}}}}
"""


@dataclass(frozen=True)
class Visitor:
    """For whom: the language and zone, and who is responsible, as far as the tenant told."""

    locale: Locale
    zone: ZoneInfo
    controller: str | None = None
    contact: str | None = None

    def time(self, ms: int, days: bool = False) -> str:
        return spoken(datetime.fromtimestamp(ms / 1000, UTC).astimezone(self.zone), self.locale, days)


def headers(download_url: str = "") -> dict[str, str]:
    """Nothing runs, nothing is loaded, nobody frames it. A browser holds the redirect that follows the button to
    `form-action`, too, so where downloads lie is named."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(download_url)) if download_url else ""
    rules = ("default-src 'none'", f"style-src {style_hash(STYLE)}", f"form-action 'self' {origin}".strip())
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join((*rules, "base-uri 'none'", "frame-ancestors 'none'")),
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }


def ready(visitor: Visitor, size: int, until: int, visit: str) -> str:
    """With the button; `until` in milliseconds."""
    words = (
        element("p", _say("link_says", visitor, size=_size(size, visitor.locale))),
        element("p", _say("link_once", visitor, until=visitor.time(until, days=True))),
        Html(f'<form method="post"><input type="hidden" name="visit" value="{plain(visit)}">'),
        element("button", _say("download", visitor)),
        Html("</form>"),
    )
    return _page("link", visitor, Html("".join(words)))


def refusal(state: str, visitor: Visitor, when: int | None = None) -> str:
    """`state`: used, replaced, expired or unknown; `when` it was used (ms)."""
    values = {"when": visitor.time(when)} if when else {}
    return _page(state, visitor, element("p", _say(f"{state}_says", visitor, **values)))


def _page(name: str, visitor: Visitor, body: Html) -> str:
    title = _say(f"{name}_title", visitor)
    who = element("p", text(visitor.controller.partition("\n")[0]), css="who") if visitor.controller else Html()
    ask = _say("ask", visitor, contact=visitor.contact) if visitor.contact else _say("ask_controller", visitor)
    return (
        f'<!doctype html>\n<html lang="{visitor.locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>"
        f"{who}<h1>{title}</h1>{body}{element('p', ask, css='ask')}</main></body></html>\n"
    )


def _say(name: str, visitor: Visitor, **values: Any) -> Html:
    return plain(say(name, visitor.locale, **values))


def _size(size: int, locale: Locale) -> str:
    """In the largest unit of which there is one, to a tenth."""
    unit, number = "kB", size / 1000
    if number >= 1000:
        unit, number = "MB", number / 1000
    words = f"{max(number, 0.1):.1f} {unit}"
    return words.replace(".", ",") if locale == "de" else words
