"""A DynamoDB that knows only recorded answers: in the place of botocore's HTTP session, or behind a socket.

Run as a program with the file of the recording it is a server in a process of its own, and prints its port."""

import json
import re
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zlib import crc32

from botocore.awsrequest import AWSResponse, HeadersDict


def answer_key(operation: str, request: dict[str, Any]) -> str:
    """What tells a call from others: times and new ids in it do not."""
    place = [operation, request.get("TableName"), request.get("IndexName")]
    if operation == "Query":
        place.append(_partition(request))
    elif operation == "GetItem":
        place.append(request["Key"])
    elif operation == "BatchGetItem":
        place.append(sorted(json.dumps(key) for table in request["RequestItems"].values() for key in table["Keys"]))
    return json.dumps(place, sort_keys=True)


def _partition(request: dict[str, Any]) -> Any:
    found = re.search(r"= ?(:\w+)", request["KeyConditionExpression"])
    return request["ExpressionAttributeValues"][found[1]] if found else None


class Injected:
    """Answers a client's requests before they are sent: hooks botocore's `before-send`."""

    def __init__(self, answers: dict[str, str]) -> None:
        self._answers = {key: body.encode() for key, body in answers.items()}

    def into(self, client: Any) -> None:
        client.meta.events.register_first("before-send.dynamodb", self._answer)

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        body = self._answers[answer_key(operation, json.loads(request.body))]
        return AWSResponse(request.url, 200, HeadersDict({"x-amzn-RequestId": "BENCH"}), _Raw(body))


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    answers: dict[str, bytes]

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].partition(".")[2]
        key = answer_key(operation, request)
        if key not in self.answers:
            self.send_error(501, f"not recorded: {key}")
            return
        self._send(self.answers[key])

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("x-amzn-RequestId", "BENCH")
        self.send_header("x-amz-crc32", str(crc32(body)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def main(path: Path) -> None:
    recorded = json.loads(path.read_text())["answers"]
    Answering.answers = {key: body.encode() for key, body in recorded.items()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
