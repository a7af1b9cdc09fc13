"""File names in packages: whatever a guest called a file, it can be unpacked anywhere and leads nowhere else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.packages.names import DEVICES, MOST_BYTES, safe, unique

SAFE = {
    "Foto.jpg": "Foto.jpg",
    "Grüße 🚲.png": "Grüße 🚲.png",
    "👩‍👩‍👧.png": "👩‍👩‍👧.png",
    "../../etc/passwd": "_.._etc_passwd",
    "..\\..\\boot.ini": "_.._boot.ini",
    "/etc/passwd": "_etc_passwd",
    "C:\\a.txt": "C__a.txt",
    "..": "file",
    ".": "file",
    "": "file",
    "   ": "file",
    ".htaccess": "htaccess",
    "con.txt": "_con.txt",
    "CON": "_CON",
    "aux .tar.gz": "_aux .tar.gz",
    "con" + " " * 140 + "x": "_con",
    "lpt1.txt": "_lpt1.txt",
    "COM¹": "_COM¹",
    "console.txt": "console.txt",
    "a\x00b\n.txt": "a_b_.txt",
    "evil\u202egpj.exe": "evilgpj.exe",
    "trailing. . ": "trailing",
    'a<b>:"|?*.txt': "a_b_______.txt".replace("_______", "______"),
    "u\u0308.txt": "ü.txt",
    "u\u202e\u0308.txt": "ü.txt",
}


@pytest.mark.parametrize("name", SAFE)
def test_a_name_stays_as_it_is_as_far_as_that_is_safe(name: str) -> None:
    assert safe(name) == SAFE[name]


def test_a_long_name_is_cut_between_characters_and_keeps_its_ending() -> None:
    for name in ("x" * 255 + ".jpg", "ü" * 200 + ".jpg", "🚲" * 64 + ".jpg", "x" * 300, "x." + "y" * 300):
        assert len(safe(name).encode()) <= MOST_BYTES
        assert not name.endswith(".jpg") or safe(name).endswith(".jpg")
        assert len(safe(name).encode()) > MOST_BYTES - 4


def test_names_that_would_collide_are_numbered() -> None:
    names = ["a.txt", "A.TXT", "a.txt", "u\u0308", "ü", "a (2).txt", "x" * 300 + ".png", "x" * 301 + ".png"]
    found = unique(names)
    assert found[:6] == ["a.txt", "A (2).TXT", "a (3).txt", "ü", "ü (2)", "a (2) (2).txt"]
    assert found[7].endswith("x (2).png")
    assert len({name.casefold() for name in found}) == len(names)


@given(st.lists(st.text(max_size=300), max_size=8))
def test_any_names_at_all_are_safe_and_unique(names: list[str]) -> None:
    found = unique(names)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in found}) == len(names)
    for name in found:
        assert 0 < len(name.encode()) <= MOST_BYTES
        assert not set(name) & set('/\\:*?"<>|\0\r\n\u202e')
        assert name == name.strip(". ")
        assert not DEVICES.fullmatch(name)
