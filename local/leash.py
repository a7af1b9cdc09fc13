"""Ends a child process together with the one that started it, however that one ended.

As a script it runs another module on the leash: `python -P local/leash.py ministack`.
"""

import os
import runpy
import signal
import sys
import threading


def leash() -> None:
    """Sends this process SIGTERM as soon as its standard input, a pipe held by the parent, is closed."""
    threading.Thread(target=_wait_for_parent, daemon=True, name="leash").start()


def _wait_for_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    del sys.argv[0]
    leash()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
