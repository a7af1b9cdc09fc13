"""Which events webhooks are called about, and how the tables' changes tell of them: what was written did happen, and
what was not did not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib import clock
from chalicelib.kinds import FIELDS, KINDS
from chalicelib.store import keys, records, tallies
from chalicelib.store.jobs import Job
from chalicelib.store.plain import plain_item
from chalicelib.store.tenancy import Row, Store

CONSENT = ("consent", "status", "text_version", "text_sha256", "method", "channel", "locale")
CONSENT_TIMES = ("requested_at", "confirmed_at")
WON = ("prize", "ticket", "state")


@dataclass(frozen=True)
class Event:
    """`data` has ids and codes of state; personal data is added to each call only where a webhook names it. It happened
    `at`; `told_at` and `unique` are the same however often we are told of it. `kind` of the record that `data["id"]`
    names, if it has fields. Times in ms."""

    type: str
    at: int
    told_at: int
    unique: str
    data: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None
    trace: list[str] | None = None


@dataclass(frozen=True)
class Told:
    """How the record of a kind becomes an event; `names` are its columns that are told. Its state is the outcome if
    there is no other."""

    type: str
    names: tuple[str, ...] = ()
    outcome: str | None = None


MADE = {
    "consents": Told("consent.changed", CONSENT),
    "participations": Told("participation.entered", ("giveaway", "ticket"), "entered"),
    "winners": Told("winner.drawn", ("giveaway", "draw_id", "slot", *WON), "drawn"),
    "instant_win_winners": Told("instant_win.won", ("instant_win", *WON), "won"),
    "redemptions": Told("reward.redeemed", ("reward", "cost"), "redeemed"),
    "transactions": Told("points.booked", ("amount", "balance_after", "source", "reverses"), "booked"),
}
CHANGED = {
    "winners": Told("winner.changed", ("giveaway", "draw_id", "slot", *WON)),
    "instant_win_winners": Told("winner.changed", ("instant_win", *WON)),
    "coupons": Told("coupon.issued", outcome="issued"),
    "codes": Told("code.redeemed", ("points", "win"), "redeemed"),
}
ENDED = {
    "export": Told("export.ready", ("kind", "format", "rows", "bytes", "sha256"), "done"),
    "import": Told("import.done", ("kind", "lines", "added", "already_there", "twice_in_file", "invalid"), "done"),
}
BESIDE = ("customer.registered", "customer.erased", "coupon.low", "export.ready", "import.done")
TYPES = tuple(sorted({*(told.type for told in (*MADE.values(), *CHANGED.values())), *BESIDE}))
TEST, RETURNED = "test", "customer.returned"


def of_change(record: Row) -> tuple[str, Event] | None:
    """(tenant, event) that a stream record of the four promise tables tells of, if any. Records that webhooks are to
    hear of carry a trace; of removed customers all are told."""
    before, after = (record["dynamodb"].get(image, {}) for image in ("OldImage", "NewImage"))
    if record["eventName"] == "REMOVE":
        return _erased(record, plain_item(before)) if before.get("sk") == {"S": "customer"} else None
    if "trace" not in after:
        return None
    row, before = plain_item(after), plain_item(before)
    store = Store(row["pk"].partition("#")[0])
    event = _registered(record, row, before) if row["sk"] == "customer" else _of_record(store, record, row, before)
    return (store.tenant, event) if event else None


def of_job(job: Job, trace: list[str]) -> Event | None:
    """Of a job that is about to end well; a dry run changes nothing."""
    told = ENDED.get(job.type)
    if told is None or job.state != "done" or job.work.get("dry_run"):
        return None
    found = {**job.work, **(job.result or {})}
    data = {"customer_id": None, "experience": job.work.get("experience"), "id": job.id, "outcome": told.outcome}
    data |= {name: found.get(name) for name in told.names}
    return Event(told.type, clock.now_ms(), job.created_at, job.id, data, trace=trace)


def of_low_coupons(experience: str, stock: Row, entry: str, trace: list[str]) -> Event:
    """`entry` is the id of the log entry that says so."""
    data = {"customer_id": None, "experience": experience, "id": None, "outcome": "low", **stock}
    return Event("coupon.low", keys.time_of(entry), keys.time_of(entry), entry, data, trace=trace)


def _erased(record: Row, row: Row) -> tuple[str, Event]:
    """However it came about: `erased` on request, `expired`, or `cleared` with all others."""
    has_expired = (record.get("userIdentity") or {}).get("principalId") == tallies.TTL
    outcome = "expired" if has_expired else "erased" if "erasing" in row else "cleared"
    data = {"customer_id": row["customer_id"], "experience": None, "id": row["customer_id"], "outcome": outcome}
    told_at, trace = _told_at(record), row.get("trace") if outcome == "erased" else None
    return row["pk"].partition("#")[0], Event(
        "customer.erased", told_at, told_at, _unique(record, row), data, trace=trace
    )


def _registered(record: Row, row: Row, before: Row) -> Event | None:
    """A dead customer's item is never taken over: whoever comes back gets another id."""
    if before:
        return _returned(record, row, before)
    data = {"customer_id": row["customer_id"], "experience": None, "id": row["customer_id"], "outcome": "registered"}
    at = row["created_at"]
    return Event("customer.registered", at, _told_at(record), _unique(record, row), data, "customers", row["trace"])


def _returned(record: Row, row: Row, before: Row) -> Event | None:
    """A known customer's first activity of a day: for the runtime log, no webhook hears of it."""
    if clock.day(row["active_at"]) <= clock.day(before["active_at"]) or "erasing" in row:
        return None
    data = {"customer_id": row["customer_id"], "experience": None, "id": row["customer_id"], "outcome": "returned"}
    return Event(RETURNED, row["active_at"], _told_at(record), _unique(record, row), data, trace=row["trace"])


def _of_record(store: Store, record: Row, row: Row, before: Row) -> Event | None:
    """None, too, for what names nobody any more: a slot of which the winner was erased."""
    kind = _kind_of(row)
    told = _told(kind, row, before) if kind in KINDS else None
    customer_id = records.owner_of(store, row)[0] if told else None
    if told is None or customer_id is None:
        return None
    data = {"customer_id": customer_id, "experience": row.get("experience")}
    data |= {"id": records.id_of(store, KINDS[kind], row), "outcome": _outcome(kind, told, row)}
    data |= {name: row["data"].get(name) for name in told.names}
    if kind == "consents":
        data |= {name: _time(row["data"].get(name)) for name in CONSENT_TIMES}
        data |= {"recorded_at": clock.rfc3339(row["created_at"])}
    with_fields = kind if FIELDS in KINDS[kind].columns else None
    return Event(told.type, _moment(kind, row), _told_at(record), _unique(record, row), data, with_fields, row["trace"])


def _kind_of(row: Row) -> str:
    """Coupons and codes have sort keys of their own."""
    return f"{row['sk']}s" if row["sk"] in ("coupon", "code") else str(row["sk"]).partition("#")[0]


def _told(kind: str, row: Row, before: Row) -> Told | None:
    """A record in the place of one that had expired is a new one."""
    if before.get("at") != row.get("at"):
        return MADE.get(kind)
    state = row["data"].get("state")
    return CHANGED.get(kind) if state != before["data"].get("state") else None


def _outcome(kind: str, told: Told, row: Row) -> str:
    return told.outcome or str(row["data"]["status" if kind == "consents" else "state"])


def _unique(record: Row, row: Row) -> str:
    """Of the change: the same record may get the same state again."""
    return "\n".join((row["pk"], row["sk"], record["dynamodb"]["SequenceNumber"]))


def _told_at(record: Row) -> int:
    """When it was written, to the second; imported records tell of what happened long ago."""
    return round((record["dynamodb"].get("ApproximateCreationDateTime") or clock.now_s()) * 1000)


def _moment(kind: str, row: Row) -> int:
    """When it happened, as far as the record says."""
    times: dict[str, Callable[[], int]] = {
        "coupons": lambda: row["data"]["issued_at"],
        "codes": lambda: row["data"]["redeemed_at"],
    }
    return int(times[kind]()) if kind in times else keys.time_of(row["at"])


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.rfc3339(ms)
