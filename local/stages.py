"""Stages: what infra/stages.yaml says of each, and that a package is made by the Python that its stage runs on."""

import argparse
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from local.data import ROOT

NAME: Final = re.compile("[a-z][a-z0-9-]{0,19}")
OURS: Final = f"{sys.version_info.major}.{sys.version_info.minor}"  # the Python that packages


class Refused(Exception):
    """Cannot be packaged, deployed, destroyed or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Stage:
    python: str
    parameters: dict[str, str]


def of(name: str) -> Stage:
    found: dict[str, Any] = _all().get(name) or _all()["default"]
    parameters = {key: str(value) for key, value in found.get("parameters", {}).items()}
    return Stage(str(found["python"]), {**parameters, "Stage": name})


@cache
def _all() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "infra/stages.yaml").read_text())
    return read


def name(text: str) -> str:
    """For argparse."""
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"'{text}' is no name of a stage: small letters, digits and -, at most 20")
    return text


def refuse_other_python(stage: str) -> None:
    """Wheels are those of the interpreter that packages. Raises Refused."""
    wanted = of(stage).python
    if wanted != OURS:
        raise Refused(
            f"Stage '{stage}' runs on Python {wanted}, but this is {OURS}: what is compiled would not load there. "
            f"Call ./dev with AFTERCHAT_PYTHON=python{wanted}, or change infra/stages.yaml."
        )
