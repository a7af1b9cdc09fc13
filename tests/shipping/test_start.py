"""A function that starts from a snapshot starts many times with what the first start made (SnapStart): so nothing that
must differ may be made by then. https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html"""

import subprocess
import sys

from local.data import ROOT

WATCHED = """
import os, random, secrets, sys, time, uuid

def watch(module, name, answer):
    def called(*given, **named):
        frame = sys._getframe(1)
        if "/chalicelib/" in frame.f_code.co_filename or frame.f_code.co_filename.endswith("app.py"):
            print(f"{module.__name__}.{name} by {frame.f_code.co_filename}:{frame.f_lineno}")
        return answer(*given, **named)
    setattr(module, name, called)

for module, names in (
    (os, ("urandom",)),
    (random, ("random", "randrange", "choice", "getrandbits")),
    (secrets, ("token_bytes", "token_hex", "token_urlsafe", "randbits", "choice")),
    (time, ("time", "time_ns", "monotonic")),
    (uuid, ("uuid1", "uuid4")),
):
    for name in names:
        watch(module, name, getattr(module, name))
import uuid_utils
for name in ("uuid4", "uuid7"):
    watch(uuid_utils, name, getattr(uuid_utils, name))
"""


def loaded(more: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED + more], cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    return ran.stdout


def test_loading_the_app_makes_no_ids_no_randomness_and_reads_no_clock() -> None:
    assert loaded("import app") == ""


def test_such_a_thing_would_be_found() -> None:
    """What is made while code of ours is loaded, here in a module that stands for one."""
    source = "exec(compile('import secrets; secrets.token_hex(8)', '/x/chalicelib/y.py', 'exec'))"
    assert loaded(source).startswith("secrets.token_hex by /x/chalicelib/y.py")


def test_loading_the_app_needs_no_settings() -> None:
    """They are read with the first event, so that a snapshot holds no secrets and no connections."""
    assert (
        loaded("import app; from chalicelib.settings import settings; print(settings.cache_info().currsize)") == "0\n"
    )


def test_what_was_loaded_is_never_looked_at_again_and_what_comes_is_collected() -> None:
    assert loaded("import gc, app; print(gc.isenabled(), gc.get_freeze_count() > 50_000)") == "True True\n"
