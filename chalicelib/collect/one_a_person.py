"""One entry a person, where dots and plus tags of an address do not make another person."""

from pynamodb.expressions.condition import Condition

from chalicelib import email
from chalicelib.collect.conversation import Conversation
from chalicelib.kinds import KINDS
from chalicelib.store import alive
from chalicelib.store.tables import Activity, Guard
from chalicelib.store.tenancy import Row

KIND = KINDS["participations"]


def guard_of(talk: Conversation, person: Row, row: Activity, giveaway: str) -> Guard:
    """It names the person by a keyed hash of what such addresses share, and the entry that holds the place."""
    shared = email.person_key(person["identity"], ignore_plus_and_dots=True)
    place = talk.store.key(f"e#{row.experience}#{giveaway}#{talk.store.keyed_hash(shared.encode())}")
    guard = Guard(place, row.sk.rpartition("#")[2])
    guard.created_at, guard.expires_at = row.created_at, row.expires_at
    guard.entry_pk, guard.entry_sk, guard.entry_at = row.pk, row.sk, row.at
    return guard


def is_free(talk: Conversation, experience: str, deserted: Row | None) -> Condition:
    """`deserted`: the guard of an entry that was deleted since."""
    free = alive.free_or_dead(Guard, KIND, talk.cleared, experience)
    return free | (Guard.entry_at == deserted["entry_at"]) if deserted else free


def held(talk: Conversation, guard: Guard) -> tuple[Row | None, Row | None]:
    """The guard that is there, and the living entry it stands for."""
    there = talk.store.get("Activity", guard.pk, guard.sk)
    entry = talk.store.get("Activity", there["entry_pk"], there["entry_sk"]) if there else None
    return there, entry if alive.is_alive(entry, KIND, talk.cleared) else None
