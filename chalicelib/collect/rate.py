"""How often a tenant, and each of its keys, may call the Collect API. Each process counts by itself in windows of ten
seconds and tells a shared count of every tenth call only: a quiet tenant costs nothing, a busy one a tenth of a write
unit a call.

The shared count never has more calls than were taken, so whoever stays below the rate is never refused. What is not
told yet is the overshoot: less than a chunk for each process that works for the tenant at that time.
"""

from dataclasses import dataclass
from functools import cache
from threading import Lock

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib import clock
from chalicelib.access import Caller
from chalicelib.problems import Problem
from chalicelib.store import usage
from chalicelib.store.tenancy import Store
from chalicelib.telemetry import log

WINDOW_S = 10
WINDOW_MS = WINDOW_S * 1000
CHUNK = 10  # calls that a process takes before it tells of them; twice as many where one row would be written too often
MOST_TOLD = 500  # times a second; DynamoDB takes 1,000 writes a second of one row
MOST = 10_000  # calls a second that can be set as a limit
TROUBLE = (PynamoDBException, BotoCoreError, ClientError)


@dataclass(frozen=True)
class Limit:
    policy: str  # as answers name it: tenant or key
    counted: str  # whose calls
    rate: int  # calls a second

    @property
    def quota(self) -> int:
        return self.rate * WINDOW_S

    @property
    def chunk(self) -> int:
        return max(min(CHUNK, max(2, self.rate)), -(-self.rate // MOST_TOLD))


@dataclass
class Window:
    """What this process knows of the calls that one limit counts."""

    limit: Limit
    number: int
    taken: int = 0  # by this process
    told: int = 0  # of these
    total: int = 0  # the shared count, when it was last heard

    @property
    def is_used_up(self) -> bool:
        return self.total + self.taken - self.told >= self.limit.quota

    def take(self) -> int:
        """How many calls are to be told now."""
        self.taken += 1
        due = self.taken - self.told
        if due < self.limit.chunk:
            return 0
        self.told = self.taken
        return due


class Meter:
    """The counts of one process."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}
        self._lock = Lock()

    def check(self, caller: Caller) -> None:
        """Refuses at no cost what this process knows to be too much. Raises 429 `rate_limited`."""
        number = clock.now_ms() // WINDOW_MS
        for counted in ("tenant", caller.subject):
            window = self._windows.get((caller.tenant, counted))
            if window and window.number == number and window.is_used_up:
                raise refused(window)

    def take(self, store: Store, caller: Caller, rate: int | None) -> None:
        """One call, under the tenant's `rate` and the key's own. Raises 429 `rate_limited`; trouble with the shared
        count refuses nobody."""
        limits = limits_of(caller, rate)
        if not limits:
            return
        with self._lock:
            windows = [self._window(store, limit) for limit in limits]
            for window in windows:
                if window.is_used_up:
                    raise refused(window)
            due = [(window, window.take()) for window in windows]
        for window, calls in due:
            if calls:
                self._tell(store, window, calls)

    def _window(self, store: Store, limit: Limit) -> Window:
        number = clock.now_ms() // WINDOW_MS
        if any(window.number != number for window in self._windows.values()):
            self._windows.clear()
        window = self._windows.setdefault((store.tenant, limit.counted), Window(limit, number))
        window.limit = limit
        return window

    def _tell(self, store: Store, window: Window, calls: int) -> None:
        try:
            total = usage.add(store, window.limit.counted, window.number * WINDOW_S, calls)
        except TROUBLE as error:
            log.warning("calls were not counted: %s", type(error).__name__)
            return self._forget(window, calls)
        with self._lock:
            window.total = max(window.total, total)

    def _forget(self, window: Window, calls: int) -> None:
        """They are told with the next chunk."""
        with self._lock:
            window.told -= calls


@cache
def meter() -> Meter:
    return Meter()


def limits_of(caller: Caller, rate: int | None) -> list[Limit]:
    named = (("tenant", "tenant", rate), ("key", caller.subject, caller.collect_rate))
    return [Limit(policy, counted, most) for policy, counted, most in named if most]


def refused(window: Window) -> Problem:
    """With the fields of draft-ietf-httpapi-ratelimit-headers."""
    limit = window.limit
    wait = max(1, -(-((window.number + 1) * WINDOW_MS - clock.now_ms()) // 1000))
    headers = {
        "Retry-After": str(wait),
        "RateLimit-Policy": f'"{limit.policy}";q={limit.quota};w={WINDOW_S}',
        "RateLimit": f'"{limit.policy}";r=0;t={wait}',
    }
    return Problem.of("rate_limited", headers=headers)
