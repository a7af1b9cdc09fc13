"""`./dev run` as a developer meets it: it starts, is told by the AWS command line, stops, and remembers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local import cloud, data
from local.environment import clients
from local.resources import PROMISES, STACK

AWS = data.ROOT / ".venv-cloud/bin/aws"
PATIENCE = 90  # seconds until a test that waits gives up

needs_the_cloud = pytest.mark.skipif(not AWS.exists(), reason="./dev test installs the local cloud that this needs")


@pytest.fixture
def ports() -> tuple[int, int]:
    port, cloud_port = cloud.free_ports(2)
    return port, cloud_port


def dev(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [str(data.ROOT / "dev"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)


@contextmanager
def running(directory: Path, ports: tuple[int, int]) -> Iterator[subprocess.Popen[bytes]]:
    port, cloud_port = ports
    log = directory.with_suffix(".log")
    options: list[str | Path] = ["--port", str(port), "--cloud-port", str(cloud_port), "--data", directory]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [data.ROOT / "dev", "run", *options], stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for_text(process, log, f"Afterchat is ready: http://127.0.0.1:{port}")
        yield process
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert "The data is kept in" in log.read_text()
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for_text(process: subprocess.Popen[bytes], log: Path, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while text not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.mark.slow
@needs_the_cloud
def test_what_was_written_before_ctrl_c_is_there_after_the_next_start(tmp_path: Path, ports: tuple[int, int]) -> None:
    directory = tmp_path / "data"
    item = {"pk": {"S": "demo#kept"}, "sk": {"S": "kept"}}
    dynamodb = clients(cloud.endpoint(ports[1]))("dynamodb")
    with running(directory, ports):
        dynamodb.put_item(TableName=f"{STACK}-ControlTable", Item=item)
    keys = [(directory / name).read_bytes() for name in ("sealing.key", "issuer-key.pem")]
    with running(directory, ports):
        found = dynamodb.get_item(TableName=f"{STACK}-ControlTable", Key=item)["Item"]
        assert dev("reset", "--data", directory).returncode == 1, "the data of a run must not be deleted under it"
    assert found == item
    assert keys == [(directory / name).read_bytes() for name in ("sealing.key", "issuer-key.pem")]
    assert dev("reset", "--data", directory).returncode == 0
    assert list(directory.iterdir()) == []


@pytest.mark.slow
@needs_the_cloud
def test_a_run_answers_health_and_the_aws_command_line_shows_its_retention(
    tmp_path: Path, ports: tuple[int, int]
) -> None:
    with running(tmp_path / "data", ports):
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/health", timeout=10) as answer:
            assert answer.status == 200
        shown = [aws_ttl(ports[1], table) for table in PROMISES]
    assert shown == ["ENABLED\texpires_at"] * len(PROMISES)


def aws_ttl(port: int, table: str) -> str:
    call = ["dynamodb", "describe-time-to-live", "--table-name", f"{STACK}-{table}", "--output", "text"]
    fields = ["--query", "TimeToLiveDescription.[TimeToLiveStatus,AttributeName]"]
    account = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "eu-central-1"}
    command: list[str | Path] = [AWS, "--endpoint-url", cloud.endpoint(port), *call, *fields]
    shown: str = subprocess.check_output(command, env={**os.environ, **account}, text=True)
    return shown.strip()


@pytest.mark.slow
@needs_the_cloud
def test_a_run_that_is_killed_takes_its_processes_along_and_the_data_stays(
    tmp_path: Path, ports: tuple[int, int]
) -> None:
    directory = tmp_path / "data"
    item = {"pk": {"S": "demo#kept"}, "sk": {"S": "kept"}}
    dynamodb = clients(cloud.endpoint(ports[1]))("dynamodb")
    with pytest.raises(AssertionError), running(directory, ports) as process:
        dynamodb.put_item(TableName=f"{STACK}-ControlTable", Item=item)
        process.kill()
        wait_until_free(ports, directory)
    with running(directory, ports):
        assert dynamodb.get_item(TableName=f"{STACK}-ControlTable", Key=item)["Item"] == item


def wait_until_free(ports: tuple[int, int], directory: Path) -> None:
    """The ports at once, the directory when the cloud has saved."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            for port in ports:
                cloud.refuse_occupied(port, "--port")
            with data.held(directory):
                return
        except (cloud.Occupied, data.InUse):
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.slow
@needs_the_cloud
def test_a_second_run_with_the_same_data_is_refused_and_says_why(tmp_path: Path) -> None:
    with data.held(tmp_path):
        refused = dev("run", "--data", tmp_path)
    assert refused.returncode == 1
    assert "is in use by another ./dev run" in refused.stderr


def test_an_occupied_port_is_named_together_with_the_option_that_helps() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(cloud.Occupied, match=rf"Port {port} is in use.*--cloud-port"):
            cloud.refuse_occupied(port, "--cloud-port")


def test_help_has_one_line_for_each_command() -> None:
    lines = dev("help").stdout.splitlines()
    named = "run demo token reset test package deploy destroy check bench restore help"
    assert [line.split()[1] for line in lines] == named.split()


def test_an_unknown_command_is_refused() -> None:
    refused = dev("rnu")
    assert refused.returncode == 1
    assert "there is no command 'rnu'" in refused.stderr


def test_a_python_that_does_not_start_is_not_taken(tmp_path: Path) -> None:
    root = copy_of_dev(tmp_path)
    refused = subprocess.run(
        [root / "dev", "token"], env={**os.environ, "AFTERCHAT_PYTHON": "/bin/false"}, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "needs Python 3.11 or newer" in refused.stderr


@pytest.mark.slow
def test_the_environment_is_made_anew_only_when_its_requirements_changed(tmp_path: Path) -> None:
    root = copy_of_dev(tmp_path)
    environment = {**os.environ, "AFTERCHAT_PYTHON": sys.executable}
    seen = []
    for text in ("", "", "# changed\n"):
        (root / "requirements/dev.txt").write_text(text)
        seen.append(subprocess.run([root / "dev", "token"], env=environment, capture_output=True, text=True).stderr)
    assert ["Installing" in one for one in seen] == [True, False, True]


def copy_of_dev(directory: Path) -> Path:
    """The script beside requirements that need no download."""
    (directory / "requirements").mkdir()
    (directory / "requirements/dev.txt").touch()
    (directory / "dev").write_bytes((data.ROOT / "dev").read_bytes())
    (directory / "dev").chmod(0o755)
    return directory


def test_reset_deletes_what_a_run_wrote_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    assert data.delete(tmp_path) is False
    with data.held(tmp_path):
        data.sealing_key(tmp_path)
        with pytest.raises(data.InUse):
            data.delete(tmp_path)
    assert data.delete(tmp_path) is True
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_sealing_key_is_32_bytes_and_made_once(tmp_path: Path) -> None:
    key = data.sealing_key(tmp_path)
    assert len(key) == 44
    assert data.sealing_key(tmp_path) == key
    assert (tmp_path / "sealing.key").stat().st_mode & 0o077 == 0
