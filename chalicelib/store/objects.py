"""The two buckets: what chats uploaded, and what is made to be downloaded for a while. Content never passes through the
functions' answers: it is fetched and sent by presigned URLs."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from chalicelib.settings import settings
from chalicelib.telemetry import log

URL_SECONDS = 300
PART = 8 * 1024 * 1024  # S3 wants parts of 5 MB and more, but for the last
CHUNK = 1024 * 1024


class Writer(io.RawIOBase):
    """A new object as a stream: it is there when the `with` block ends well, and not at all otherwise."""

    def __init__(self, bucket: str, key: str, content_type: str) -> None:
        self._where = {"Bucket": bucket, "Key": key}
        self._type, self._upload, self._parts = content_type, "", list[dict[str, Any]]()
        self._held, self.size = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._held += content
        self.size += len(content)
        while len(self._held) >= PART:
            self._send(bytes(self._held[:PART]))
            del self._held[:PART]
        return len(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        try:
            if kind is None:
                self._finish()
                self._upload = ""
        finally:
            self._abort()
            self.close()

    def _abort(self) -> None:
        """What was sent of an upload that did not end well; should this fail, the bucket's lifecycle does it."""
        if not self._upload:
            return
        try:
            client().abort_multipart_upload(**self._where, UploadId=self._upload)
        except (BotoCoreError, ClientError):
            log.warning("parts of a broken upload are left to the bucket's lifecycle")

    def _finish(self) -> None:
        if not self._upload:
            client().put_object(**self._where, Body=bytes(self._held), ContentType=self._type)
            return
        self._send(bytes(self._held))
        parts = {"Parts": self._parts}
        client().complete_multipart_upload(**self._where, UploadId=self._upload, MultipartUpload=parts)

    def _send(self, part: bytes) -> None:
        if not part:
            return
        if not self._upload:
            self._upload = client().create_multipart_upload(**self._where, ContentType=self._type)["UploadId"]
        number = len(self._parts) + 1
        sent = client().upload_part(**self._where, UploadId=self._upload, PartNumber=number, Body=part)
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})


def put(bucket: str, key: str, content: bytes | IO[bytes], content_type: str = "application/octet-stream") -> None:
    client().put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type)


def read(bucket: str, key: str) -> Iterator[bytes]:
    """The content in chunks of at most a megabyte. Raises ClientError NoSuchKey."""
    yield from client().get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(CHUNK)


def lines(bucket: str, key: str) -> Iterator[bytes]:
    """The content line by line, each with its line feed. Raises ClientError NoSuchKey."""
    held = b""
    for chunk in client().get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(CHUNK // 8):
        held += chunk
        *complete, held = held.split(b"\n")
        yield from (line + b"\n" for line in complete)
    if held:
        yield held


@dataclass(frozen=True)
class Found:
    """An object as it was at one moment; `chunks` of at most a megabyte are read while they are asked for."""

    etag: str
    size: int
    chunks: Iterator[bytes]


def find(bucket: str, key: str) -> Found | None:
    """None if there is no such object."""
    try:
        answer = client().get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if not _is_absent(error):
            raise
        return None
    return Found(answer["ETag"], answer["ContentLength"], answer["Body"].iter_chunks(CHUNK))


def etag(bucket: str, key: str) -> str | None:
    """What changes with the content; None if there is no such object."""
    try:
        return str(client().head_object(Bucket=bucket, Key=key)["ETag"])
    except ClientError as error:
        if not _is_absent(error):
            raise
        return None


def _is_absent(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in ("NoSuchKey", "404")


def delete(bucket: str, key: str) -> None:
    """Safe to repeat."""
    client().delete_object(Bucket=bucket, Key=key)


def keys(bucket: str, prefix: str) -> Iterator[str]:
    for page in client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (one["Key"] for one in page.get("Contents", ()))


def download_url(bucket: str, key: str, name: str, content_type: str, *, inline: bool = False) -> str:
    """Lives for five minutes. The name arrives as it is, umlauts included (RFC 6266, RFC 8187)."""
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    asked = {"ResponseContentDisposition": disposition, "ResponseContentType": content_type}
    url: str = client().generate_presigned_url(
        "get_object", {"Bucket": bucket, "Key": key, **asked}, ExpiresIn=URL_SECONDS
    )
    return url


def upload_form(bucket: str, key: str, content_type: str, most_bytes: int, seconds: int) -> Mapping[str, Any]:
    """A form (`url`, `fields`) that puts exactly this key and type, and no more than so many bytes."""
    form: Mapping[str, Any] = client().generate_presigned_post(
        bucket,
        key,
        {"Content-Type": content_type},
        [{"Content-Type": content_type}, ["content-length-range", 1, most_bytes]],
        ExpiresIn=seconds,
    )
    return form


@cache
def client() -> Any:
    """The S3 client of this process. The region is in its address: S3 answers others with a redirect, on which a
    browser's request fails."""
    region, endpoint = settings().region, settings().endpoint
    return Session().create_client(
        "s3",
        region_name=region,
        endpoint_url=endpoint or f"https://s3.{region}.amazonaws.com",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint else "virtual"},
            retries={"mode": "standard", "total_max_attempts": 4},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
