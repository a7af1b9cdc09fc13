"""`./dev restore` from its arguments to the templates, against a stack that moto's CloudFormation made."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from chalicelib import clock as time
from chalicelib.settings import TABLES, settings
from local import tables, template
from local.restore.__main__ import main
from local.stack import Target
from tests.cloud import client
from tests.erasure.people import erased, whole_guest
from tests.restore import past
from tests.world import World


@dataclass
class Cloud:
    """CloudFormation, as far as the command asks it."""

    ids: dict[str, str]
    parameters: list[dict[str, str]]

    def describe_stack_resource(self, StackName: str, LogicalResourceId: str) -> Any:  # noqa: N803
        assert StackName == "afterchat-drill"
        return {"StackResourceDetail": {"PhysicalResourceId": self.ids[LogicalResourceId]}}

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        assert StackName == "afterchat-drill"
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Parameters": self.parameters}]}


@pytest.fixture
def stack(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """A stack whose tables are those of the tests."""
    arn = client("secretsmanager").create_secret(Name="sealing", SecretString="a key of the tests")["ARN"]
    ids = {f"{table}Table": settings().tables[table] for table in TABLES} | {"SealingKey": arn}
    cloud = Cloud(ids, [])
    for name in [name for name in os.environ if name.startswith("AFTERCHAT_")]:
        monkeypatch.setenv(name, os.environ[name])  # as it is; put back afterwards

    monkeypatch.setattr(Target, "client", lambda _, name: cloud if name == "cloudformation" else client(name))
    yield cloud
    client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    settings.cache_clear()


def call(table: str, to: int, *more: str) -> int:
    moment = time.rfc3339_s(to // 1000)
    told = ["--stage", "drill", "--table", table, "--to", moment, "--region", "eu-central-1"]
    return main([*told, *more])


def test_a_table_is_restored_without_whom_was_erased_and_templates_say_how_to_use_it(
    world: World, clock: time_machine.Traveller, stack: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = whole_guest(world)
    clock.shift(60)
    moment, before = time.now_ms(), past.now()["Activity"]
    clock.shift(60)
    erased(world, anna, clock)
    name = past.restored("Activity", before)
    assert call("activity", moment, "--restored", name) == 0
    assert anna not in str(past.of(name)) and anna in str(before)
    said = capsys.readouterr().out
    assert "A last pass found nothing more." in said
    assert f"./dev deploy --stage drill --parameter ActivityTableName={name} --parameter ActivityStreamArn=arn:" in said


def test_after_the_switch_it_is_done_once_more_in_place(
    world: World, clock: time_machine.Traveller, stack: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = whole_guest(world)
    moment, name = time.now_ms(), past.restored("Activity", past.now()["Activity"])
    clock.shift(60)
    erased(world, anna, clock)
    stack.parameters = [{"ParameterKey": "ActivityTableName", "ParameterValue": name}]
    assert call("activity", moment, "--restored", name) == 0
    assert anna not in str(past.of(name))
    assert "./dev deploy" not in capsys.readouterr().out


def test_codes_whose_old_table_is_gone_are_refused(
    world: World, clock: time_machine.Traveller, stack: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    before, old = past.now()["Codes"], settings().tables["Codes"]
    name = past.restored("Codes", before)
    clock.shift(60)
    client("dynamodb").delete_table(TableName=old)
    assert call("codes", time.now_ms() - 1000, "--restored", name) == 1
    assert "--last-state" in capsys.readouterr().err
    assert call("codes", time.now_ms() - 1000, "--restored", name, "--last-state") == 0
    table = template.load()["Resources"]["CodesTable"]["Properties"]
    tables.create(client("dynamodb"), old, {**table, "DeletionProtectionEnabled": False})


@pytest.mark.parametrize("moment", ["2026-11-20T10:00:00", "yesterday", "2999-01-01T00:00:00Z"])
def test_only_a_moment_that_is_over_is_taken(moment: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--stage", "drill", "--table", "log", "--to", moment])
    assert "--to" in capsys.readouterr().err
