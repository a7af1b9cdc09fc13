"""A process of a storm: sends the calls of a file one after the other, every tenth twice; at every fiftieth it is
killed after sending. Run as `python -m tests.live.storming CALLS RESULTS`; it goes on where the results end."""

import http.client
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

REPEATED, KILLED = 10, 50
AGAIN = (409, 429, 500, 502, 503, 504)


def main(calls: Path, results: Path) -> None:
    told = json.loads(calls.read_text())
    done = len(results.read_text().splitlines()) if results.exists() else 0
    with results.open("a") as out:
        for place, call in list(enumerate(told["calls"]))[done:]:
            if (told["first"] + place) % KILLED == KILLED - 1:
                print(json.dumps({"killed": True}), file=out, flush=True)
                _send(told, call)
                os.kill(os.getpid(), signal.SIGKILL)
            for _ in range(2 if (told["first"] + place) % REPEATED == 0 else 1):
                answer = _answered(told, call)
            print(json.dumps(answer), file=out, flush=True)


def _answered(told: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    """As the API's documentation tells a chat engine to."""
    for _ in range(60):
        answer = _send(told, call).getresponse()
        body = json.loads(answer.read())
        if answer.status not in AGAIN:
            return {"status": answer.status, **body}
        time.sleep(0.2)
    return {"status": answer.status, **body}


def _send(told: dict[str, Any], call: dict[str, Any]) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", told["port"], timeout=120)
    headers = {"Authorization": f"Bearer {told['token']}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": call["key"]} if call["key"] else {}
    connection.request("POST", f"/v1/collect/{call['type']}", json.dumps(call["body"]), headers)
    return connection


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
