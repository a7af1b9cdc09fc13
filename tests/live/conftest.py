"""The real thing: `./dev run` with a data directory and ports of its own, once for all tests here."""

import socket
from collections.abc import Iterator

import pytest

from local.data import ROOT
from tests.live.service import Service

CLOUD = ROOT / ".venv-cloud/bin/python"


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if not CLOUD.exists():
        pytest.skip(f"the local cloud is not installed in {CLOUD.parent.parent}: ./dev test installs it")
    port, cloud_port = free_ports(2)
    service = Service(tmp_path_factory.mktemp("live"), port, cloud_port)
    service.start()
    try:
        yield service
    finally:
        service.stop()
