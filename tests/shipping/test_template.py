"""What is deployed: tables that expire, survive and stream; functions that may do no more than they must."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import app  # noqa: F401 declares the routes
from chalicelib import outbound
from chalicelib.kinds import KINDS, Kind
from chalicelib.problem_codes import CODES
from chalicelib.problems import MEDIA_TYPE
from chalicelib.roles import ROLES, Role
from chalicelib.routes import ROUTES
from chalicelib.webhooks import calls
from local.alarms import FUNCTIONS as ALARMED
from local.deploy import PARAMETERS
from local.infrastructure import GATEWAY_ANSWERS
from local.package import package
from local.resources import PROMISES
from local.restore.switching import SWITCHED
from local.template import parse

Template = dict[str, Any]

TABLES = (*PROMISES, "ControlTable")
FUNCTIONS = (*ALARMED, "Tokens")
ALARMS = (
    *(
        "ServerErrors",
        "FailedJobs",
        "DeadLetters",
        "OldestJob",
        "WebhookFailures",
        "DisabledWebhooks",
        "OverdueRecords",
    ),
    *("Errors", "Throttles", "IteratorAge", "5XXError", "ApproximateNumberOfMessagesVisible", "WriteThrottleEvents"),
)


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="session")
def template(packaged: Path) -> Template:
    """With the tables of its own, in place of which restored ones may be named."""
    own: Template = with_own_tables(parse(packaged.read_text()))
    return own


def with_own_tables(node: Any) -> Any:
    if isinstance(node, list):
        return [with_own_tables(one) for one in node]
    if not isinstance(node, dict):
        return node
    asked = node.get("Fn::If")
    if isinstance(asked, list) and asked[0] in {f"Own{table}" for table in SWITCHED}:
        return with_own_tables(asked[1])
    return {name: with_own_tables(one) for name, one in node.items()}


def resource(template: Template, name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]
    return found


def of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in template["Resources"].items() if one["Type"] == kind}


def statements(template: Template, function: str) -> list[dict[str, Any]]:
    """Of the function's role; deployed with keys of AWS."""
    role = resource(template, resource(template, function)["Properties"]["Role"]["Fn::GetAtt"][0])
    found = [one for policy in role["Properties"]["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    return [one for one in found if "Fn::If" not in one]


def granted(template: Template, function: str) -> set[tuple[str, str]]:
    """Actions and the places that are named by a text."""
    return {
        (action, place["Fn::Sub"])
        for one in statements(template, function)
        for action in one["Action"]
        for place in one["Resource"]
        if isinstance(place.get("Fn::Sub"), str)
    }


def refuses_plain_http(policy: dict[str, Any]) -> bool:
    denied = [one for one in policy["Properties"]["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
    return any(
        one["Principal"] == "*" and one["Condition"] == {"Bool": {"aws:SecureTransport": "false"}} for one in denied
    )


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
    encryption = resource(template, table)["Properties"]["SSESpecification"]
    assert encryption["SSEEnabled"] == {"Fn::If": ["OwnKey", True, {"Fn::If": ["Production", True, False]}]}
    assert encryption["KMSMasterKeyId"] == {"Fn::If": ["OwnKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}


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


def test_counters_of_repeated_log_entries_start_no_function(template: Template) -> None:
    source = resource(template, "Stream")["Properties"]["Events"]["RuntimeLog"]["Properties"]
    (filter,) = source["FilterCriteria"]["Filters"]
    assert json.loads(filter["Pattern"]) == {"eventName": ["INSERT", "REMOVE"]}


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
    writing = ("PutItem", "UpdateItem", "DeleteItem", "PutObject", "DeleteObject", "GetObject")
    written = {
        str(one["Resource"])
        for one in statements(template, "Webhooks")
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


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_has_a_role_of_its_own_that_allows_no_wildcard_action_no_scan_and_nothing_everywhere(
    template: Template, function: str
) -> None:
    for one in statements(template, function):
        actions = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
        assert not any("*" in action or action.endswith("Scan") for action in actions)
        assert "*" not in one["Resource"]


def test_no_two_functions_share_a_role(template: Template) -> None:
    roles = [resource(template, function)["Properties"]["Role"]["Fn::GetAtt"][0] for function in FUNCTIONS]
    assert len(set(roles)) == len(FUNCTIONS)


def test_the_api_may_sign_what_it_hands_out_and_collect_only_what_chats_upload(template: Template) -> None:
    """Signing asks AWS nothing, so no test of behaviour would find a policy without it."""
    api, collect = (granted(template, function) for function in ("APIHandler", "Collect"))
    assert ("s3:PutObject", "${FilesBucket.Arn}/i/*") in api
    for place in (
        "${FilesBucket.Arn}/t/*",
        "${ExportsBucket.Arn}/e/*",
        "${ExportsBucket.Arn}/p/*",
        "${ExportsBucket.Arn}/d/*",
    ):
        assert ("s3:GetObject", place) in api
    assert {place for action, place in collect if action.startswith("s3:")} == {"${FilesBucket.Arn}/t/*"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_writes_to_a_log_that_forgets(template: Template, function: str) -> None:
    log = resource(template, function)["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
    assert resource(template, log)["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert [{"Fn::GetAtt": [log, "Arn"]}] in [one["Resource"] for one in statements(template, function)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_is_of_the_architecture_of_its_wheels(template: Template, function: str) -> None:
    assert resource(template, function)["Properties"]["Architectures"] == ["x86_64"]


@pytest.mark.parametrize("function", ["APIHandler", "Collect"])
def test_what_answers_people_starts_from_a_snapshot_and_is_published_anew_with_each_parameter(
    template: Template, function: str
) -> None:
    properties = resource(template, function)["Properties"]
    assert properties["SnapStart"] == {"ApplyOn": {"Fn::If": ["Snapshots", "PublishedVersions", "None"]}}
    assert properties["AutoPublishAlias"] == "live"
    assert properties["AutoPublishAliasAllProperties"]
    assert PARAMETERS in properties["Description"]


def test_the_routes_of_collect_lead_to_a_function_of_its_own_and_all_others_to_the_api(template: Template) -> None:
    paths = resource(template, "RestAPI")["Properties"]["DefinitionBody"]["paths"]
    for (method, path), _ in ROUTES.items():
        uri = paths[path][method.lower()]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
        expected = "Collect.Alias" if path.startswith("/v1/collect") else "APIHandler.Alias"
        assert uri[1] == {"Function": {"Ref": expected}}, path


def test_the_gateway_may_call_both_through_their_aliases(template: Template) -> None:
    for function, permission in (("APIHandler", "APIHandlerInvokePermission"), ("Collect", "CollectInvokePermission")):
        properties = resource(template, permission)["Properties"]
        assert properties["FunctionName"] == {"Ref": f"{function}.Alias"}
        assert properties["Principal"] == "apigateway.amazonaws.com"
    assert properties["SourceArn"]["Fn::Sub"].endswith("/POST/v1/collect*")


@pytest.mark.parametrize(("happened", "code"), GATEWAY_ANSWERS.items())
def test_the_gateway_answers_in_the_words_of_the_service(template: Template, happened: str, code: str) -> None:
    answers = resource(template, "RestAPI")["Properties"]["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    answer = answers[happened]
    body = json.loads(answer["responseTemplates"]["application/json"])
    assert (answer["statusCode"], body["code"], body["title"]) == (str(CODES[code].status), code, CODES[code].title.en)
    assert body.pop("trace_id") == "$context.requestId"
    assert "$" not in json.dumps(body)  # what callers sent could end the JSON
    assert answer["responseParameters"]["gatewayresponse.header.Content-Type"] == f"'{MEDIA_TYPE}'"
    assert ("gatewayresponse.header.Retry-After" in answer["responseParameters"]) == (
        code in ("rate_limited", "unavailable")
    )


def test_calls_are_limited_for_each_route_and_nothing_they_hold_is_logged(template: Template) -> None:
    settings = {one["ResourcePath"]: one for one in resource(template, "RestAPI")["Properties"]["MethodSettings"]}
    assert set(settings) == {"/*", "/~1v1~1collect", "/~1v1~1collect~1{type}"}
    assert all(one["ThrottlingRateLimit"] and one["ThrottlingBurstLimit"] for one in settings.values())
    assert not any(one["DataTraceEnabled"] for one in settings.values())


def test_the_access_log_names_neither_path_nor_query_nor_caller(template: Template) -> None:
    form = resource(template, "RestAPI")["Properties"]["AccessLogSetting"]["Format"]
    noted = set(re.findall(r"\$context\.[\w.]+", form))
    assert "$context.resourcePath" in noted
    assert not noted & {"$context.path", "$context.requestOverride.path", "$context.identity.sourceIp"}
    assert "query" not in form.lower()
    assert "\n" not in form


@pytest.mark.parametrize("bucket", ["FilesBucket", "ExportsBucket"])
def test_buckets_are_encrypted_private_and_refuse_plain_http(template: Template, bucket: str) -> None:
    properties = resource(template, bucket)["Properties"]
    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == {"Fn::If": ["OwnKey", "aws:kms", "AES256"]}
    assert all(properties["PublicAccessBlockConfiguration"].values())
    assert refuses_plain_http(resource(template, f"{bucket}Policy"))


@pytest.mark.parametrize("queue", ["JobsQueue", "JobsDeadLetters", "WebhooksQueue", "WebhooksDeadLetters"])
def test_queues_are_encrypted_and_refuse_plain_http(template: Template, queue: str) -> None:
    assert resource(template, queue)["Properties"]["SqsManagedSseEnabled"]
    policies = [one for one in template["Resources"].values() if one.get("Type") == "AWS::SQS::QueuePolicy"]
    assert any({"Ref": queue} in one["Properties"]["Queues"] and refuses_plain_http(one) for one in policies)


@pytest.mark.parametrize("kept", ["FilesBucket", "SealingKey", "UserPool"])
def test_files_key_and_users_outlive_the_stack(template: Template, kept: str) -> None:
    found = resource(template, kept)
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_a_group_of_the_user_pool(template: Template, role: Role) -> None:
    group = resource(template, f"{role.name.title()}Group")["Properties"]
    assert group["GroupName"] == role.name


def test_nobody_can_enter_the_pool_by_themselves_or_move_to_another_tenant(template: Template) -> None:
    assert resource(template, "UserPool")["Properties"]["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    console = resource(template, "Console")["Properties"]
    assert "custom:tenant" not in console["WriteAttributes"]
    assert console["GenerateSecret"] is False
    assert console["AllowedOAuthFlows"] == ["code"]


@pytest.mark.parametrize("metric", ALARMS)
def test_somebody_is_told_of_each_trouble(template: Template, metric: str) -> None:
    found = [
        one["Properties"]
        for one in template["Resources"].values()
        if one.get("Type") == "AWS::CloudWatch::Alarm" and one["Properties"]["MetricName"] == metric
    ]
    assert found
    assert all(one["AlarmActions"] == [{"Ref": "AlarmTopic"}] for one in found)


def test_the_dashboard_is_json_that_names_every_function_and_table(template: Template) -> None:
    body, tables = resource(template, "Dashboard")["Properties"]["DashboardBody"]["Fn::Sub"]
    named = {name.partition(".")[0] for name in re.findall(r"\$\{([^}:]+)\}", body)}
    assert json.loads(body)["widgets"]
    named |= {value["Ref"] for value in tables.values()}
    assert {*FUNCTIONS, *TABLES} - {"Tokens"} <= named


def test_the_template_is_small_enough_for_cloudformation(packaged: Path) -> None:
    assert packaged.stat().st_size < 1_000_000


def test_the_interface_is_regional(template: Template) -> None:
    assert resource(template, "RestAPI")["Properties"]["EndpointConfiguration"] == "REGIONAL"
