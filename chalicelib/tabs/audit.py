"""The audit log: what callers did with records and settings."""

from typing import Any

from chalicelib import clock
from chalicelib.problems import invalid
from chalicelib.roles import PRIVACY
from chalicelib.routes import Request, Routes
from chalicelib.schemas import TEXT, TIME, WHOLE, Schema, maybe, members, paged
from chalicelib.store import audit
from chalicelib.store.tenancy import Row
from chalicelib.tabs import filters, pages

routes = Routes(__name__)
QUERY = {
    "from": "RFC 3339",
    "to": "RFC 3339, not included",
    "action": "this action only; looked for among 1,000 rows a page",
    **pages.LIMIT,
    **pages.CURSOR,
}
MEMBERS = ("role", "kind", "experience", "customer", "count", "details")
NOTE: Schema = members(
    {"id": TEXT, "at": TIME, "by": TEXT, "action": {"enum": list(audit.ACTIONS)}},
    {
        "role": maybe(TEXT),
        "kind": maybe(TEXT),
        "experience": maybe(TEXT),
        "customer": {**maybe(TEXT), "description": "keyed hash of the customer's id"},
        "count": maybe(WHOLE),
        "details": maybe({"type": "object"}),
    },
)


@routes.on("GET", "/v1/audit", PRIVACY, query=QUERY, answer=paged(NOTE))
def list_audit(request: Request) -> dict[str, Any]:
    """Who did what, newest first, for 180 days; customers are named by keyed hashes only."""
    pages.only(request, *QUERY)
    asked, action = filters.asked(request.query), request.query.get("action")
    if action is not None and action not in audit.ACTIONS:
        raise invalid("action", "not_allowed", expected=", ".join(audit.ACTIONS))
    purpose = ("audit", action or "", str(asked.since), str(asked.until))
    after = pages.after(request, *purpose)
    until = clock.now_ms() + 1 if asked.until is None else asked.until
    rows, place = audit.page(request.store, asked.since, until, after, asked.limit, action)
    return {"items": [_shown(row) for row in rows], "next": pages.following(request, place, *purpose)}


def _shown(row: Row) -> dict[str, Any]:
    told = row["data"]
    named = {name: told.get(name) for name in MEMBERS}
    return {"id": row["sk"], "at": clock.rfc3339(told["at"]), "by": told["by"], "action": told["action"], **named}
