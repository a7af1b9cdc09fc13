"""The local server does to requests what API Gateway and Lambda would, and speaks problem+json when it refuses."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import Chalice, CORSConfig, Response

from local.gateway import LARGEST_ANSWER, LARGEST_REQUEST, Gateway, Routes
from local.server import Server

Reply = tuple[int, http.client.HTTPMessage, bytes]


def sample() -> Chalice:
    app = Chalice(app_name="sample", configure_logs=False)

    @app.route("/echo/{name}", methods=["GET", "POST"], content_types=["text/plain", "application/json"])
    def echo(name: str) -> dict[str, Any]:
        request: Any = app.current_request
        return {"name": name, "event": {**request.to_original_event(), "body": None}, "bytes": len(request.raw_body)}

    @app.route("/echo/fixed")
    def fixed() -> dict[str, Any]:
        return {"fixed": True}

    @app.route("/shared", cors=CORSConfig(allow_origin="https://chat.example"))
    def shared() -> dict[str, Any]:
        return {}

    @app.route("/text/{size}")
    def text(size: str) -> Response:
        return Response("x" * int(size), headers={"Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"]})

    return app


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(0, Gateway(sample()), compress_from=1000)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    yield connection
    connection.close()


def ask(connection: http.client.HTTPConnection, method: str, target: str, body: Any = None, **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, body, {"Content-Type": "application/json", **names})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def refused(reply: Reply) -> tuple[int, str]:
    status, headers, body = reply
    problem = json.loads(body)
    assert headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["trace_id"] == headers["X-Trace-Id"]
    return status, problem["code"]


def event_of(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reply[2])["event"]
    return found


def test_path_parameters_stay_as_they_are_in_the_url(connection: http.client.HTTPConnection) -> None:
    assert json.loads(ask(connection, "GET", "/echo/a%40b%2Fc")[2])["name"] == "a%40b%2Fc"


def test_query_values_are_decoded_and_all_there(connection: http.client.HTTPConnection) -> None:
    event = event_of(ask(connection, "GET", "/echo/x?a=1&a=2&b=c%20d+e&empty="))
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["c d e"], "empty": [""]}
    assert event["queryStringParameters"] == {"a": "2", "b": "c d e", "empty": ""}


def test_no_query_is_none(connection: http.client.HTTPConnection) -> None:
    assert event_of(ask(connection, "GET", "/echo/x"))["multiValueQueryStringParameters"] is None


def test_a_repeated_header_keeps_all_values(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("GET", "/echo/x")
    connection.putheader("X-Word", "one")
    connection.putheader("X-Word", "two")
    connection.endheaders()
    event = json.loads(connection.getresponse().read())["event"]
    assert (event["multiValueHeaders"]["x-word"], event["headers"]["x-word"]) == (["one", "two"], "two")


def test_a_fixed_segment_wins_over_a_parameter(connection: http.client.HTTPConnection) -> None:
    assert json.loads(ask(connection, "GET", "/echo/fixed")[2]) == {"fixed": True}


@pytest.mark.parametrize("path", ["/nothing", "/echo", "/echo//", "/echo/a/b"])
def test_an_unknown_path_is_a_404_problem(connection: http.client.HTTPConnection, path: str) -> None:
    assert refused(ask(connection, "GET", path)) == (404, "not_found")


def test_a_body_over_the_limit_of_the_gateway_is_a_413_problem(connection: http.client.HTTPConnection) -> None:
    body = b"x" * (LARGEST_REQUEST + 1)
    assert refused(ask(connection, "POST", "/echo/x", body)) == (413, "too_large")


def test_chunks_over_the_limit_of_the_gateway_are_a_413_problem(connection: http.client.HTTPConnection) -> None:
    chunks = (b"x" * 1024 * 1024 for _ in range(30))  # more than lies in buffers: the sender ends before it reads
    assert refused(ask(connection, "POST", "/echo/x", chunks)) == (413, "too_large")


def test_a_body_of_exactly_the_limit_is_taken(connection: http.client.HTTPConnection) -> None:
    assert json.loads(ask(connection, "POST", "/echo/x", b"x" * LARGEST_REQUEST)[2])["bytes"] == LARGEST_REQUEST


def test_a_body_in_chunks_arrives_whole(connection: http.client.HTTPConnection) -> None:
    assert json.loads(ask(connection, "POST", "/echo/x", iter([b"a" * 70_000, b"b"]))[2])["bytes"] == 70_001


def test_an_answer_over_the_limit_of_lambda_is_a_502_problem(connection: http.client.HTTPConnection) -> None:
    assert refused(ask(connection, "GET", f"/text/{LARGEST_ANSWER}")) == (502, "bad_gateway")
    assert ask(connection, "GET", f"/text/{LARGEST_ANSWER - 1000}")[0] == 200


def test_a_method_nobody_knows_is_a_405_problem(connection: http.client.HTTPConnection) -> None:
    assert refused(ask(connection, "BREW", "/echo/x")) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"NONSENSE\r\n\r\n",
        b"POST /echo/x HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
        b"POST /echo/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n",
        b"POST /echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
    ],
)
def test_what_is_not_http_is_a_400_problem(server: Server, request_bytes: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=30) as raw:
        raw.sendall(request_bytes)
        answer = http.client.HTTPResponse(raw)
        answer.begin()
        assert refused((answer.status, answer.headers, answer.read())) == (400, "bad_request")


def test_a_failing_gateway_never_shows_a_traceback(
    server: Server, connection: http.client.HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "gateway", None)
    reply = ask(connection, "GET", "/echo/x")
    assert refused(reply) == (500, "internal")
    assert b"NoneType" not in reply[2]


def test_head_is_get_without_the_body(connection: http.client.HTTPConnection) -> None:
    status, headers, body = ask(connection, "HEAD", "/text/100")
    assert (status, headers["Content-Length"], body) == (200, "100", b"")


def test_options_names_the_methods_and_whom_they_are_shared_with(connection: http.client.HTTPConnection) -> None:
    status, headers, _ = ask(connection, "OPTIONS", "/shared")
    assert (status, headers["Allow"]) == (204, "GET, OPTIONS")
    assert headers["Access-Control-Allow-Origin"] == "https://chat.example"
    assert ask(connection, "OPTIONS", "/echo/x")[1]["Access-Control-Allow-Origin"] is None


def test_answers_are_compressed_for_those_who_ask(connection: http.client.HTTPConnection) -> None:
    assert ask(connection, "GET", "/text/5000", Accept_Encoding="gzip")[1]["Content-Encoding"] == "gzip"
    assert ask(connection, "GET", "/text/999", Accept_Encoding="gzip")[1]["Content-Encoding"] is None
    assert ask(connection, "GET", "/text/5000")[1]["Content-Encoding"] is None


def test_a_header_with_two_values_is_sent_twice(connection: http.client.HTTPConnection) -> None:
    assert ask(connection, "GET", "/text/1")[1].get_all("Set-Cookie") == ["a=1", "b=2"]


def test_a_connection_is_kept_for_many_requests(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    kept = connection.sock
    assert [ask(connection, "GET", "/text/1")[0] for _ in range(3)] == [200, 200, 200]
    assert connection.sock is kept


def test_requests_at_the_same_time_do_not_see_each_other(server: Server) -> None:
    wrong: list[object] = []

    def many(name: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        for number in range(20):
            seen = json.loads(ask(connection, "GET", f"/echo/{name}?n={number}")[2])
            if (seen["name"], seen["event"]["queryStringParameters"]) != (name, {"n": str(number)}):
                wrong.append(seen)
        connection.close()

    threads = [threading.Thread(target=many, args=(f"caller-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_root_is_a_route_of_its_own() -> None:
    routes = Routes(["/", "/a", "/{x}"])
    assert routes.find("/") == ("/", {})
    assert routes.find("/a/") == ("/a", {})
    assert routes.find("/b") == ("/{x}", {"x": "b"})
