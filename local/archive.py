"""What goes to Lambda: chalice's archive without what never runs there, with compiled modules, and the same bytes for
the same sources, so that nothing is deployed that did not change."""

import compileall
import py_compile
import tempfile
import zipfile
from pathlib import Path
from typing import Final

SERVICES: Final = ("dynamodb", "s3", "sqs")
"""Those of botocore's descriptions that the functions load."""
BEGINNING: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that an archive can name
PACKAGE_DATA: Final = "botocore/data/"
UNUSED: Final = (".pyi", ".pyx", ".pxd", ".c", ".h", "/py.typed", "/RECORD", "/INSTALLER", "/LICENSE", "/NOTICE")


def slim(path: Path) -> None:
    """Rewrites the archive in place."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        with zipfile.ZipFile(path) as packed:
            packed.extractall(root, [name for name in packed.namelist() if runs_there(name)])
        _compile(root)
        files = sorted(file for file in root.rglob("*") if file.is_file())
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
            for file in files:
                target.writestr(_info(str(file.relative_to(root))), file.read_bytes())


def unpacked(path: Path) -> int:
    """Bytes that Lambda counts: at most 250 MB."""
    with zipfile.ZipFile(path) as packed:
        return sum(entry.file_size for entry in packed.infolist())


def runs_there(name: str) -> bool:
    if "__pycache__/" in name or "/tests/" in name or name.endswith(UNUSED):
        return False
    if name.startswith(PACKAGE_DATA) and "/" in (rest := name.removeprefix(PACKAGE_DATA)):
        return rest.startswith(tuple(f"{service}/" for service in SERVICES)) and "examples" not in rest
    return True


def _compile(root: Path) -> None:
    """Lambda's directory cannot be written to, so each start would compile. Never checked against the source: the
    archive is all there is (PEP 552)."""
    compileall.compile_dir(
        root,
        quiet=1,
        stripdir=str(root),
        prependdir="/var/task",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, BEGINNING)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
