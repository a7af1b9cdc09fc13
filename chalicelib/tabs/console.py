"""The console: one page that is never cached and lets in nothing foreign, and its parts that never change.

`local/console.py` builds them into `chalicelib/console`. All of it is text, which the gateway compresses, since it
hands on no binary content. Addresses are relative, so the console works under any stage.
"""

import re
import secrets
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chalicelib.problems import Problem
from chalicelib.routes import PUBLIC, Answer, Request, Routes
from chalicelib.settings import settings

routes = Routes(__name__)

BUILT: Final = Path(__file__).resolve().parent.parent / "console"
NONCE: Final = "CSP-NONCE"  # as console/index.html has it
FILE: Final = re.compile(r"[\w-]+\.(?:js|css|svg)")
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
YEAR: Final = 31_536_000


@routes.on("GET", "/", PUBLIC, media_type="text/html")
def page(request: Request) -> Answer:
    """The console, a page for browsers."""
    if not request.path.endswith("/"):  # of a stage: without the slash, relative addresses would miss it
        return Answer(None, 308, {"Location": f"{request.path}/"})
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Content-Type": TYPES[".html"],
        "Cache-Control": "no-cache",
        "Content-Security-Policy": policy(nonce),
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",  # the issuer's, in the middle of work
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(_read("index.html").replace(NONCE, nonce), headers=headers)


@routes.on("GET", "/assets/{file}", PUBLIC, media_type="text/javascript")
def part(request: Request, file: str) -> Answer:
    """A part of the console; its name says its content, so it may be kept for ever."""
    if FILE.fullmatch(file) is None:
        raise Problem.of("not_found")
    headers = {
        "Content-Type": TYPES[Path(file).suffix],
        "Cache-Control": f"public, max-age={YEAR}, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(_asset(file), headers=headers)


def policy(nonce: str) -> str:
    """Scripts of ours alone, styles of ours or with the nonce of this answer; calls to the issuer and the buckets."""
    buckets, issuer = " ".join(_buckets()), " ".join(_issuer())
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            f"connect-src 'self' {issuer} {buckets}",
            f"img-src 'self' data: blob: {buckets}",
            f"media-src blob: {buckets}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _buckets() -> list[str]:
    """Where presigned addresses lie."""
    if settings().endpoint:
        return [_origin(settings().endpoint or "")]
    region, names = settings().region, (settings().files_bucket, settings().exports_bucket)
    return [f"https://{name}.s3.{region}.amazonaws.com" for name in names]


def _issuer() -> list[str]:
    """The issuer and, where they lie elsewhere as with Cognito, the pages that sign in."""
    return sorted({_origin(url) for url in (settings().issuer, settings().sign_in_url) if url})


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


@cache
def _asset(file: str) -> str:
    return _read(f"assets/{file}")


def _read(name: str) -> str:
    try:
        return (BUILT / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Problem.of("not_found") from None
