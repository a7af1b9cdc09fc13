"""Instant wins: the server decides in the moment of the play, and the answer tells the prize."""

from datetime import datetime
from typing import Any

from chalicelib import clock
from chalicelib.collect import periods
from chalicelib.collect.conversation import Conversation, local
from chalicelib.collect.event_types import Event
from chalicelib.collect.promotion_types import InstantWinPlay
from chalicelib.collect.results import Result, of_record, problems
from chalicelib.collect.rules import bounds, next_entry, opening
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions import instant_wins
from chalicelib.promotions.chance import Game, Prize
from chalicelib.promotions.instant_wins import Play
from chalicelib.promotions.outcome import Outcome
from chalicelib.store import alive
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row

KIND = KINDS["instant_win_participations"]


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """Each play names an instant win of its experience, or there is only one."""
    for place, event in enumerate(events):
        if isinstance(event, InstantWinPlay):
            _document(talk, event, talk.pointer(place, "instant_win"))


def play(talk: Conversation, event: InstantWinPlay, call: Call | None) -> Result:
    if call is None:
        raise Problem.of("idempotency_key_missing")
    document, person, now = _document(talk, event, ""), talk.active(event), clock.now_ms()
    if closed := opening(document, now):
        opens = datetime.fromisoformat(document["opens_at"]) if closed == "not_open" else None
        return {"outcome": closed, **_about(document, None, opens)}
    talk.check_erased(event, person, call)
    outcome = _just_before(talk, event, document, person, call) or _played(talk, event, document, person, call)
    row: Row = outcome.row or {}
    ours = outcome.name == "already_played" and call.wrote(row.get("idem"))
    return {
        "outcome": ("won" if row["data"]["won"] else "not_won") if ours else outcome.name,
        "replayed": (ours or None) if outcome.name == "already_played" else False,
        **of_record(talk.store, KIND.name, row),
        "ticket": row["data"]["ticket"],
        **_about(document, row["data"].get("prize"), next_entry(document, local(row["created_at"], talk.zone))),
    }


def _played(talk: Conversation, event: InstantWinPlay, document: dict[str, Any], person: Row, call: Call) -> Outcome:
    unique = periods.unique(document["rule"], clock.now_ms(), talk.zone, call, "")
    wanted = Play(event.experience, game(document), unique, event.fields or {}, call.mark, event.process_instance)
    with problems():
        return instant_wins.play(talk.store, person["customer_id"], wanted, talk.cleared)


def _just_before(
    talk: Conversation, event: InstantWinPlay, document: dict[str, Any], person: Row, call: Call
) -> Outcome | None:
    """What this same call played before midnight."""
    unique = periods.before(document["rule"], clock.now_ms(), talk.zone, call)
    if unique is None:
        return None
    place = instant_wins.place(talk.store, person["customer_id"], event.experience, document["id"], unique)
    row = talk.store.get("Activity", *place, consistent=False)
    if row is None or not alive.is_alive(row, KIND, talk.cleared) or not call.wrote(row.get("idem")):
        return None
    return Outcome("already_played", row, repeated=True)


def game(document: dict[str, Any]) -> Game:
    opens, closes = (clock.milliseconds(moment) if moment else 0 for moment in bounds(document))
    prizes = tuple(Prize(prize["id"], prize["name"], prize["stock"]) for prize in document.get("prizes", []))
    per_mille, wins = document.get("per_mille") or 0, document.get("wins_per_customer", 1)
    return Game(document["id"], document.get("mode", "odds"), per_mille, prizes, wins, opens, closes)


def _document(talk: Conversation, event: InstantWinPlay, pointer: str) -> dict[str, Any]:
    experience = talk.experiences[event.experience]
    all_of_it = experience.document.get("instant_wins", [])
    if event.instant_win is None and len(all_of_it) > 1:
        raise Problem.of("validation", errors=[FieldError(pointer, "missing")])
    found = experience.part("instant_wins", event.instant_win) if event.instant_win else next(iter(all_of_it), None)
    if found is None:
        raise Problem.of("instant_win_unknown", errors=[FieldError(pointer, "invalid")])
    return dict(found)


def _about(document: dict[str, Any], prize: dict[str, Any] | None, again: datetime | None) -> Result:
    next_try = clock.rfc3339_s(clock.milliseconds(again) // 1000) if again else None
    return {"instant_win": document["id"], "prize": prize, "next_try_at": next_try}
