"""The data directory of a local run: where things lie in it, and who may use it."""

import argparse
import base64
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / ".afterchat"
CONTENTS = ("cloud", "objects", "temporary", "cloud.log", "issuer-key.pem", "jwks.json", "sealing.key", "streams.json")


class InUse(Exception):
    """Another run holds the data directory."""


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=_absolute, default=DEFAULT, metavar="DIR", help="where the data is kept")


def _absolute(text: str) -> Path:
    return Path(text).expanduser().resolve()


@contextmanager
def held(data: Path) -> Iterator[int]:
    """Holds the directory against a second run, by a lock whose file descriptor it answers: the operating system lets
    go of it when this process has ended, and every child that inherited it."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"{data} is in use by another ./dev run: stop that one, or choose another --data.") from None
        yield lock.fileno()


def sealing_key(data: Path) -> str:
    """The key that seals cursors and ids, in base64; made at the first start."""
    path = data / "sealing.key"
    if not path.exists():
        write(path, base64.b64encode(secrets.token_bytes(32)).decode())
    return path.read_text().strip()


def write(path: Path, text: str) -> None:
    """All or nothing, and readable by its owner alone."""
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def delete(data: Path) -> bool:
    """Deletes what a run wrote and nothing else; False if there was nothing."""
    if not (data / "lock").exists():
        return False
    with held(data):
        for path in (data / name for name in CONTENTS):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        (data / "lock").unlink()
    return True
