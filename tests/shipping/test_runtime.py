"""Every function of the deployment package starts and answers under Lambda's own runtime."""

import importlib.util
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local import archive, package
from local.environment import REGION, cloud_credentials
from tests.shipping import runtime
from tests.shipping.runtime import EMULATOR, Function, running

pytestmark = pytest.mark.slow

SETTINGS = {
    "AFTERCHAT_STAGE": "prod",
    "AFTERCHAT_SEALING_KEYS": "a key",
    "AFTERCHAT_ISSUER": "https://issuer.example",
    "AFTERCHAT_JWKS_URL": "https://issuer.example/keys",
    "AFTERCHAT_AUDIENCE": "afterchat",
    "AFTERCHAT_ENDPOINT": "http://127.0.0.1:9",  # discard: nothing is there
    **{f"AFTERCHAT_TABLE_{name}": name for name in ("CUSTOMERS", "ACTIVITY", "CODES", "RUNTIME_LOG", "CONTROL")},
    "AFTERCHAT_FILES_BUCKET": "files",
    "AFTERCHAT_EXPORTS_BUCKET": "exports",
    "AFTERCHAT_JOBS_QUEUE": "http://127.0.0.1:9/jobs",
    "AFTERCHAT_WEBHOOKS_QUEUE": "http://127.0.0.1:9/webhooks",
}
NO_MESSAGES: dict[str, Any] = {"Records": []}
EVENTS: dict[str, tuple[Any, Any]] = {
    "app.worker": (NO_MESSAGES, {"batchItemFailures": []}),
    "app.dead_letters": (NO_MESSAGES, {"batchItemFailures": []}),
    "app.call_webhooks": (NO_MESSAGES, {"batchItemFailures": []}),
    "app.stream": (NO_MESSAGES, {"batchItemFailures": []}),
}


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sam.yaml, with the whole package beside it."""
    if not EMULATOR.exists():
        pytest.skip(f"Lambda's runtime is not installed in {runtime.LAMBDA}: ./dev test installs it")
    return package.whole("prod", tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def code(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unzipped = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(packaged.with_name("deployment.zip")) as archived:
        archived.extractall(unzipped)
    return unzipped


@pytest.fixture(scope="module")
def api(code: Path) -> Iterator[Function]:
    with running(code, "app.app", environment()) as function:
        yield function


def environment() -> dict[str, str]:
    return {name: value for name, value in cloud_credentials().items() if name.startswith("AWS_")} | SETTINGS


def request(method: str, path: str, route: str = "", **parameters: str) -> dict[str, Any]:
    return {
        "resource": route or path,
        "path": path,
        "httpMethod": method,
        "headers": {"host": "example.org"},
        "multiValueHeaders": {"host": ["example.org"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {"httpMethod": method, "resourcePath": route or path, "path": f"/api{path}", "identity": {}},
        "body": None,
        "isBase64Encoded": False,
    }


def test_the_api_answers(api: Function) -> None:
    status, answer = api.invoke(request("GET", "/health"))
    assert (status, answer["statusCode"], answer["body"]) == (200, 200, '{"status":"ok"}')


def test_the_console_is_in_the_package(api: Function) -> None:
    status, answer = api.invoke(request("GET", "/"))
    assert (status, answer["statusCode"]) == (200, 200)
    assert "<!doctype html>" in answer["body"].lower()


def test_every_answer_of_the_console_stays_under_what_lambda_hands_back(api: Function, code: Path) -> None:
    for file in (code / "chalicelib/console/assets").iterdir():
        event = request("GET", f"/assets/{file.name}", "/assets/{file}", file=file.name)
        status, answer = api.invoke(event)
        assert (status, answer["statusCode"]) == (200, 200), file.name
        assert len(answer["body"].encode()) < runtime.LARGEST_ANSWER


def test_trouble_with_storage_is_told_as_such(api: Function) -> None:
    event = request("GET", "/v1/records/customers", "/v1/records/{kind}", kind="customers")
    event["multiValueHeaders"]["authorization"] = ["Bearer ak_" + "x" * 40]
    status, answer = api.invoke(event)
    assert (status, answer["statusCode"]) == (200, 401), answer


@pytest.mark.parametrize("handler", EVENTS)
def test_each_function_starts_and_answers_an_event(code: Path, handler: str) -> None:
    event, expected = EVENTS[handler]
    with running(code, handler, environment()) as function:
        assert function.invoke(event) == (200, expected)


@pytest.mark.parametrize("handler", ["app.resend", "app.daily"])
def test_each_schedule_starts_and_says_that_it_found_no_storage(code: Path, handler: str) -> None:
    event = {"version": "0", "account": "1", "region": REGION, "detail": {}, "detail-type": "Scheduled Event"}
    event |= {"source": "aws.events", "time": "2026-01-01T00:00:00Z", "id": "1", "resources": []}
    with running(code, handler, environment()) as function:
        status, answer = function.invoke(event)
    assert status in (200, 502)
    assert status == 200 or "errorType" not in answer or "Import" not in answer["errorType"], answer


def test_the_emulator_refuses_what_lambda_refuses(code: Path) -> None:
    """Else the test of what stays under the limit would say nothing."""
    (code / "large.py").write_text(f"def answer(event, context):\n    return 'x' * {runtime.LARGEST_ANSWER + 1}\n")
    with running(code, "large.answer", environment()) as function:
        status, answer = function.invoke({})
    assert (status, answer["errorType"]) == (502, "Function.ResponseSizeTooLarge")


def test_the_runtime_is_that_of_the_wheels_in_the_package(packaged: Path, code: Path) -> None:
    template = yaml.safe_load(packaged.read_text())
    runtimes = {
        one["Properties"]["Runtime"] for one in template["Resources"].values() if "Runtime" in one.get("Properties", {})
    }
    ours = f"python{sys.version_info.major}.{sys.version_info.minor}"
    compiled = {file.name for file in code.rglob("*.so") if ".cpython-" in file.name}
    assert runtimes == {ours}
    assert compiled
    assert all(f".cpython-{ours.removeprefix('python').replace('.', '')}-x86_64" in name for name in compiled)


def test_the_package_holds_nothing_that_never_runs_there(packaged: Path, code: Path) -> None:
    size = packaged.with_name("deployment.zip").stat().st_size
    assert size < 25e6
    services = {file.name for file in (code / "botocore/data").iterdir() if file.is_dir()}
    assert services == set(archive.SERVICES)
    assert not (code / "boto3").exists()


def test_every_module_is_compiled_and_never_checked_against_its_source(code: Path) -> None:
    """Flags of PEP 552: by hash, unchecked."""
    for source in (file for file in code.rglob("*.py") if file.name != "large.py"):
        compiled = Path(importlib.util.cache_from_source(str(source)))
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01, source


def test_the_same_sources_give_the_same_package(packaged: Path, tmp_path: Path) -> None:
    again = package.whole("prod", tmp_path)
    assert again.with_name("deployment.zip").read_bytes() == packaged.with_name("deployment.zip").read_bytes()
