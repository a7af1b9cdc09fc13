"""How keys are spelled: partitions that begin with their tenant, four shards a feed, ids that sort by time."""

import re
from uuid import UUID, uuid4

import uuid_utils

SHARDS = 4
TENANT = re.compile(r"[a-z0-9-]{1,64}")
TIME_ORDERED_ID = re.compile(r"[0-9a-f]{32}")
ANYWHERE = "*"  # in place of an experience where a module spans them all


def time_ordered_id(ms: int, order: int | None = None) -> str:
    """A UUIDv7 (RFC 9562 §5.7) of that moment without dashes: 12 hex digits of milliseconds, then randomness. `order`
    (below 4096) sorts those of one millisecond (§6.2, method 1)."""
    id: str = uuid_utils.uuid7(nanoseconds=ms * 1_000_000).hex
    return id if order is None else f"{id[:13]}{min(order, 0xFFF):03x}{id[16:]}"


def order_of(at: str) -> int:
    """Of an id, within its millisecond."""
    return int(at[13:16], 16)


def random_id() -> str:
    return str(uuid4())


def is_customer_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def is_time_ordered_id(text: str) -> bool:
    return TIME_ORDERED_ID.fullmatch(text) is not None


def time_prefix(ms: int) -> str:
    """The smallest sort key of that millisecond."""
    return f"{max(ms, 0):012x}"


def time_of(at: str) -> int:
    """Milliseconds of a time-ordered id."""
    return int(at[:12], 16)


def before(at: str) -> str:
    """The greatest sort key below `at` that can occur."""
    return at[:-1] + chr(ord(at[-1]) - 1) + "\uffff"


def shard(unique: str) -> int:
    """Which of the four partitions of its feeds a record goes to; `unique` ends in random hex digits."""
    return int(unique[-1], 16) % SHARDS


def customer(customer_id: str) -> str:
    return f"c#{customer_id}"


def instance(process_instance: str) -> str:
    """Where rows lie that were recorded before somebody signed in."""
    return f"p#{process_instance}"


def feed(kind: str, shard: int) -> str:
    return f"{kind}#{shard}"


def of_experience(kind: str, experience: str, shard: int) -> str:
    return f"x#{experience}#{kind}#{shard}"


def of_module(kind: str, experience: str, module: str, shard: int) -> str:
    """`module`: the giveaway, instant win, reward or variable name within an experience."""
    return f"m#{experience}#{kind}#{module}#{shard}"


def of_level(level: str, shard: int) -> str:
    return f"l#{level}#{shard}"


def of_trace(trace_id: str) -> str:
    return f"t#{trace_id}"


def guard(experience: str, giveaway: str, person: str) -> str:
    """One entry a person in a giveaway; `person` is a keyed hash."""
    return f"e#{experience}#{giveaway}#{person}"


def of_draw(draw_id: str) -> str:
    return f"d#{draw_id}"
