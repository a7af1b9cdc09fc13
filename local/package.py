"""`./dev package`: the template and the code that are deployed; for tests the template alone, in a second and without
downloading anything."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from local import archive, stages
from local.data import ROOT
from local.environment import REGION
from local.restore import switching

SOURCES: Final = ("app.py", "chalicelib", ".chalice/config.json", "infra")
OUT: Final = ROOT / "build/package"


def package(directory: Path, stage: str = "prod", *, with_code: bool = False) -> Path:
    """Packages a copy of the project in the directory and returns its sam.yaml.

    Without code the copy has no requirements: the template is the same, and nothing is downloaded. Raises
    stages.Refused, or subprocess.CalledProcessError with what chalice said.
    """
    project, target = directory / "project", directory / "packaged"
    _copy_project(project, with_code)
    chalice = Path(sys.executable).with_name("chalice")
    options = ["--pkg-format", "cloudformation", "--merge-template", "merge.json", "--template-format", "yaml"]
    command: list[str | Path] = [chalice, "package", "--stage", stage, *options, target]
    environment = {**os.environ, "AWS_DEFAULT_REGION": REGION, "PYTHONPATH": str(project)}
    subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
    _make_switchable(target / "sam.yaml")
    if with_code:
        archive.slim(target / "deployment.zip")
    return target / "sam.yaml"


def _make_switchable(template: Path) -> None:
    """Only now, since chalice puts the policies in."""
    document = switching.switchable(yaml.safe_load(template.read_text()))
    template.write_text(yaml.safe_dump(document, default_flow_style=False))


def _copy_project(project: Path, with_code: bool) -> None:
    for name in SOURCES:
        _copy(ROOT / name, project / name)
    (project / "merge.json").write_text(json.dumps(_infrastructure()))
    requirements = (ROOT / "requirements/runtime.txt").read_text() if with_code else ""
    (project / "requirements.txt").write_text(requirements)


def _infrastructure() -> Mapping[str, Any]:
    import app  # noqa: F401 declares the routes
    from chalicelib.routes import ROUTES
    from local import infrastructure

    return infrastructure.document(ROUTES)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def whole(stage: str, out: Path = OUT) -> Path:
    """Template and code, with the console in it. Raises stages.Refused for an interpreter that the stage is not of."""
    from local import console

    stages.refuse_other_python(stage)
    console.build()
    shutil.rmtree(out, ignore_errors=True)
    return package(out, stage, with_code=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev package", description="Packages Afterchat for AWS.")
    parser.add_argument("--stage", default="prod", type=stages.name)
    parser.add_argument("--out", type=Path, default=OUT, help="directory, made anew (%(default)s)")
    wanted = parser.parse_args()
    try:
        template = whole(wanted.stage, wanted.out)
    except stages.Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    code = template.with_name("deployment.zip")
    print(f"{template}\n{code} ({code.stat().st_size / 1e6:.1f} MB, {archive.unpacked(code) / 1e6:.1f} MB unpacked)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
