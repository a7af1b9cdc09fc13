"""The deployment package as Lambda runs it: unzipped, with AWS's own runtime and the emulator of its interface, and
nothing of this project's environment beside it."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import urllib3

from local.cloud import free_ports
from local.data import ROOT

LAMBDA: Final = ROOT / ".venv-lambda"
EMULATOR: Final = LAMBDA / f"samcli/local/rapid/aws-lambda-rie-{platform.machine().replace('aarch64', 'arm64')}"
INVOCATION: Final = "/2015-03-31/functions/function/invocations"
LARGEST_ANSWER: Final = 6_291_556  # bytes

HTTP = urllib3.PoolManager(retries=False, timeout=60)


@dataclass
class Function:
    port: int

    def invoke(self, event: Any) -> tuple[int, Any]:
        """Status of the emulator, and what the function (or the emulator, of an error) answers."""
        answer = HTTP.request("POST", f"http://127.0.0.1:{self.port}{INVOCATION}", json.dumps(event))
        return answer.status, json.loads(answer.data) if answer.data else None


@contextmanager
def running(code: Path, handler: str, environment: Mapping[str, str]) -> Iterator[Function]:
    """A function of the unzipped package."""
    port, interface = free_ports(2)
    alone = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{code}{os.pathsep}{LAMBDA}",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        **environment,
    }
    options = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    options += ["--runtime-api-address", f"127.0.0.1:{interface}", "--log-level", "error"]
    # -S: without the packages of this environment
    command = [str(EMULATOR), *options, sys.executable, "-S", "-m", "awslambdaric", handler]
    process = subprocess.Popen(command, cwd=code, env=alone, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_for(port, process)
        yield Function(port)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the emulator ended"
        try:
            HTTP.request("GET", f"http://127.0.0.1:{port}/")
            return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError("the emulator did not answer")
