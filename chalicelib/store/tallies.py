"""How many records there are, counted by the day they were made: kept from the tables' streams in small rows, one a
tenant and day and one an experience and day. Nobody scans for a number.

A row holds, of the records that were made on its day (in the tenant's time zone) and are stored still, how many there
are of each kind; in the tenant's row also how many customers go on that day, and what went on it, by cause. The log is
not counted: that would cost as much as it does.

Statistics, not proof (receipts are). A batch that is delivered again is counted once, since the number of its first
record is written with its counts; what could not be written is missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib import clock
from chalicelib.kinds import CODES, KINDS
from chalicelib.store.alive import Horizons
from chalicelib.store.failures import accepted
from chalicelib.store.tables import Control
from chalicelib.store.tenancy import Store, Transaction
from chalicelib.telemetry import log

KEPT_DAYS = CODES.days + 30
REMEMBERED_S = 2 * clock.DAY_S  # of a batch; streams keep their records for one day
TTL = "dynamodb.amazonaws.com"  # who DynamoDB says removed what had expired
UNANSWERED = ("drawn", "notified")
MOST_ROWS = 99  # of one transaction, beside the batch's own row

Image = Mapping[str, Any]
Place = tuple[str, int]  # partition without its tenant, day
Changes = Counter[tuple[Place, str]]


@dataclass(frozen=True)
class Change:
    """What one record of a stream changes in the tallies; `number` is its place in the stream."""

    number: int
    by: Changes

    @property
    def places(self) -> set[Place]:
        return {place for place, _ in self.by}


def partition(experience: str | None = None) -> str:
    return f"tally#{experience}" if experience else "tally"


def count(records: list[dict[str, Any]], cleared: Mapping[str, Horizons] | None = None) -> None:
    """Of a batch of stream records: two write units a row and two for the batch, whatever its size. Give it what was
    followed up to the first failure, since that is what is not delivered again. Never raises for storage: a tally must
    not hold up an erasure."""
    for tenant, changes in _by_tenant(records, cleared or {}).items():
        try:
            for part in _parts(changes):
                _count(Store(tenant), _stream(records[0]), part)
        except Exception:
            log.exception("a tally of records was not written")


def _by_tenant(records: list[dict[str, Any]], cleared: Mapping[str, Horizons]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    for record in records:
        tenant = tenant_of(record)
        by = _changes(record, ZoneInfo(cleared.get(tenant, Horizons()).time_zone))
        if by:
            found[tenant].append(Change(int(record["dynamodb"]["SequenceNumber"]), by))
    return found


def tenant_of(record: dict[str, Any]) -> str:
    image = _image(record, "NewImage") or _image(record, "OldImage")
    return str(image.get("pk", {"S": ""})["S"]).partition("#")[0]


def _changes(record: dict[str, Any], zone: ZoneInfo) -> Changes:
    """What stands after it, less what stood before it."""
    by: Changes = Counter()
    by.update(_standing(_image(record, "NewImage"), zone))
    by.subtract(Counter(_standing(_image(record, "OldImage"), zone)))
    if record["eventName"] == "REMOVE" and (kind := _kind(_image(record, "OldImage"))) in KINDS:
        has_expired = (record.get("userIdentity") or {}).get("principalId") == TTL
        today = clock.day_in(clock.now_ms(), zone)
        by[(partition(), today), f"{'ttl' if has_expired else 'deleted'}_{kind}"] += 1
    return Counter({key: n for key, n in by.items() if n})


def _standing(image: Image, zone: ZoneInfo) -> Iterator[tuple[Place, str]]:
    """Where a record is counted while it is stored; whoever is being erased is counted nowhere."""
    kind = _kind(image)
    if kind not in KINDS or kind == "log" or "erasing" in image or "created_at" not in image:
        return
    made = clock.day_in(int(image["created_at"]["N"]), zone)
    yield (partition(), made), kind
    if kind == "customers":
        yield (partition(), clock.day_in(int(image["expires_at"]["N"]) * 1000, zone)), "due_customers"
    if experience := image.get("experience", {}).get("S"):
        yield (partition(experience), made), kind
        yield from (((partition(experience), made), name) for name in _of_giveaway(kind, image))


def _of_giveaway(kind: str, image: Image) -> Iterator[str]:
    """Entries and winners of one giveaway; a winner's slot that names nobody any more waits for no answer."""
    data = image.get("data", {}).get("M", {})
    giveaway = data.get("giveaway", {}).get("S", "")
    if kind == "participations":
        yield f"entries_{giveaway}"
    if kind == "winners":
        yield f"winners_{giveaway}"
        is_named = image["pk"]["S"].partition("#")[2].startswith("c#")
        if is_named and data.get("state", {}).get("S") in UNANSWERED:
            yield f"unanswered_{giveaway}"


def _kind(image: Image) -> str:
    """As the row's feed names it (the log is its own feed); of what lies beside records, such as search entries, links
    and claims, no kind."""
    feed = image.get("feed") or image.get("pk") or {"S": ""}
    return str(feed["S"]).partition("#")[2].partition("#")[0]


def _image(record: dict[str, Any], name: str) -> Image:
    image: Image = record["dynamodb"].get(name) or {}
    return image


def _stream(record: dict[str, Any]) -> str:
    """Numbers are a stream's own."""
    return str(record.get("eventSourceARN", "")).split(":", 5)[-1]


def _parts(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """As many as fit into a transaction. Cut alike wherever the batch ends, so that one that comes again is known."""
    part: list[Change] = []
    places: set[Place] = set()
    for change in changes:
        if len(places | change.places) > MOST_ROWS:
            yield part
            part, places = [], set()
        part.append(change)
        places |= change.places
    if part:
        yield part


def _count(store: Store, stream: str, part: list[Change]) -> None:
    """All of it and the note that it was counted, or nothing. A batch that comes again may be longer than before."""
    batch = Control(store.key("counted"), f"{stream}#{part[0].number:040}")
    if _is_counted(store, batch, part, Control.pk.does_not_exist()):
        return
    row = store.get("Control", batch.pk, batch.sk)
    rest = [change for change in part if row and change.number > int(row["data"]["last"])]
    if row and rest:
        _is_counted(store, batch, rest, Control.data["last"] == row["data"]["last"])


def _is_counted(store: Store, batch: Control, part: list[Change], condition: Condition) -> bool:
    batch.data = {"last": str(part[-1].number)}
    batch.expires_at = clock.now_s() + REMEMBERED_S
    transaction = Transaction([(batch, condition)])
    for place, counts in _rows(part).items():
        gone = (place[1] + KEPT_DAYS) * clock.DAY_S
        actions = [*(Path([name]).add(n) for name, n in counts.items()), Control.expires_at.set(gone)]
        transaction.update(Control(store.key(place[0]), f"{place[1]:06}"), actions)
    return accepted(lambda: store.write(transaction))


def _rows(part: Iterable[Change]) -> dict[Place, Counter[str]]:
    rows: dict[Place, Counter[str]] = defaultdict(Counter)
    for change in part:
        for (place, name), n in change.by.items():
            rows[place][name] += n
    found = {place: Counter({name: n for name, n in counts.items() if n}) for place, counts in rows.items()}
    return {place: counts for place, counts in found.items() if counts}
