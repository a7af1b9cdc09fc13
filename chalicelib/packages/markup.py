"""Text into HTML that runs nothing: everything strictly escaped, one inline style that the page's own policy names."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Final
from urllib.parse import quote

WIDE: Final = 90  # characters of markup


class Html(str):
    """Markup of ours; any other text has to be escaped."""


def text(value: object) -> Html:
    """Escaped, in an element of its own direction, so that right-to-left text turns nothing around it."""
    return Html(f"<bdi>{plain(value)}</bdi>")


def plain(value: object) -> Html:
    """Escaped; a carriage return as a reference, or a parser would make a line feed of it (HTML, preprocessing)."""
    return Html(escape(str(value), quote=True).replace("\r", "&#13;"))


def element(name: str, *inside: Html, css: str = "") -> Html:
    start = f'{name} class="{css}"' if css else name
    return Html(f"<{start}>{''.join(inside)}</{name}>")


def link(path: str, words: str) -> Html:
    """To a file beside the page."""
    return Html(f'<a href="{plain(quote(path))}">{text(words)}</a>')


def pairs(rows: Iterable[tuple[Html, Html]], css: str = "") -> Html:
    """Titles and values; a long value gets a line of its own."""
    return element("dl", *(_pair(title, value) for title, value in rows), css=css)


def _pair(title: Html, value: Html) -> Html:
    wide = len(value) > WIDE or "<dl" in value
    return element("div", element("dt", title), element("dd", value), css="wide" if wide else "")


def style_hash(style: str) -> str:
    """How a policy allows exactly this inline style (CSP 3, 2.3.1)."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() + "'"


COLOURS: Final = """
:root{color-scheme:light;--ink:#1d2733;--soft:#5b6877;--line:#dbe1e8;--paper:#fff;--tint:#f4f6f9;--mark:#0b5cad}
*{box-sizing:border-box}
body{margin:0;background:var(--tint);color:var(--ink);
 font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--mark)}
"""
