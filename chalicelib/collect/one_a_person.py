"""One entry a person, where dots and plus tags of an address do not make another person."""

from pynamodb.expressions.condition import Condition

from chalicelib import email
from chalicelib.collect.conversation import Conversation
from chalicelib.kinds import KINDS
from chalicelib.store import alive, guards, records
from chalicelib.store.tables import Activity, Guard
from chalicelib.store.tenancy import Row

KIND = KINDS["participations"]


def guard_of(talk: Conversation, person: Row, row: Activity, giveaway: str) -> Guard:
    """It names the person by a keyed hash of what such addresses share, and the entry that holds the place; the entry
    knows it, too."""
    row.guard = _hash_of(talk, person)
    guard = Guard(*guards.place(talk.store, str(row.experience), giveaway, row.guard, row.sk))
    guard.created_at, guard.expires_at = row.created_at, row.expires_at
    guard.entry_pk, guard.entry_sk, guard.entry_at = row.pk, row.sk, row.at
    return guard


def name_of(talk: Conversation, person: Row, giveaway: Row) -> str:
    """Who counts as one entrant when winners are drawn: the customer, or all who share such addresses."""
    return _hash_of(talk, person) if giveaway.get("ignore_plus_and_dots") else str(person["customer_id"])


def is_free(talk: Conversation, experience: str, deserted: Row | None) -> Condition:
    """`deserted`: the guard of an entry that was deleted since."""
    free = alive.free_or_dead(Guard, KIND, talk.cleared, experience)
    return free | (Guard.entry_at == deserted["entry_at"]) if deserted else free


def held(talk: Conversation, guard: Guard) -> tuple[Row | None, Row | None]:
    """The guard that is there, and the living entry it stands for: that of somebody who is being erased is none."""
    there = talk.store.get("Activity", guard.pk, guard.sk)
    entry = talk.store.get("Activity", there["entry_pk"], there["entry_sk"]) if there else None
    if entry is None or not alive.is_alive(entry, KIND, talk.cleared):
        return there, None
    owner = records.owner_of(talk.store, entry)[0]
    return there, entry if alive.customers(talk.store, [str(owner)], talk.cleared, consistent=True) else None


def _hash_of(talk: Conversation, person: Row) -> str:
    shared = email.person_key(person["identity"], ignore_plus_and_dots=True)
    return talk.store.keyed_hash(shared.encode())
