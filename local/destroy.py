"""`./dev destroy`: takes a stack away, after asking twice. Tables, files and users stay, which is said, too."""

import sys
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local import stack
from local.stack import Target, described
from local.stages import Refused
from local.template import Document

KEPT: Final = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::Cognito::UserPool"


def destroy(target: Target) -> list[str]:
    """Answers the names of what stays. Raises Refused with what CloudFormation said."""
    before = resources(target)
    exports = [one["PhysicalResourceId"] for one in before if one["LogicalResourceId"] == "ExportsBucket"]
    for bucket in exports:  # it goes with the stack, and only an empty one can
        _empty(target, bucket)
    stack.delete(target, str((described(target) or {})["StackId"]))
    return kept(before)


def resources(target: Target) -> list[Document]:
    pages = target.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=target.stack)
    return [one for page in pages for one in page["StackResourceSummaries"]]


def kept(before: list[Document]) -> list[str]:
    """With DeletionPolicy: Retain; the exports live for a day and go."""
    return sorted(
        str(one["PhysicalResourceId"])
        for one in before
        if one["ResourceType"] in KEPT and one["LogicalResourceId"] != "ExportsBucket"
    )


def _empty(target: Target, bucket: str) -> None:
    s3: Any = target.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=entry["Key"])


def is_confirmed(target: Target, ask: Any = input) -> bool:
    """Two questions that cannot be answered by habit."""
    names = kept(resources(target))
    print(f"{target.stack} will be taken away: nothing answers any more, running jobs end.")
    print("What stays, and goes on costing until you delete it:", *names, sep="\n  ")
    if ask("Type the name of the stage to go on: ").strip() != target.stage:
        return False
    words = f"destroy {target.stage}"
    return bool(ask(f"Nobody can sign in or collect after this. Type '{words}': ").strip() == words)


def main() -> int:
    target = stack.target(stack.arguments("destroy", (__doc__ or "").partition("\n")[0]).parse_args())
    try:
        if described(target) is None:
            raise Refused(f"There is no stack {target.stack}.")
        if not is_confirmed(target):
            raise Refused("Nothing was done.")
        names = destroy(target)
    except EOFError:
        print("Nothing was done.", file=sys.stderr)
        return 1
    except (Refused, BotoCoreError, ClientError) as refused:
        print(refused, file=sys.stderr)
        return 1
    print("It is gone. What stays:", *names, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
