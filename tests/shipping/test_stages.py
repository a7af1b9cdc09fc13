"""What a stage is made with, and by which Python."""

import argparse
import sys

import pytest

from local import stages
from local.stages import Refused, refuse_other_python


def test_a_stage_that_is_not_named_is_deployed_as_default() -> None:
    assert stages.of("staging").python == stages.of("default").python
    assert stages.of("staging").parameters["Stage"] == "staging"


def test_a_package_is_made_by_the_python_that_its_stage_runs_on_and_by_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stages, "of", lambda name: stages.Stage("3.99", {}))
    with pytest.raises(Refused, match=r"Python 3\.99.*AFTERCHAT_PYTHON=python3\.99"):
        refuse_other_python("prod")
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(stages, "of", lambda name: stages.Stage(ours, {}))
    refuse_other_python("prod")


@pytest.mark.parametrize("text", ["", "Prod", "1st", "a b", "x" * 21, "a_b"])
def test_what_is_no_name_of_a_stage_is_told(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        stages.name(text)
