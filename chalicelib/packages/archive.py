"""The ZIP as a stream: nothing of it is ever held whole, and the same content makes the same bytes."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from io import RawIOBase
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chalicelib.packages.contents import File
from chalicelib.settings import settings
from chalicelib.store import objects
from chalicelib.store.objects import Writer

READABLE = 0o644 << 16


class Archive:
    """Every entry bears the time at which the package was asked for."""

    def __init__(self, to: Writer, made_at: datetime) -> None:
        self._digested = _Digested(to)
        self._zip = ZipFile(self._digested, "w", ZIP_DEFLATED)
        self._date = made_at.timetuple()[:6]

    @property
    def sha256(self) -> str:
        """Of the whole, once it is closed."""
        return self._digested.digest.hexdigest()

    def close(self) -> None:
        self._zip.close()

    @contextmanager
    def entry(self, path: str, size: int = 0) -> Iterator[IO[bytes]]:
        info = ZipInfo(path, self._date)
        info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, READABLE, 3
        info.file_size = size  # decides whether the entry needs ZIP64
        with self._zip.open(info, "w") as out:
            yield out

    def text(self, path: str, parts: Iterable[str]) -> None:
        with self.entry(path) as out:
            for part in parts:
                out.write(part.encode())

    def file(self, file: File) -> File:
        """What came of it: content that is not there, or is not what was checked, leaves no entry but a file that says
        so."""
        if file.lack:
            return file
        found = objects.find(settings().files_bucket, file.key)
        if found is None or file.etag not in (None, found.etag):
            return replace(file, lack="checking" if found else "missing")
        with self.entry(file.path, found.size) as out:
            for chunk in found.chunks:
                out.write(chunk)
        return file


class _Digested(RawIOBase):
    """Passes on what is written, and counts it into a SHA-256."""

    def __init__(self, to: Writer) -> None:
        self._to, self.digest = to, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.digest.update(content)
        return self._to.write(content)
