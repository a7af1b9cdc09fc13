"""A receiver of webhooks as a chat engineer writes one, which can also misbehave."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

Misbehaving = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Call:
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        try:
            Webhook(secret).verify(self.body, dict(self.headers))
        except Exception:
            return False
        return True


@dataclass
class Receiver:
    """Answers 200, or as `answers` say, one call each; `behaviour` decides instead of both."""

    answers: list[int] = field(default_factory=list)
    always: int = 200
    behaviour: Misbehaving | None = None
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append(Call({name.lower(): value for name, value in self.headers.items()}, body))
                if receiver.behaviour:
                    receiver.behaviour(self)
                else:
                    self.send_response(receiver.answers.pop(0) if receiver.answers else receiver.always)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook?secret=of-the-path"

    def of_type(self, type: str) -> list[Call]:
        return [call for call in self.calls if call.json["type"] == type]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def redirecting(to: str, status: int = 307) -> Misbehaving:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Location", to)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def endless(megabytes: int) -> Misbehaving:
    """Answers 200 and goes on and on, until nobody listens."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(megabytes << 20))
        request.end_headers()
        try:
            for _ in range(megabytes * 16):
                request.wfile.write(b"x" * 65536)
        except OSError:
            pass

    return answer


def sleeping(seconds: float) -> Misbehaving:
    def answer(request: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return answer
