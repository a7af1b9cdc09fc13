"""Log entries of the chat; e-mail addresses in them are gone before they get here."""

from pynamodb.exceptions import TransactWriteError

from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import LogEntry
from chalicelib.collect.results import Result, of_record
from chalicelib.kinds import KINDS
from chalicelib.problems import Problem
from chalicelib.store import idempotency, keys, records, tables
from chalicelib.store.failures import failed_conditions, retrying
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Transaction


def record(talk: Conversation, event: LogEntry, call: Call | None) -> Result:
    """No activity of the customer: a failing system at night keeps nobody's data alive."""
    row = _entry(talk, event)
    transaction = Transaction(puts=[(row, None)])
    if call:
        idempotency.remember(talk.store, transaction, call, "recorded", row)
    try:
        retrying(lambda: talk.store.write(transaction))
    except TransactWriteError as error:
        if not call or not failed_conditions(error):
            raise
        return _recalled(talk, call)
    return {"outcome": "recorded", **of_record(talk.store, "log", row)}


def _entry(talk: Conversation, event: LogEntry) -> tables.LogEntry:
    store, created_at = talk.store, talk.moment(event)
    at = records.new_position(created_at)
    person = talk.known(event) if event.customer_id or event.email else None
    data = {"level": event.level, "event": event.event, "message": event.message, "attributes": event.attributes}
    data["trace_id"] = event.trace_id.rjust(32, "0") if event.trace_id else talk.trace_id
    pk = store.key(keys.feed("log", keys.shard(at)))
    row: tables.LogEntry = records.prepared(store, KINDS["log"], pk, at, created_at, event.experience, data, at=at)
    row.process_instance = event.process_instance
    row.customer_id = person["customer_id"] if person else None
    row.by_trace = store.key(keys.of_trace(data["trace_id"]))
    if person or event.process_instance:
        owner = keys.customer(row.customer_id) if row.customer_id else keys.instance(event.process_instance or "")
        row.by_customer = store.key(owner)
    if event.level in ("warning", "error"):
        row.by_level = store.key(keys.of_level(event.level, keys.shard(at)))
    return row


def _recalled(talk: Conversation, call: Call) -> Result:
    before = idempotency.recall(talk.store, call)
    row = before and talk.store.get("RuntimeLog", before["pk"], before["sk"])
    if not before or not row:
        raise Problem.of("erased")
    return {"outcome": before["outcome"], "replayed": True, **of_record(talk.store, "log", row)}
