"""Calls to addresses that tenants name reach nothing that is not public, wait for nobody and swallow no flood."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib import outbound
from chalicelib.outbound import Failed, Forbidden

INTERNAL = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "fe80::1%lo",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
]
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]


@dataclass
class Receiver:
    """An HTTP server that answers as it is told to."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(lambda request: reply(request, 200, b"thanks"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.calls.append((self.path, dict(self.headers), body))
            receiver.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def loopback(cloud: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.settings import settings

    monkeypatch.setenv("AFTERCHAT_ALLOW_LOOPBACK", "1")
    settings.cache_clear()


def reply(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@pytest.mark.parametrize("address", INTERNAL)
def test_an_address_inside_is_not_allowed(address: str, cloud: dict[str, str]) -> None:
    assert not outbound.allowed(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str, cloud: dict[str, str]) -> None:
    assert outbound.allowed(address)


@pytest.mark.parametrize("address", [address for address in INTERNAL if "127." not in address and address != "::1"])
def test_the_switch_for_development_opens_loopback_only(address: str, loopback: None) -> None:
    assert not outbound.allowed(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https:///hook",
        "https://user:secret@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "//example.com",
        "",
    ],
)
def test_only_https_with_a_host_and_without_a_password_is_called(url: str, cloud: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        outbound.check(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "169.254.169.254"])
def test_no_spelling_of_an_inner_address_is_called(host: str, cloud: dict[str, str]) -> None:
    with pytest.raises((Forbidden, Failed)):
        outbound.post(f"https://{host}/hook", b"{}", {})


def test_a_name_that_resolves_to_an_inner_address_too_is_not_called(
    cloud: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Forbidden, match=r"rebinding\.example"):
        outbound.post("https://rebinding.example/hook", b"{}", {})


def test_the_name_is_resolved_once_and_the_checked_address_is_called(
    receiver: Receiver, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def once(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return resolve("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    port = receiver.url.rpartition(":")[2]
    outbound.post(f"http://hooks.example:{port}/hook", b"{}", {})
    assert [host for host in asked if host != "127.0.0.1"] == ["hooks.example"]
    assert receiver.calls[0][1]["Host"] == f"hooks.example:{port}"


def test_the_answer_comes_back_with_its_status(receiver: Receiver, loopback: None) -> None:
    answered = outbound.post(f"{receiver.url}/hook?a=b", b'{"id":1}', {"Content-Type": "application/json"})
    assert (answered.status, answered.body) == (200, b"thanks")
    path, headers, body = receiver.calls[0]
    assert (path, body, headers["Content-Type"]) == ("/hook?a=b", b'{"id":1}', "application/json")


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503, 301, 302, 303])
def test_a_status_that_is_no_success_is_an_answer_too(receiver: Receiver, loopback: None, status: int) -> None:
    receiver.answer = lambda request: reply(request, status, Location="/elsewhere")
    assert outbound.post(receiver.url, b"{}", {}).status == status
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", outbound.KEEPING)
def test_a_redirect_that_keeps_the_method_is_followed(receiver: Receiver, loopback: None, status: int) -> None:
    def send_on(request: BaseHTTPRequestHandler) -> None:
        reply(request, 200, b"there") if request.path == "/b" else reply(request, status, Location="/b")

    receiver.answer = send_on
    answered = outbound.post(f"{receiver.url}/a", b"{}", {})
    assert (answered.body, [path for path, _, _ in receiver.calls]) == (b"there", ["/a", "/b"])


def test_redirects_end(receiver: Receiver, loopback: None) -> None:
    receiver.answer = lambda request: reply(request, 307, Location="/again")
    with pytest.raises(Failed, match="redirects"):
        outbound.post(receiver.url, b"{}", {})
    assert len(receiver.calls) == outbound.REDIRECTS + 1


@pytest.mark.parametrize(
    "where", ["http://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "file:///etc/passwd"]
)
def test_a_redirect_to_an_inner_address_is_not_followed(receiver: Receiver, loopback: None, where: str) -> None:
    receiver.answer = lambda request: reply(request, 307, Location=where)
    with pytest.raises(Forbidden):
        outbound.post(receiver.url, b"{}", {})
    assert len(receiver.calls) == 1


def test_of_a_flood_only_the_beginning_is_read(receiver: Receiver, loopback: None) -> None:
    sent = 0

    def flood(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        request.send_header("Content-Length", str(100 * 1024 * 1024))
        request.end_headers()
        for _ in range(1600):
            try:
                request.wfile.write(b"x" * 65_536)
            except OSError:
                return
            sent += 65_536

    receiver.answer = flood
    assert len(outbound.post(receiver.url, b"{}", {}).body) == outbound.MOST_BYTES
    assert sent < 50 * 1024 * 1024


def test_a_packed_answer_is_not_unpacked(receiver: Receiver, loopback: None) -> None:
    import gzip

    packed = gzip.compress(b"x" * 10_000_000)
    receiver.answer = lambda request: reply(request, 200, packed, **{"Content-Encoding": "gzip"})
    assert outbound.post(receiver.url, b"{}", {}).body == packed[: outbound.MOST_BYTES]


def wait(request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def trickle_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _trickle(request, lambda n: f"X-{n}: slow\r\n".encode())


def trickle_body(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    _trickle(request, lambda n: b"x")


def _trickle(request: BaseHTTPRequestHandler, piece: Callable[[int], bytes]) -> None:
    for n in range(60):
        try:
            request.wfile.write(piece(n))
            request.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def test_whoever_does_not_answer_is_not_waited_for(
    receiver: Receiver, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    receiver.answer = wait
    with pytest.raises(Failed, match="no answer within"):
        outbound.post(receiver.url, b"{}", {})


@pytest.mark.parametrize("answer", [trickle_headers, trickle_body], ids=lambda answer: answer.__name__)
def test_an_answer_that_trickles_is_cut_off_and_its_status_counts(
    receiver: Receiver, loopback: None, monkeypatch: pytest.MonkeyPatch, answer: Callable[[Any], None]
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 1.0)
    receiver.answer = answer
    answered = outbound.post(receiver.url, b"{}", {})
    assert answered.status == 200
    assert len(answered.body) < 30  # of 60 pieces


def test_nobody_there_is_a_failure_with_its_reason(loopback: None) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Failed, match="refused"):
        outbound.post(f"http://127.0.0.1:{port}/", b"{}", {})


def test_what_is_not_http_is_a_failure(receiver: Receiver, loopback: None) -> None:
    def babble(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"garbage\r\n\r\n")

    receiver.answer = babble
    with pytest.raises(Failed):
        outbound.post(receiver.url, b"{}", {})
