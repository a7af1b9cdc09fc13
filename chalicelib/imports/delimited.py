"""Files of text with separators: which encoding and separator they have, and their lines. However a file is made, no
more than a line or a record of it is held."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, Final

from chalicelib.imports.entries import SCIENTIFIC, Raw, header

CHUNK: Final = 1024 * 1024
HEAD: Final = 4096
SAMPLE: Final = 50  # lines by which the separator is found
MOST_LINE: Final = 100_000  # characters
MOST_RECORD: Final = 10_000  # characters of a record whose quotes go over several lines
SEPARATORS: Final = (";", "\t", ",")
BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Line = tuple[int, str | None]  # its number from 1; None: too long


def encoding_of(file: BinaryIO) -> str:
    """`utf-8`, `utf-16` or `cp1252`: what has no mark and is more often wrong than right as UTF-8 is cp1252."""
    head = _from_start(file).read(HEAD)
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    for offset in (0, 1):
        if len(head) > 1 and head[offset::2].count(0) > len(head) // 4:
            return "utf-16"
    right, wrong = _letters(file)
    return "utf-8" if right >= wrong else "cp1252"


def separator_of(kind: str, file: BinaryIO, encoding: str) -> str:
    """The one under which the first line is a header, or which divides most lines, if that is every other one."""

    def divided(separator: str) -> float:
        sample = [cells for _, cells in _some(file, encoding, separator) if cells]
        if sample and len(sample[0]) > 1 and header(kind, sample[0]):
            return float("inf")
        several = [cells for cells in sample if len(cells) > 1 and not _is_number(cells, separator)]
        return len(several) if 2 * len(several) >= len(sample) else 0

    return max(SEPARATORS, key=divided)


def rows(file: BinaryIO, encoding: str, separator: str) -> Iterator[Raw]:
    """All lines with their cells. A record that goes over several lines has the number of its first one."""
    waiting: deque[Line] = deque()
    read = _lines(_from_start(file), encoding)
    while (line := waiting.popleft() if waiting else next(read, None)) is not None:
        number, text = line
        if text is None:
            yield number, None
        elif '"' in text:
            yield number, _quoted(text, separator, waiting, read)
        else:
            yield number, text.split(separator)


def _quoted(text: str, separator: str, waiting: deque[Line], read: Iterator[Line]) -> list[str] | None:
    """The cells of a record with quotes, which may need lines that follow. If a quote never ends, the lines that were
    looked at are given back, and only this one is lost."""
    taken: list[Line] = []

    def feed() -> Iterator[str]:
        size = len(text)
        yield text + "\n"
        while size <= MOST_RECORD and (line := waiting.popleft() if waiting else next(read, None)) is not None:
            taken.append(line)
            size += len(line[1] or "") + 1
            yield (line[1] or "") + "\n"

    try:
        return next(csv.reader(feed(), delimiter=separator, strict=True))
    except csv.Error:
        waiting.extendleft(reversed(taken))
        return None if taken else next(csv.reader([text], delimiter=separator), None)


def _lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    """Lines end as text files' lines do, whatever other characters Unicode breaks lines at."""
    reader = io.TextIOWrapper(file, _codec(file, encoding), errors="replace")
    number = 0
    try:
        while text := reader.readline(MOST_LINE):
            number += 1
            whole = text.endswith("\n") or len(text) < MOST_LINE
            yield number, text.removesuffix("\n") if whole else None
            while not whole:
                rest = reader.readline(MOST_LINE)
                whole = rest.endswith("\n") or not rest
    finally:
        with suppress(ValueError):  # whoever opened the file has closed it
            reader.detach()  # or it would be closed with the reader


def _codec(file: BinaryIO, encoding: str) -> str:
    """Python's name of it, with a mark skipped and without one guessed."""
    if encoding != "utf-16":
        return "utf-8-sig" if encoding == "utf-8" else encoding
    head = _from_start(file).read(HEAD)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _letters(file: BinaryIO) -> tuple[int, int]:
    """How many letters beyond ASCII are right as UTF-8, and how many places are wrong."""
    decoder, right, wrong = codecs.getincrementaldecoder("utf-8")("replace"), 0, 0
    _from_start(file)
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            broken = text.count("\ufffd")
            right += len(text) - len(text.encode("ascii", "ignore")) - broken
            wrong += broken
    return right, wrong + len(decoder.decode(b"", final=True))


def _some(file: BinaryIO, encoding: str, separator: str) -> Iterator[Raw]:
    found = (row for row in rows(file, encoding, separator) if row[1] and any(row[1]))
    return (row for row, _ in zip(found, range(SAMPLE), strict=False))


def _is_number(cells: Sequence[object], separator: str) -> bool:
    """One number with a decimal comma, as Excel writes it."""
    return SCIENTIFIC.fullmatch(separator.join(map(str, cells)).strip()) is not None


def _from_start(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file
