"""The packaged stack, deployed by CloudFormation into the local cloud and used through its API Gateway.

What this emulator lacks is asserted on the template instead (test_template.py): the gateway's own answers, throttling,
access logs, TTL, policies, stream records of expired items.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from chalicelib.kinds import KINDS
from local import package
from local.deploy import deploy as bring
from local.environment import REGION, cloud_credentials
from local.stack import Target, apply, described, last_events
from local.stages import Refused
from tests.live.service import eventually
from tests.shipping.deployed import HTTP, Deployed, deploy, destroy

pytestmark = pytest.mark.slow

RAFFLE: dict[str, Any] = {
    "title": "Raffle",
    "giveaways": [{"id": "bike", "title": "Bike", "rule": "once", "prizes": [{"name": "Bike"}]}],
    "coupons": {},
}
ANNA = "anna@example.org"
BOB = "bob@example.org"
COLLECTOR = "http://127.0.0.1:9"
QUEUE = {"Queue": {"Type": "AWS::SQS::Queue"}}


@pytest.fixture(scope="module")
def owner(deployed: Deployed) -> str:
    token = deployed.person("owner@example.org", "acme", "owner")
    deployed.ok("PUT", "/v1/experiences/raffle", RAFFLE, token)
    return token


@pytest.fixture(scope="module")
def chat(deployed: Deployed, owner: str) -> str:
    """A chat engine's key, with which two people took part."""
    key = str(deployed.ok("POST", "/v1/keys", {"name": "chat", "role": "collector"}, owner)["key"])
    for email in (ANNA, BOB):
        event = {"experience": "raffle", "email": email}
        deployed.ok(
            "POST", "/v1/collect/sign-ins", event | {"fields": {"name": email}}, key, Idempotency_Key=f"s-{email}"
        )
        entry = event | {"giveaway": "bike"}
        deployed.ok("POST", "/v1/collect/participations", entry, key, Idempotency_Key=f"p-{email}")
    return key


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a Target finds in the environment."""
    for name, value in cloud_credentials().items():
        monkeypatch.setenv(name, value)


def finished(deployed: Deployed, job: str, token: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def is_finished() -> bool:
        found.update(deployed.ok("GET", f"/v1/jobs/{job}", token=token))
        return found["state"] not in ("waiting", "queued", "running")

    eventually(is_finished, 240)
    assert found["state"] == "done", found
    return found


def rows(deployed: Deployed, kind: str, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = deployed.ok("GET", f"/v1/records/{kind}", token=token)["items"]
    return found


def ids(deployed: Deployed, token: str) -> set[tuple[str, str]]:
    """Of all records: kind and id."""
    return {(kind, row["id"]) for kind in KINDS for row in rows(deployed, kind, token)}


def test_a_person_of_the_user_pool_has_the_tenant_and_the_roles_that_the_pool_says(
    deployed: Deployed, owner: str
) -> None:
    me = deployed.ok("GET", "/v1/me", token=owner)
    assert (me["tenant"], "owner" in me["roles"]) == ("acme", True)


def test_a_person_without_a_tenant_or_a_role_gets_nowhere(deployed: Deployed) -> None:
    assert deployed.call("GET", "/v1/me", token=deployed.person("lost@example.org", "")).status == 401
    roleless = deployed.person("roleless@example.org", "acme")
    assert deployed.call("GET", "/v1/records/customers", token=roleless).status == 403


def test_a_machine_has_the_tenant_and_role_of_its_scope_and_no_more(deployed: Deployed, owner: str) -> None:
    machine = deployed.machine("acme", "collector")
    event = {"experience": "raffle", "email": "machine@example.org"}
    assert deployed.ok("POST", "/v1/collect/sign-ins", event, machine, Idempotency_Key="m")["outcome"] == "registered"
    assert deployed.call("GET", "/v1/records/customers", token=machine).status == 403


def test_what_a_chat_sends_is_listed_and_the_streams_follow(deployed: Deployed, owner: str, chat: str) -> None:
    assert {ANNA, "bob@example.org"} <= {row["email"] for row in rows(deployed, "customers", owner)}
    assert len(rows(deployed, "participations", owner)) == 2
    eventually(lambda: any(row["event"] == "sign_ins" for row in rows(deployed, "log", owner)), 90)
    assert deployed.ran("CollectLog"), "the Collect API has a function of its own"
    assert deployed.ran("StreamLog")


def test_another_tenant_of_the_pool_sees_nothing_of_it(deployed: Deployed, chat: str) -> None:
    stranger = deployed.person("stranger@example.org", "other", "owner")
    assert rows(deployed, "customers", stranger) == []


def test_coupons_are_brought_in_by_a_presigned_form(deployed: Deployed, owner: str, chat: str) -> None:
    asked = {"kind": "coupons", "experience": "raffle", "file_name": "coupons.csv"}
    answer = deployed.ok("POST", "/v1/imports", asked, owner)
    form = answer["upload"]
    content = b"code\nSPRING-1\nSPRING-2\n"
    sent = HTTP.request("POST", form["url"], fields={**form["fields"], "file": ("coupons.csv", content)})
    assert sent.status < 300, sent.data
    assert finished(deployed, answer["job"], owner)["result"]["added"] == 2
    claim = {"experience": "raffle", "email": ANNA}
    claimed = deployed.ok("POST", "/v1/collect/coupon-claims", claim, chat, Idempotency_Key="c")
    assert claimed["code"] in ("SPRING-1", "SPRING-2")


def test_an_export_is_downloaded_from_the_bucket(deployed: Deployed, owner: str, chat: str) -> None:
    job = deployed.ok("POST", "/v1/exports", {"kind": "customers", "format": "csv"}, owner)["id"]
    finished(deployed, job, owner)
    url = deployed.ok("GET", f"/v1/jobs/{job}/file", token=owner)["url"]
    assert ANNA in HTTP.request("GET", url).data.decode("utf-8-sig")


def test_an_erased_person_is_gone_and_a_draw_finds_its_winner_among_the_others(
    deployed: Deployed, owner: str, chat: str
) -> None:
    """At once, since both wait a minute for calls that were under way."""
    (anna,) = [row["id"] for row in rows(deployed, "customers", owner) if row["email"] == ANNA]
    erasure = deployed.ok("DELETE", f"/v1/records/customers/{anna}", token=owner)["job"]
    deployed.ok("DELETE", "/v1/experiences/raffle", token=owner)
    asked = {"giveaway": "bike", "count": 1}
    draw = deployed.ok("POST", "/v1/experiences/raffle/draws", asked, owner, Idempotency_Key="d")["job"]
    for job in (erasure, draw):
        finished(deployed, job, owner)
    assert ANNA not in json.dumps(rows(deployed, "customers", owner))
    assert [row["email"] for row in rows(deployed, "winners", owner)] == [BOB]


def test_the_console_is_served_under_the_stage(deployed: Deployed) -> None:
    page = deployed.call("GET", "/")
    assert page.status == 200
    assert b"<div id=" in page.data
    assert "Content-Security-Policy" in page.headers


def test_deploying_again_changes_nothing_and_parameters_stay(deployed: Deployed) -> None:
    before = stack(deployed)
    deploy(deployed.endpoint, "prod")
    after = stack(deployed)
    assert (after["Parameters"], after["Outputs"]) == (before["Parameters"], before["Outputs"])


def test_an_update_that_fails_halfway_is_taken_back_and_loses_nothing(
    deployed: Deployed, owner: str, chat: str, account: None, tmp_path: Path
) -> None:
    before, kept = stack(deployed), ids(deployed, owner)
    assert {kind for kind, _ in kept} >= {"customers", "participations"}
    target = Target("prod", REGION, deployed.endpoint)
    for name in ("Never", "NotYet"):
        with pytest.raises(Refused, match=f"is UPDATE_ROLLBACK_COMPLETE: {name}: [^;]+$"):
            bring(target, never_ready(tmp_path, name), {"OtlpEndpoint": COLLECTOR})
        events = [(one["LogicalResourceId"], one["ResourceStatus"]) for one in last_events(target, "UPDATE")]
        failed = next(place for place, (id, status) in enumerate(events) if id == name and "FAILED" in status)
        assert ("APIHandler", "UPDATE_COMPLETE") in events[:failed], "nothing was changed before"
    after = stack(deployed)
    assert (after["Parameters"], after["Outputs"]) == (before["Parameters"], before["Outputs"])
    assert live(deployed).get("OTEL_EXPORTER_OTLP_ENDPOINT", "") == ""
    assert kept - ids(deployed, owner) == set()  # the streams may have added to the log


def test_a_first_deployment_that_failed_is_simply_done_again(deployed: Deployed, account: None) -> None:
    """CloudFormation would refuse: such a stack can only be deleted."""
    target = Target("first", REGION, deployed.endpoint)
    with pytest.raises(Refused, match="is ROLLBACK_COMPLETE: Never: "):
        apply(target, published(target, QUEUE | waiting("Never")), {}, ())
    failed = described(target)
    assert "Queue" in apply(target, published(target, QUEUE), {}, ())
    made = described(target)
    assert failed and made and failed["StackId"] != made["StackId"]


def test_a_changed_parameter_reaches_the_version_that_answers(deployed: Deployed) -> None:
    """An alias names a version, and versions never change."""
    deploy(deployed.endpoint, "prod", OtlpEndpoint=COLLECTOR)
    assert live(deployed)["OTEL_EXPORTER_OTLP_ENDPOINT"] == COLLECTOR


def test_the_stack_goes_only_after_two_answers_and_leaves_what_people_trusted_us_with(deployed: Deployed) -> None:
    """The last test of this deployment: it ends it."""
    name = stack(deployed)["StackName"]
    for answers in ("", "prod\n", "prod\nyes\n", "dev\ndestroy prod\n"):
        asked = destroy(deployed.endpoint, answers)
        assert asked.returncode == 1
        assert stack(deployed)["StackName"] == name
    gone = destroy(deployed.endpoint, "prod\ndestroy prod\n")
    assert gone.returncode == 0, gone.stderr
    tables = [table for table in deployed.client("dynamodb").list_tables()["TableNames"] if table in gone.stdout]
    assert len(tables) == 5
    assert deployed.outputs["UserPoolId"] in gone.stdout
    with pytest.raises(ClientError):
        stack(deployed)


def never_ready(directory: Path, name: str) -> Path:
    """The package that was deployed, with something of that name in its template that nobody ever says is ready."""
    whole = package.OUT / "packaged/sam.yaml"
    document = yaml.safe_load(whole.read_text())
    document["Resources"] |= waiting(name, DependsOn="APIHandler")
    shutil.copy(whole.with_name("deployment.zip"), directory)
    (directory / "sam.yaml").write_text(yaml.safe_dump(document))
    return directory / "sam.yaml"


def waiting(name: str, **more: str) -> dict[str, Any]:
    """Resources: one that waits for a signal, which nobody gives."""
    waits = {"Handle": {"Ref": "Signal"}, "Timeout": "1"}
    return {
        "Signal": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        name: {"Type": "AWS::CloudFormation::WaitCondition", "Properties": waits, **more},
    }


def published(target: Target, resources: dict[str, Any]) -> str:
    """The address of a template with these resources."""
    document = {"Resources": resources, "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}}}
    bucket, key = f"afterchat-code-000000000000-{REGION}", f"{len(resources)}.json"
    target.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(document))
    return f"{target.endpoint}/{bucket}/{key}"


def live(deployed: Deployed) -> dict[str, str]:
    """The environment of the version that answers."""
    functions = deployed.client("lambda")
    found = functions.get_function_configuration(FunctionName=deployed.outputs["APIHandlerName"], Qualifier="live")
    return dict(found["Environment"]["Variables"])


def stack(deployed: Deployed) -> dict[str, Any]:
    (found,) = deployed.client("cloudformation").describe_stacks(StackName="afterchat-prod")["Stacks"]
    return dict(found)
