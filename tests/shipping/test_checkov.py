"""What checkov says of the template, but for the list in infra/checkov.yaml."""

import subprocess
from pathlib import Path

import pytest

from local.data import ROOT
from local.package import package

pytestmark = pytest.mark.slow

CHECKOV = ROOT / ".venv-checkov/bin/checkov"


def findings(template: Path) -> subprocess.CompletedProcess[str]:
    if not CHECKOV.exists():
        pytest.skip(f"checkov is not installed in {CHECKOV.parent.parent}: ./dev test installs it")
    command: list[str | Path] = [CHECKOV, "--config-file", ROOT / "infra/checkov.yaml", "-f", template]
    return subprocess.run(command, cwd=template.parent, capture_output=True, text=True)


def test_checkov_finds_nothing_that_is_not_on_the_list(tmp_path: Path) -> None:
    found = findings(package(tmp_path))
    assert found.returncode == 0, found.stdout


def test_it_would_find_a_bucket_that_is_open(tmp_path: Path) -> None:
    template = package(tmp_path)
    template.write_text(template.read_text().replace("BlockPublicAcls: true", "BlockPublicAcls: false"))
    assert "BlockPublicAcls" in str(template.read_text())
    assert findings(template).returncode == 1
