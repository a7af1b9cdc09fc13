"""From a copy of Control only that comes back which cannot do harm; what is there stays as it is."""

from typing import Any

import pytest
import time_machine

from chalicelib import clock as time
from chalicelib.promotions import commitments
from chalicelib.settings import settings
from chalicelib.store import alive, receipt_chain, receipts
from chalicelib.store.receipt_chain import Walk
from chalicelib.store.tenancy import Store
from local.restore.documents import bring_back
from tests.cloud import client
from tests.erasure import everything as stored
from tests.erasure.people import erased, whole_guest
from tests.pumping import delete_all, finished
from tests.restore import past
from tests.seeds import guest, plant
from tests.world import World

STORE = Store("acme")


def control() -> past.Items:
    return past.of(settings().tables["Control"])


def lose(*starts: str) -> None:
    """Rows of Control whose partitions begin so are gone by accident."""
    for item in stored.items(settings().tables["Control"]):
        if item["pk"]["S"].startswith(tuple(f"acme#{start}" for start in starts)):
            key = {"pk": item["pk"], "sk": item["sk"]}
            client("dynamodb").delete_item(TableName=settings().tables["Control"], Key=key)


def brought_back(items: past.Items) -> dict[str, int]:
    return dict(bring_back(past.restored("Control", items), say=lambda text: None))


def test_what_is_there_is_not_touched(world: World, clock: time_machine.Traveller) -> None:
    person = whole_guest(world)
    erased(world, person, clock)
    items = control()
    world.request("PUT", "/v1/settings", {"time_zone": "Europe/Lisbon"}).ok()
    now = control()
    assert brought_back(items) == {}
    assert control() == now


def test_an_experience_that_was_lost_comes_back_and_its_seeds_do_not(world: World) -> None:
    items = control()
    assert commitments.all_of(STORE, "summer")
    lose("x#summer", "experiences")
    world.get("/v1/experiences/summer").problem(404, "experience_unknown")
    assert brought_back(items)["experience"] == 1
    assert world.get("/v1/experiences/summer").ok()["title"] == "Summer raffle"
    assert not commitments.all_of(STORE, "summer")
    assert brought_back(items) == {}


def test_keys_webhooks_and_jobs_do_not_come_back(world: World, clock: time_machine.Traveller) -> None:
    key = world.request("POST", "/v1/keys", {"name": "chat", "role": "collector"}).ok()
    hook = {"url": "https://example.com/hook", "types": ["customer.erased"]}
    world.request("POST", "/v1/webhooks", hook).ok()
    items = control()
    families = {pk.split("#")[1] for pk, _ in items}
    assert {"keys", "webhooks"} <= families
    world.request("DELETE", f"/v1/keys/{key['id']}").ok()
    lose("webhooks", "jobs")
    assert not {"keys", "webhooks", "jobs"} & brought_back(items).keys()
    assert not [place for place in control() if place[0] in ("acme#keys", "acme#webhooks")]


def test_what_was_cleared_stays_cleared_as_its_receipt_says(world: World, clock: time_machine.Traveller) -> None:
    world.request("PUT", "/v1/settings", {"time_zone": "Europe/Lisbon"}).ok()
    plant("participations", guest(world))
    items = control()
    clock.shift(60)
    assert finished(delete_all(world, "participations"), clock).state == "done"
    horizon = alive.horizons(STORE).kinds["participations"]
    lose("tenant")
    assert not alive.horizons(STORE).kinds
    assert brought_back(items)["tenant"] == 1
    assert alive.horizons(STORE).kinds["participations"] == horizon
    assert alive.horizons(STORE).time_zone == "Europe/Lisbon"


def test_receipts_that_were_lost_come_back_and_the_chain_is_whole(world: World, clock: time_machine.Traveller) -> None:
    for email in ("a@example.com", "b@example.com"):
        erased(world, guest(world, email), clock)
    items = control()
    lose("receipts", "receipt#", "subject#", "suppressed", "audit")
    assert receipts.head_of(STORE)["number"] == 0
    found = brought_back(items)
    assert found["suppressed"] == 2 and found["receipts"] == 3
    walked = receipt_chain.walk(STORE, Walk())
    assert (walked.broken_at, walked.count, walked.done) == (None, 2, True)


@pytest.mark.parametrize("months", [0, 12])
def test_proofs_of_consent_come_back_unless_they_were_given_up(world: World, months: int) -> None:
    world.request("PUT", "/v1/settings", {"consent_proof_months": 12}).ok()
    told: dict[str, Any] = {"consent": "news", "status": "granted", "text": "Ja."}
    world.collect("consents", customer_id=guest(world), **told).ok()
    items = control()
    lose("proofs")
    world.request("PUT", "/v1/settings", {"consent_proof_months": months}).ok()
    assert brought_back(items).get("proofs", 0) == (1 if months else 0)


def test_what_has_expired_stays_away(world: World, clock: time_machine.Traveller) -> None:
    erased(world, guest(world), clock)
    items = control()
    lose("suppressed")
    clock.shift(37 * time.DAY_S)
    assert "suppressed" not in brought_back(items)
