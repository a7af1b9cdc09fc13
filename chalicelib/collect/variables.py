"""Variables: stored when the chat asks for it (`persist`); otherwise the chat keeps them in its own cookie."""

import json
from typing import Any

from pynamodb.exceptions import TransactWriteError

from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Variable, Variables
from chalicelib.collect.results import Result, of_record
from chalicelib.collect.system_variables import prefix, prepared
from chalicelib.kinds import KINDS
from chalicelib.problems import Problem, invalid
from chalicelib.store import alive, idempotency, records
from chalicelib.store.failures import failed_conditions, retrying
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Access, Row, Span, Transaction, in_parallel

MOST_TOGETHER = 99  # writes of a transaction, less the one that remembers the call


def record(talk: Conversation, event: Variables, call: Call | None) -> Result:
    asked = [variable for variable in event.variables if variable.persist]
    left = [variable.name for variable in event.variables if not variable.persist]
    owner = talk.owner(event)
    if not asked:
        return {"outcome": "not_stored", "stored": [], "not_stored": left}
    partition = _partition(talk, event, owner)
    present = in_parallel(lambda variable: _present(talk, partition, event, variable), asked)
    wanted = [_data(talk, variable, place) for place, variable in enumerate(asked)]
    rows = [
        prepared(talk, partition, event, data)
        for data, row in zip(wanted, present, strict=True)
        if not _same(row, data)
    ]
    answer = {"stored": [variable.name for variable in asked], "not_stored": left}
    outcome = "partly_stored" if left else "stored"
    if not rows:
        replayed = call is not None and all(row and call.wrote(row.get("idem")) for row in present)
        return {"outcome": outcome if replayed else "unchanged", "replayed": replayed, **answer}
    return {**_written(talk, rows, call, outcome), **answer}


def _written(talk: Conversation, rows: list[Activity], call: Call | None, outcome: str) -> Result:
    """All of them together; a hundred and the memory of the call are one too many, so one of them goes ahead."""
    for row in rows:
        row.idem = call.mark if call else None
    transaction = Transaction(puts=[(row, None) for row in rows[:MOST_TOGETHER]])
    if call:
        idempotency.remember(talk.store, transaction, call, outcome, rows[0])
    try:
        for row in rows[MOST_TOGETHER:]:
            talk.store.put(row)
        retrying(lambda: talk.store.write(transaction))
    except TransactWriteError as error:
        if not call or not failed_conditions(error):
            raise
        return _recalled(talk, call)
    return {"outcome": outcome, **_times(talk, rows[0])}


def _recalled(talk: Conversation, call: Call) -> Result:
    before = idempotency.recall(talk.store, call)
    row = before and talk.store.get("Activity", before["pk"], before["sk"])
    if not before or not row:
        raise Problem.of("erased")
    return {"outcome": before["outcome"], "replayed": True, **_times(talk, row)}


def _times(talk: Conversation, row: Activity | Row) -> Result:
    return {name: value for name, value in of_record(talk.store, "variables", row).items() if name != "id"}


def _partition(talk: Conversation, event: Variables, owner: Row | None) -> str:
    customer_id = owner["customer_id"] if owner else None
    at = records.new_position(talk.moment(event))
    return talk.store.partition(records.partition_of(talk.store, customer_id, event.process_instance, at))


def _present(talk: Conversation, partition: str, event: Variables, variable: Variable) -> Row | None:
    span = Span.prefix(prefix(event.experience, variable.scope, variable.name))
    rows = talk.store.query(Access("Activity"), talk.store.key(partition), span, limit=1, consistent=True).rows
    return rows[0] if rows and alive.is_alive(rows[0], KINDS["variables"], talk.cleared) else None


def _same(row: Row | None, data: dict[str, Any]) -> bool:
    return row is not None and all(row["data"].get(name) == data.get(name) for name in ("value", "file_url"))


def _data(talk: Conversation, variable: Variable, place: int) -> dict[str, Any]:
    data: dict[str, Any] = {"name": variable.name, "scope": variable.scope, "system": False}
    if variable.file_id is None:
        return data | {"value": json.dumps(variable.value, ensure_ascii=False)}
    if not records.read(talk.store, KINDS["files"], variable.file_id, talk.cleared):
        raise invalid(f"/variables/{place}/file_id", "invalid", "is no file of this tenant")
    return data | {"file_url": f"/v1/files/{variable.file_id}/content"}
