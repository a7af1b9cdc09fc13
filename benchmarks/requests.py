"""What warm requests cost in CPU time, through the whole app against canned DynamoDB answers over HTTP: a list of 100
rows against a plain handler, sign-in and participation against botocore making the same calls.

Run as a program (recording, port, file of results) it is the measured process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from benchmarks import plain
from benchmarks.canned import Injected
from benchmarks.ratio import Ratio, alternating
from local.context import Context

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, TIMES = 7, 20
BOUND = 0.6
ROWS = 100
LISTS = ("list of one person", "list of 100 people")
CLIENT, TABLE, CALLS = "plain handler, boto3's client", "plain handler, boto3's Table", "boto3, the calls of a {}"
# Of 100 people the 100 e-mail addresses are looked up beside the rows: that one is shown without a bound.
PAIRS: tuple[tuple[str, str, float | None], ...] = (
    (LISTS[0], CLIENT, BOUND),
    (LISTS[0], TABLE, None),
    (LISTS[1], CLIENT, None),
    *((name, CALLS.format(name), None) for name in ("sign-in", "participation")),
)


def run() -> list[Ratio]:
    with TemporaryDirectory() as directory:
        recording, results = Path(directory) / "recording.json", Path(directory) / "results.json"
        _program("recording", recording)
        server = subprocess.Popen(_command("canned", recording), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            _program("requests", recording, _first_line(server), results)
        finally:
            server.terminate()
            server.wait()
        return ratios(json.loads(results.read_text()))


def ratios(measured: dict[str, dict[str, float]]) -> list[Ratio]:
    """The bound holds where the answers are injected; what a socket costs is not the parser's matter."""
    return [
        Ratio(f"{name}, {way}", cpu[name], rival, cpu[rival], bound if way == "injected" else None)
        for way, cpu in measured.items()
        for name, rival, bound in PAIRS
    ]


def measure(recorded: dict[str, Any], endpoint: str) -> dict[str, dict[str, float]]:
    """Milliseconds of CPU by way and name: with the answers behind a socket, and in the HTTP session's place."""
    os.environ |= recorded["environment"] | {"AFTERCHAT_DYNAMODB_ENDPOINT": endpoint, "NO_PROXY": "127.0.0.1"}
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1"}
    from chalicelib.store import wire

    client = boto3.client("dynamodb", endpoint_url=endpoint)
    table = boto3.resource("dynamodb", endpoint_url=endpoint).Table(recorded["environment"]["AFTERCHAT_TABLE_ACTIVITY"])
    calls = _rivals(recorded, client, table) | {
        name: _through_app(scenario["event"]) for name, scenario in recorded["scenarios"].items()
    }
    _check(calls)
    over_socket = alternating(calls, ROUNDS, TIMES)
    injected = Injected(recorded["answers"])
    for one in (client, table.meta.client, wire.client()):
        injected.into(one)
    return {"injected": alternating(calls, ROUNDS, TIMES), "over a socket": over_socket}


def _rivals(recorded: dict[str, Any], client: Any, table: Any) -> dict[str, Callable[[], Any]]:
    found: dict[str, Callable[[], Any]] = {
        CLIENT: plain.with_client(client, table.name),
        TABLE: plain.with_table(table),
    }
    for name in ("sign-in", "participation"):
        found[CALLS.format(name)] = plain.calls(client, [call[:2] for call in recorded["scenarios"][name]["calls"]])
    return found


def _check(calls: dict[str, Callable[[], Any]]) -> None:
    for name in (*LISTS, CLIENT, TABLE):
        rows = len(json.loads(calls[name]()["body"])["items"])
        if rows != ROWS:
            raise RuntimeError(f"{name} has {rows} rows instead of {ROWS}")


def _through_app(event: dict[str, Any]) -> Callable[[], Any]:
    from app import app

    def send() -> Any:
        answer = app(event, Context("api", 30))
        if answer["statusCode"] >= 300:
            raise RuntimeError(answer["body"])
        return answer

    return send


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return f"http://127.0.0.1:{process.stdout.readline().strip()}"


def _command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]


def _program(module: str, *arguments: object) -> None:
    done = subprocess.run(_command(module, *arguments), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"benchmarks.{module}: {done.stderr[-4000:]}")


def use_one_core() -> None:
    """As a function of up to 1,769 MB has; threads that wander between cores cost a fifth more, and unevenly so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    use_one_core()
    measured = measure(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2])
    Path(sys.argv[3]).write_text(json.dumps(measured))
