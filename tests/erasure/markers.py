"""Marks that are found again: one for each field, and every spelling in which an address or an id might be left."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote


@dataclass
class Markers:
    """Where each marker was put: `where[marker]` is `kind.column` or `type.field`."""

    where: dict[str, str] = field(default_factory=dict)

    def text(self, where: str) -> str:
        return self._made(f"mk{len(self.where):04d}q", where)

    def tag(self, where: str) -> str:
        """A language tag."""
        return self._made(f"de-x-mk{len(self.where):04d}q", where)

    def number(self, where: str) -> int:
        return int(self._made(f"7{len(self.where):011d}7", where))

    def amount(self, where: str) -> int:
        return int(self._made(f"79{len(self.where):07d}", where))

    def hex(self, where: str, digits: int) -> str:
        return self._made(f"{len(self.where):04d}" + "facade" * 10 + "fade", where, digits)

    def _made(self, marker: str, where: str, digits: int | None = None) -> str:
        marker = marker[:digits]
        assert marker not in self.where
        self.where[marker] = where
        return marker


def spellings(email: str, identity: str) -> set[str]:
    """Texts that tell the address: whole and in parts, in other cases and encodings, forwards and backwards."""
    local, domain = identity.split("@")
    typed = {email, identity, f"{local}@{domain.encode().decode('idna')}", email.split("@")[0], local}
    labels = {domain, domain.split(".")[0], domain.encode().decode("idna").split(".")[0], email.split("@")[1]}
    parts = {part for part in re.split(r"[.+_-]", local) if len(part) > 3}
    plain = {form.casefold() for form in typed | labels | parts}
    backwards = {form[::-1] for form in plain}
    escaped = {json.dumps(form)[1:-1] for form in plain} | {quote(form) for form in plain}
    return {form.lower() for form in plain | backwards | escaped} | {
        piece for form in typed | plain for piece in base64_pieces(form)
    }


def base64_pieces(text: str) -> Iterator[str]:
    """What is in every Base64 text of which this is a part, wherever it begins."""
    raw = text.encode()
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw).decode()
        inner = whole[4 if shift else 0 : len(raw) // 3 * 4 - 4]
        if len(inner) >= 8:
            yield inner


def unpacked(content: bytes) -> str:
    """As text; of an archive with what is in it."""
    if content.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inner = [name + "\n" + unpacked(archive.read(name)) for name in archive.namelist()]
        return "\n".join(inner)
    return content.decode("utf-8", "replace")


def readings(text: str) -> str:
    """A text as it is, in lower case, and with its escapes undone."""
    undone = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), unquote(text))
    return "\n".join((text, text.lower(), undone.casefold()))


def found(needles: Any, texts: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Needle → where it is, for those that are anywhere."""
    read = [(where, readings(where + "\n" + text)) for where, text in texts]
    hits = {needle: [where for where, text in read if needle in text] for needle in needles}
    return {needle: places for needle, places in hits.items() if places}
