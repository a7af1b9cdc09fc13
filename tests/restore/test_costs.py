"""What the suppression list costs whoever removes something."""

from chalicelib.jobs import purge
from chalicelib.settings import settings
from chalicelib.store import erasure, suppression, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from tests.erasure import everything as stored
from tests.seeds import guest, plant
from tests.world import World

STORE = Store("acme")


def listed() -> int:
    return sum(place[1] == "acme#suppressed" for place in stored.all_items())


def test_a_customer_costs_one_write_unit_and_one_for_25_instances_of_theirs(world: World) -> None:
    for count, most in ((0, 1), (1, 1), (25, 1), (50, 2), (1000, 36)):
        with metered(wire.client()) as units:
            suppression.customer(STORE, "an id", [f"pi-{n}" for n in range(count)])
        assert (units.read, units.write <= most) == (0, True), count


def test_deleting_one_record_costs_one_write_unit_for_the_list(world: World) -> None:
    anna = guest(world)
    for kind in ("transactions", "participations", "consents"):
        planted = plant(kind, anna)
        with metered(wire.client()) as units:
            world.request("DELETE", f"/v1/records/{kind}/{planted.id}").ok()
        of_control = units.by_table[settings().tables["Control"]].write
        assert of_control == 2, kind  # the list and the audit log
    assert listed() == 3


def test_who_was_never_in_a_process_instance_costs_a_delete_all_nothing(world: World) -> None:
    anna = guest(world)
    with metered(wire.client()) as units:
        purge._erased(STORE, anna)
    assert listed() == 0 and settings().tables["Control"] not in {
        table for table, of in units.by_table.items() if of.write
    }
    assert not erasure.find(STORE, anna).customer
