"""Entering a raffle: the rule's period is part of the record's key, so one conditional write decides who entered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import clock
from chalicelib.collect import one_a_person, periods
from chalicelib.collect.conversation import Conversation, local
from chalicelib.collect.event_types import Event, Participation
from chalicelib.collect.results import Result, of_record
from chalicelib.collect.rules import Giveaway, next_entry, opening
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions.labels import label
from chalicelib.store import alive, keys, records
from chalicelib.store.failures import accepted
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Activity, Guard
from chalicelib.store.tenancy import Row, Transaction

KIND = KINDS["participations"]
ATTEMPTS = 5


@dataclass(frozen=True)
class Entry:
    """An entry that is asked for, at `at` (ms)."""

    talk: Conversation
    event: Participation
    giveaway: Giveaway
    person: Row
    at: int
    call: Call | None

    @property
    def rule(self) -> str:
        return str(self.giveaway["rule"])

    def place(self, unique: str) -> tuple[str, str]:
        pk = self.talk.store.key(keys.customer(self.person["customer_id"]))
        return pk, f"participations#{self.event.experience}#{self.giveaway['id']}#{unique}"


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """Each entry names a giveaway of its experience, or there is only one."""
    for place, event in enumerate(events):
        if isinstance(event, Participation):
            _giveaway(talk, event, talk.pointer(place, "giveaway"))


def enter(talk: Conversation, event: Participation, call: Call | None) -> Result:
    giveaway = _giveaway(talk, event, "")
    person, at = talk.active(event), talk.moment(event)
    if closed := opening(giveaway, at):
        opens = datetime.fromisoformat(giveaway["opens_at"]) if closed == "not_open" else None
        return {"outcome": closed, **_about(giveaway, opens)}
    entry = Entry(talk, event, giveaway, person, at, call)
    talk.check_erased(event, person, call)
    before = _just_before(entry)
    row, entered = (before, False) if before else _entered(entry)
    ours = not entered and call is not None and call.wrote(row.get("idem"))
    return {
        "outcome": "entered" if entered or ours else "already_entered",
        "replayed": False if entered else ours or None,
        **of_record(talk.store, KIND.name, row),
        "ticket": row["data"]["ticket"],
        **_about(giveaway, next_entry(giveaway, local(row["created_at"], talk.zone))),
    }


def _entered(entry: Entry) -> tuple[Row, bool]:
    """The entry of this period, and whether it is new."""
    row, deserted = _row(entry), None
    for _ in range(ATTEMPTS):
        transaction, guard = _transaction(entry, row, deserted)
        if accepted(lambda: entry.talk.store.write(transaction)):  # noqa: B023
            return _as_read(row), True
        there = entry.talk.store.get("Activity", row.pk, row.sk)
        if there is None and guard:
            deserted, there = one_a_person.held(entry.talk, guard)
        if there:
            return there, there["at"] == row.at  # a repeated write of ours, whose answer was lost, has our position
    raise Problem.of("in_progress")


def _transaction(entry: Entry, row: Activity, deserted: Row | None) -> tuple[Transaction, Guard | None]:
    talk, experience = entry.talk, entry.event.experience
    transaction = Transaction(puts=[(row, alive.free_or_dead(Activity, KIND, talk.cleared, experience))])
    if not entry.giveaway.get("ignore_plus_and_dots"):
        return transaction, None
    guard = one_a_person.guard_of(talk, entry.person, row, entry.giveaway["id"])
    transaction.put(guard, one_a_person.is_free(talk, experience, deserted))
    return transaction, guard


def _just_before(entry: Entry) -> Row | None:
    """What this same call entered before midnight: sent again a moment later, it must not enter the next day, too."""
    if entry.call is None or (entry.rule != "unlimited" and entry.event.occurred_at):
        return None
    unique = periods.before(entry.rule, entry.at, entry.talk.zone, entry.call)
    if unique is None:
        return None
    row = entry.talk.store.get("Activity", *entry.place(unique), consistent=False)
    living = row if alive.is_alive(row, KIND, entry.talk.cleared) else None
    return living if living and entry.call.wrote(living.get("idem")) else None


def _giveaway(talk: Conversation, event: Participation, pointer: str) -> Giveaway:
    experience = talk.experiences[event.experience]
    all_of_it = experience.document.get("giveaways", [])
    if event.giveaway is None and len(all_of_it) != 1:
        code = "giveaway_ambiguous" if all_of_it else "giveaway_unknown"
        raise Problem.of(code, errors=[FieldError(pointer, "missing")])
    found = experience.part("giveaways", event.giveaway) if event.giveaway else all_of_it[0]
    if found is None:
        raise Problem.of("giveaway_unknown", errors=[FieldError(pointer, "invalid")])
    return dict(found)


def _row(entry: Entry) -> Activity:
    talk, event, giveaway = entry.talk, entry.event, entry.giveaway
    position = talk.position(entry.at)
    data: dict[str, Any] = {"giveaway": giveaway["id"], "ticket": label(position), "terms_version": event.terms_version}
    data |= {"channel": event.channel, "fields": event.fields or {}}
    pk, sk = entry.place(periods.unique(entry.rule, entry.at, talk.zone, entry.call, position))
    row: Activity = records.prepared(
        talk.store, KIND, pk, sk, entry.at, event.experience, data, at=position, module=giveaway["id"]
    )
    row.person, row.process_instance = one_a_person.name_of(talk, entry.person, giveaway), event.process_instance
    row.idem, row.trace = entry.call.mark if entry.call else None, records.present_trace()
    return row


def _as_read(row: Activity) -> Row:
    return {name: getattr(row, name) for name in ("pk", "sk", "created_at", "expires_at", "data")}


def _about(giveaway: Giveaway, again: datetime | None) -> Result:
    return {
        "giveaway": giveaway["id"],
        "next_entry_at": clock.rfc3339_s(clock.milliseconds(again) // 1000) if again else None,
        "draw_at": giveaway.get("draw_by"),
    }
