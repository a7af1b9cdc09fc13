"""A coupon for a customer: the ticket says which, one transaction issues it with the claim that keeps this customer
from getting another one, and what fails is given back."""

import random
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.promotions import burnt, coupons, tickets
from chalicelib.promotions.burnt import Returned
from chalicelib.promotions.coupons import NotFree, Wish
from chalicelib.promotions.outcome import Outcome
from chalicelib.promotions.tickets import Pool, Ticket
from chalicelib.store.alive import Horizons
from chalicelib.store.horizons import Contended
from chalicelib.store.tenancy import Store

ATTEMPTS = 25


@dataclass(frozen=True)
class Claimed:
    """`pool` as the claim left it, if it took a ticket."""

    outcome: Outcome
    pool: Pool | None = None


def claim(store: Store, wish: Wish, cleared: Horizons) -> Claimed:
    """`issued`, `already_issued` (somebody was faster with the same wish) or `none_left`. Half a read unit, seven write
    units. That the customer is alive and has no coupon yet is for the caller to have read. Raises Contended."""
    for _ in range(ATTEMPTS):
        taken = tickets.take(store, wish.experience, cleared)
        outcome = _with(store, taken[0], wish, cleared) if taken else _leftover(store, wish, cleared)
        if outcome:
            return Claimed(outcome, taken[1] if taken else None)
    raise Contended(wish.experience)


def look_after(store: Store, experience: str, pool: Pool, cleared: Horizons) -> None:
    """Whoever begins a block of tickets looks after the block before the last one; two, if somebody failed to."""
    if pool.taken % burnt.BLOCK:
        return
    until = pool.taken - burnt.BLOCK
    for _ in range(2):
        if pool.swept + burnt.BLOCK <= until and burnt.look_after(store, experience, pool, until, cleared):
            pool = tickets.read(store, experience)


def _with(store: Store, ticket: Ticket, wish: Wish, cleared: Horizons) -> Outcome | None:
    """None if that coupon is not to be had; the ticket is given back if it may be later, or for somebody else."""
    try:
        outcome = _issued(store, ticket, wish, cleared)
    except NotFree:
        return None
    except Exception:
        with suppress(Exception):
            burnt.give_back(store, wish.experience, ticket)
        raise
    if outcome is None or outcome.name != "issued":
        burnt.give_back(store, wish.experience, ticket)
    return outcome


def _issued(store: Store, ticket: Ticket, wish: Wish, cleared: Horizons) -> Outcome | None:
    """None if the index does not have it yet. Raises NotFree."""
    batch = ticket.batch
    there = coupons.located(store, wish.experience, batch.id, ticket.ordinal)
    if there is None:
        if burnt.is_settled(batch):
            raise NotFree
        return None
    coupon = coupons.unread(store, there, wish.experience, batch.id, batch.created_at)
    return coupons.issue(store, coupon, wish, cleared)


def _leftover(store: Store, wish: Wish, cleared: Horizons) -> Outcome | None:
    """At the end of the tickets: one that was given back, or is found now, else there is none left. None if it is to be
    tried again."""
    pool = tickets.read(store, wish.experience)
    if pool.taken < pool.end:
        return None
    given_back, more = burnt.some(store, wish.experience, pool, cleared)
    for one in random.sample(given_back, len(given_back)):
        if outcome := _with_returned(store, one, wish, cleared):
            return outcome
    if more or burnt.look_after(store, wish.experience, pool, pool.taken, cleared):
        return None
    return Outcome("none_left")


def _with_returned(store: Store, one: Returned, wish: Wish, cleared: Horizons) -> Outcome | None:
    """It is forgotten when its coupon is somebody's: whoever dies in between has lost nothing."""
    try:
        outcome = _issued(store, one.ticket, wish, cleared)
    except NotFree:
        burnt.forget(store, one)
        return None
    if outcome and outcome.name == "issued":
        with suppress(Exception):
            burnt.forget(store, one)
    return outcome
