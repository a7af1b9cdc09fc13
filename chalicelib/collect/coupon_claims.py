"""Claiming a coupon: one a customer or one a participation, the same one however often it is asked for."""

from chalicelib import clock
from chalicelib.collect.conversation import Conversation
from chalicelib.collect.event_types import Event
from chalicelib.collect.promotion_types import CouponClaim
from chalicelib.collect.results import Result, of_record, problems
from chalicelib.kinds import KINDS, Kind
from chalicelib.problems import FieldError, Problem
from chalicelib.promotions import claims, coupons
from chalicelib.promotions.coupons import Wish
from chalicelib.promotions.tickets import Pool
from chalicelib.store import records
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row
from chalicelib.telemetry import log

PARTICIPATIONS = (KINDS["participations"], KINDS["instant_win_participations"])


def check(talk: Conversation, events: tuple[Event, ...], call: Call | None) -> None:
    """A coupon per participation names one of the customer's own."""
    errors = []
    for place, event in enumerate(events):
        if isinstance(event, CouponClaim) and _per(talk, event) == "participation":
            code, detail = _wrong(talk, event)
            errors += [FieldError(talk.pointer(place, "participation_id"), code, detail)] if code else []
    if errors:
        raise Problem.of("validation", errors=errors)


def claim(talk: Conversation, event: CouponClaim, call: Call | None) -> Result:
    person = talk.active(event)
    talk.check_erased(event, person, call)
    wish = Wish(event.experience, person["customer_id"], _unique(talk, event), call.mark if call else None)
    there = coupons.held(talk.store, wish, talk.cleared, consistent=False)
    if there:
        return _answer(talk, there, "already_issued", call)
    with problems():
        claimed = claims.claim(talk.store, wish, talk.cleared)
    if claimed.pool:
        _follow_up(talk, event, claimed.pool)
    row = claimed.outcome.row
    return _answer(talk, row, claimed.outcome.name, call) if row else {"outcome": claimed.outcome.name}


def _answer(talk: Conversation, row: Row, outcome: str, call: Call | None) -> Result:
    ours = outcome == "already_issued" and call is not None and call.wrote(row.get("idem"))
    data = row["data"]
    return {
        "outcome": "issued" if ours else outcome,
        "replayed": False if outcome == "issued" else ours or None,
        **of_record(talk.store, "coupons", row),
        "code": data["code"],
        "issued_at": clock.rfc3339(data["issued_at"]),
    }


def _per(talk: Conversation, event: CouponClaim) -> str:
    rule = talk.experiences[event.experience].document.get("coupons", {}).get("per", "customer")
    return event.per or ("participation" if event.participation_id else str(rule))


def _wrong(talk: Conversation, event: CouponClaim) -> tuple[str, str]:
    """A code and a detail of what is wrong, nothing if all is well."""
    if event.participation_id is None:
        return "missing", ""
    person = talk.person(event)
    row = next((row for kind in PARTICIPATIONS if (row := _read(talk, kind, event.participation_id))), None)
    if row is None or person is None or records.owner_of(talk.store, row)[0] != person["customer_id"]:
        return "invalid", "is no participation of this customer"
    if row.get("experience") != event.experience:
        return "invalid", "is of another experience"
    talk.checked[event.participation_id] = row
    return "", ""


def _read(talk: Conversation, kind: Kind, id: str) -> Row | None:
    return records.read(talk.store, kind, id, talk.cleared)


def _unique(talk: Conversation, event: CouponClaim) -> str:
    if _per(talk, event) == "customer" or event.participation_id is None:
        return ""
    return str(talk.checked[event.participation_id]["at"])


def _follow_up(talk: Conversation, event: CouponClaim, pool: Pool) -> None:
    """The coupon is issued, whatever comes of this."""
    try:
        _warn(talk, event, pool)
        claims.look_after(talk.store, event.experience, pool, talk.cleared)
    except Exception:
        log.exception("after a coupon of %s", event.experience)


def _warn(talk: Conversation, event: CouponClaim, pool: Pool) -> None:
    low_at = talk.experiences[event.experience].document.get("coupons", {}).get("low_at", 0)
    free = pool.free(event.experience, talk.cleared)
    if pool.low or free > low_at:
        return
    from chalicelib.collect import low_coupons  # and webhooks, which few claims need

    low_coupons.warn(talk, event.experience, free, low_at)
