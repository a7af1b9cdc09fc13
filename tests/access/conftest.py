"""A stopped clock and an issuer whose keys are in a file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from chalicelib import tokens
from chalicelib.keyset import keyset
from tests.access.forging import ISSUER, NOW, ec_jwk, publish, rsa_jwk


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def trusted(jwks_url: str, **changes: Any) -> None:
        values = {"issuer": ISSUER, "audiences": ("afterchat", "client-7"), "audience_claim": "", "jwks_url": jwks_url}
        values |= {"tenant_claim": "custom:tenant", "roles_claim": "cognito:groups"}
        monkeypatch.setattr(tokens, "settings", lambda: SimpleNamespace(**{**values, **changes}))

    return trusted


@pytest.fixture(autouse=True)
def jwks(tmp_path: Path, trust: Callable[..., None]) -> Path:
    keyset.cache_clear()
    path = tmp_path / "jwks.json"
    publish(path, rsa_jwk(), ec_jwk())
    trust(path.as_uri())
    return path
