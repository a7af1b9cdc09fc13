"""The restored table itself: asked for, waited for, and given the settings that DynamoDB does not carry over: TTL,
stream, backups, deletion protection, tags. They come last, so that a table that has them is ready."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from local.stages import Refused

APPLIED = "afterchat:erasures-applied"  # a tag that says so, and until when
RESTORED = "afterchat:restored-to"
PAUSE_S = 15
Say = Callable[[str], object]


def restore(client: Any, source: str, target: str, to: datetime, say: Say = print) -> None:
    """A new table with the source's items of that second; one that is there from an earlier try is used. Raises
    Refused."""
    if status(client, target) is None:
        _refuse_unreachable(client, source, to)
        say(f"Restoring {source} as it was at {to.isoformat()} into {target} ...")
        client.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=target, RestoreDateTime=to)
        client.get_waiter("table_exists").wait(TableName=target, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    while status(client, target) != "ACTIVE":
        say("Waiting for DynamoDB; large tables take hours ...")
        time.sleep(PAUSE_S)


def status(client: Any, name: str) -> str | None:
    """None if there is no such table."""
    try:
        return str(client.describe_table(TableName=name)["Table"]["TableStatus"])
    except client.exceptions.ResourceNotFoundException:
        return None


def settle(client: Any, source: Any, target: str, to: datetime) -> None:
    """The settings of `source`, as `settings_of` read them. Safe to repeat."""
    table = client.describe_table(TableName=target)["Table"]
    if source["stream"] and not (table.get("StreamSpecification") or {}).get("StreamEnabled"):
        client.update_table(TableName=target, StreamSpecification=source["stream"])
        client.get_waiter("table_exists").wait(TableName=target, WaiterConfig={"Delay": 1})
    if _ttl(client, target) != source["ttl"]:
        ttl = {"Enabled": True, "AttributeName": source["ttl"]}
        client.update_time_to_live(TableName=target, TimeToLiveSpecification=ttl)
    backups = {"PointInTimeRecoveryEnabled": source["backups"]}
    client.update_continuous_backups(TableName=target, PointInTimeRecoverySpecification=backups)
    client.update_table(TableName=target, DeletionProtectionEnabled=source["protected"])
    now = datetime.now(UTC).replace(microsecond=0)
    own = [{"Key": RESTORED, "Value": to.isoformat()}, {"Key": APPLIED, "Value": now.isoformat()}]
    client.tag_resource(ResourceArn=table["TableArn"], Tags=[*source["tags"], *own])


def settings_of(client: Any, name: str) -> dict[str, Any]:
    """Without the tags that AWS itself sets: nobody else may."""
    table = client.describe_table(TableName=name)["Table"]
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return {
        "ttl": _ttl(client, name),
        "stream": table.get("StreamSpecification"),
        "backups": (backups.get("PointInTimeRecoveryDescription") or {}).get("PointInTimeRecoveryStatus") == "ENABLED",
        "protected": table.get("DeletionProtectionEnabled", False),
        "tags": [tag for tag in tags if not tag["Key"].startswith("aws:")],
    }


def _ttl(client: Any, name: str) -> str | None:
    told = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    name_of: str | None = told.get("AttributeName")
    return name_of if told["TimeToLiveStatus"] in ("ENABLED", "ENABLING") else None


def _refuse_unreachable(client: Any, source: str, to: datetime) -> None:
    try:
        told = client.describe_continuous_backups(TableName=source)["ContinuousBackupsDescription"]
    except ClientError as error:
        raise Refused(f"The backups of {source} cannot be read: {error}") from error
    reach = told.get("PointInTimeRecoveryDescription") or {}
    if reach.get("PointInTimeRecoveryStatus") != "ENABLED":
        raise Refused(f"{source} has no point-in-time recovery.")
    first, last = reach.get("EarliestRestorableDateTime"), reach.get("LatestRestorableDateTime")
    if (first and to < first) or (last and to > last):
        raise Refused(f"{source} can be restored to moments from {first} to {last} only.")
