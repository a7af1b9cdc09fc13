"""Uploads that arrived: S3 says so on the jobs queue."""

from typing import Any


def on_upload(event: dict[str, Any]) -> None:
    """An S3 event: `Records`, or the test event that S3 sends when it is told where to send them."""
