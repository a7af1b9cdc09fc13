"""`./dev deploy`: packages Afterchat and brings it to AWS as one CloudFormation stack, or to an emulator of AWS.

What fails is rolled back by CloudFormation; tables, buckets and users are never deleted by it.
"""

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any, Final

import yaml
from botocore.exceptions import BotoCoreError, ClientError

from local import package, stack, stages
from local.stack import Target
from local.stages import Refused

CODE: Final = "./deployment.zip"
PARAMETERS: Final = "PARAMETERS-DIGEST"  # as infra/functions.yaml has it
KEPT_VERSIONS: Final = 2  # the one that answers and the one before, which a rollback returns to


def deploy(target: Target, template: Path, parameters: dict[str, str]) -> dict[str, str]:
    """Answers the stack's outputs. A first deployment updates once more: only then is it known where the console is,
    to which the issuer sends people back. Raises Refused with what CloudFormation said."""
    outputs = _bring(target, template, parameters)
    address = outputs["Address"]
    if "ConsoleUrl" not in parameters and "UserPoolId" in outputs and stack.values(target)["ConsoleUrl"] != address:
        outputs = _bring(target, template, {**parameters, "ConsoleUrl": address})
    _forget_old_versions(target)
    return outputs


def _bring(target: Target, template: Path, wanted: dict[str, str]) -> dict[str, str]:
    url = upload(target, template, stack.values(target) | wanted)
    return stack.apply(target, url, wanted, yaml.safe_load(template.read_text())["Parameters"])


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


def _forget_old_versions(target: Target) -> None:
    """Each version with a snapshot is paid for as long as it is there."""
    functions = target.client("lambda")
    for name in (target.physical("APIHandler"), target.physical("Collect")):
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
    parser = stack.arguments("deploy", "Brings Afterchat to AWS.")
    parser.add_argument("--parameter", action="append", default=[], type=_parameter, metavar="NAME=VALUE")
    wanted = parser.parse_args()
    try:
        template = package.whole(wanted.stage)
        outputs = deploy(stack.target(wanted), template, stages.of(wanted.stage).parameters | dict(wanted.parameter))
    except (Refused, BotoCoreError, ClientError) as refused:
        print(f"Not deployed. {refused}", file=sys.stderr)
        return 1
    print(yaml.safe_dump(outputs, sort_keys=True), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
