"""What chats upload: contents of many types, announced through the Collect API and put where the form says."""

import base64
import hashlib
import json
from typing import Any

from chalicelib.kinds import KINDS
from chalicelib.settings import settings
from chalicelib.store import objects, records
from chalicelib.store.tenancy import Row, Store
from tests.world import World

STORE = Store("acme")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0" + b"\0" * 40
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def box(content: bytes) -> bytes:
    return (len(content) + 4).to_bytes(4) + content


SAMPLES: dict[str, tuple[str, bytes]] = {
    "png": ("image/png", PNG),
    "jfif": ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"),
    "exif": ("image/jpeg", b"\xff\xd8\xff\xe1\0\x10Exif\0\0II*\0"),
    "gif": ("image/gif", b"GIF89a\1\0\1\0\0\0\0"),
    "webp": ("image/webp", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(20)),
    "bmp": ("image/bmp", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    "heic": ("image/heic", box(b"ftypheic\0\0\0\0mif1heic")),
    "mif1": ("image/heic", box(b"ftypmif1\0\0\0\0mif1heic")),
    "avif": ("image/avif", box(b"ftypavif\0\0\0\0avifmif1miaf")),
    "wav": ("audio/wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0"),
    "mp3": ("audio/mpeg", b"ID3\x04\0\0\0\0\0\0" + bytes(20)),
    "frames": ("audio/mpeg", b"\xff\xfb\x90\x64\0\0"),
    "opus": ("audio/ogg", b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead\1"),
    "recorded": ("audio/webm", bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d")),
    "m4a": ("audio/mp4", box(b"ftypM4A \0\0\0\0M4A mp42isom")),
    "iphone": ("audio/mp4", box(b"ftypiso5\0\0\0\1isomiso5hlsf")),
    "film": ("video/mp4", box(b"ftypmp41\0\0\2\0isomiso2avc1mp41")),
    "mov": ("video/quicktime", box(b"ftypqt  \0\0\0\0qt  ")),
    "aac": ("audio/aac", b"\xff\xf1\x50\x80\0\x1f\xfc"),
    "amr": ("audio/amr", b"#!AMR\n\x3c"),
    "flac": ("audio/flac", b"fLaC\0\0\0\x22"),
    "pdf": ("application/pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "zip": ("application/zip", b"PK\3\4\x14\0\0\0\x08\0" + bytes(20)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK\3\4\x14\0\6\0\x08\0" + bytes(20),
    ),
    "doc": ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)),
    "text": ("text/plain", "Grüße aus Dresden\n".encode()),
    "csv": ("text/csv", "Straße;PLZ\r\nHauptstr. 1;01067\r\n".encode("cp1252")),
    "json": ("application/json", b'\xef\xbb\xbf{"a": 1}'),
}
HARMFUL: dict[str, bytes] = {
    "html": HTML,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "spaced": b"\xef\xbb\xbf \n <html>",
    "shell": b"#!/bin/sh\necho",
    "exe": b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0",
    "zeros": bytes(64),
    "unknown": b"\x07\x13\x99 nothing that anybody knows \x00",
}


def offer(world: World, content: bytes = PNG, key: str | None = None, **told: Any) -> Any:
    """The answer of a chat's call that announces a file."""
    event = {"name": "Foto.png", "content_type": "image/png", "size": len(content), **told}
    return world.collect("files", key, **event).ok()


def put(form: Any, content: bytes = PNG) -> str:
    """As if the form had been posted; the key of the object."""
    fields = form["upload"]["fields"] if "upload" in form else form["fields"]
    objects.put(settings().files_bucket, fields["key"], content, fields["Content-Type"])
    return str(fields["key"])


def policy(form: Any) -> Any:
    """What S3 holds the form to."""
    return json.loads(base64.b64decode(form["fields"]["policy"]))


def stored(file_id: str, tenant: str = "acme") -> Row | None:
    place = records.place_of(Store(tenant), KINDS["files"], file_id)
    assert place
    return Store(tenant).get("Activity", *place)


def objects_left() -> list[str]:
    return list(objects.keys(settings().files_bucket, "t/"))


def told_by_s3(*keys: str, bucket: str | None = None, name: str = "ObjectCreated:Post") -> dict[str, Any]:
    """S3's message, a record for each key."""
    where = {"name": bucket or settings().files_bucket}
    return {"Records": [{"eventName": name, "s3": {"bucket": where, "object": {"key": key}}} for key in keys]}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
