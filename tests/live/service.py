"""A running Afterchat as tests use it: requests over HTTP, and a look into the tables of its local cloud."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from local import issuer
from local.data import ROOT
from local.environment import clients
from local.resources import STACK

START_SECONDS = 90
STOP_SECONDS = 90
SWEEP_AFTER = "2"
RAFFLE: dict[str, Any] = {
    "title": "Raffle",
    "giveaways": [{"id": "often", "title": "As often as you like", "rule": "unlimited", "prizes": [{"name": "Cup"}]}],
}

Row = dict[str, Any]


class Service:
    def __init__(self, data: Path, port: int, cloud_port: int) -> None:
        self.data, self.port, self.cloud_port = data, port, cloud_port
        self._http = urllib3.PoolManager(maxsize=16, retries=False, timeout=60)
        self._tokens: dict[tuple[str, tuple[str, ...]], str] = {}
        self.process: subprocess.Popen[bytes]

    @property
    def log(self) -> Path:
        return self.data / "run.log"

    def start(self) -> None:
        """Returns when it says that it is ready; fails with what it said instead."""
        arguments = ["--port", str(self.port), "--cloud-port", str(self.cloud_port), "--data", str(self.data)]
        environment = {**os.environ, "AFTERCHAT_SWEEP_AFTER": SWEEP_AFTER, "PYTHONUNBUFFERED": "1"}
        said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.run", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(lambda: self._is_ready(said), START_SECONDS)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            assert self.process.wait(STOP_SECONDS) == 0, self.log.read_text()

    def _is_ready(self, said: int) -> bool:
        text = self.log.read_text()[said:]
        assert self.process.poll() is None, text
        return "is ready" in text

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        tenant: str = "acme",
        roles: tuple[str, ...] = ("owner",),
        key: str | None = None,
        query: dict[str, Any] | None = None,
    ) -> Any:
        """The body of a success; anything else fails."""
        headers = {"Authorization": f"Bearer {self.token(tenant, roles)}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        url = f"http://127.0.0.1:{self.port}{path}" + (f"?{urlencode(query)}" if query else "")
        raw = json.dumps(body).encode() if body is not None else None
        answer = self._http.request(method, url, headers=headers, body=raw)
        assert answer.status < 300, (method, path, answer.status, answer.data[:500])
        return json.loads(answer.data) if answer.data else None

    def change_experience(self, id: str, document: Any, tenant: str) -> None:
        """As somebody does who read it just now."""
        url = f"http://127.0.0.1:{self.port}/v1/experiences/{id}"
        headers = {"Authorization": f"Bearer {self.token(tenant)}", "Content-Type": "application/json"}
        headers["If-Match"] = self._http.request("GET", url, headers=headers).headers["ETag"]
        answer = self._http.request("PUT", url, headers=headers, body=json.dumps(document).encode())
        assert answer.status == 200, answer.data

    def token(self, tenant: str, roles: tuple[str, ...] = ("owner",)) -> str:
        if (tenant, roles) not in self._tokens:
            self._tokens[tenant, roles] = issuer.token(self.data, tenant, roles, "tester")
        return self._tokens[tenant, roles]

    def pages(self, kind: str, tenant: str, **query: Any) -> Iterator[list[Row]]:
        """All pages of a list, to the end of its cursors."""
        cursor: str | None = ""
        while cursor is not None:
            asked = {"limit": 100, **query, **({"cursor": cursor} if cursor else {})}
            page = self.request("GET", f"/v1/records/{kind}", tenant=tenant, query=asked)
            yield page["items"]
            cursor = page["next"]

    def rows(self, kind: str, tenant: str, **query: Any) -> list[Row]:
        return [row for page in self.pages(kind, tenant, **query) for row in page]

    def prepare(self, tenant: str, *experiences: str) -> str:
        """A customer's id, in a tenant with these experiences."""
        for id in experiences:
            self.request("PUT", f"/v1/experiences/{id}", RAFFLE, tenant)
        signed_in = {"experience": experiences[0], "email": "anna.schmidt@example.com"}
        return str(self.request("POST", "/v1/collect/sign-ins", signed_in, tenant)["customer_id"])

    def enter(self, tenant: str, person: str, experience: str, key: str, count: int = 50) -> list[str]:
        """So many entries in one call; their tickets."""
        events = [{"type": "participations", "giveaway": "often"}] * count
        body = {"experience": experience, "customer_id": person, "events": events}
        answer = self.request("POST", "/v1/collect", body, tenant, key=key)
        return [str(result["ticket"]) for result in answer["results"]]

    def stored(self, table: str, tenant: str) -> list[Row]:
        """What really lies in the table, as DynamoDB's typed JSON."""
        pages = clients(f"http://127.0.0.1:{self.cloud_port}")("dynamodb").get_paginator("scan")
        found = [item for page in pages.paginate(TableName=f"{STACK}-{table}") for item in page["Items"]]
        return [item for item in found if item["pk"]["S"].startswith(f"{tenant}#")]

    def cloud(self, name: str) -> Any:
        return clients(f"http://127.0.0.1:{self.cloud_port}")(name)

    def job(self, id: str, tenant: str) -> Row:
        return dict(self.request("GET", f"/v1/jobs/{id}", tenant=tenant))

    def ended(self, id: str, tenant: str, seconds: float = 120) -> Row:
        eventually(lambda: self.job(id, tenant)["state"] not in ("queued", "running"), seconds)
        return self.job(id, tenant)

    def child(self, what: str) -> int:
        """The process id of one of its processes, by a part of its command line. It starts anew what ended."""
        eventually(lambda: bool(self._children(what)), 30)
        return self._children(what)[0]

    def _children(self, what: str) -> list[int]:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
        found = (line.split(None, 2) for line in listed.stdout.splitlines())
        return [int(pid) for pid, parent, command in found if int(parent) == self.process.pid and what in command]


def eventually(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
