"""The one rule set for what must not stay in free text that is kept, in the runtime log and the operator's: e-mail
addresses, secrets, tokens, bank accounts and cards (chalicelib/secret_forms.py). What nobody can tell from other words
or numbers stays: names, telephone numbers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

REDACTED: Final = "[email]"

# Plain and full-width @, percent-encoded once or more, as JSON escape and as HTML entity.
_AT: Final = re.compile(r"[@\uff20\ufe6b]|%(?:25)*40|\\u0040|&(?:#64|#x40|commat);", re.IGNORECASE)
# What ends an address on the left; `/ = ? &` are legal in one, but in a log they are the URL around it.
_ENDS: Final = frozenset('<>()[]{}"`,;:\\/=?&|@\uff20\ufe6b')
_RARE: Final = frozenset("{}`/=?&|")  # of those, what is legal and so belongs to it right before the @
_QUOTED: Final = re.compile(r'"[^"\n]{1,64}"\Z')
_DOMAIN: Final = re.compile(
    r"""(?:[^\s%<>()\[\]{}"'`,;:\\/=?&|@\uff20\ufe6b!#$*+^~]|%(?!(?:25)*40)[0-9a-f]{2})+|\[[0-9a-f.:v]{3,60}\]""",
    re.IGNORECASE,
)
_DOTS: Final = re.compile(r"\.|%(?:25)*2e|[\u3002\uff0e\uff61\u2024]", re.IGNORECASE)
_TRAILING: Final = ".-_\u2026\u3002"


def redact(text: str) -> str:
    """The text with `[secret]`, `[token]`, `[iban]`, `[card]` and `[email]` in the place of such. Safe to repeat."""
    from chalicelib.secret_forms import without_secrets  # compiled when there is a text to look at

    return without_addresses(without_secrets(text))


def redacted(value: Any) -> Any:
    """The same in all texts of a JSON value; what a member's name calls secret goes altogether."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {name: _redacted_member(str(name), inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(inner) for inner in value]
    return value


def _redacted_member(name: str, value: Any) -> Any:
    from chalicelib.secret_forms import SECRET, is_secret_name

    return SECRET if is_secret_name(name) and value is not None else redacted(value)


def without_addresses(text: str) -> str:
    """The text with each e-mail address as `[email]`, also percent-encoded, in `mailto:` and angle brackets, with an
    international domain or local part. Linear in the length of the text: every stretch between two @ is read once."""
    pieces, end = [], 0
    for start, stop in _spans(text):
        if start >= end:
            pieces += [text[end:start], REDACTED]
        end = max(end, stop)
    return "".join([*pieces, text[end:]])


def _spans(text: str) -> Iterator[tuple[int, int]]:
    floor = 0
    for at in _AT.finditer(text):
        start, stop = _start(text, at.start(), floor), _stop(text, at.end())
        if start < at.start() and stop > at.end():
            yield start, stop
        floor = at.end()


def _start(text: str, at: int, floor: int) -> int:
    """Where the local part before `at` begins."""
    if text.startswith('"', at - 1) and (quoted := _QUOTED.search(text, max(floor, at - 66), at)):
        return quoted.start()
    start = at - 1 if at > floor and text[at - 1] in _RARE else at
    while start > floor and text[start - 1] not in _ENDS and not text[start - 1].isspace():
        start -= 1
    while start < at - 1 and text[start] in "'.!*":  # quotation marks and bullets around it, not of it
        start += 1
    return start


def _stop(text: str, at: int) -> int:
    """Where the domain after `at` ends; `at` itself if what follows is no domain with a dot and a top level."""
    found = _DOMAIN.match(text, at)
    if not found:
        return at
    domain = found[0].rstrip(_TRAILING)
    if domain.startswith("["):
        return found.end()
    labels = _DOTS.split(domain)
    return at + len(domain) if len(labels) > 1 and labels[0] and not labels[-1].isdigit() else at
