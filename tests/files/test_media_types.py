"""What a file is, is decided by its first bytes; what can run scripts is never taken."""

import pytest

from chalicelib import media_types
from tests.files.uploads import HARMFUL, SAMPLES

ALIKE = (  # what is told apart deep inside only
    {"audio/mp4", "video/mp4", "video/quicktime"},
    {"audio/aac", "audio/mpeg"},
)
ACTIVE = [
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/xml",
    "application/xml",
    "application/atom+xml",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/x-sh",
    "application/x-msdownload",
    "application/java-archive",
    "application/octet-stream",
    "multipart/related",
    "message/rfc822",
]


@pytest.mark.parametrize("name", SAMPLES)
def test_content_fits_the_type_it_is_of(name: str) -> None:
    media_type, content = SAMPLES[name]
    assert media_types.fits(media_type, content)
    assert media_types.fits(media_type, content + b" more of it" * 1000)


@pytest.mark.parametrize("name", SAMPLES)
def test_content_fits_no_other_type(name: str) -> None:
    own, content = SAMPLES[name]
    for other, (media_type, _) in SAMPLES.items():
        alike = any({own, media_type} <= group for group in ALIKE) or {name, other} <= {"zip", "xlsx"}
        written = name in ("text", "csv", "json", "pdf") and other in ("text", "csv", "json")  # begins as text does
        assert media_types.fits(media_type, content) == (media_type == own or alike or written), other


@pytest.mark.parametrize("name", HARMFUL)
def test_what_runs_or_is_unknown_fits_no_type_that_is_taken(name: str) -> None:
    for media_type in {media_type for media_type, _ in SAMPLES.values()} | {"image/x-own"}:
        assert not media_types.fits(media_type, HARMFUL[name]), media_type


def test_text_may_be_cut_within_a_character_and_holds_no_control_characters() -> None:
    assert media_types.fits("text/plain", "ä".encode()[:1])
    assert media_types.fits("text/plain", b"a\tb\r\n\x0c")
    for wrong in (b"a\x00b", b"a\x08b", b"\x81\x8d", "ä".encode("utf-16")):
        assert not media_types.fits("text/plain", wrong)


@pytest.mark.parametrize("media_type", ACTIVE)
def test_no_wildcard_covers_what_runs_scripts(media_type: str) -> None:
    assert media_types.is_active(media_type)
    assert not media_types.is_taken(media_type, [f"{media_type.partition('/')[0]}/*", media_type])
    assert not media_types.may_be_shown(media_type)


def test_a_type_is_taken_by_its_name_or_its_group() -> None:
    assert media_types.is_taken("audio/webm", ["audio/*"])
    assert media_types.is_taken("application/pdf", ["image/*", "application/pdf"])
    assert not media_types.is_taken("application/zip", ["image/*", "application/pdf"])
    assert not media_types.is_taken("audio/webm", ["audio/mpeg"])


def test_sound_and_raster_images_alone_are_shown() -> None:
    shown = {media_type for media_type, _ in SAMPLES.values() if media_types.may_be_shown(media_type)}
    assert {one.partition("/")[0] for one in shown} == {"audio", "image"}
    assert "image/heic" not in shown  # most browsers cannot
    assert not media_types.may_be_shown("image/svg+xml")


def test_a_name_that_desktops_run_is_a_program() -> None:
    for name in ("x.html", "x.SVG", "a.b.js", "setup.exe", "x.html.", "x.hta ", "x.url"):
        assert media_types.is_program(name), name
    for name in ("Foto.png", "html", "exe.pdf", "my.html.pdf", "com", "x.jpeg"):
        assert not media_types.is_program(name), name
