"""The issuer of a local Afterchat: its tokens pass the same verification, its key is kept private."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from chalicelib.access import Caller
from local import issuer
from tests.access.forging import enter, refused


@pytest.fixture
def data(tmp_path: Path, trust: Callable[..., None]) -> Path:
    env = issuer.environment(tmp_path / "data")
    trust(env["AFTERCHAT_JWKS_URL"], issuer=env["AFTERCHAT_ISSUER"], audiences=(env["AFTERCHAT_AUDIENCE"],))
    return tmp_path / "data"


def test_a_local_token_passes_the_same_verification(data: Path, clock: time_machine.Traveller) -> None:
    token = issuer.token(data, "demo", ["owner"], "anna", hours=1)
    assert enter(token) == Caller("demo", "anna", "anna", frozenset({"owner"}))
    clock.shift(3600)
    assert "expired" in refused(token)


def test_the_local_key_is_made_once_and_readable_by_its_user_alone(data: Path) -> None:
    key = data / "issuer-key.pem"
    before = key.read_bytes()
    issuer.start(data)
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in data.iterdir()} == {"issuer-key.pem", "jwks.json"}


def test_the_local_keyset_holds_no_private_part(data: Path) -> None:
    (key,) = json.loads((data / "jwks.json").read_text())["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert key["kid"] == issuer.thumbprint(key)


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "first-start" / "issuer-key.pem"
    path.parent.mkdir()
    issuer._place(path, b"first", replace=False)
    issuer._place(path, b"second", replace=False)
    assert path.read_bytes() == b"first"
    assert [file.name for file in path.parent.iterdir()] == ["issuer-key.pem"]
