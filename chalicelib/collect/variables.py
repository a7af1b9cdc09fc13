"""Variables: stored when the chat asks for it (`persist`); otherwise the chat keeps them in its own cookie."""

import json
from typing import Any

from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event, Variable, Variables
from chalicelib.collect.results import Result, of_record
from chalicelib.collect.system_variables import prefix, prepared
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem
from chalicelib.store import alive, files, idempotency, records
from chalicelib.store.failures import accepted
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Access, Row, Span, Transaction, in_parallel

KIND = KINDS["variables"]
MOST_TOGETHER = 99  # writes of a transaction, less the one that remembers the call


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """A file that is to be stored must be there, or be awaited."""
    errors = [
        FieldError(talk.pointer(place, f"variables/{i}/file_id"), "invalid", "is no file of this tenant")
        for place, event in enumerate(events)
        if isinstance(event, Variables)
        for i, variable in enumerate(event.variables)
        if variable.persist and variable.file_id
        if not files.read(talk.store, variable.file_id, talk.cleared)
    ]
    if errors:
        raise Problem.of("validation", errors=errors)


def record(talk: Conversation, event: Variables, call: Call | None) -> Result:
    asked = [variable for variable in event.variables if variable.persist]
    left = [variable.name for variable in event.variables if not variable.persist]
    answer = {"stored": [variable.name for variable in asked], "not_stored": left}
    owner = talk.owner(event)
    if not asked:
        return {"outcome": "not_stored", **answer}
    partition, outcome = _partition(talk, event, owner), "partly_stored" if left else "stored"
    parts = [asked[start : start + MOST_TOGETHER] for start in range(0, len(asked), MOST_TOGETHER)]
    done = [
        _part_recorded(talk, event, partition, part, call and call.part(number), outcome)
        for number, part in enumerate(parts)
    ]
    return {**_together(done), **answer}


def _together(done: list[Result]) -> Result:
    """A hundred variables and the memory of the call are one write too many for one transaction."""
    replayed = [result["replayed"] for result in done]
    changed = [result for result in done if result["outcome"] != "unchanged"]
    return {**(changed or done)[0], "replayed": False if False in replayed else True if True in replayed else None}


def _part_recorded(
    talk: Conversation, event: Variables, partition: str, asked: list[Variable], call: Call | None, outcome: str
) -> Result:
    present = in_parallel(lambda variable: _present(talk, partition, event, variable), asked)
    rows = [
        prepared(talk, partition, event, data, row["at"] if row else None)
        for data, row in zip(map(_data, asked), present, strict=True)
        if not _same(row, data)
    ]
    if rows:
        return _written(talk, rows, call, outcome)
    return _unchanged(talk, [row for row in present if row], call)


def _written(talk: Conversation, rows: list[Activity], call: Call | None, outcome: str) -> Result:
    transaction = Transaction(puts=[(row, None) for row in rows])
    if call:
        idempotency.remember(talk.store, transaction, call, outcome, rows[0])
        rows[0].idem = call.mark
    if accepted(lambda: talk.store.write(transaction)) or call is None:
        return {"outcome": outcome, "replayed": False, **_times(talk, rows[0])}
    return _recalled(talk, call, rows[0].sk)


def _unchanged(talk: Conversation, rows: list[Row], call: Call | None) -> Result:
    """Remembered, too: sent again after another value came, it must not bring the old one back."""
    transaction, same = Transaction(), {"outcome": "unchanged", "replayed": None}
    if call is None:
        return same
    idempotency.remember(talk.store, transaction, call, "unchanged", Activity(rows[0]["pk"], rows[0]["sk"]))
    return same if accepted(lambda: talk.store.write(transaction)) else _recalled(talk, call)


def _recalled(talk: Conversation, call: Call, sk: str = "") -> Result:
    """What the call did before; with `sk` a moment ago, as an answer was lost."""
    before = idempotency.recall(talk.store, call)
    row = before and talk.store.get("Activity", before["pk"], before["sk"])
    if not before or not row or not alive.is_alive(row, KIND, talk.cleared):
        raise Problem.of("erased")
    times = {} if before["outcome"] == "unchanged" else _times(talk, row)
    return {"outcome": before["outcome"], "replayed": before["sk"] != sk, **times}


def _times(talk: Conversation, row: Activity | Row) -> Result:
    return {name: value for name, value in of_record(talk.store, "variables", row).items() if name != "id"}


def _partition(talk: Conversation, event: Variables, owner: Row | None) -> str:
    customer_id = owner["customer_id"] if owner else None
    at = records.new_position(talk.moment(event))
    return talk.store.partition(records.partition_of(talk.store, customer_id, event.process_instance, at))


def _present(talk: Conversation, partition: str, event: Variables, variable: Variable) -> Row | None:
    if partition.startswith("a#"):  # nobody's: there is no value before
        return None
    span = Span.prefix(prefix(event.experience, variable.scope, variable.name))
    rows = talk.store.query(Access("Activity"), talk.store.key(partition), span, limit=1, consistent=True).rows
    return rows[0] if rows and alive.is_alive(rows[0], KIND, talk.cleared) else None


def _same(row: Row | None, data: dict[str, Any]) -> bool:
    return row is not None and all(row["data"].get(name) == data.get(name) for name in ("value", "file_url"))


def _data(variable: Variable) -> dict[str, Any]:
    data: dict[str, Any] = {"name": variable.name, "scope": variable.scope, "system": False}
    if variable.file_id is None:
        return data | {"value": json.dumps(variable.value, ensure_ascii=False)}
    return data | {"file_url": f"/v1/files/{variable.file_id}/content"}
