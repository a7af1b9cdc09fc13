"""`./dev run`: the local cloud, its resources, the server and the pumps; stops them in order and keeps the data."""

import argparse
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from local import cloud, data
from local.environment import prepare
from local.resources import Changed

READY_SECONDS = 60
QUICK_DEATH = 5.0  # seconds after its start
QUICK_DEATHS = 3  # in a row: another start would not make it better
PATIENCE = 20.0  # seconds to finish what was begun


class Child:
    """A process of ours that is started again when it dies."""

    def __init__(self, name: str, arguments: Sequence[str], environment: dict[str, str]) -> None:
        self.name = name
        self._started = 0.0
        self._quick_deaths = 0
        self._command = [sys.executable, "-m", *arguments]
        self._environment = environment

    def __enter__(self) -> "Child":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not cloud.stop(self.process, PATIENCE):
            say(f"The {self.name} did not stop within {PATIENCE:.0f} seconds and was ended.")

    def start(self) -> None:
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self._command, cwd=data.ROOT, env=self._environment, stdin=subprocess.PIPE, start_new_session=True
        )

    def revive(self) -> None:
        """Starts it again if it died. Raises cloud.Failed if that is of no use."""
        if self.process.poll() is None:
            return
        code = self.process.returncode
        quick = time.monotonic() - self._started < QUICK_DEATH and code > 0
        self._quick_deaths = self._quick_deaths + 1 if quick else 0
        if self._quick_deaths == QUICK_DEATHS:
            raise cloud.Failed(f"The {self.name} ended with code {code}, {QUICK_DEATHS} times soon after its start.")
        say(f"The {self.name} ended with code {code}; it is started again.")
        self.start()


def say(text: str) -> None:
    print(text, flush=True)


def run(directory: Path, port: int, cloud_port: int) -> None:
    """Runs until KeyboardInterrupt. Raises what `main` explains."""
    with data.held(directory) as lock, contextlib.ExitStack() as running:
        cloud.refuse_occupied(port, "--port")
        _build_console()
        ministack = cloud.start(directory, cloud_port, lock)
        running.callback(_stop_cloud, ministack, directory)
        environment = prepare(directory, cloud.endpoint(cloud_port))
        children = [running.enter_context(Child(*one, environment)) for one in _children(directory, port).items()]
        _wait_for(children, f"http://127.0.0.1:{port}/health")
        _greet(port, directory)
        _watch(ministack, children)


def _build_console() -> None:
    """In a process of its own, since it imports the app. Without it everything else still runs."""
    if subprocess.run([sys.executable, "-m", "local.console"], cwd=data.ROOT).returncode:
        say("The console could not be built, so there is only the API.")


def _children(directory: Path, port: int) -> dict[str, list[str]]:
    """In the order of their start; they stop in reverse: the server first, the streams after all that writes."""
    return {
        "stream pump": ["local.pump", "streams", "--data", str(directory)],
        "worker": ["local.pump", "jobs", "--data", str(directory)],
        "webhooks worker": ["local.pump", "webhooks", "--data", str(directory)],
        "server": ["local.server", "--port", str(port), "--data", str(directory)],
    }


def _wait_for(children: list[Child], url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not cloud.answers(url):
        if time.monotonic() > deadline:
            raise cloud.Failed(f"The server did not answer within {READY_SECONDS} seconds.")
        for child in children:
            child.revive()
        time.sleep(0.05)


def _watch(ministack: subprocess.Popen[bytes], children: list[Child]) -> None:
    while ministack.poll() is None:
        for child in children:
            child.revive()
        time.sleep(0.2)
    raise cloud.Failed(f"The local cloud ended with code {ministack.returncode}; what it had not saved is lost.")


def _stop_cloud(ministack: subprocess.Popen[bytes], directory: Path) -> None:
    if ministack.poll() is not None:
        return
    if cloud.stop(ministack, 60):
        say(f"Stopped. The data is kept in {directory}.")
    else:
        say("The local cloud did not stop and was ended: changes since its start are lost.")


def _greet(port: int, directory: Path) -> None:
    where = "" if directory == data.DEFAULT else f" --data {directory}"
    say(f"Afterchat is ready: http://127.0.0.1:{port} (the console; sign in with one click)")
    say(f"A token for curl:   ./dev token --tenant demo --role owner{where}")
    say("Ctrl-C stops it and keeps the data.")


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """A second Ctrl-C must not keep the cloud from saving."""
    _on_signals(signal.SIG_IGN)
    say("Stopping ...")
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--cloud-port", type=int, default=4566)
    data.add_argument(parser)
    wanted = parser.parse_args()
    _on_signals(_interrupt)
    try:
        run(wanted.data, wanted.port, wanted.cloud_port)
    except KeyboardInterrupt:
        return 0
    except (cloud.Occupied, cloud.Failed, data.InUse, Changed) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
