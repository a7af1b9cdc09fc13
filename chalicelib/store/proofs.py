"""Proofs of consent: what somebody agreed to, when and how, under the keyed hash of the address, beyond the customer.

Off unless the tenant sets a period. A proof lies in the partition of its address, sorted by time; the sparse index due
lists all of a tenant's, so that they can be removed when the period is shortened.
"""

from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.store import keys
from chalicelib.store.alive import Horizons
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Access, Page, Row, Span, Store, Transaction, in_parallel

MOST = 500  # that one question answers, of each address
MOST_ADDRESSES = 10  # that are followed back
INDEX = Access("Control", "due", "due", "due_at")
PROOFS, LINKS = Span.prefix("p#"), Span.prefix("l#")
# Of a consent's columns those that prove it. No network address: it names a place, and proves little.
MEMBERS = (
    "consent",
    "status",
    "text_sha256",
    "text_version",
    "locale",
    "channel",
    "method",
    "requested_at",
    "confirmed_at",
)


def subject_of(store: Store, identity: str) -> str:
    """Not the hash that receipts have: the two tell nothing about each other."""
    return store.keyed_hash(_hashed(identity))


def add(store: Store, transaction: Transaction, identity: str, consent: Any, cleared: Horizons) -> None:
    """With the consent's record, in its own transaction, while the tenant keeps proofs: two write units and one for the
    index. Counted from the consent's own time."""
    expires_at = _expiry(consent.created_at, cleared)
    if not cleared.consent_proof_months or expires_at <= clock.now_s():
        return
    data = {name: consent.data[name] for name in MEMBERS if name in consent.data}
    data |= {"experience": consent.experience, "recorded_at": consent.created_at}
    proof = Control(store.key(f"proofs#{subject_of(store, identity)}"), f"p#{consent.at}", data=data)
    proof.expires_at, proof.due_at = expires_at, consent.at
    proof.due = store.key(keys.feed("proofs", keys.shard(consent.at)))
    transaction.put(proof)


def follow(store: Store, transaction: Transaction, before: str, now: str, cleared: Horizons) -> None:
    """After a change of address: whoever asks with the new one finds what was agreed to under the old one. The proofs
    themselves stay where they are, for they say what the holder of that address agreed to."""
    if not cleared.consent_proof_months or before == now:
        return
    at = clock.now_ms()
    data = {"from": subject_of(store, before)}
    link = Control(store.key(f"proofs#{subject_of(store, now)}"), f"l#{keys.time_ordered_id(at)}", data=data)
    link.expires_at, link.due_at = _expiry(at, cleared), keys.time_ordered_id(at)
    link.due = store.key(keys.feed("proofs", keys.shard(link.due_at)))
    transaction.put(link)


def of_address(store: Store, identity: str, cleared: Horizons) -> list[Row]:
    """The proofs of one address and of those it was before, newest first; at most `MOST` of each."""
    if not cleared.consent_proof_months:
        return []
    subjects = _and_earlier(store, store.keyed_hashes(_hashed(identity)), cleared)
    found = in_parallel(lambda subject: _living(store, subject, PROOFS, cleared), subjects)
    return sorted((row for rows in found for row in rows), key=lambda row: str(row["sk"]), reverse=True)


def given_up_until(cleared: Horizons) -> int:
    """Proofs recorded up to then (ms) are shown no more, whether or not they were removed."""
    if not cleared.consent_proof_months:
        return clock.now_ms()
    return max(cleared.proofs_since, clock.months_after(clock.now_ms(), -cleared.consent_proof_months))


def partitions(store: Store) -> list[str]:
    """Of the index over all of the tenant's proofs."""
    return [store.key(keys.feed("proofs", shard)) for shard in range(keys.SHARDS)]


def page(store: Store, partition: str, after: str, until: int, limit: int) -> Page:
    """Keys of proofs recorded up to `until` (ms), oldest first."""
    return store.query(
        INDEX, partition, Span(after + "\x00", keys.time_prefix(until) + "~"), limit=limit, descending=False
    )


def remove(store: Store, rows: Iterable[Row]) -> None:
    """Safe to repeat."""
    in_parallel(store.delete, [Control(row["pk"], row["sk"]) for row in rows])


def _and_earlier(store: Store, subjects: list[str], cleared: Horizons) -> list[str]:
    """With the addresses that these were before, as far as changes lead back, each once."""
    known: dict[str, None] = {}
    while subjects and len(known) < MOST_ADDRESSES:
        known |= dict.fromkeys(subjects)
        links = in_parallel(lambda subject: _living(store, subject, LINKS, cleared), subjects)
        subjects = [row["data"]["from"] for rows in links for row in rows if row["data"]["from"] not in known]
    return list(known)


def _living(store: Store, subject: str, span: Span, cleared: Horizons) -> list[Row]:
    rows = store.query(Access("Control"), store.key(f"proofs#{subject}"), span, limit=MOST, consistent=True).rows
    since = given_up_until(cleared)
    return [row for row in rows if row["expires_at"] > clock.now_s() and keys.time_of(row["sk"][2:]) > since]


def _expiry(at: int, cleared: Horizons) -> int:
    return clock.months_after(at, cleared.consent_proof_months) // 1000


def _hashed(identity: str) -> bytes:
    return b"proof\n" + identity.encode()
