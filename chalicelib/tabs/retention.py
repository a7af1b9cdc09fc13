"""Whether the promises are kept: of each kind the oldest record, what is overdue, and what went on which day."""

from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.kinds import KINDS, Kind
from chalicelib.roles import PRIVACY
from chalicelib.routes import Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, WHOLE, Schema, listed, maybe, members
from chalicelib.store import alive, overdue, tallied
from chalicelib.tabs import pages

routes = Routes(__name__)
DAYS = 30
BY_DAY: Schema = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": WHOLE}}
KEPT: Schema = members(
    {
        "kind": TEXT,
        "days": WHOLE,
        "since": TEXT,
        "oldest": maybe(TIME),
        "overdue": {
            **maybe(WHOLE),
            "description": "stored still, though nobody sees them; null: go with their customer",
        },
        "more_overdue": FLAG,
        "deleted": {**BY_DAY, "description": "{day: {ttl, deleted}} of the last 30 days"},
    }
)


@routes.on("GET", "/v1/retention", PRIVACY, answer=listed(KEPT))
def retention_report(request: Request) -> dict[str, Any]:
    """For each kind the oldest record stored, how many are overdue, and how many went on which day, by what."""
    pages.only(request)
    store = request.store
    cleared = alive.horizons(store)
    today = clock.day_in(clock.now_ms(), ZoneInfo(cleared.time_zone))
    deleted = tallied.read(store, cleared, today - DAYS + 1, today)
    found = overdue.of_kinds(store)
    return {"items": [_shown(kind, found[kind.name], tallied.removed(deleted, kind)) for kind in KINDS.values()]}


def _shown(kind: Kind, found: overdue.Overdue, deleted: dict[str, dict[str, int]]) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "days": kind.days,
        "since": kind.promise.since,
        "oldest": clock.rfc3339(found.oldest) if found.oldest is not None else None,
        "overdue": None if kind.name == "consents" else found.count,
        "more_overdue": found.more,
        "deleted": deleted,
    }
