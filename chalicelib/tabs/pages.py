"""Cursors in the query of lists that are not of records; they belong to their tenant, list and filter."""

from typing import Any

from chalicelib import cursors
from chalicelib.problems import FieldError, Problem
from chalicelib.routes import Request

CURSOR = {"cursor": "`next` of the page before"}
LIMIT = {"limit": "1 to 100 (50)"}


def only(request: Request, *names: str) -> None:
    """Raises 422 `filter_unknown` for any other parameter."""
    unknown = [name for name in request.query if name not in names]
    if unknown:
        errors = [FieldError(name, "unknown_member") for name in unknown]
        raise Problem.of("filter_unknown", errors=errors, filter=", ".join(unknown))


def after(request: Request, *purpose: str) -> str | None:
    """What the cursor holds, if one is sent. Raises 422 `cursor_invalid`."""
    return opened(request, request.query["cursor"], "cursor", *purpose) if "cursor" in request.query else None


def opened(request: Request, cursor: str, pointer: str, *purpose: str) -> str:
    """What a cursor holds that was sent elsewhere. Raises 422 `cursor_invalid`."""
    try:
        return cursors.unseal(cursor, request.caller.tenant, *purpose)
    except cursors.Unsealable:
        raise Problem.of("cursor_invalid", errors=[FieldError(pointer, "invalid")]) from None


def following(request: Request, place: Any, *purpose: str) -> str | None:
    """The cursor that goes on at that place; None at the end."""
    return None if place is None else cursors.seal(str(place), request.caller.tenant, *purpose)
