"""An object that is made part by part, by whoever comes: what was sent stays sent, so that work goes on where it ended.

Whoever sends a part again sends the same bytes; S3 keeps one of them."""

from collections.abc import Sequence
from typing import IO

from botocore.exceptions import ClientError

from chalicelib.store.objects import client, etag

LEAST = 6 * 1024 * 1024  # S3 wants 5 MB and more of each part but the last, and at most 10,000 parts


class Torn(Exception):
    """The upload is no more: begin anew."""


def begin(bucket: str, key: str, content_type: str) -> str:
    """The upload's id."""
    begun = client().create_multipart_upload(Bucket=bucket, Key=key, ContentType=content_type)
    return str(begun["UploadId"])


def send(bucket: str, key: str, upload: str, number: int, content: IO[bytes]) -> str:
    """Part `number` (from 1); its ETag. Raises Torn."""
    try:
        sent = client().upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=content)
    except ClientError as error:
        raise _meant(error) from None
    return str(sent["ETag"])


def complete(bucket: str, key: str, upload: str, etags: Sequence[str]) -> None:
    """Safe to repeat: an object that is there was completed before. Raises Torn."""
    if etag(bucket, key) is not None:
        return
    parts = [{"ETag": tag, "PartNumber": number} for number, tag in enumerate(etags, 1)]
    try:
        client().complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
    except ClientError as error:
        raise _meant(error) from None


def _meant(error: ClientError) -> Exception:
    return Torn() if error.response["Error"]["Code"] == "NoSuchUpload" else error
