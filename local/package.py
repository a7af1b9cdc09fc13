"""The template that is deployed, without the code that would be deployed with it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.data import ROOT
from local.environment import REGION

SOURCES = ("app.py", "chalicelib", ".chalice/config.json", "infra")


def package(directory: Path, stage: str = "prod") -> Path:
    """Packages a copy of the project in the directory and returns its sam.yaml.

    The copy has no requirements: the template is the same without them, and nothing is downloaded.
    """
    project = directory / "project"
    for name in SOURCES:
        _copy(ROOT / name, project / name)
    (project / "requirements.txt").touch()
    target = directory / "packaged"
    chalice = Path(sys.executable).with_name("chalice")
    options = [
        "--pkg-format",
        "cloudformation",
        "--merge-template",
        "infra/resources.yaml",
        "--template-format",
        "yaml",
    ]
    command: list[str | Path] = [chalice, "package", "--stage", stage, *options, target]
    environment = {**os.environ, "AWS_DEFAULT_REGION": REGION, "PYTHONPATH": str(project)}
    subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
    return target / "sam.yaml"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
