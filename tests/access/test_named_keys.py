"""Named keys: wrong, moved, revoked and expired ones are refused, and nothing stored lets one be made again."""

import base64
import hashlib
from typing import Any

import pytest
import time_machine

from chalicelib.access import Caller, authenticate, require_experience
from chalicelib.named_keys import StoredKey, mint_key
from chalicelib.problems import Problem
from tests.access.forging import NOW, encoded


class KeyTable:
    """What the store keeps of keys, and how often it was asked."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], StoredKey] = {}
        self.asked = 0

    def find(self, tenant: str, key_id: str) -> StoredKey | None:
        self.asked += 1
        return self.rows.get((tenant, key_id))

    def mint(self, tenant: str, role: str = "collector", **restrictions: Any) -> tuple[str, StoredKey]:
        text, row = mint_key(tenant, "Chat engine", role, "user-1", **restrictions)
        self.rows[tenant, row.id] = row
        return text, row

    def refuses(self, text: str) -> str:
        with pytest.raises(Problem) as caught:
            authenticate(f"Bearer {text}", self.find)
        assert caught.value.status == 401
        return caught.value.detail


@pytest.fixture
def keys() -> KeyTable:
    return KeyTable()


def test_a_named_key_is_its_tenants_and_has_its_role(keys: KeyTable) -> None:
    text, row = keys.mint("acme", experience="raffle")
    assert authenticate(f"Bearer {text}", keys.find) == Caller(
        "acme", f"key:{row.id}", "Chat engine", frozenset({"collector"}), "raffle"
    )


def test_of_a_key_only_a_digest_and_four_characters_are_kept(keys: KeyTable) -> None:
    text, row = keys.mint("acme")
    secret = base64.urlsafe_b64decode(text.removeprefix("ak_live_") + "==")[:32]
    assert row.secret_sha256 == hashlib.sha256(secret).hexdigest()
    assert text.startswith("ak_live_")
    assert text.endswith(row.last4)
    assert secret.hex() not in repr(row)
    assert encoded(secret)[:40].decode() not in repr(row)


def test_a_wrong_secret_is_refused_like_an_unknown_key(keys: KeyTable) -> None:
    text, _ = keys.mint("acme")
    wrong = text[:8] + ("B" if text[8] != "B" else "C") + text[9:]
    unknown, _ = mint_key("acme", "n", "collector", "user-1")
    assert authenticate(f"Bearer {text}", keys.find)
    assert keys.refuses(wrong) == keys.refuses(unknown) == "The key is unknown or was revoked."


def test_a_key_cannot_be_moved_to_another_tenant(keys: KeyTable) -> None:
    text, row = keys.mint("acme")
    keys.mint("globex")
    raw = base64.urlsafe_b64decode(text.removeprefix("ak_live_") + "==")
    moved = "ak_live_" + encoded(raw[:32] + f"globex.{row.id}".encode()).decode()
    assert "unknown" in keys.refuses(moved)


@pytest.mark.parametrize("where", [b"acme#x.0123456789abcdef", b"acme.0123#5678", b"acme", b"", b".0123456789abcdef"])
def test_a_key_with_other_signs_never_reaches_the_store(keys: KeyTable, where: bytes) -> None:
    assert "not complete" in keys.refuses("ak_live_" + encoded(bytes(32) + where).decode())
    assert "not complete" in keys.refuses("ak_live_" + encoded(where).decode())
    assert keys.asked == 0


def test_a_revoked_key_works_for_at_most_half_a_minute(keys: KeyTable, clock: time_machine.Traveller) -> None:
    text, _ = keys.mint("acme")
    assert authenticate(f"Bearer {text}", keys.find)
    keys.rows.clear()
    clock.shift(29)
    assert authenticate(f"Bearer {text}", keys.find)
    assert keys.asked == 1
    clock.shift(1)
    assert "revoked" in keys.refuses(text)


def test_a_key_expires_to_the_second_even_while_remembered(keys: KeyTable, clock: time_machine.Traveller) -> None:
    text, _ = keys.mint("acme", expires_at=int(NOW.timestamp()) + 10)
    clock.shift(9)
    assert authenticate(f"Bearer {text}", keys.find)
    clock.shift(1)
    assert "expired" in keys.refuses(text)


def test_an_exporter_key_views_and_exports_and_a_collector_key_collects(keys: KeyTable) -> None:
    exporter = authenticate(f"Bearer {keys.mint('acme', 'exporter')[0]}", keys.find)
    assert exporter.verbs == ["read", "search", "reveal", "export"]
    assert not exporter.masked
    assert authenticate(f"Bearer {keys.mint('acme')[0]}", keys.find).verbs == ["collect"]
    assert authenticate(f"Bearer {keys.mint('acme', 'owner')[0]}", keys.find).verbs == []


def test_a_restricted_key_reaches_one_experience() -> None:
    key = Caller("acme", "key:1", "n", frozenset({"collector"}), "raffle")
    require_experience(key, "raffle")
    require_experience(Caller("acme", "u", "n", frozenset({"owner"})), None)
    for other in ("quiz", None):
        with pytest.raises(Problem) as caught:
            require_experience(key, other)
        assert (caught.value.status, caught.value.code) == (403, "experience_not_allowed")
