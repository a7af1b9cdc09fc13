"""Starts and stops the local cloud (MiniStack) and makes clients for it."""

import random
import socket
import subprocess
import time
import urllib.error
import urllib.request
from itertools import islice
from pathlib import Path

from local.data import ROOT
from local.environment import cloud_credentials

START_SECONDS = 60


class Occupied(Exception):
    """A port is in use."""


class Failed(Exception):
    """The cloud ended, or did not answer in time."""


def endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def refuse_occupied(port: int, option: str) -> None:
    """Raises Occupied with advice if something listens on the port."""
    if not _is_free(port):
        raise Occupied(f"Port {port} is in use, perhaps by another ./dev run. Choose a free one with {option}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """Below those that systems give away to whoever asks for any, so that nobody is given one before it is used."""
    chosen = random.sample(range(20_000, 32_000), 12_000)
    return list(islice(filter(_is_free, chosen), count))


def start(data: Path, port: int, lock: int) -> subprocess.Popen[bytes]:
    """Starts MiniStack on its own and waits until it answers. It keeps the directory's lock until it has saved, even
    when the supervisor was killed. Raises Occupied or Failed."""
    refuse_occupied(port, "--cloud-port")
    (data / "temporary").mkdir(exist_ok=True)
    with (data / "cloud.log").open("wb") as log:
        process = subprocess.Popen(
            [ROOT / ".venv-cloud/bin/python", "-P", ROOT / "local/leash.py", "ministack"],
            env=_switches(data, port),
            cwd=data,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the cloud last
        )
    try:
        _wait_until_ready(process, port)
    except Failed as error:
        process.kill()
        raise Failed(f"{error} See {data / 'cloud.log'}.") from None
    return process


def _switches(data: Path, port: int) -> dict[str, str]:
    return cloud_credentials() | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",  # or it listens on all addresses
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(data / "cloud"),
        "S3_DATA_DIR": str(data / "objects"),
        "TMPDIR": str(data / "temporary"),
        "LOG_LEVEL": "WARNING",
    }


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failed(f"The local cloud ended with code {process.returncode}.")
        if answers(f"{endpoint(port)}/_ministack/ready"):
            return
        time.sleep(0.05)
    raise Failed(f"The local cloud did not answer within {START_SECONDS} seconds.")


def answers(url: str) -> bool:
    """Whether an HTTP server answers there, with success or any error of its own."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


def stop(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Asks the process to end, so that it saves; after so many seconds ends it. True if it ended by itself."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True
