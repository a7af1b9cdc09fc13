"""The certificates that the console's verifier is tested with, sound and forged, each with what `verify` says of it.
`python -m tests.promotions.test_certificate_vectors` writes them anew."""

import hashlib
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from unittest.mock import patch

from chalicelib.promotions import verify
from local.data import ROOT
from tests.promotions.test_verify import FORGERIES, LABELS, LIST, changed, drawn, replaced, signed, skipped, values

FILE = ROOT / "console/src/certificates/vectors.json"
Vector = dict[str, str]


def vectors() -> list[Vector]:
    return [*_sound(), *_forged(), *_changed(), *_other_lists()]


def _sound() -> Iterator[Vector]:
    yield _vector("as drawn", drawn())
    yield _vector("the last draw of a commitment", drawn(number=1024))
    yield _vector("public randomness", drawn(public="4 8 15 16 23 42 “Lotto” ä 🎉\u2028\u007f"))
    yield _vector("somebody was replaced", replaced(drawn()))
    yield _vector("somebody was skipped", skipped(drawn()))
    yield _vector("nothing was promised", signed({**drawn(), "commitment": None}))
    yield _vector("another member, of another alphabet", signed({**drawn(), "ﬀ": 1, "𐀀": [], "a": {"é": None}}))
    yield _vector("nobody was drawn", signed({**drawn(), "drawn": []}))


def _forged() -> Iterator[Vector]:
    for forge in FORGERIES:
        certificate = deepcopy(drawn())
        with patch("secrets.token_bytes", bytes):
            forge(certificate)
        yield _vector(forge.__name__, signed(certificate))


def _changed() -> Iterator[Vector]:
    """One value at a time, with the digest made anew, so that another check has to find it."""
    certificate = replaced(skipped(drawn(alternates=3, public="7"), 1))
    free = ("draw", "experience", "giveaway", "cut_off", "named_at", "source", "committed_at", "prize", "digest")
    for path in values(certificate):
        if path[-1] not in free:
            other = changed(certificate, path, 7 if path[-1] in ("number", "count", "slot") else "x")
            yield _vector(f"{'.'.join(map(str, path))} is another one", signed(other))
    yield _vector("the digest is another one", {**certificate, "digest": "0" * 64})


def _other_lists() -> Iterator[Vector]:
    others: dict[str, Callable[[bytes], bytes]] = {
        "a label more": lambda content: content + b"another\n",
        "a label twice": lambda content: content + f"{LABELS[0]}\n".encode(),
        "no last line end": lambda content: content[:-1],
        "other line ends": lambda content: content.replace(b"\n", b"\r\n"),
        "a line end within a label": lambda content: content.replace(b"-00\n", b"-00\x0b\n"),
        "no text": lambda content: content + b"\xff\xfe\n",
        "a mark at its beginning": lambda content: b"\xef\xbb\xbf" + content,
    }
    for name, change in others.items():
        content = change(LIST)
        yield _vector(f"list: {name}", drawn(), content)
        told = {
            "count": len(content.decode(errors="replace").splitlines()),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        yield _vector(f"list, told so: {name}", signed({**drawn(), "labels": told}), content)


def _vector(name: str, certificate: dict[str, Any], labels: bytes = LIST) -> Vector:
    text = json.dumps(certificate, ensure_ascii=False)
    return {"name": name, "certificate": text, "labels": labels.hex(), "says": _said(json.loads(text), labels)}


def _said(certificate: dict[str, Any], labels: bytes) -> str:
    """Nothing if it is valid."""
    try:
        verify.verify(certificate, labels)
    except verify.Invalid as invalid:
        return str(invalid).partition(": ")[0]
    return ""


def _content() -> dict[str, Any]:
    found = vectors()
    lists = sorted({vector["labels"] for vector in found})
    shared = [{**vector, "labels": lists.index(vector["labels"])} for vector in found]
    return {"lists": lists, "vectors": shared}


def test_the_vectors_of_the_console_are_what_the_verifier_says_of_them() -> None:
    assert json.loads(FILE.read_text()) == _content()
    assert sum(not vector["says"] for vector in vectors()) >= 8


if __name__ == "__main__":
    FILE.write_text(json.dumps(_content(), indent=2) + "\n")
