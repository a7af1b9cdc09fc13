"""What a cold start pays: `import app` against importing what it stands on and making one DynamoDB client."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.ratio import Ratio

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
OURS = "import app"
THEIRS = """\
import chalice
from pydantic import BaseModel
import pynamodb.models
from botocore.session import Session
Session().create_client("dynamodb", region_name="eu-central-1")"""

# The interpreter's own start is not counted: it is the same for both.
PROBE = "from time import process_time as now\nstart = now()\n{}\nimport sys\nsys.stderr.write(f'\\n{{now() - start}}')"


def run() -> list[Ratio]:
    for code in (OURS, THEIRS):
        milliseconds(code)  # writes the byte code
    pairs = [(milliseconds(OURS), milliseconds(THEIRS)) for _ in range(ROUNDS)]
    ours, theirs = (min(column) for column in zip(*pairs, strict=True))
    return [Ratio("import app", ours, "chalice, pydantic, PynamoDB, a client", theirs, bound=1.3)]


def milliseconds(code: str) -> float:
    """CPU time that running the code takes in a fresh process."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    program = [sys.executable, "-c", PROBE.format(code)]
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stderr.rsplit("\n", 1)[1]) * 1000
