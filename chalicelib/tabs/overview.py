"""What a tenant's people look at first: what waits for them, how many came on which day, what is left, what will be
gone. All of it from tallies and small documents: what it reads does not grow with the records."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from chalicelib import clock, experiences
from chalicelib.access import require_experience
from chalicelib.experiences import Experience, Giveaway
from chalicelib.kinds import ACTIVITY, CODES, KINDS
from chalicelib.problems import FieldError, Problem, invalid
from chalicelib.promotions import tickets
from chalicelib.roles import ANY_READER, OWNERS
from chalicelib.routes import Request, Routes
from chalicelib.schemas import FLAG, TEXT, TIME, WHOLE, Schema, maybe, members
from chalicelib.store import alive, tallied, webhooks
from chalicelib.store import experiences as stored
from chalicelib.store.alive import Horizons
from chalicelib.store.experiences import Stored
from chalicelib.store.tallied import Tallied
from chalicelib.store.tenancy import Store, in_parallel
from chalicelib.store.webhooks import Webhook
from chalicelib.tabs import lists, pages
from chalicelib.tabs.filters import Question

routes = Routes(__name__)

AHEAD = 14  # days of what will be gone
MOST = 50  # experiences that are looked at
ERRORS = 25  # entries of the runtime log that are looked at
SERIES = [kind for kind in KINDS.values() if kind.name != "log"]
KEPT = [kind for kind in SERIES if kind.promise is ACTIVITY or kind.name == "customers"]

DAY: Schema = {"type": "string", "format": "date"}
BY_DAY: Schema = {
    "type": "array",
    "items": {"type": "array", "items": {"anyOf": [DAY, WHOLE]}, "minItems": 2, "maxItems": 2},  # a day, how many
}


def _listed(item: Schema, description: str) -> Schema:
    return {"type": "array", "items": item, "description": description}


OVERVIEW = members(
    {
        "as_of": {**TIME, "description": "records of the last seconds may be missing"},
        "today": {**DAY, "description": "in the tenant's time zone, as all days here"},
        "days": WHOLE,
        "series": {
            **members({kind.name: BY_DAY for kind in SERIES}),
            "description": "records by the day they were made, those that are there still; days with none left out",
        },
        "kept": {
            **members({kind.name: WHOLE for kind in KEPT}),
            "description": "how many records there are by now",
        },
        "stock": _listed(
            members({"experience": TEXT, "free": WHOLE, "issued": WHOLE, "low_at": WHOLE, "low": FLAG}),
            "coupons of experiences that have some; issued of the imports in use",
        ),
        "due": _listed(
            members({"kind": TEXT, "day": DAY, "n": WHOLE}),
            "what will be gone within 14 days; consents go with their customers, the log is not counted",
        ),
        "raffles": _listed(
            members(
                {"experience": TEXT, "giveaway": TEXT, "title": TEXT, "ends_at": maybe(TIME), "draw_by": maybe(DAY)}
                | {"last_safe_draw": DAY, "entries": WHOLE, "winners": WHOLE, "unanswered": WHOLE}
            ),
            "giveaways that are open, or have entries or winners",
        ),
        "failing": _listed(
            members(
                {},
                {"event": {**TEXT, "description": "errors of the runtime log in 24 hours"}, "n": WHOLE, "more": FLAG}
                | {"webhook": TEXT, "host": TEXT, "since": maybe(TIME), "disabled": FLAG},
            ),
            "each has `event` or, for owners, `webhook`",
        ),
        "more": {**FLAG, "description": "there are experiences beyond the first 50, which stock and raffles lack"},
    }
)
QUERY = {"days": "of the series, 1 to 60 (30)", "experience": "id of an experience: all of it is of that one then"}


@dataclass(frozen=True)
class Known:
    """One experience with what its stock and its raffles are made of."""

    stored: Stored
    tallied: Tallied
    pool: tickets.Pool


@routes.on("GET", "/v1/overview", ANY_READER, query=QUERY, answer=OVERVIEW)
def overview(request: Request) -> dict[str, Any]:
    """What waits, how many records were made a day, the stock of coupons, what will be gone, what fails."""
    pages.only(request, *QUERY)
    days, store = _days(request), request.store
    as_of, cleared = clock.now_ms(), alive.horizons(store)
    experience = _experience(request)
    listed = [one["id"] for one in stored.all_of(store) if not one["archived"] and experience in (None, one["id"])]
    known = in_parallel(lambda id: _known(store, cleared, id), listed[:MOST])
    found = _tallied(store, cleared, experience)
    return {
        "as_of": clock.rfc3339(as_of),
        "today": clock.date_of(found.today),
        "days": days,
        "series": {kind.name: _by_day(found.made(kind, found.today - days + 1, found.today)) for kind in SERIES},
        "kept": {kind.name: found.kept(kind) for kind in KEPT},
        "stock": [_stock(one) for one in known if one.pool.batches],
        "due": [_due(kind.name, day, n) for kind in SERIES for day, n in found.due(kind, AHEAD).items()],
        "raffles": list(chain.from_iterable(_raffles(one) for one in known)),
        "failing": [*_errors(request, cleared, experience, as_of), *_webhooks(request, experience)],
        "more": len(listed) > MOST,
    }


def _days(request: Request) -> int:
    text = request.query.get("days", "30")
    if not text.isascii() or not text.isdigit():
        raise invalid("days", "not_a_whole_number")
    if not 1 <= int(text[:9]) <= ACTIVITY.days:
        raise invalid("days", "invalid", f"must be from 1 to {ACTIVITY.days}")
    return int(text)


def _experience(request: Request) -> str | None:
    """Whoever is bound to an experience sees that one only."""
    asked = request.query.get("experience")
    if asked is None:
        return request.caller.experience
    require_experience(request.caller, asked)
    if stored.read(request.store, asked, consistent=False) is None:
        raise Problem.of("experience_unknown", errors=[FieldError("experience", "invalid")])
    return asked


def _tallied(store: Store, cleared: Horizons, experience: str | None) -> Tallied:
    """The days of which anything is asked: 60 back, customers' days ahead, and those of which codes go now."""
    today = Tallied({}, cleared).today
    spans = ((today - ACTIVITY.days, today + KINDS["customers"].days + 2), (today - CODES.days, _before(today)))
    parts = in_parallel(lambda span: tallied.read(store, cleared, *span, experience), spans)
    return Tallied({day: row for part in parts for day, row in part.rows.items()}, cleared, experience)


def _before(today: int) -> int:
    return today - CODES.days + AHEAD - 1


def _known(store: Store, cleared: Horizons, id: str) -> Known:
    found = stored.read(store, id, consistent=False)
    assert found is not None
    settled = stored.with_settled(cleared, [found])
    today = Tallied({}, cleared).today
    rows = tallied.read(store, settled, today - ACTIVITY.days, today, id)
    return Known(found, rows, tickets.read(store, id))


def _by_day(counts: dict[int, int]) -> list[list[Any]]:
    return [[clock.date_of(day), n] for day, n in counts.items()]


def _due(kind: str, day: int, n: int) -> dict[str, Any]:
    return {"kind": kind, "day": clock.date_of(day), "n": n}


def _stock(known: Known) -> dict[str, Any]:
    id, pool, cleared = known.stored.id, known.pool, known.tallied.cleared
    free, low_at = pool.free(id, cleared), known.stored.document["coupons"]["low_at"]
    living = sum(batch.count for batch in pool.batches if batch.is_alive(id, cleared))
    return {"experience": id, "free": free, "issued": living - free, "low_at": low_at, "low": free <= low_at}


def _raffles(known: Known) -> Iterable[dict[str, Any]]:
    document = Experience.model_validate_json(json.dumps(known.stored.document))
    for giveaway in document.giveaways:
        counts = {name: known.tallied.of_giveaway(name, giveaway.id) for name in tallied.GIVEAWAYS}
        ended = giveaway.closes_at is not None and clock.milliseconds(giveaway.closes_at) <= clock.now_ms()
        if any(counts.values()) or not (ended or known.stored.closed):
            yield _raffle(known, giveaway, counts)


def _raffle(known: Known, giveaway: Giveaway, counts: dict[str, dict[int, int]]) -> dict[str, Any]:
    return {
        "experience": known.stored.id,
        "giveaway": giveaway.id,
        "title": giveaway.title,
        "ends_at": giveaway.closes_at and clock.rfc3339(clock.milliseconds(giveaway.closes_at)),
        "draw_by": giveaway.draw_by and giveaway.draw_by.isoformat(),
        "last_safe_draw": _last_safe_draw(known.tallied, giveaway, counts["entries"]).isoformat(),
        **{name: sum(by_day.values()) for name, by_day in counts.items()},
    }


def _last_safe_draw(found: Tallied, giveaway: Giveaway, entries: dict[int, int]) -> date:
    """Through all of that day the first entry is still kept: the first there is, if none can be gone yet, else the
    first that could be made."""
    oldest = min(entries, default=None)
    today = date.fromisoformat(clock.date_of(found.today))
    if oldest is None or (giveaway.opens_at and oldest <= found.today - ACTIVITY.days + 1):
        now = clock.parsed(clock.rfc3339(clock.now_ms()))
        return experiences.last_safe_day(giveaway, now, found.zone)
    return today + timedelta(days=oldest - found.today + ACTIVITY.days - 1)


def _errors(request: Request, cleared: Horizons, experience: str | None, now: int) -> list[dict[str, Any]]:
    within = {"experience": experience} if experience else {}
    question = Question({"level": "error", **within}, limit=ERRORS, since=now - clock.DAY_MS)
    part = lists.answer(request.store, KINDS["log"], question, cleared)
    counts: Counter[str] = Counter()
    for row in part.rows:
        counts[row["data"].get("event", "")] += int(row["data"].get("times", 1))
    return [{"event": event, "n": n, "more": part.next is not None} for event, n in counts.most_common()]


def _webhooks(request: Request, experience: str | None) -> list[dict[str, Any]]:
    """What hosts are called is for owners to see."""
    if experience or not request.caller.can_any(OWNERS):
        return []
    failing = [one for one in webhooks.all_of(request.store) if one.failing_since or one.disabled_at]
    return [_webhook(one) for one in failing]


def _webhook(one: Webhook) -> dict[str, Any]:
    since = _time(one.failing_since)
    return {"webhook": one.id, "host": one.target.host, "since": since, "disabled": one.disabled_at is not None}


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.rfc3339(ms)
