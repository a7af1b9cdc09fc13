"""`./dev deploy`: packages Afterchat and brings it to AWS as one CloudFormation stack, or to an emulator of AWS.

What fails is rolled back by CloudFormation; tables, buckets and users are never deleted by it.
"""

import argparse
import hashlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from local import package, stages
from local.stages import Refused

WAIT: Final = {"Delay": 2, "MaxAttempts": 900}
CODE: Final = "./deployment.zip"
PARAMETERS: Final = "PARAMETERS-DIGEST"  # as infra/functions.yaml has it
KEPT_VERSIONS: Final = 2  # the one that answers and the one before, which a rollback returns to


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


def deploy(target: Target, template: Path, parameters: dict[str, str]) -> dict[str, str]:
    """Answers the stack's outputs. A first deployment updates once more: only then is it known where the console is,
    to which the issuer sends people back. Raises Refused with what CloudFormation said."""
    outputs = _apply(target, template, parameters)
    address = outputs["Address"]
    if "ConsoleUrl" not in parameters and "UserPoolId" in outputs and _values(target)["ConsoleUrl"] != address:
        outputs = _apply(target, template, {**parameters, "ConsoleUrl": address})
    _forget_old_versions(target)
    return outputs


def upload(target: Target, template: Path, parameters: dict[str, str]) -> str:
    """Code and template, each under the digest of its content. Answers the address of the template.

    The template names the digest of the parameters, since SAM publishes a new version of a function only when the text
    of its properties changed, and callers get the published one.
    """
    bucket = _code_bucket(target)
    code = template.with_name("deployment.zip").read_bytes()
    key = f"{hashlib.sha256(code).hexdigest()}.zip"
    _put(target, bucket, key, code)
    digest = hashlib.sha256(repr(sorted(parameters.items())).encode()).hexdigest()
    text = template.read_text().replace(CODE, f"s3://{bucket}/{key}").replace(PARAMETERS, digest).encode()
    name = f"{hashlib.sha256(text).hexdigest()}.yaml"
    _put(target, bucket, name, text)
    s3 = target.client("s3")
    return f"{s3.meta.endpoint_url}/{bucket}/{name}" if target.endpoint else _https(s3, bucket, name)


def _https(s3: Any, bucket: str, name: str) -> str:
    return f"https://{bucket}.s3.{s3.meta.region_name}.amazonaws.com/{name}"


def _code_bucket(target: Target) -> str:
    """One for all stages of the account in this region; made when it is missing."""
    s3 = target.client("s3")
    name = f"afterchat-code-{target.client('sts').get_caller_identity()['Account']}-{s3.meta.region_name}"
    try:
        s3.head_bucket(Bucket=name)
    except ClientError:
        where = {"CreateBucketConfiguration": {"LocationConstraint": s3.meta.region_name}}
        s3.create_bucket(Bucket=name, **({} if s3.meta.region_name == "us-east-1" else where))
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    return name


def _put(target: Target, bucket: str, key: str, content: bytes) -> None:
    s3 = target.client("s3")
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        s3.put_object(Bucket=bucket, Key=key, Body=content)


def _apply(target: Target, template: Path, wanted: dict[str, str]) -> dict[str, str]:
    """By a change set, so that an update without changes is no error."""
    cloudformation, name = target.client("cloudformation"), f"at-{time.time_ns()}"
    before = _values(target)
    kind = "UPDATE" if described(target) else "CREATE"
    cloudformation.create_change_set(
        StackName=target.stack,
        ChangeSetName=name,
        ChangeSetType=kind,
        TemplateURL=upload(target, template, before | wanted),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=_parameters(before, wanted),
        Tags=[{"Key": "project", "Value": "afterchat"}, {"Key": "stage", "Value": target.stage}],
    )
    if not _has_changes(cloudformation, target.stack, name):
        return _outputs(target)
    cloudformation.execute_change_set(StackName=target.stack, ChangeSetName=name)
    _wait(cloudformation, target.stack, kind)
    return _outputs(target)


def _parameters(before: dict[str, str], wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Those that are not named keep what they have."""
    kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in sorted(set(before) - set(wanted))]
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in sorted(wanted.items())] + kept


def _values(target: Target) -> dict[str, str]:
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
        time.sleep(1)


def _wait(cloudformation: Any, stack: str, kind: str) -> None:
    while True:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if found["StackStatus"].endswith("_IN_PROGRESS"):
            time.sleep(WAIT["Delay"] / 2)
        elif found["StackStatus"] == f"{kind}_COMPLETE":
            return
        else:
            raise Refused(f"The stack is {found['StackStatus']}: {_reasons(cloudformation, stack)}")


def _reasons(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [one for one in events if one.get("ResourceStatus", "").endswith("_FAILED")]
    told = [f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in reversed(failed)]
    return "; ".join(told[:5]) or "it gave no reason"


def _outputs(target: Target) -> dict[str, str]:
    stack = described(target) or {}
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def _forget_old_versions(target: Target) -> None:
    """Each version with a snapshot is paid for as long as it is there."""
    cloudformation, functions = target.client("cloudformation"), target.client("lambda")
    for logical in ("APIHandler", "Collect"):
        found = cloudformation.describe_stack_resource(StackName=target.stack, LogicalResourceId=logical)
        name = found["StackResourceDetail"]["PhysicalResourceId"]
        pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        versions = {one["Version"] for page in pages for one in page["Versions"]} - {"$LATEST"}
        for version in sorted(versions, key=int)[:-KEPT_VERSIONS]:
            functions.delete_function(FunctionName=name, Qualifier=version)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE")
    return name, value


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev deploy", description="Brings Afterchat to AWS.")
    parser.add_argument("--stage", required=True, type=stages.name)
    parser.add_argument("--region", help="as in your AWS configuration if not given")
    parser.add_argument("--endpoint", help="of an emulator of AWS")
    parser.add_argument("--parameter", action="append", default=[], type=_parameter, metavar="NAME=VALUE")
    wanted = parser.parse_args()
    target = Target(wanted.stage, wanted.region, wanted.endpoint)
    try:
        template = package.whole(wanted.stage)
        outputs = deploy(target, template, stages.of(wanted.stage).parameters | dict(wanted.parameter))
    except (Refused, BotoCoreError, ClientError) as refused:
        print(f"Not deployed. {refused}", file=sys.stderr)
        return 1
    print(yaml.safe_dump(outputs, sort_keys=True), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
