"""A collector of OTLP/HTTP on this machine, that can be told to fail or to be slow."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector(ThreadingHTTPServer):
    """`spans` that arrived, in their order: name, ids in hex, kind, attributes, status."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.spans: list[dict[str, Any]] = []
        self.resources: list[dict[str, Any]] = []
        self.status, self.seconds, self.asked = 200, 0.0, 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def named(self, name: str) -> dict[str, Any]:
        [span] = [span for span in self.spans if span["name"] == name]
        return span

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        time.sleep(self.server.seconds)
        if self.server.status == 200:
            for batch in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.server.resources.append(_plain(batch.resource.attributes))
                self.server.spans += [_span(span) for scope in batch.scope_spans for span in scope.spans]
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _span(span: Any) -> dict[str, Any]:
    return {
        "name": span.name,
        "trace": span.trace_id.hex(),
        "id": span.span_id.hex(),
        "parent": span.parent_span_id.hex(),
        "kind": type(span).SpanKind.Name(span.kind),
        "attributes": _plain(span.attributes),
        "error": span.status.message if span.status.code == 2 else "",
        "ns": span.end_time_unix_nano - span.start_time_unix_nano,
    }


def _plain(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Named as the endpoint; what other tests left behind is forgotten."""
    from chalicelib import otlp

    made = Collector()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
    otlp.queue.cache_clear()
    otlp._exporter.cache_clear()
    try:
        yield made
    finally:
        made.stop()
        otlp.queue.cache_clear()
        otlp._exporter.cache_clear()
