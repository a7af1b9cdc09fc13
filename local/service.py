"""The running service as the demo uses it: its Collect API and its lists, over connections that stay open."""

import json
import random
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

AGAIN = (409, 429, 500, 502, 503, 504)  # what the contract says to send again, with the same key
ATTEMPTS = 5


class Refused(Exception):
    """An answer that trying again does not change."""


@dataclass
class Service:
    url: str
    threads: int
    token: str = ""
    pool: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        self.pool = urllib3.PoolManager(maxsize=self.threads, retries=False, timeout=60)

    def answers(self) -> bool:
        try:
            return self.pool.request("GET", f"{self.url}/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def collect(self, body: dict[str, Any], key: str) -> Any:
        return self._call("POST", "/v1/collect", body, {"Idempotency-Key": key})

    def put_experience(self, id: str, document: dict[str, Any]) -> None:
        """Creates it, or changes the one that is there."""
        path, sent = f"/v1/experiences/{id}", {"Authorization": f"Bearer {self.token}"}
        present = self.pool.request("GET", self.url + path, headers=sent)
        seen = {"If-Match": present.headers["ETag"]} if present.status == 200 else {}
        self._call("PUT", path, document, seen)

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("POST", path, body)

    def sign_in_locally(self, tenant: str, role: str) -> str:
        """A token as the page of a local run hands them out."""
        return str(self.post("/local/sign-in", {"tenant": tenant, "roles": [role]})["token"])

    def kinds(self) -> Any:
        return self._call("GET", "/v1/kinds")["items"]

    def count(self, kind: str) -> int:
        """All rows of a list, to the end of its cursors."""
        count, asked = 0, {"limit": "100"} | ({"active_days": "180"} if kind == "customers" else {})
        while True:
            page = self._call("GET", f"/v1/records/{quote(kind)}?{urlencode(asked)}")
            count += len(page["items"])
            if page["next"] is None:
                return count
            asked["cursor"] = page["next"]

    def has(self, kind: str, customer_id: str) -> bool:
        asked = urlencode({"customer_id": customer_id, "limit": 1})
        return bool(self._call("GET", f"/v1/records/{quote(kind)}?{asked}")["items"])

    def _call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        sent |= {"Content-Type": "application/json"} if body is not None else {}
        raw = json.dumps(body).encode() if body is not None else None
        for attempt in range(ATTEMPTS):
            answer = self.pool.request(method, self.url + path, body=raw, headers=sent)
            if answer.status < 300:
                return json.loads(answer.data)
            if answer.status not in AGAIN:
                break
            time.sleep(0.2 * 2**attempt * random.random())
        raise Refused(f"{method} {path}: HTTP {answer.status} {answer.data.decode()[:1000]}")
