"""What a chat reads of its guest: what holds now, of this experience, and of living records only."""

from datetime import timedelta

from time_machine import Traveller

from chalicelib import clock as clocks
from chalicelib.kinds import KINDS
from chalicelib.store import keys
from chalicelib.store.tables import Customer
from chalicelib.store.tenancy import Store
from tests.collect import stored
from tests.world import World

ANNA = "anna.schmidt@example.com"


def test_the_state_answer_tells_what_a_chat_may_know(clock: Traveller, world: World) -> None:
    id = world.collect("sign-ins", email=ANNA).ok()["id"]
    world.collect("consents", email=ANNA, consent="news", status="requested", text="Do you?").ok()
    for giveaway in ("bike", "daily", "weekly", "often"):
        world.collect("participations", email=ANNA, giveaway=giveaway).ok()
    state = world.collect("state", email=ANNA).ok()
    again = {"daily": "2030-05-21T22:00:00Z", "weekly": "2030-05-26T22:00:00Z", "often": "2030-05-21T08:00:00Z"}
    entries = {giveaway: {"entered": True, "next_entry_at": again.get(giveaway)} for giveaway in ("bike", *again)} | {
        "person": {"entered": False, "next_entry_at": "2030-05-21T08:00:00Z"}
    }
    assert state == {
        "type": "state",
        "outcome": "state",
        "customer_id": id,
        "registered_at": "2030-05-21T08:00:00.000Z",
        "points": 0,
        "consents": {"news": "requested"},
        "wins": [],
        "giveaways": entries,
        "coupon": None,
    }
    assert world.collect("sign-ins", email=ANNA).ok()["state"]["consents"] == {"news": "requested"}


def test_state_names_what_lives_only(clock: Traveller, world: World) -> None:
    id = world.collect("sign-ins", email=ANNA).ok()["id"]
    now = clocks.now_s()
    wins = {
        "w1": {"prize": "E-Bike", "respond_by": None, "expires_at": now + 86_400},
        "w2": {"prize": "Cup", "respond_by": None, "expires_at": now},
    }
    known = {id: {**win, "kind": "winners", "created_at": clocks.now_ms()} for id, win in wins.items()}
    store = Store("acme")
    store.update(Customer(store.key(keys.customer(id)), "customer"), [Customer.wins.set(known)])
    world.collect("participations", email=ANNA, giveaway="bike").ok()
    state = world.collect("state", email=ANNA).ok()
    assert state["wins"] == [{"winner_id": "w1", "prize": "E-Bike", "respond_by": None}]
    assert state["giveaways"]["bike"]["entered"] is True
    clock.shift(timedelta(days=KINDS["participations"].days))
    state = world.collect("state", email=ANNA).ok()
    assert (state["wins"], state["giveaways"]["bike"]["entered"]) == ([], False)


def test_state_is_read_alone_and_records_nothing_but_the_activity(clock: Traveller, world: World) -> None:
    world.collect("sign-ins", email=ANNA).ok()
    with stored.nothing_written():
        world.collect("state", email=ANNA).ok()
        world.collect("state", "with-a-key", email=ANNA).ok()
        world.call({"type": "state"}, key="k", email=ANNA).problem(422, "validation")
        world.collect("state").problem(422, "validation")
