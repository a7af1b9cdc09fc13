"""One deployment for all tests that need one."""

from collections.abc import Iterator

import pytest

from local import cloud, data
from local.cloud import free_ports
from tests.live.conftest import CLOUD
from tests.shipping.deployed import Deployed, deploy

STAGE = "prod"


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Deployed twice: where the local user pool publishes its keys is known when it is there."""
    if not CLOUD.exists():
        pytest.skip(f"the local cloud is not installed in {CLOUD.parent.parent}: ./dev test installs it")
    directory, (port,) = tmp_path_factory.mktemp("deployed"), free_ports(1)
    with pytest.MonkeyPatch.context() as patch, data.held(directory) as lock:
        patch.setenv("MINISTACK_COGNITO_PRETOKEN_STRICT", "1")  # no token without tenant and roles, as on AWS
        process = cloud.start(directory, port, lock)
        try:
            endpoint = cloud.endpoint(port)
            outputs = deploy(endpoint, STAGE, Endpoint=endpoint)
            keys = f"{endpoint}/{outputs['UserPoolId']}/.well-known/jwks.json"
            yield Deployed(endpoint, deploy(endpoint, STAGE, JwksUrl=keys))
        finally:
            cloud.stop(process, 30)
            if process.stdin:
                process.stdin.close()
