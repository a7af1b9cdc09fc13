"""A new sealing key before the old one: what was sealed and hashed with the old one is still known."""

import pytest
import time_machine

from chalicelib.packages import links
from chalicelib.store import jobs, suppression, webhooks
from chalicelib.store.tenancy import Store
from local.restore.gone import Gone
from tests.conftest import forget_settings
from tests.erasure.people import erased
from tests.jobs.conftest import clock as clock
from tests.seeds import ANNA, guest, plant
from tests.world import World

ACME = Store("acme")
PRIVACY = ("privacy",)


def rotated(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("AFTERCHAT_SEALING_KEYS", keys)
    forget_settings()


def test_ids_links_secrets_receipts_and_the_suppression_list_outlive_a_rotation(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bob = guest(world), guest(world, "bob@example.org")
    entry = plant("participations", bob)
    hook = {"url": "https://example.com/hook", "types": ["customer.erased"]}
    made = world.request("POST", "/v1/webhooks", hook).ok()
    package = jobs.create(ACME, "package", "tests", {"customer_id": bob})
    secret = links.secret_of(ACME, package)
    receipt = erased(world, anna, clock).id
    rotated(monkeypatch, "a new key,a key of the tests")
    assert world.get(f"/v1/records/participations/{entry.id}").ok()["experience"] == "summer"
    [row] = world.rows("participations")
    assert row["id"] != entry.id  # sealed anew; both lead there
    assert links.read(secret) is not None
    stored = webhooks.read(ACME, made["id"])
    assert stored and webhooks.secrets_of(ACME, stored) == [made["secret"]]
    found = world.request("POST", "/v1/receipts/search", {"email": ANNA}, roles=PRIVACY).ok()["items"]
    assert [one["id"] for one in found] == [receipt]
    assert Gone(ACME, 0).customer(anna) and not Gone(ACME, 0).customer(bob)
    assert suppression.customer_hashes(ACME, anna)[0] != suppression.customer_hashes(ACME, anna)[1]


def test_without_the_old_key_nothing_of_it_is_known(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = plant("participations", guest(world))
    rotated(monkeypatch, "a new key")
    world.get(f"/v1/records/participations/{entry.id}").problem(404, "record_unknown")
