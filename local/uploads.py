"""Files as a chat's guests upload them: what they hold, and how a browser posts the form that the chat got."""

import hashlib
import struct
import zlib
from typing import Any

import urllib3

Content = tuple[str, str, bytes]  # name, media type, bytes


def announcement(content: Content) -> dict[str, Any]:
    """What the chat tells of it: a `files` event."""
    name, media_type, body = content
    told = {"name": name, "content_type": media_type, "size": len(body)}
    return {"type": "files", **told, "sha256": hashlib.sha256(body).hexdigest()}


def post(pool: urllib3.PoolManager, upload: dict[str, Any], content: Content) -> tuple[int, str]:
    """Status and text of the bucket's answer. The file is the last field: S3 ignores what comes after it."""
    name, media_type, body = content
    answer = pool.request("POST", upload["url"], fields={**upload["fields"], "file": (name, body, media_type)})
    return answer.status, answer.data.decode()


def picture(n: int) -> Content:
    """A PNG of one colour, 16 by 16."""
    line = b"\x00" + bytes((n * 37 % 256, n * 91 % 256, 160)) * 16
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(line * 16)) + _chunk(b"IEND", b"")
    return f"Foto {n}.png", "image/png", b"\x89PNG\r\n\x1a\n" + head + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def sound() -> Content:
    """A tenth of a second of silence as WAV."""
    samples = b"\x80" * 800
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(samples),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        8000,
        8000,
        1,
        8,
        b"data",
        len(samples),
    )
    return "Sprachnachricht.wav", "audio/wav", head + samples
