"""The one CloudFormation stack of a stage: what is there, and bringing it to a template."""

import argparse
import time
from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import stages
from local.stages import Refused

POLL_SECONDS: Final = 1


@dataclass(frozen=True)
class Target:
    """An account and region, or an emulator."""

    stage: str
    region: str | None = None
    endpoint: str | None = None

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=self.region, endpoint_url=self.endpoint)

    @property
    def stack(self) -> str:
        return f"afterchat-{self.stage}"

    def physical(self, logical: str) -> str:
        """The name that AWS gave to what the template calls `logical`."""
        found = self.client("cloudformation").describe_stack_resource(StackName=self.stack, LogicalResourceId=logical)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])


def arguments(command: str, description: str | None) -> argparse.ArgumentParser:
    """Of a command for one stage: `--stage`, `--region` and `--endpoint`, which make its Target."""
    parser = argparse.ArgumentParser(prog=f"./dev {command}", description=description)
    parser.add_argument("--stage", required=True, type=stages.name)
    parser.add_argument("--region", help="as in your AWS configuration if not given")
    parser.add_argument("--endpoint", metavar="URL", help="of an emulator of AWS")
    return parser


def target(given: argparse.Namespace) -> Target:
    return Target(given.stage, given.region, given.endpoint)


def apply(target: Target, url: str, wanted: dict[str, str], known: Collection[str]) -> dict[str, str]:
    """Makes the stack or brings it to the template at that address; of the parameters that the template knows, those
    that are not wanted otherwise keep what they have. Answers the outputs. Raises Refused with what CloudFormation
    said; by then it has rolled back."""
    _forget_failed(target)
    cloudformation, name = target.client("cloudformation"), f"at-{time.time_ns()}"
    kind = "UPDATE" if described(target) else "CREATE"
    kept = [one for one in sorted(values(target)) if one in known and one not in wanted]
    cloudformation.create_change_set(
        StackName=target.stack,
        ChangeSetName=name,
        ChangeSetType=kind,
        TemplateURL=url,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[
            *({"ParameterKey": name, "ParameterValue": value} for name, value in sorted(wanted.items())),
            *({"ParameterKey": name, "UsePreviousValue": True} for name in kept),
        ],
        Tags=[{"Key": "project", "Value": "afterchat"}, {"Key": "stage", "Value": target.stage}],
    )
    if _has_changes(cloudformation, target.stack, name):  # an update without any is no error
        cloudformation.execute_change_set(StackName=target.stack, ChangeSetName=name)
        _wait(target, kind)
    return outputs(target)


def _forget_failed(target: Target) -> None:
    """A stack whose creation failed can only be deleted, and was never used."""
    found = described(target)
    if found and found["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED"):
        delete(target, found["StackId"])


def delete(target: Target, stack_id: str) -> None:
    """Returns when it is gone; what it retains stays. Raises Refused."""
    cloudformation = target.client("cloudformation")
    cloudformation.delete_stack(StackName=stack_id)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack_id, WaiterConfig={"Delay": POLL_SECONDS, "MaxAttempts": 1800}
        )
    except BotoCoreError as error:
        raise Refused(f"The stack could not be taken away: {error}") from None


def values(target: Target) -> dict[str, str]:
    """The stack's parameters as they are; secret ones are masked."""
    parameters = (described(target) or {}).get("Parameters", [])
    return {one["ParameterKey"]: str(one.get("ParameterValue", "")) for one in parameters}


def described(target: Target) -> dict[str, Any] | None:
    """The stack, if there is one that can be updated."""
    try:
        stacks = target.client("cloudformation").describe_stacks(StackName=target.stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return None if stacks[0]["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE") else stacks[0]


def _has_changes(cloudformation: Any, stack: str, name: str) -> bool:
    while True:
        found = cloudformation.describe_change_set(StackName=stack, ChangeSetName=name)
        if found["Status"] == "CREATE_COMPLETE":
            return True
        if found["Status"] == "FAILED":
            reason = found.get("StatusReason", "")
            cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)
            if "didn't contain changes" in reason or "No updates" in reason:
                return False
            raise Refused(f"CloudFormation refused the change: {reason}")
        time.sleep(POLL_SECONDS)


def _wait(target: Target, kind: str) -> None:
    cloudformation = target.client("cloudformation")
    while True:
        found = cloudformation.describe_stacks(StackName=target.stack)["Stacks"][0]
        if found["StackStatus"].endswith("_IN_PROGRESS"):
            time.sleep(POLL_SECONDS)
        elif found["StackStatus"] == f"{kind}_COMPLETE":
            return
        else:
            raise Refused(f"The stack is {found['StackStatus']}: {_reasons(target, kind)}")


def _reasons(target: Target, kind: str) -> str:
    """What failed this time, the first first: what follows was mostly cancelled for it."""
    failed = [one for one in last_events(target, kind) if one["ResourceStatus"].endswith("_FAILED")]
    told = [f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in failed]
    return "; ".join(told[:5]) or "it gave no reason"


def last_events(target: Target, kind: str) -> list[dict[str, Any]]:
    """Of the last CREATE or UPDATE, in their order, with what was rolled back."""
    pages = target.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=target.stack)
    newest_first = (event for page in pages for event in page["StackEvents"])
    began = (target.stack, f"{kind}_IN_PROGRESS")
    since = takewhile(lambda one: (one["LogicalResourceId"], one["ResourceStatus"]) != began, newest_first)
    return list(since)[::-1]


def outputs(target: Target) -> dict[str, str]:
    stack = described(target) or {}
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
