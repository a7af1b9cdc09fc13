"""Downloads of what customers uploaded: a URL of the bucket that is made on click and lives for minutes."""

from typing import Any

from chalicelib import clock, media_types
from chalicelib.problems import Problem
from chalicelib.roles import VIEWERS
from chalicelib.routes import Answer, Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, members
from chalicelib.settings import settings
from chalicelib.store import alive, audit, files, objects
from chalicelib.store.tenancy import Row

routes = Routes(__name__)

LINK = members({"url": TEXT, "expires_at": TIME, "inline": FLAG})
ANYTHING = "application/octet-stream"


@routes.on("GET", "/v1/files/{id}", VIEWERS, answer=LINK)
def file_link(request: Request, id: str) -> dict[str, Any]:
    """Where to download a file within the next minutes; `inline` says that a browser shows or plays it."""
    row = _opened(request, id)
    until = clock.now_s() + objects.URL_SECONDS
    return {"url": _url(row), "expires_at": clock.rfc3339_s(until), "inline": _is_inline(row)}


@routes.on("GET", "/v1/files/{id}/content", VIEWERS, status=302)
def file_content(request: Request, id: str) -> Answer:
    """The stable address of a file, as exports and variables name it: leads to where it can be downloaded now."""
    return Answer(None, 302, {"Location": _url(_opened(request, id))})


def _opened(request: Request, file_id: str) -> Row:
    """A file that passed and whose customer lives, noted once per caller, customer and hour. Raises 404."""
    store = request.store
    cleared = alive.horizons(store)
    row = files.read(store, file_id, cleared)
    if row is None or row["data"]["state"] != "ready" or request.caller.experience not in (None, row["experience"]):
        raise Problem.of("record_unknown")
    owner = files.owner_of(store, row)
    if owner and not alive.customers(store, [owner], cleared, only=alive.NAMED_BY):
        raise Problem.of("record_unknown")
    if not files.is_untouched(row):
        raise Problem.of("record_unknown")
    _note(request, row, owner)
    return row


def _note(request: Request, row: Row, owner: str | None) -> None:
    """A file of nobody is noted by itself."""
    audit.note(
        request.store,
        request.caller.subject,
        "file.opened",
        role=request.caller.acting,
        kind=files.KIND.name,
        experience=row["experience"],
        customer_id=owner,
        id="files" if owner else f"files {row['at']}",
    )


def _url(row: Row) -> str:
    """Never with a type that could run: what is not shown is just bytes with a name."""
    told, inline = row["data"], _is_inline(row)
    shown_as = told["content_type"] if inline else ANYTHING
    return objects.download_url(settings().files_bucket, told[files.OBJECT], told["name"], shown_as, inline=inline)


def _is_inline(row: Row) -> bool:
    return media_types.may_be_shown(row["data"]["content_type"])
