"""What files may be: how a media type is named, which ones run scripts and are never taken, what the first bytes say,
and which may be shown in a browser."""

import codecs
import re
from collections.abc import Iterable
from typing import Final

HEAD: Final = 65_536  # bytes that are looked at
TYPE: Final = r"^[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}$"

_ACTIVE: Final = re.compile(
    r".*\+xml|(text|application)/(x-)?(html|xhtml|xml|xsl|javascript|ecmascript|jscript|vbscript|hta|php|sh|csh|python)"
    r"|(multipart|message)/.*|application/(x-)?(msdownload|dosexec|executable|java-archive|ms-shortcut)"
    r"|application/(octet-stream|x-shockwave-flash|vnd\.microsoft\.portable-executable)"
)
_PROGRAM: Final = re.compile(
    r"\.(html?|xhtml|xht|mht(ml)?|svgz?|xml|xslt?|m?js|vb[se]|wsf|hta|exe|com|scr|bat|cmd|ps1|msi|lnk|jar|sh|php|py|url"
    r"|app|reg|swf)[. ]*$",
    re.IGNORECASE,
)
_INLINE: Final = re.compile(r"audio/.*|image/(jpe?g|pjpeg|png|gif|webp|avif|bmp)")
_TEXT: Final = re.compile(r"text/.*|application/(json|x-ndjson|csv)")
_HEIF: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")

# Names for the same bytes, and endings that the signatures know by no type: one container has many contents.
_ALIKE: Final = tuple(
    frozenset(names.split())
    for names in (
        "image/jpeg image/jpg image/pjpeg",
        "image/bmp image/x-bmp image/x-ms-bmp .dib",
        "image/heic image/heif image/heic-sequence image/heif-sequence .heic .heif",
        "audio/mpeg audio/mp3 audio/x-mp3 audio/x-mpeg .mp3",
        "audio/aac audio/aacp audio/x-aac audio/mpeg .aac",
        "audio/wav audio/x-wav audio/wave audio/vnd.wave .wav",
        "audio/flac audio/x-flac .flac",
        "audio/amr audio/amr-nb .amr",
        "audio/ogg audio/opus video/ogg application/ogg .ogg .oga .opus .ogv",
        "audio/webm video/webm audio/x-matroska video/x-matroska application/x-matroska .webm .mkv",
        "audio/mp4 audio/x-m4a audio/m4a audio/3gpp audio/3gpp2 video/mp4 video/x-m4v video/quicktime video/3gpp "
        "video/3gpp2 .mp4 .m4a .m4v .mov .3gp .3g2",
        "application/zip application/x-zip-compressed .zip "
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document .docx "
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet .xlsx "
        "application/vnd.openxmlformats-officedocument.presentationml.presentation .pptx "
        "application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet .odt .ods",
        "application/msword application/vnd.ms-excel application/vnd.ms-powerpoint application/excel "
        "application/mspowerpoint application/x-ole-storage .doc .xls .ppt",
    )
)


def named(told: str) -> str:
    """In lower case without parameters: browsers call a recording `audio/webm;codecs=opus`."""
    return told.partition(";")[0].strip().lower()


def is_active(media_type: str) -> bool:
    """Whether something runs when a browser or a desktop opens it, or nobody says what it is."""
    return _ACTIVE.fullmatch(media_type) is not None


def is_program(name: str) -> bool:
    """The same of a file's name, as desktops decide by its ending."""
    return _PROGRAM.search(name) is not None


def is_taken(media_type: str, types: Iterable[str]) -> bool:
    """Whether one of these types, or `audio/*`, covers it; none covers what is active."""
    group = f"{media_type.partition('/')[0]}/*"
    return not is_active(media_type) and any(one in (media_type, group) for one in types)


def may_be_shown(media_type: str) -> bool:
    """Sound and raster images; all else is only downloaded."""
    return _INLINE.fullmatch(media_type) is not None


def fits(media_type: str, head: bytes) -> bool:
    """Whether content that begins so is of that type. Text has no magic bytes: it must look like text, and neither like
    markup nor like a script. A type of which nobody knows the bytes fits nothing."""
    if _TEXT.fullmatch(media_type):
        return _looks_like_text(head)
    names = _told_by(head)
    alike = [group for group in _ALIKE if media_type in group]
    return media_type in names or any(not group.isdisjoint(names) for group in alike)


def _told_by(head: bytes) -> set[str]:
    """The types and endings of the signatures that match best."""
    import puremagic  # 40 ms with its table of signatures, which only the worker needs

    if head[4:8] == b"ftyp":
        return {_in_iso_container(head)}
    matches = puremagic.magic_string(head)
    best = max((match.confidence for match in matches), default=0)
    return {name for match in matches if match.confidence == best for name in (match.mime_type, match.extension)}


def _in_iso_container(head: bytes) -> str:
    """ISO/IEC 14496-12 §4.3: its brand, and those it is compatible with, tell images from sound and films."""
    end = min(int.from_bytes(head[:4]), 256)
    brands = {head[place : place + 4] for place in (8, *range(16, end, 4))}
    if brands & {b"avif", b"avis"}:
        return "image/avif"
    return "image/heic" if brands & _HEIF else "video/mp4"


def _looks_like_text(head: bytes) -> bool:
    if _CONTROLS.search(head) or not _is_readable(head):
        return False
    return not head.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"<", b"#!"))


def _is_readable(head: bytes) -> bool:
    """UTF-8, perhaps cut within a character, or the eight bits of a Western spreadsheet."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return not re.search(rb"[\x81\x8d\x8f\x90\x9d]", head)  # what Windows-1252 has no character for
    return True
