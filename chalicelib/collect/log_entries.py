"""Log entries of the chat; e-mail addresses in them are gone before they get here."""

from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import LogEntry
from chalicelib.collect.results import Result, of_record
from chalicelib.kinds import KINDS
from chalicelib.problems import Problem
from chalicelib.store import alive, idempotency, runtime_log, tables
from chalicelib.store.failures import accepted
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Transaction


def record(talk: Conversation, event: LogEntry, call: Call | None) -> Result:
    """No activity of the customer: a failing system at night keeps nobody's data alive."""
    row = _entry(talk, event)
    transaction = Transaction(puts=[(row, None)])
    if call:
        idempotency.remember(talk.store, transaction, call, "recorded", row)
        row.idem = call.mark
    if accepted(lambda: talk.store.write(transaction)) or call is None:
        return {"outcome": "recorded", "replayed": False, **of_record(talk.store, "log", row)}
    return _recalled(talk, call)


def _entry(talk: Conversation, event: LogEntry) -> tables.LogEntry:
    store, created_at = talk.store, talk.moment(event)
    at = talk.position(created_at)
    person = talk.known(event) if event.customer_id or event.email else None
    trace_id = event.trace_id.rjust(32, "0") if event.trace_id else talk.trace_id
    data = {"level": event.level, "event": event.event, "message": event.message, "attributes": event.attributes}
    data |= {"trace_id": trace_id}
    owner = person["customer_id"] if person else None
    return runtime_log.entry(store, at, created_at, data, event.experience, owner, event.process_instance)


def _recalled(talk: Conversation, call: Call) -> Result:
    before = idempotency.recall(talk.store, call)
    row = before and talk.store.get("RuntimeLog", before["pk"], before["sk"])
    if not before or not row or not alive.is_alive(row, KINDS["log"], talk.cleared):
        raise Problem.of("erased")
    return {"outcome": before["outcome"], "replayed": True, **of_record(talk.store, "log", row)}
