"""One Collect call while it is worked on: what was read once for all its events, and who its customers are."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.access import Caller, require_experience
from chalicelib.collect import rate
from chalicelib.collect.event_types import Erasure, Event, SignIn
from chalicelib.kinds import KINDS, Kind
from chalicelib.problems import FieldError, Problem
from chalicelib.store import alive, customers, experiences, idempotency, keys
from chalicelib.store.alive import Horizons
from chalicelib.store.customers import Gone
from chalicelib.store.experiences import Stored
from chalicelib.store.idempotency import Call
from chalicelib.store.tenancy import Row, Store, in_parallel

AHEAD_MS = 300_000  # clocks of chat engines may be this much fast
# Where type and kind differ.
KIND_OF = {"sign-ins": "customers", "log-entries": "log", "state": "customers"}


@dataclass
class Conversation:
    store: Store
    cleared: Horizons
    experiences: dict[str, Stored]
    trace_id: str
    pointers: str = ""  # how to point at an event: `/events/{}`, or nothing where the body is the event
    people: dict[str, Row] = field(default_factory=dict)  # living customers by id, as this call left them
    strangers: set[str] = field(default_factory=set)  # identities of whom nobody was found
    replayed: list[bool | None] = field(default_factory=list)  # None: nothing to record, now or before
    positions: int = 0
    caller: Caller | None = None  # of calls that come through the API
    checked: dict[str, Row] = field(default_factory=dict)  # records by id, read when the call was checked
    hasty: bool = False  # each of its writes notices if its customer was read a moment too early

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleared.time_zone)

    def person(self, event: Event) -> Row | None:
        """The living customer whom the event names. Raises 409 `customer_mismatch`."""
        identity = event.email.normalised if event.email else None
        if event.customer_id is None:
            return self._by_address(identity) if identity else None
        row = self._by_id(event.customer_id)
        if identity and (row is None or row["identity"] != identity):
            raise Problem.of("customer_mismatch")
        return row

    def known(self, event: Event) -> Row:
        """Raises 404 `customer_unknown`, after one strong look at the address: it may be a second old."""
        row = self.person(event) or (self.look_again(event.email.normalised) if event.email else None)
        if row is None:
            raise Problem.of("customer_unknown")
        return row

    def active(self, event: Event) -> Row:
        """The known customer, after the activity is counted."""
        try:
            return self.touched(self.known(event), event)
        except Gone:
            raise Problem.of("customer_unknown") from None

    def check_erased(self, event: Event, person: Row, call: Call | None) -> None:
        """Who was erased and signed in anew since must not get by a late repetition what the call was for. Records that
        carry their call themselves leave a row of it only when they are erased, and only a customer of this day can
        have come after one. Half a read unit. Raises Erased."""
        since = clock.now_ms() - idempotency.KEPT_S * 1000
        if call and event.customer_id is None and person["created_at"] > since:
            idempotency.recall(self.store, call, consistent=False)

    def touched(self, row: Row, event: Event) -> Row:
        """Raises Gone."""
        return self.keep(customers.touch(self.store, row, self.moment(event), self.cleared))

    def keep(self, row: Row) -> Row:
        self.people[row["customer_id"]] = row
        return row

    def look_again(self, identity: str) -> Row | None:
        """Who has this address right now, read strongly."""
        row = customers.by_address(self.store, identity, self.cleared, consistent=True)
        return self.keep(row) if row else None

    def owner(self, event: Event) -> Row | None:
        """For events that need nobody: the customer named, if one is."""
        return self.active(event) if event.customer_id or event.email else None

    def moment(self, event: Event) -> int:
        """When it counts as recorded: never ahead of our clock, or a delete-all would miss it."""
        now = clock.now_ms()
        return min(clock.milliseconds(event.occurred_at), now) if event.occurred_at else now

    def position(self, created_at: int, after: str | None = None) -> str:
        """A time-ordered id: behind earlier ones of this call, and behind `after`, of the same millisecond."""
        follows = keys.order_of(after) + 1 if after and keys.time_of(after) == created_at else 0
        self.positions = max(self.positions + 1, follows)
        return keys.time_ordered_id(created_at, self.positions)

    def pointer(self, place: int, member: str) -> str:
        return f"{self.pointers.format(place)}/{member}"

    def _by_address(self, identity: str) -> Row | None:
        known = next((row for row in self.people.values() if row["identity"] == identity), None)
        if known or identity in self.strangers:
            return known
        customer_id = customers.id_of(self.store, identity)
        row = self._read(customer_id) if customer_id else None
        if row:
            return self.keep(row)
        self.strangers.add(identity)
        return None

    def _by_id(self, customer_id: str) -> Row | None:
        row = self.people.get(customer_id) or self._read(customer_id)
        return self.keep(row) if row else None

    def _read(self, customer_id: str) -> Row | None:
        """Nobody is said to be unknown before a strong look."""
        row = customers.by_id(self.store, customer_id, self.cleared, consistent=False) if self.hasty else None
        return row or customers.by_id(self.store, customer_id, self.cleared)


def opened(store: Store, caller: Caller, events: tuple[Event, ...], trace_id: str, pointers: str) -> Conversation:
    """With experiences, times and customers checked. Problems: rate_limited, experience_not_allowed,
    experience_unknown, time_out_of_range, customer_unknown, customer_mismatch."""
    ids = list(dict.fromkeys(event.experience for event in events if event.experience))
    for id in [*ids, *(None for event in events if isinstance(event, Erasure))]:
        require_experience(caller, id)
    cleared = alive.horizons(store)
    rate.meter().take(store, caller, cleared.collect_rate)
    found = in_parallel(lambda id: _experience(store, id), ids)
    stored = {experience.id: experience for experience in found if experience}
    cleared = experiences.with_settled(cleared, stored.values())
    talk = Conversation(store, cleared, stored, trace_id, pointers, caller=caller)
    talk.hasty = all(event.hasty for event in events)
    _check_experiences(talk, events)
    _check_times(talk, events)
    _check_people(talk, events)
    return talk


def kind_of(event: Event) -> Kind:
    return KINDS[KIND_OF.get(event.type, event.type)]


def local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, zone)


def _experience(store: Store, id: str) -> Stored | None:
    """One that is open. Half a read unit; a strong look only at what may have been made a moment ago."""
    found = experiences.read(store, id, consistent=False)
    if found is None or found.closed:
        found = experiences.read(store, id)
    return None if found is None or found.closed else found


def _check_experiences(talk: Conversation, events: tuple[Event, ...]) -> None:
    errors = [
        FieldError(talk.pointer(place, "experience"), "invalid", f"{event.experience} is not open")
        for place, event in enumerate(events)
        if event.experience and event.experience not in talk.experiences
    ]
    if errors:
        raise Problem.of("experience_unknown", errors=errors)


def _check_times(talk: Conversation, events: tuple[Event, ...]) -> None:
    """A record outside its retention, or behind a horizon, would never be seen: it is refused, not swallowed."""
    errors = []
    for place, event in enumerate(events):
        if event.occurred_at is None:
            continue
        since = _since(talk, event)
        if not since <= clock.milliseconds(event.occurred_at) <= clock.now_ms() + AHEAD_MS:
            detail = f"must be {clock.rfc3339(since)} or later, and not in the future"
            errors.append(FieldError(talk.pointer(place, "occurred_at"), "invalid", detail))
    if errors:
        raise Problem.of("time_out_of_range", errors=errors)


def _since(talk: Conversation, event: Event) -> int:
    """The first moment (ms) of which a record would still be seen; of customers the first UTC day."""
    kind = kind_of(event)
    since = talk.cleared.alive_since(kind, event.experience)
    if kind.promise.since == "creation":
        return since
    return max(since, (clock.day(clock.now_ms()) - kind.days) * clock.DAY_MS)


def _check_people(talk: Conversation, events: tuple[Event, ...]) -> None:
    announced: set[str] = set()  # addresses that an earlier sign-in of this call registers
    for event in events:
        if isinstance(event, SignIn):
            talk.person(event)
            announced.add(event.email.normalised)
        elif event.email and event.email.normalised in announced:
            talk.person(event)
        elif (event.email or event.customer_id) and not isinstance(event, Erasure):
            talk.known(event)
