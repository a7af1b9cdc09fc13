"""One Collect call while it is worked on: what was read once for all its events, and who its customers are."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.access import Caller, require_experience
from chalicelib.collect.event_types import Event, SignIn
from chalicelib.kinds import KINDS, Kind
from chalicelib.problems import FieldError, Problem
from chalicelib.store import alive, belongings, customers, experiences
from chalicelib.store.alive import Horizons
from chalicelib.store.customers import Gone
from chalicelib.store.experiences import Stored
from chalicelib.store.tenancy import Row, Store, in_parallel

AHEAD_MS = 300_000  # clocks of chat engines may be this much fast
KIND_OF = {"sign-ins": "customers", "log-entries": "log", "state": "customers"}  # where type and kind differ


@dataclass
class Conversation:
    store: Store
    cleared: Horizons
    experiences: dict[str, Stored]
    trace_id: str
    people: dict[str, Row] = field(default_factory=dict)  # living customers by id, as this call left them
    replayed: list[bool] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleared.time_zone)

    def person(self, event: Event) -> Row | None:
        """The living customer whom the event names."""
        row = self._by_id(event.customer_id) if event.customer_id else None
        if event.email is None:
            return row
        identity = event.email.normalised
        known = [one for one in self.people.values() if one["identity"] == identity]
        named = known[0] if known else self.keep(customers.by_address(self.store, identity, self.cleared))
        if event.customer_id and (row is None or named is None or row["customer_id"] != named["customer_id"]):
            raise Problem.of("customer_mismatch")
        return named

    def known(self, event: Event) -> Row:
        """Raises 404 `customer_unknown`, after one strong look at the address: it may be a second old."""
        row = self.person(event)
        if row is None and event.email:
            row = self.keep(customers.by_address(self.store, event.email.normalised, self.cleared, consistent=True))
        if row is None:
            raise Problem.of("customer_unknown")
        return row

    def active(self, event: Event) -> Row:
        """The known customer, after the activity is counted."""
        try:
            row = customers.touch(self.store, self.known(event), self.moment(event), self.cleared)
        except Gone:
            raise Problem.of("customer_unknown") from None
        self.keep(row)
        return row

    def keep(self, row: Row | None) -> Row | None:
        if row is not None:
            self.people[row["customer_id"]] = row
        return row

    def owner(self, event: Event) -> Row | None:
        """For events that need nobody: the customer named, or whose process instance it is."""
        if event.customer_id or event.email:
            return self.active(event)
        return None

    def moment(self, event: Event) -> int:
        return clock.milliseconds(event.occurred_at) if event.occurred_at else clock.now_ms()

    def linked_to(self, process_instance: str) -> str | None:
        return belongings.customers_of(self.store, [process_instance]).get(process_instance)

    def _by_id(self, customer_id: str) -> Row | None:
        return self.people.get(customer_id) or self.keep(customers.by_id(self.store, customer_id, self.cleared))


def opened(store: Store, caller: Caller, events: tuple[Event, ...], trace_id: str) -> Conversation:
    """Everything that can be refused is refused here, before anything is recorded."""
    ids = list(dict.fromkeys(event.experience for event in events))
    for id in ids:
        require_experience(caller, id)
    found = in_parallel(lambda id: experiences.read(store, id, consistent=False), ids)
    missing = [id for id, experience in zip(ids, found, strict=True) if experience is None or experience.closed]
    if missing:
        raise Problem.of(
            "experience_unknown", errors=[FieldError("/experience", "invalid", f"{missing[0]} is not open")]
        )
    stored = {experience.id: experience for experience in found if experience}
    talk = Conversation(store, _with_settled(alive.horizons(store), stored), stored, trace_id)
    _check_times(talk, events)
    _check_people(talk, events)
    return talk


def kind_of(event: Event) -> Kind:
    return KINDS[KIND_OF.get(event.type, event.type)]


def local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, zone)


def _with_settled(cleared: Horizons, stored: dict[str, Stored]) -> Horizons:
    """Horizons of experiences whose removal is over are with the experiences."""
    running = cleared.experiences
    both = {
        id: {k: max(e.horizons.get(k, 0), running.get(id, {}).get(k, 0)) for k in {*e.horizons, *running.get(id, {})}}
        for id, e in stored.items()
    }
    return replace(cleared, experiences={**running, **both})


def _check_times(talk: Conversation, events: tuple[Event, ...]) -> None:
    """A record outside its retention, or behind a horizon, would never be seen: it is refused, not swallowed."""
    errors = []
    for place, event in enumerate(events):
        if event.occurred_at is None:
            continue
        at, kind = talk.moment(event), kind_of(event)
        since = talk.cleared.alive_since(kind, event.experience)
        since = max(since, clock.now_ms() - kind.days * clock.DAY_MS)
        if not since <= at <= clock.now_ms() + AHEAD_MS:
            pointer = f"/events/{place}/occurred_at" if len(events) > 1 else "/occurred_at"
            errors.append(FieldError(pointer, "invalid", f"must be after {clock.rfc3339(since)} and not in the future"))
    if errors:
        raise Problem.of("time_out_of_range", errors=errors)


def _check_people(talk: Conversation, events: tuple[Event, ...]) -> None:
    announced: set[str] = set()  # addresses that an earlier sign-in of this call registers
    for event in events:
        if isinstance(event, SignIn):
            talk.person(event)
            announced.add(event.email.normalised)
        elif event.email and event.email.normalised in announced:
            talk.person(event)
        elif event.email or event.customer_id:
            talk.known(event)
