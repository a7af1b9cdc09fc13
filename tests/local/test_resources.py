"""One file declares the resources; what is created from it is what it says."""

import copy
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import buckets, queues, resources, tables, template
from local.environment import REGION
from local.template import Values, parse


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[resources.ClientFactory]:
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name=REGION)
        yield session.client


def test_a_table_is_requested_with_its_keys_indexes_and_stream() -> None:
    properties = template.load()["Resources"]["ActivityTable"]["Properties"]
    wanted = tables.request("activity", properties)
    assert wanted["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert wanted["KeySchema"] == properties["KeySchema"]
    assert wanted["GlobalSecondaryIndexes"] == properties["GlobalSecondaryIndexes"]
    assert "TimeToLiveSpecification" not in wanted, "CreateTable does not know it"


def test_each_table_of_the_file_is_created_as_declared_and_expires(client: resources.ClientFactory) -> None:
    resources.create(client)
    declared = [name for name, one in template.load()["Resources"].items() if one.get("Type") == "AWS::DynamoDB::Table"]
    for name in declared:
        physical = f"{resources.STACK}-{name}"
        table = client("dynamodb").describe_table(TableName=physical)["Table"]
        wanted = tables.request(physical, template.load()["Resources"][name]["Properties"])
        assert tables.shape(table) == tables.shape(wanted)
        state = client("dynamodb").describe_time_to_live(TableName=physical)["TimeToLiveDescription"]
        assert state == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert len(declared) == 5


def test_creating_again_changes_nothing_and_gives_the_same_names(client: resources.ClientFactory) -> None:
    first = resources.create(client)
    client("dynamodb").put_item(TableName=first["AFTERCHAT_TABLE_CONTROL"], Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
    assert resources.create(client) == first
    assert client("dynamodb").scan(TableName=first["AFTERCHAT_TABLE_CONTROL"])["Count"] == 1


def test_the_functions_get_the_names_that_were_made(client: resources.ClientFactory) -> None:
    names = resources.create(client)
    assert names["AFTERCHAT_STAGE"] == "local"
    assert names["AFTERCHAT_TABLE_RUNTIME_LOG"] == "afterchat-local-RuntimeLogTable"
    assert names["AFTERCHAT_FILES_BUCKET"] == "afterchat-local-filesbucket"
    assert names["AFTERCHAT_JOBS_QUEUE"].endswith("/afterchat-local-JobsQueue")
    assert "AFTERCHAT_ISSUER" not in names, "a parameter without a default stays open"


def test_a_job_that_keeps_failing_moves_to_the_dead_letters(client: resources.ClientFactory) -> None:
    url = resources.create(client)["AFTERCHAT_JOBS_QUEUE"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "afterchat-local-JobsDeadLetters" in attributes["RedrivePolicy"]
    assert attributes["VisibilityTimeout"] == "130"


def test_a_table_with_another_index_is_reported_with_the_way_out(
    client: resources.ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = copy.deepcopy(template.load())
    changed["Resources"]["CodesTable"]["Properties"]["GlobalSecondaryIndexes"].pop()
    changed["Resources"]["CodesTable"]["Properties"]["AttributeDefinitions"].pop()
    with monkeypatch.context() as before:
        before.setattr(template, "load", lambda: changed)
        resources.create(client)
    with pytest.raises(resources.Changed, match=r"afterchat-local-CodesTable differ.*\./dev reset"):
        resources.create(client)


def test_the_order_of_attributes_and_indexes_is_no_difference() -> None:
    properties = template.load()["Resources"]["CodesTable"]["Properties"]
    turned = {key: value[::-1] if isinstance(value, list) else value for key, value in properties.items()}
    assert tables.shape(tables.request("t", turned)) == tables.shape(tables.request("t", properties))


def test_lifecycle_and_cors_reach_the_bucket_in_its_own_words(client: resources.ClientFactory) -> None:
    properties: dict[str, Any] = {
        "LifecycleConfiguration": {"Rules": [{"Id": "x", "Status": "Enabled", "ExpirationInDays": 61}]},
        "CorsConfiguration": {
            "CorsRules": [
                {"AllowedOrigins": ["*"], "AllowedMethods": ["POST"], "ExposedHeaders": ["ETag"], "MaxAge": 5}
            ]
        },
    }
    buckets.create(client("s3"), "some", properties)
    (rule,) = client("s3").get_bucket_lifecycle_configuration(Bucket="some")["Rules"]
    assert (rule["ID"], rule["Expiration"]) == ("x", {"Days": 61})
    (cors,) = client("s3").get_bucket_cors(Bucket="some")["CORSRules"]
    assert (cors["ExposeHeaders"], cors["MaxAgeSeconds"]) == (["ETag"], 5)


def test_a_rule_that_is_not_understood_is_no_silent_loss() -> None:
    with pytest.raises(KeyError, match="Transitions"):
        buckets.lifecycle({"Id": "x", "Status": "Enabled", "Transitions": []})


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (130, "130"), ("x", "x"), ({"a": 5}, '{"a": 5}')])
def test_attributes_of_a_queue_are_text(value: Any, text: str) -> None:
    assert queues.text(value) == text


def test_short_forms_and_functions_are_evaluated() -> None:
    document = parse(
        """
        Parameters: {Stage: {Default: dev}}
        Conditions: {Production: !Equals [!Ref Stage, prod]}
        Both: [!If [Production, 1, 2], !Sub "${Stage}-${Queue}-${Queue.Arn}!", !GetAtt Queue.Arn, {Plain: !Ref Queue}]
        """
    )

    def of(parameters: dict[str, str]) -> Any:
        return Values(document, parameters, lambda name, what: f"<{name} {what}>").of(document["Both"])

    rest = ["<Queue Arn>", {"Plain": "<Queue Ref>"}]
    assert of({}) == [2, "dev-<Queue Ref>-<Queue Arn>!", *rest]
    assert of({"Stage": "prod"}) == [1, "prod-<Queue Ref>-<Queue Arn>!", *rest]
