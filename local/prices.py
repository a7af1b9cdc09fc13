"""`python -m local.prices`: what a month costs at three sizes, from the units in docs/costs.md and prices.json."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil

from local.data import ROOT

MILLION = 1_000_000
DAYS = 30


@dataclass(frozen=True)
class Size:
    """Of a month. `guests` are new; each of them makes four calls and leaves what `units_of_guest` says."""

    name: str
    guests: int
    uploads: int  # files of a megabyte
    pages: int  # lists of 100 rows that teams open
    tenants: int


SIZES = (
    Size("one campaign", 2_000, 100, 2_000, 1),
    Size("an agency", 50_000, 2_500, 20_000, 20),
    Size("a TV brand", 1_000_000, 50_000, 50_000, 50),
)

CALLS = 4  # of a guest
CALL_GB_S = 1.0 * 0.06  # a gigabyte for 60 ms; what streams and queues call is counted as one more call a guest
SNAPSHOTS_GB = 2 * 2 * 1.0  # of two functions, the version that answers and the one before
GUEST_KB = 12  # with indexes
KEPT_MONTHS = 3.0  # half of it for 60 days, the customer's part for 180
LOG_KB = 1.5  # a call, in CloudWatch
ROW_BYTES = 700
ROW_OUT_KB = 0.8
ALARMS, METRICS, SECRETS, KEYS = 30, 7, 1, 1
SCHEDULED = 12 * 24 * DAYS  # runs of the schedule


@cache
def units(operation: str, part: int = 0) -> tuple[float, float]:
    """(read, write) of a row of docs/costs.md; `part` of those that its cell separates by dots. Raises KeyError."""
    for line in (ROOT / "docs/costs.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == operation:
            return _number(cells[1], part), _number(cells[2], part)
    raise KeyError(operation)


def _number(cell: str, part: int) -> float:
    parts = cell.split("·")
    found = re.search(r"\d+(\.\d+)?", parts[min(part, len(parts) - 1)])
    return float(found[0]) if found else 0.0


def units_of_guest() -> tuple[float, float]:
    """Somebody new signs in, agrees, enters twice and gets a coupon; each success is told in the runtime log. The
    consent counts as an entry does. Half of them come back on another day. TTL's deletions are free; the customer's
    cascade after 180 days is a dozen rows."""
    system_variables, removed = 2 * 5.0, 12 * 2.0
    made = [
        units("new customer, three search parts"),
        *[units("participation")] * 3,
        units("coupon: import · claim · asked again · none left", 1),
        *[units("a success, in the stream; looking whether the customer lives")] * 5,
    ]
    again = units("first activity of a day")
    read = sum(one[0] for one in made) + again[0] / 2
    return read, sum(one[1] for one in made) + again[1] / 2 + system_variables + removed


def list_units() -> float:
    """A page of 100 rows of `ROW_BYTES`, each of another customer."""
    return 4 * ceil(100 * ROW_BYTES / 4096) / 2 + 1 + 0.5 * 100


@cache
def prices() -> dict[str, float]:
    told = json.loads((ROOT / "local/prices.json").read_text(encoding="utf-8"))["prices"]
    return {name: one["usd"] for name, one in told.items()}


def _tables(size: Size) -> float:
    read, write = units_of_guest()
    reads = size.guests * read + size.pages * list_units() + SCHEDULED * 9 + size.tenants * DAYS * 25
    stored = size.guests * GUEST_KB / MILLION * KEPT_MONTHS
    paid = prices()
    throughput = reads * paid["read_million"] + size.guests * write * paid["write_million"]
    return throughput / MILLION + stored * (paid["table_gb"] + paid["backup_gb"])


def _gateway(size: Size) -> float:
    out = (_requests(size) * 1.0 + size.pages * 100 * ROW_OUT_KB) / MILLION
    return _requests(size) * prices()["request_million"] / MILLION + out * prices()["out_gb"]


def _functions(size: Size) -> float:
    calls = _requests(size) + size.guests + SCHEDULED
    snapshots = SNAPSHOTS_GB * DAYS * 86_400 * prices()["snapshot_gb_second"]
    return calls * (prices()["call_million"] / MILLION + CALL_GB_S * prices()["gb_second"]) + snapshots


def _files(size: Size) -> float:
    stored, messages = size.uploads / 1000 * 2, size.uploads + size.guests / 100
    paid = prices()
    moved = stored * paid["object_gb"] + size.uploads / 1000 * (paid["object_thousand"] + paid["out_gb"])
    return moved + messages * 3 * paid["message_million"] / MILLION


def _watching(size: Size) -> float:
    logged = _requests(size) * LOG_KB / MILLION
    fixed = ALARMS * prices()["alarm"] + METRICS * prices()["metric"] + prices()["dashboard"]
    return fixed + logged * prices()["log_gb"]


def _keys(size: Size) -> float:
    return SECRETS * prices()["secret"] + KEYS * prices()["key"]


def _requests(size: Size) -> int:
    return size.guests * CALLS + size.pages * 2


PARTS: dict[str, Callable[[Size], float]] = {
    "DynamoDB: reads, writes, storage, backups": _tables,
    "API Gateway, data out": _gateway,
    "Lambda, with SnapStart": _functions,
    "S3 and SQS": _files,
    "CloudWatch: logs, alarms, metrics, dashboard": _watching,
    "Secrets Manager, KMS": _keys,
}


def document() -> str:
    """The table of docs/operate.md."""
    heads = [f"{size.name}: {size.guests:,} new guests" for size in SIZES]
    lines = [f"| a month, USD | {' | '.join(heads)} |", "|---|" + "--:|" * len(SIZES)]
    lines += [f"| {part} | {' | '.join(f'{cost(size):,.2f}' for size in SIZES)} |" for part, cost in PARTS.items()]
    totals = [sum(cost(size) for cost in PARTS.values()) for size in SIZES]
    lines.append(f"| **together** | {' | '.join(f'**{total:,.2f}**' for total in totals)} |")
    each = [total / size.guests * 1000 for total, size in zip(totals, SIZES, strict=True)]
    return "\n".join([*lines, f"| for 1,000 guests | {' | '.join(f'{one:,.2f}' for one in each)} |"]) + "\n"


if __name__ == "__main__":
    print(document(), end="")
