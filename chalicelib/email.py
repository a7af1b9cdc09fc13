"""E-mail addresses: when two are the same person, and the texts under which one is found."""

import re
import unicodedata
from typing import Final, NamedTuple

from chalicelib.problem_codes import Words

MOST_BYTES: Final = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets; octets, also for RFC 6531 addresses
MOST_LOCAL_BYTES: Final = 64  # RFC 5321 §4.5.3.1.1
MOST_PARTS: Final = 8

_LOCAL: Final = re.compile(r"""[^\x00-\x20\x7f()<>\[\]:;@\\,"]+""")  # RFC 5322 atext and dots, RFC 6531 UTF8-non-ascii
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123 §2.1
_SEPARATORS: Final = re.compile(r"[._+-]+")
_JOINERS: Final = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))  # inside emoji, Persian
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})

_EMPTY: Final = Words("it is empty", "sie ist leer")
_TOO_LONG: Final = Words(f"it has more than {MOST_BYTES} bytes", f"sie hat mehr als {MOST_BYTES} Bytes")
_LOCAL_TOO_LONG: Final = Words(
    f"the part before @ has more than {MOST_LOCAL_BYTES} bytes", f"der Teil vor @ hat mehr als {MOST_LOCAL_BYTES} Bytes"
)
_ONE_AT: Final = Words("it needs exactly one @", "sie braucht genau ein @")
_INVISIBLES: Final = Words(
    "it holds a space, a line break or an invisible character",
    "sie enthält ein Leerzeichen, einen Zeilenumbruch oder ein unsichtbares Zeichen",
)
_QUOTED: Final = Words(
    "quotes, brackets, commas, colons and backslashes before @ are not taken",
    "Anführungszeichen, Klammern, Kommas, Doppelpunkte und Backslashes vor @ werden nicht angenommen",
)
_DOTS: Final = Words("there is nothing between two dots or beside @", "zwischen zwei Punkten oder neben @ fehlt etwas")
_DOMAIN: Final = Words("the part after @ is not a domain name", "der Teil nach @ ist kein Domainname")
_NO_TOP: Final = Words("the domain has no top level such as .com", "der Domain fehlt die Endung, etwa .de")


class AddressError(ValueError):
    """This is not an e-mail address that can be taken; `reason` says why, in both languages."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Address(NamedTuple):
    """One address: as the person typed it, and the form under which it is the same person."""

    display: str
    normalised: str


def address(typed: str) -> Address:
    """Raises AddressError. Refused in either form if over 254 bytes."""
    shown = display(typed)
    if len(shown.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise AddressError(_TOO_LONG)
    return Address(shown, normalise(shown))


def display(typed: str) -> str:
    """What the person typed, without blanks and invisible characters around it."""
    first, last = 0, len(typed)
    while first < last and _invisible(typed[first]):
        first += 1
    while last > first and _invisible(typed[last - 1]):
        last -= 1
    return typed[first:last]


def normalise(typed: str) -> str:
    """The identity of an address: trimmed, NFKC, local part casefolded, domain as IDNA A-labels (UTS #46, so that
    `faß.example` and `fass.example` stay two domains). Dots and plus tags are kept. Raises AddressError."""
    text = unicodedata.normalize("NFKC", display(typed[:1000]))
    if not text:
        raise AddressError(_EMPTY)
    if any(map(_invisible, text.replace("\u200c", "").replace("\u200d", ""))):
        raise AddressError(_INVISIBLES)
    if text.count("@") != 1:
        raise AddressError(_QUOTED if '"' in text else _ONE_AT)
    local, domain = text.split("@")
    normalised = f"{_local(local)}@{_domain(domain)}"
    if len(normalised.encode()) > MOST_BYTES:
        raise AddressError(_TOO_LONG)
    return normalised


def search_parts(normalised: str) -> tuple[str, ...]:
    """The beginnings of parts under which an address is found besides its own: at most 8, domains before local parts
    when there are more, an international domain also in its own script, never a top-level domain alone."""
    local, domain = normalised.split("@")
    starts = [match.end() for match in _SEPARATORS.finditer(local) if match.start() > 0 and match.end() < len(local)]
    labels = domain.split(".")
    domains = [".".join(labels[i:]) for i in range(len(labels) - 1)]
    if "xn--" in domain:
        domains.append(_own_script(domain))
    kept = domains if len(domains) <= MOST_PARTS // 2 else [domains[0], *domains[1 - MOST_PARTS // 2 :]]
    return (*(f"{local[start:]}@{domain}" for start in starts[: MOST_PARTS - len(kept)]), *kept)


def search_text(query: str) -> str:
    """What to look for, as prefix of an address or of a part: folded like an address, may be cut off anywhere. A domain
    in its own script is found from its first letter on, behind `name@` once its label is whole."""
    text = unicodedata.normalize("NFKC", display(query[:1000])).lstrip("@")
    local, at, domain = text.partition("@")
    return f"{_folded(local)}{at}{'.'.join(map(_searched_label, domain.split('.')))}"


def person_key(normalised: str, ignore_plus_and_dots: bool) -> str:
    """The address for "one entry per person": `a.nna+x@…` counts as `anna@…` where the giveaway says so."""
    if not ignore_plus_and_dots:
        return normalised
    local, domain = normalised.split("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE and character not in _JOINERS


def _folded(text: str) -> str:
    """Unicode's NFKC_Casefold; one round is not always enough to make it stable."""
    while (folded := unicodedata.normalize("NFKC", text.casefold())) != text:
        text = folded
    return text


def _local(text: str) -> str:
    local = _folded(text)
    if not all(local.split(".")):
        raise AddressError(_DOTS)
    if not _LOCAL.fullmatch(local):
        raise AddressError(_QUOTED)
    if len(local.encode()) > MOST_LOCAL_BYTES:
        raise AddressError(_LOCAL_TOO_LONG)
    return local


def _domain(text: str) -> str:
    labels = [_a_label(label) for label in text.replace("\u3002", ".").split(".")]
    if not all(labels):
        raise AddressError(_DOTS)
    if not all(map(_LABEL.fullmatch, labels)):
        raise AddressError(_DOMAIN)
    if len(labels) < 2 or labels[-1].isdigit():
        raise AddressError(_NO_TOP)
    return ".".join(labels)


def _a_label(label: str) -> str:
    if label.isascii() and not label.lower().startswith("xn--"):
        return label.lower()
    import idna  # its tables cost a cold start about as much as pydantic's models do

    try:
        return idna.encode(label, uts46=True).decode()
    except UnicodeError:
        raise AddressError(_DOMAIN) from None


def _searched_label(label: str) -> str:
    try:
        return _a_label(label)
    except AddressError:
        return _folded(label)  # cut off, or never to be found


def _own_script(domain: str) -> str:
    import idna

    return _folded(idna.decode(domain))
