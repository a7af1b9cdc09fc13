"""Calls to addresses that tenants name: public ones only, checked after the name was resolved and at each redirect, ten
seconds in all, and no more of an answer than is worth keeping."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from chalicelib.settings import settings

SECONDS = 10.0
MOST_BYTES = 65_536
REDIRECTS = 3
KEEPING = (307, 308)  # redirects that keep method and body; any other one is an answer like any
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in IPv6


class Forbidden(Exception):
    """An address that nobody outside may make us call."""


class Failed(Exception):
    """No answer: not resolved, refused, too slow, not HTTP."""


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes  # the first 64 KB
    url: str  # whose answer it is, after redirects


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
    """The answer, whatever its status. Raises Forbidden and Failed."""
    deadline = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        answered, onward = _once(url, body, headers, deadline)
        if onward is None:
            return answered
        try:
            url = urljoin(url, onward)
            check(url)
        except ValueError:
            raise Failed("redirects to what is no address") from None
    raise Failed(f"more than {REDIRECTS} redirects")


def check(url: str) -> None:
    """What can be said of an address without calling it. Raises Forbidden."""
    parts = urlsplit(url)
    schemes = ("https", "http") if settings().allow_loopback else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
        raise Forbidden(f"must be {' or '.join(schemes)} with a host and without a password")


def allowed(address: str) -> bool:
    """Whether an IP address is a public one; on a developer's machine, told so, loopback is let through."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else inner
        ip = inner or ip
    if ip.is_loopback:
        return settings().allow_loopback
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _once(url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[Answered, str | None]:
    """One call and, if it is to be called again elsewhere, where."""
    check(url)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connected(url, deadline) as connection:
            connection.request("POST", target, body, {"Host": parts.netloc, **headers}, preload_content=False)
            response = connection.getresponse()
            onward = response.headers.get("Location") if response.status in KEEPING else None
            return Answered(response.status, _beginning(response), url), onward
    except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
        raise Failed(_reason(error, deadline)) from None


@contextmanager
def _connected(url: str, deadline: float) -> Iterator[HTTPConnection]:
    """To the very address that was checked: asked again, the name might resolve to another one. What takes too long is
    cut off, however slowly it trickles."""
    connection = _connection(url, max(0.1, deadline - time.monotonic()))
    cut = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.connect()
        yield connection
    finally:
        cut.cancel()
        connection.close()


def _connection(url: str, seconds: float) -> HTTPConnection:
    parts = urlsplit(url)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolved(host, port)
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=seconds)
    return HTTPSConnection(
        address, port, timeout=seconds, ssl_context=_tls(), server_hostname=host, assert_hostname=host
    )


def _resolved(host: str, port: int) -> str:
    """The first address, if all are allowed. Raises Forbidden, Failed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failed(f"{host} is not known: {error}") from None
    addresses = [str(one[4][0]) for one in found]
    if not all(allowed(address) for address in addresses):
        raise Forbidden(f"{host} is not a public address")
    return addresses[0]


def _beginning(response: urllib3.BaseHTTPResponse) -> bytes:
    """As much as came in time: the status alone says whether it was a success."""
    body = b""
    with suppress(urllib3.exceptions.HTTPError, HTTPException, OSError):
        while len(body) < MOST_BYTES and (
            chunk := response.read(min(8192, MOST_BYTES - len(body)), decode_content=False)
        ):
            body += chunk
    return body


def _cut(connection: HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):  # closed meanwhile
            sock.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception, deadline: float) -> str:
    if time.monotonic() > deadline - 0.1:
        return f"no answer within {SECONDS:g} seconds"
    return f"{type(error).__name__}: {error}"[:300]


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
