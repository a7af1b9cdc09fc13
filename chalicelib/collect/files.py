"""Files: the answer has a form with which the chat's guest uploads straight to the bucket. The record is listed once
the file is there and has passed; until then the same call, sent again, answers a fresh form for it."""

from typing import Any

from chalicelib import clock, media_types
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event, File
from chalicelib.collect.results import Result, of_record
from chalicelib.experiences import Files
from chalicelib.problems import FieldError, Problem
from chalicelib.settings import settings
from chalicelib.store import alive, files, idempotency, objects
from chalicelib.store.failures import accepted
from chalicelib.store.files import Upload
from chalicelib.store.idempotency import Call
from chalicelib.store.tables import Activity
from chalicelib.store.tenancy import Row, Transaction

FORM_S = 900  # to begin the upload in; a large file may take longer to come


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """Each file is as small and of such a type as its experience takes."""
    errors: list[FieldError] = []
    for place, event in enumerate(events):
        if isinstance(event, File):
            limits = Files.model_validate(talk.experiences[event.experience].document.get("files", {}))
            if event.size > limits.max_bytes:
                most = {"most": f"{limits.max_bytes} bytes"}
                errors.append(FieldError(talk.pointer(place, "size"), "too_big", values=most))
            if not media_types.is_taken(event.content_type, limits.types):
                taken = {"expected": ", ".join(limits.types)}
                errors.append(FieldError(talk.pointer(place, "content_type"), "not_allowed", values=taken))
    if errors:
        raise Problem.of("validation", errors=errors)


def offer(talk: Conversation, event: File, call: Call | None) -> Result:
    row = _row(talk, event, call)
    transaction = Transaction(puts=[(row, None)])
    if call:
        idempotency.remember(talk.store, transaction, call, "upload_ready", row)
    if accepted(lambda: talk.store.write(transaction)) or call is None:
        return {"replayed": False, **_answer(talk, _as_read(row))}
    return _recalled(talk, call, row.sk)


def _row(talk: Conversation, event: File, call: Call | None) -> Activity:
    owner = talk.owner(event)
    told = {name: getattr(event, name) for name in ("name", "content_type", "size", "sha256", "variable")}
    upload = Upload(event.experience, **told, process_instance=event.process_instance)
    if owner:
        upload = Upload(**{**vars(upload), "customer_id": owner["customer_id"]})
    at = talk.position(talk.moment(event))
    return files.awaited(talk.store, upload, at, call.mark if call else None)


def _recalled(talk: Conversation, call: Call, sk: str) -> Result:
    """What became of the file of this call; with `sk` it was announced a moment ago, as an answer was lost."""
    before = idempotency.recall(talk.store, call)
    row = before and talk.store.get("Activity", before["pk"], before["sk"])
    if not before or not row or not alive.is_kept(row, files.KIND, talk.cleared):
        raise Problem.of("erased")
    return {"replayed": before["sk"] != sk, **_answer(talk, row)}


def _answer(talk: Conversation, row: Row) -> Result:
    shown = of_record(talk.store, files.KIND.name, row, alive.expiry(files.KIND, row["created_at"]))
    about = {**shown, "file_id": shown["id"]}
    if alive.is_awaited(row):
        return {"outcome": "upload_ready", **about, "upload": _form(row["data"])}
    return {"outcome": row["data"]["state"], **about, "upload": None}


def _form(data: dict[str, Any]) -> dict[str, Any]:
    until = clock.now_s() + FORM_S
    form = objects.upload_form(settings().files_bucket, data[files.OBJECT], data["content_type"], data["size"], FORM_S)
    return {**form, "expires_at": clock.rfc3339_s(until)}


def _as_read(row: Activity) -> Row:
    return {name: getattr(row, name) for name in ("pk", "sk", "created_at", "expires_at", "data")}
