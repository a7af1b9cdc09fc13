"""Tying a process instance to the customer who signed in there: rows recorded before are theirs from now on."""

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.kinds import ACTIVITY
from chalicelib.store import alive, belongings, customers, keys
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Link
from chalicelib.store.tenancy import Transaction


def link(talk: Conversation, process_instance: str, customer_id: str, at: int) -> None:
    """The first sign-in decides whose instance it is; a later one by somebody else changes nothing, not even when the
    first one's customer was erased: what was recorded there is not the newcomer's."""
    of_instance = talk.store.get("Activity", talk.store.key(keys.instance(process_instance)), "link", consistent=False)
    if alive.is_alive(of_instance, customers.KIND, talk.cleared):
        return
    # Rows may still come in for as long as the chat lasts, so the link outlives those that are there by a day.
    expires_at = max(at, clock.now_ms()) // 1000 + (ACTIVITY.days + 1) * clock.DAY_S
    transaction = Transaction()
    deciding, own = belongings.links(talk.store, process_instance, customer_id, at, expires_at)
    transaction.put(deciding, alive.free_or_dead(Link, customers.KIND, talk.cleared))
    transaction.put(own)
    accepted(lambda: talk.store.write(transaction))
