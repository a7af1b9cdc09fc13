"""Rewards for points: paid, taken from the stock and counted for the customer at once, or not at all."""

from typing import Any

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event
from chalicelib.collect.points import once
from chalicelib.collect.promotion_types import RewardRedemption
from chalicelib.collect.results import Result, of_record, problems
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions import redemptions
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.redemptions import Redemption
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    for place, event in enumerate(events):
        if isinstance(event, RewardRedemption):
            _reward(talk, event, talk.pointer(place, "reward"))


def redeem(talk: Conversation, event: RewardRedemption, call: Call | None) -> Result:
    if call is None:
        raise Problem.of("idempotency_key_missing")
    reward, person = _reward(talk, event, ""), talk.active(event)
    talk.check_erased(event, person, call)
    outcome = once(call, lambda unique: _redeemed(talk, event, reward, person, call, unique))
    talk.keep({**person, **outcome.left})
    done = outcome.name == "redeemed"
    return {
        "outcome": outcome.name,
        "replayed": outcome.repeated if done else None,
        **(of_record(talk.store, "redemptions", outcome.row) if outcome.row else {}),
        "reward": reward["id"],
        "cost": outcome.row["data"]["cost"] if outcome.row else reward["cost"],
        "balance": person["points"] if outcome.balance is None else outcome.balance,
    }


def _redeemed(
    talk: Conversation, event: RewardRedemption, reward: dict[str, Any], person: Row, call: Call, unique: str
) -> Outcome:
    wanted = Redemption(
        event.experience,
        reward["id"],
        reward["title"],
        reward["cost"],
        event.fields or {},
        unique,
        call.mark,
        reward.get("stock"),
        reward.get("per_customer"),
        event.process_instance,
        talk.position(clock.now_ms()),
    )
    with problems():
        return redemptions.redeem(talk.store, person["customer_id"], wanted, talk.cleared, seen=person)


def _reward(talk: Conversation, event: RewardRedemption, pointer: str) -> dict[str, Any]:
    found = talk.experiences[event.experience].part("rewards", event.reward)
    if found is None:
        raise Problem.of("reward_unknown", errors=[FieldError(pointer, "invalid")])
    return found
