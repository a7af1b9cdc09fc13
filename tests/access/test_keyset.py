"""The issuer's keys: fetched seldom, rotated in time, and an outage refuses nobody for good."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import time_machine

from chalicelib.problems import Problem
from tests.access.forging import OTHER_RSA_KEY, enter, publish, refused, rsa_jwk, signed

IN_URL = json.dumps({"keys": [rsa_jwk()]})


def unavailable() -> bool:
    try:
        enter(signed())
    except Problem as problem:
        return (problem.status, problem.code, "Retry-After" in problem.headers) == (503, "unavailable", True)
    return False


def test_without_the_issuers_keys_nobody_is_refused_for_good(jwks: Path, clock: time_machine.Traveller) -> None:
    jwks.unlink()
    assert unavailable()
    publish(jwks, rsa_jwk())
    clock.shift(2)
    assert enter(signed())


@pytest.mark.parametrize("content", ["", "<html>", "[]", '{"keys": {}}', "{}"])
def test_a_document_that_is_no_keyset_is_an_outage(jwks: Path, content: str) -> None:
    jwks.write_text(content)
    assert unavailable()


@pytest.mark.parametrize(
    "url", ["http://issuer.example/jwks.json", "ftp://issuer.example/j", f"data:,{quote(IN_URL)}", "/etc/passwd"]
)
def test_keys_are_never_fetched_over_an_open_channel(trust: Callable[..., None], url: str) -> None:
    trust(url)
    assert unavailable()


def test_keys_that_make_no_sense_do_not_spoil_the_others(jwks: Path) -> None:
    publish(jwks, None, {}, {"kty": []}, {"kty": "RSA", "kid": "bad"}, {"kty": "RSA", "n": "!", "e": 1}, rsa_jwk())
    assert enter(signed())


def test_an_outage_after_the_first_fetch_keeps_the_keys(jwks: Path, clock: time_machine.Traveller) -> None:
    assert enter(signed())
    jwks.unlink()
    clock.shift(1800)
    assert enter(signed())


def test_a_new_key_is_found_at_once_and_a_withdrawn_one_is_gone_after_ten_minutes(
    jwks: Path, clock: time_machine.Traveller
) -> None:
    assert enter(signed())
    publish(jwks, rsa_jwk(OTHER_RSA_KEY, "new"))
    clock.shift(599)
    assert enter(signed())
    clock.shift(1)
    assert "no key" in refused(signed())
    assert enter(signed(key=OTHER_RSA_KEY, kid="new"))


def test_an_unknown_kid_fetches_a_rotated_keyset(jwks: Path) -> None:
    assert enter(signed())
    publish(jwks, rsa_jwk(), rsa_jwk(OTHER_RSA_KEY, "new"))
    assert enter(signed(key=OTHER_RSA_KEY, kid="new"))


class JwksServer(HTTPServer):
    fetches = 0
    status = 200


class JwksHandler(BaseHTTPRequestHandler):
    server: JwksServer

    def do_GET(self) -> None:
        self.server.fetches += 1
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(json.dumps({"keys": [rsa_jwk()]}).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(trust: Callable[..., None]) -> Iterator[JwksServer]:
    with JwksServer(("127.0.0.1", 0), JwksHandler) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        trust(f"http://127.0.0.1:{serving.server_port}/jwks.json")
        yield serving
        serving.shutdown()
        thread.join()


def test_the_keys_are_fetched_once_in_ten_minutes(server: JwksServer, clock: time_machine.Traveller) -> None:
    for seconds in (0, 300, 299, 1):
        clock.shift(seconds)
        assert enter(signed())
    assert server.fetches == 2


def test_unknown_kids_cause_one_fetch_in_half_a_minute(server: JwksServer, clock: time_machine.Traveller) -> None:
    assert enter(signed())
    for _ in range(20):
        refused(signed(kid="nobody"))
    assert server.fetches == 2
    clock.shift(30)
    for _ in range(20):
        refused(signed(kid="nobody"))
    assert server.fetches == 3


def test_a_failing_issuer_is_not_asked_at_every_request(server: JwksServer, clock: time_machine.Traveller) -> None:
    assert enter(signed())
    server.status = 500
    clock.shift(600)
    for _ in range(5):
        assert enter(signed())
    assert server.fetches == 2


def test_a_redirect_of_the_keyset_is_not_followed(server: JwksServer) -> None:
    server.status = 302
    assert unavailable()
    assert server.fetches == 1
