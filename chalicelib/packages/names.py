"""File names that every system takes, cannot lead out of their folder, and are as close to the given ones as that
allows."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MOST_BYTES: Final = 140  # the least that common file systems take is 143 (eCryptfs); Windows counts the folders, too
ENDING_BYTES: Final = 20
REFUSED: Final = frozenset('<>:"/\\|?*')
# They turn text around: `gpj.exe` would read `exe.jpg` (UAX #9, explicit directional formatting).
DIRECTIONAL: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Names of devices on Windows, with any ending ("Naming Files, Paths, and Namespaces").
DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])[ ]*(\..*)?", re.I | re.S)


def unique(names: Iterable[str]) -> list[str]:
    """One safe name for each, in their order, all different also where case does not count."""
    taken: set[str] = set()
    found = []
    for name in names:
        free = _free(safe(name), taken)
        taken.add(free.casefold())
        found.append(free)
    return found


def safe(name: str) -> str:
    shown = unicodedata.normalize("NFC", "".join(map(_safe_character, name)))
    text = _cut(shown.strip(". ")) or "file"
    return _cut(f"_{text}") if DEVICES.fullmatch(text) else text


def _safe_character(character: str) -> str:
    if character in DIRECTIONAL:
        return ""
    unsafe = character in REFUSED or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
    return "_" if unsafe else character


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = _cut(name, f" ({number})")
    return free


def _cut(name: str, suffix: str = "") -> str:
    """At most so many bytes, the ending kept, `suffix` before it."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > ENDING_BYTES:
        stem, dot, ending = name, "", ""
    room = MOST_BYTES - len(f"{suffix}{dot}{ending}".encode())
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return stem + suffix + dot + ending
