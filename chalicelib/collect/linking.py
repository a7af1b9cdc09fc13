"""Tying a process instance to the customer who signed in there: rows recorded before are theirs from now on."""

from pynamodb.exceptions import TransactWriteError

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.kinds import ACTIVITY
from chalicelib.store import belongings
from chalicelib.store.failures import failed_conditions, retrying
from chalicelib.store.tables import Link
from chalicelib.store.tenancy import Transaction


def link(talk: Conversation, process_instance: str, customer_id: str, at: int) -> None:
    """The first sign-in decides whose instance it is; a later one by somebody else changes nothing."""
    if talk.linked_to(process_instance):
        return
    # Rows may still come in for as long as the chat lasts, so the link outlives those that are there by a day.
    expires_at = max(at, clock.now_ms()) // 1000 + (ACTIVITY.days + 1) * clock.DAY_S
    transaction = Transaction()
    of_instance, of_customer = belongings.links(talk.store, process_instance, customer_id, at, expires_at)
    transaction.put(of_instance, Link.pk.does_not_exist() | (Link.expires_at <= clock.now_s()))
    transaction.put(of_customer)
    try:
        retrying(lambda: talk.store.write(transaction))
    except TransactWriteError as error:
        if not failed_conditions(error):
            raise
