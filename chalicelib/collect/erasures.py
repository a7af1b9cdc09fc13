"""Self-service: a guest asks the chat to be forgotten."""

from typing import Any

from chalicelib.access import Caller
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Erasure
from chalicelib.collect.results import Result
from chalicelib.problems import Problem
from chalicelib.store import customers, idempotency, keys
from chalicelib.store.idempotency import Call


def erase(talk: Conversation, event: Erasure, call: Call | None) -> Result:
    """`started`, while it is under way again with the same job, or `nothing_kept`. A repeated call is answered with
    what it started, even if the guest has signed in anew since."""
    from chalicelib.jobs import erasure  # few guests ask for it

    before: Any = idempotency.recall(talk.store, call) if call else None
    if before:
        return {"outcome": "started", "replayed": True, "job": before["job"], "receipt": before["job"]}
    customer_id = _customer(talk, event)
    caller: Caller = talk.caller  # type: ignore[assignment]
    started = erasure.start(talk.store, customer_id, "self_service", caller, call) if customer_id else None
    if started is None:
        return {"outcome": "nothing_kept", "replayed": None, "job": None, "receipt": None}
    return {"outcome": "started", "replayed": started.again, "job": started.job.id, "receipt": started.job.id}


def _customer(talk: Conversation, event: Erasure) -> str | None:
    """Whom the event names, dead or alive. Raises 409 `customer_mismatch`."""
    identity = event.email.normalised if event.email else None
    if event.customer_id is None:
        return customers.id_of(talk.store, identity, consistent=True) if identity else None
    row = talk.store.get("Customers", talk.store.key(keys.customer(event.customer_id)), "customer")
    if row and identity and row["identity"] != identity:
        raise Problem.of("customer_mismatch")
    return event.customer_id
