"""The real thing: `./dev run` with a data directory and ports of its own, once for all tests here."""

from collections.abc import Iterator

import pytest

from local.cloud import free_ports
from local.data import ROOT
from tests.live.service import Service

CLOUD = ROOT / ".venv-cloud/bin/python"


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
