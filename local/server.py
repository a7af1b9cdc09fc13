"""HTTP for the local run: threads, keep-alive, and nothing but problem+json for what goes wrong."""

import argparse
import gzip
import importlib
import json
import signal
import sys
import threading
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chalicelib.problems import Problem
from local import data
from local.data import ROOT
from local.gateway import LARGEST_REQUEST, TOO_LARGE, Answer, Gateway, Request, problem, refusal
from local.leash import leash
from local.sign_in import LocalGateway

DRAINED = 4 * LARGEST_REQUEST  # of a body that is too large: enough to let its sender read the answer
PATIENCE = 10.0  # seconds for requests in progress when the server stops


class BadRequest(Exception):
    """The bytes are not HTTP."""


class Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser's idle connection must not keep the server alive
    request_queue_size = 128

    def __init__(self, port: int, gateway: Gateway, compress_from: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.gateway = gateway
        self.compress_from = compress_from
        self.busy = 0
        self.changed = threading.Condition()

    def count(self, change: int) -> None:
        with self.changed:
            self.busy += change
            self.changed.notify_all()

    def wait_until_idle(self, seconds: float) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.busy == 0, seconds)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # the client went away
            traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a kept connection waits 40 ms for an acknowledgement
    wbufsize = -1
    timeout = 75

    def handle_any(self) -> None:
        self.server.count(+1)
        try:
            self.send(self.answer())
            self.wfile.flush()
        finally:
            self.server.count(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any  # noqa: N815 the base class's names

    def answer(self) -> Answer:
        try:
            body = self.body()
        except (BadRequest, ValueError):
            self.close_connection = True
            return refusal(HTTPStatus.BAD_REQUEST, "The request is not valid HTTP.")
        if body is None:
            self.close_connection = True
            return problem(TOO_LARGE)
        try:
            target = self.path if self.path.startswith("/") else "/" + self.path.split("/", 3)[-1]
            address = str(self.client_address[0])
            return self.server.gateway.answer(Request(self.command, target, self.headers.items(), body, address))
        except Exception:
            traceback.print_exc()
            return problem(Problem.of("internal"))

    def body(self) -> bytes | None:
        """The whole body; None if it is longer than API Gateway takes. Raises BadRequest or ValueError."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.chunks()
        length = self.length()
        if length > LARGEST_REQUEST:
            self.drain(length)
            return None
        return self.rfile.read(length)

    def length(self) -> int:
        text = self.headers.get("Content-Length", "0")
        if not (text.isascii() and text.isdigit()):
            raise BadRequest
        return int(text)

    def chunks(self) -> bytes | None:
        """A body in RFC 9112 §7.1 chunks."""
        body, length = bytearray(), 0
        while size := int(self.rfile.readline(100).partition(b";")[0], 16):
            if size < 0:
                raise BadRequest
            length += size
            if length > DRAINED:
                return None
            if length > LARGEST_REQUEST:
                self.skip(size)
            else:
                body += self.rfile.read(size)
            self.rfile.readline(3)
        while self.rfile.readline(10_000).strip():
            pass
        return bytes(body) if length <= LARGEST_REQUEST else None

    def drain(self, length: int) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            return  # the sender waits for our answer
        self.skip(min(length, DRAINED))

    def skip(self, left: int) -> None:
        while left > 0 and (read := len(self.rfile.read(min(left, 65536)))):
            left -= read

    def handle_expect_100(self) -> bool:
        too_large = len(self.headers.get("Content-Length", "")) > len(str(LARGEST_REQUEST))
        return True if too_large else super().handle_expect_100()

    def send(self, answer: Answer) -> None:
        body, headers = answer.body, answer.headers
        if len(body) >= self.server.compress_from and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers = gzip.compress(body, 1), [*headers, ("Content-Encoding", "gzip")]
        self.send_response(answer.status)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses (a bad request line, an unknown method) in the form of all other errors."""
        self.close_connection = True
        self.request_version = self.protocol_version  # what could not be read at all passes for HTTP/0.9
        self.headers = getattr(self, "headers", None) or self.MessageClass()
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self.send(problem(Problem.of("method_not_allowed")))
        else:
            self.send(refusal(code, message or HTTPStatus(code).description))

    def version_string(self) -> str:
        return "afterchat"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the functions log what they do, and addresses may hold personal data."""


def compress_from() -> int:
    """The size in bytes from which API Gateway compresses answers."""
    config = json.loads((ROOT / ".chalice/config.json").read_text())
    return int(config["minimum_compression_size"])


def serve(server: Server) -> None:
    """Answers until SIGTERM, then lets the requests in progress finish."""
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
    server.socket.close()
    server.wait_until_idle(PATIENCE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    data.add_argument(parser)
    wanted = parser.parse_args()
    leash()
    gateway = LocalGateway(importlib.import_module("app").app, wanted.data)
    serve(Server(wanted.port, gateway, compress_from()))


if __name__ == "__main__":
    main()
