"""What is deployed: tables that expire, survive and stream; functions that may do no more than they must."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib import outbound
from chalicelib.kinds import KINDS, Kind
from chalicelib.webhooks import calls
from local.package import package
from local.resources import PROMISES
from local.template import parse

Template = dict[str, Any]

TABLES = (*PROMISES, "ControlTable")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    path: Path = package(tmp_path_factory.mktemp("package"))
    return parse(path.read_text())


def resource(template: Template, name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]
    return found


def of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in template["Resources"].items() if one["Type"] == kind}


def test_there_are_five_tables_and_no_other(template: Template) -> None:
    assert set(of_type(template, "AWS::DynamoDB::Table")) == set(TABLES)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_table_of_each_kind_is_one_that_keeps_a_promise(kind: Kind) -> None:
    assert f"{kind.promise.table}Table" in PROMISES


@pytest.mark.parametrize("table", TABLES)
def test_each_table_deletes_by_expires_at(template: Template, table: str) -> None:
    expected = {"AttributeName": "expires_at", "Enabled": True}
    assert resource(template, table)["Properties"]["TimeToLiveSpecification"] == expected


@pytest.mark.parametrize("table", TABLES)
def test_each_table_can_be_restored_to_a_point_in_time(template: Template, table: str) -> None:
    expected = {"PointInTimeRecoveryEnabled": True}
    assert resource(template, table)["Properties"]["PointInTimeRecoverySpecification"] == expected


@pytest.mark.parametrize("table", TABLES)
def test_each_table_outlives_the_stack_and_a_replacement(template: Template, table: str) -> None:
    found = resource(template, table)
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("table", TABLES)
def test_production_alone_protects_its_tables_from_deletion(template: Template, table: str) -> None:
    protected = resource(template, table)["Properties"]["DeletionProtectionEnabled"]
    assert protected == {"Fn::If": ["Production", True, False]}
    assert template["Conditions"]["Production"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}


@pytest.mark.parametrize("table", TABLES)
def test_each_table_of_production_is_encrypted_with_a_key_of_the_account(template: Template, table: str) -> None:
    encryption = resource(template, table)["Properties"]["SSESpecification"]["SSEEnabled"]
    assert encryption in (True, {"Fn::If": ["Production", True, False]})


@pytest.mark.parametrize("table", PROMISES)
def test_each_table_of_a_promise_streams_what_was_and_what_is(template: Template, table: str) -> None:
    stream = resource(template, table)["Properties"]["StreamSpecification"]
    assert stream == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_stream_function_reads_the_four_streams_and_reports_single_failures(template: Template) -> None:
    sources = [event["Properties"] for event in resource(template, "Stream")["Properties"]["Events"].values()]
    expected = [{"Fn::GetAtt": [table, "StreamArn"]} for table in PROMISES]
    assert sorted((one["Stream"] for one in sources), key=str) == sorted(expected, key=str)
    assert all(one["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for one in sources)
    assert all(one["StartingPosition"] == "TRIM_HORIZON" for one in sources), "LATEST loses what comes while deploying"


def test_the_worker_takes_the_jobs_and_reports_single_failures(template: Template) -> None:
    (source,) = [event["Properties"] for event in resource(template, "Worker")["Properties"]["Events"].values()]
    assert source["Queue"] == {"Fn::Sub": "${JobsQueue.Arn}"}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_job_stays_hidden_for_as_long_as_its_worker_may_run(template: Template) -> None:
    hidden = resource(template, "JobsQueue")["Properties"]["VisibilityTimeout"]
    assert hidden >= resource(template, "Worker")["Properties"]["Timeout"] == 120


def test_the_caller_of_webhooks_takes_its_queue_and_reports_single_failures(template: Template) -> None:
    (source,) = [event["Properties"] for event in resource(template, "Webhooks")["Properties"]["Events"].values()]
    assert source["Queue"] == {"Fn::Sub": "${WebhooksQueue.Arn}"}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BatchSize"] == 10
    hidden = resource(template, "WebhooksQueue")["Properties"]["VisibilityTimeout"]
    seconds = resource(template, "Webhooks")["Properties"]["Timeout"]
    assert hidden > seconds >= 2 * outbound.SECONDS
    assert seconds * 1000 < calls.LEASE_MS


def test_the_caller_of_webhooks_may_change_nothing_but_deliveries_and_the_log(template: Template) -> None:
    """It is the one function that is sent to addresses which tenants name."""
    role = resource(template, resource(template, "Webhooks")["Properties"]["Role"]["Fn::GetAtt"][0])
    statements = [one for policy in role["Properties"]["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    writing = ("PutItem", "UpdateItem", "DeleteItem", "PutObject", "DeleteObject", "GetObject")
    written = {
        str(one["Resource"])
        for one in statements
        if str(one["Action"]).endswith(writing)
        or any(action.endswith(writing) for action in one["Action"] if isinstance(one["Action"], list))
    }
    assert not any(name in place for place in written for name in ("Customers", "Activity", "Codes", "Bucket"))


def test_a_job_that_keeps_failing_is_kept_aside(template: Template) -> None:
    redrive = resource(template, "JobsQueue")["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["JobsDeadLetters", "Arn"]}


def test_each_function_gets_the_names_of_all_tables(template: Template) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["AFTERCHAT_STAGE"] == {"Ref": "Stage"}
    assert [{"Ref": table} in variables.values() for table in TABLES] == [True] * len(TABLES)


@pytest.mark.parametrize("function", ["APIHandler", "Worker", "Stream", "Resend", "Webhooks"])
def test_each_function_may_write_logs_anywhere_and_touch_nothing_else_it_does_not_own(
    template: Template, function: str
) -> None:
    role = resource(template, resource(template, function)["Properties"]["Role"]["Fn::GetAtt"][0])
    statements = [one for policy in role["Properties"]["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    anywhere = [action for one in statements if one["Resource"] == "*" for action in one["Action"]]
    assert all(action.startswith(("logs:", "xray:", "cloudwatch:")) for action in anywhere)
    assert not any("Scan" in action for one in statements for action in one["Action"])


def test_the_interface_is_regional(template: Template) -> None:
    assert resource(template, "RestAPI")["Properties"]["EndpointConfiguration"] == "REGIONAL"
