"""The restored table gets what DynamoDB does not carry over."""

from datetime import UTC, datetime, timedelta

import pytest

from local.restore import copies
from local.stages import Refused
from tests.cloud import client
from tests.restore import past

TO = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def source(cloud: dict[str, str]) -> str:
    """A table with all that can be set."""
    name = past.restored("Activity", {})
    database, arn = client("dynamodb"), client("dynamodb").describe_table(TableName=name)["Table"]["TableArn"]
    backups = {"PointInTimeRecoveryEnabled": True}
    database.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=backups)
    database.update_table(TableName=name, DeletionProtectionEnabled=True)
    database.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "chat"}])
    return name


def test_a_restored_table_has_the_settings_of_its_source(source: str) -> None:
    database, target = client("dynamodb"), f"{source}-restored"
    told = database.describe_continuous_backups(TableName=source)["ContinuousBackupsDescription"]
    latest = told["PointInTimeRecoveryDescription"]["LatestRestorableDateTime"]
    with pytest.raises(Refused, match="moments from"):
        copies.restore(database, source, target, latest + timedelta(seconds=1), say=lambda text: None)
    copies.restore(database, source, target, latest, say=lambda text: None)
    bare = copies.settings_of(database, target)
    assert (bare["ttl"], bare["stream"], bare["tags"]) == (None, None, [])  # as AWS says, too
    for _ in range(2):
        copies.settle(database, copies.settings_of(database, source), target, TO)
    made, wanted = copies.settings_of(database, target), copies.settings_of(database, source)
    tags = {tag["Key"]: tag["Value"] for tag in made.pop("tags")}
    assert made == {name: value for name, value in wanted.items() if name != "tags"}
    assert (tags["team"], tags[copies.RESTORED]) == ("chat", TO.isoformat()) and copies.APPLIED in tags


def test_a_table_that_was_restored_before_is_used(source: str) -> None:
    copies.restore(client("dynamodb"), "no-such-table", source, TO, say=lambda text: None)


def test_without_backups_nothing_is_begun(cloud: dict[str, str]) -> None:
    with pytest.raises(Refused, match="no point-in-time recovery"):
        copies.restore(client("dynamodb"), past.restored("Codes", {}), "target", TO)
    with pytest.raises(Refused, match="cannot be read"):
        copies.restore(client("dynamodb"), "no-such-table", "target", TO)
