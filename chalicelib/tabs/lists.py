"""How each question is answered: a feed by the most telling filter, one customer's partition, or a search by e-mail."""

import re
from collections.abc import Callable

from chalicelib import clock, email
from chalicelib.kinds import Kind
from chalicelib.store import alive, belongings, customers, feeds, keys, records, search
from chalicelib.store.alive import Horizons
from chalicelib.store.feeds import Feed, Sift, Slice
from chalicelib.store.tenancy import Access, Row, Span, Store
from chalicelib.tabs import rows
from chalicelib.tabs.filters import LEVELS, STATES, Question, whole_address

MODULES = ("giveaway", "name")  # these have an index
OF_DATA = ("instant_win", "reward")  # and these none: a prize or reward would cost a write unit more
SEARCHED = 25  # customers looked at per page of a search


def answer(store: Store, kind: Kind, question: Question, cleared: Horizons) -> Slice:
    """The stored rows of one page, and where the next one begins."""
    if (text := question.get("email")) is not None:
        return _searched(store, kind, text, question, cleared)
    if (customer_id := question.get("customer_id")) is not None:
        return _of_customer(store, kind, customer_id, question, cleared)
    if kind.name == "customers":
        return _active(store, kind, question, cleared)
    span = _span(kind, question, cleared)
    return feeds.newest_first(store, _feed(store, kind, question), span, question.limit, _sift(kind, question, cleared))


def source(store: Store, kind: Kind, question: Question, cleared: Horizons) -> tuple[Feed, Sift | None]:
    """Where the rows of a list lie that names no person, and what no key answers of it."""
    return _feed(store, kind, question), _sift(kind, question, cleared)


def _feed(store: Store, kind: Kind, question: Question) -> Feed:
    experience = question.get("experience")
    module = next((question.values[name] for name in MODULES if name in question.values), None)
    if experience and module:
        return feeds.of_modules(store, kind, experience, [module])
    if consent := question.get("consent"):
        state = question.get("state")
        states = [state] if state else list(STATES["consents"])
        return feeds.of_modules(store, kind, keys.ANYWHERE, [f"{consent}#{state}" for state in states])
    if trace := question.get("trace_id"):
        return Feed(Access("RuntimeLog", "trace", "by_trace"), (store.key(keys.of_trace(trace.lower())),))
    if draw := question.get("draw"):
        return Feed(Access("Activity", "draw", "by_draw", "at"), (store.key(keys.of_draw(draw)),), thin=True)
    if (level := question.get("level")) in ("warning", "error"):
        above = LEVELS[LEVELS.index(level) :]
        partitions = [store.key(keys.of_level(one, shard)) for one in above for shard in range(keys.SHARDS)]
        return Feed(Access("RuntimeLog", "level", "by_level"), tuple(partitions), thin=True)
    return feeds.of_experience(store, kind, experience) if experience else feeds.of_tenant(store, kind)


def _span(kind: Kind, question: Question, cleared: Horizons) -> Span:
    """Being alive is the lower bound of every feed that is sorted by creation: expiry and delete-all cost nothing."""
    low = max(question.since, cleared.alive_since(kind, question.get("experience")))
    if question.after is not None:
        return Span(keys.time_prefix(low), keys.before(question.after))
    high = Span.prefix("").high if question.until is None else keys.time_prefix(question.until)
    return Span(keys.time_prefix(low), high)


def _sift(kind: Kind, question: Question, cleared: Horizons) -> Sift | None:
    """What no key answers: rows of an experience that is being cleared, and filters worth no index of their own."""
    tests = _tests(kind, question)
    if cleared.experiences or (kind.name == "log" and "customers" in cleared.kinds):
        tests.append(lambda row: row["created_at"] > cleared.of_row(kind, row))
    if not tests:
        return None
    return Sift(lambda row: all(test(row) for test in tests), rare=len(_tests(kind, question)) > 0)


def _tests(kind: Kind, question: Question) -> list[Callable[[Row], bool]]:
    tests: list[Callable[[Row], bool]] = []
    experience = question.get("experience")
    if experience and set(question.values) - {"experience", *MODULES}:
        tests.append(lambda row: row.get("experience") == experience)
    for name in OF_DATA:
        if value := question.get(name):
            tests.append(lambda row, name=name, value=value: row["data"].get(name) == value)  # type: ignore[misc]
    if draw := question.get("draw"):
        tests.append(lambda row: row["data"].get("draw_id") == draw)
    if (state := question.get("state")) and kind.name != "consents":
        tests.append(lambda row: row["data"]["state"] == state)
    if level := question.get("level"):
        above = LEVELS[LEVELS.index(level) :]
        tests.append(lambda row: row["data"]["level"] in above)
    if event := question.get("event"):
        tests.append(lambda row: row["data"].get("event") == event)
    if text := question.get("text"):
        wanted = _words(text)
        tests.append(lambda row: wanted <= _words(row["data"]["message"]))
    if trace := question.get("trace_id"):
        tests.append(lambda row: row["data"].get("trace_id") == trace.lower())
    return tests


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _active(store: Store, kind: Kind, question: Question, cleared: Horizons) -> Slice:
    first_day = clock.day(clock.now_ms()) - question.active_days
    span = _span(kind, question, cleared)
    span = Span(max(span.low, keys.time_prefix(first_day * clock.DAY_MS)), span.high)
    part = feeds.newest_first(store, feeds.of_tenant(store, kind), span, question.limit)
    ids = [store.partition(row["pk"]).removeprefix("c#") for row in part.rows]
    return Slice(rows.living_customers(store, ids, cleared), part.next)


def _of_customer(store: Store, kind: Kind, customer_id: str, question: Question, cleared: Horizons) -> Slice:
    if kind.name == "customers":
        people = rows.living_customers(store, [customer_id], cleared)
        return Slice([row for row in people if question.covers(row["active_at"])], None)
    if not alive.customers(store, [customer_id], cleared):
        return Slice([], None)
    found = _narrowed(store, kind, customer_id, question, cleared)
    if question.after is not None:
        found = [row for row in found if records.position(row) < question.after]
    part = found[: question.limit]
    return Slice(part, records.position(part[-1]) if len(found) > len(part) else None)


def _narrowed(store: Store, kind: Kind, customer_id: str, question: Question, cleared: Horizons) -> list[Row]:
    """All of this customer's rows that the other filters let through; few enough to be filtered here."""
    tests = _tests(kind, question)
    for name in ("experience", *MODULES, "consent", "draw", "state"):
        if (value := question.get(name)) is not None:
            tests.append(lambda row, name=name, value=value: _value(row, name) == value)  # type: ignore[misc]
    found = belongings.of_customer(store, kind, customer_id, cleared)
    return [row for row in found if question.covers(row["created_at"]) and all(test(row) for test in tests)]


def _value(row: Row, name: str) -> object:
    if name == "experience":
        return row.get("experience")
    return row["data"].get({"draw": "draw_id", "state": "status"}.get(name, name), row["data"].get(name))


def _searched(store: Store, kind: Kind, text: str, question: Question, cleared: Horizons) -> Slice:
    whole = whole_address(text)
    customer_id = customers.id_of(store, whole) if whole else None
    if customer_id and (question.exact or alive.customers(store, [customer_id], cleared)):
        return _of_customer(store, kind, customer_id, question, cleared)
    if question.exact:
        return Slice([], None)
    return _by_beginning(store, kind, email.search_text(text), question, cleared)


def _by_beginning(store: Store, kind: Kind, text: str, question: Question, cleared: Horizons) -> Slice:
    """In the order of the entries found: customers themselves, or each one's rows, newest first."""
    after, at, within = f"{question.after or ''}\n\n".split("\n")[:3]
    limit = min(question.limit, SEARCHED)
    matches, more = search.find(store, text, after or None, limit)
    people = alive.customers(store, {match.customer_id for match in matches}, cleared)
    living = [match for match in matches if match.customer_id in people]
    first = [match for match in living if search.is_first(match, people[match.customer_id]["identity"], text)]
    if kind.name == "customers":
        named = [people[match.customer_id] for match in first]
        found = rows.whole(store, [row for row in named if question.covers(row["active_at"])])
        return Slice(found, matches[-1].position if more else None)
    found = []
    for match in first:
        own = _narrowed(store, kind, match.customer_id, question, cleared)
        if match.position == at:  # the page before ended within this customer's rows
            own = [row for row in own if records.position(row) < within]
        room = question.limit - len(found)
        if len(own) > room:
            part = own[:room]
            reached = f"{match.position}\n{records.position(part[-1])}" if part else ""
            return Slice([*found, *part], f"{after}\n{reached}")
        found += own
        after = match.position
    return Slice(found, f"{matches[-1].position}\n" if more else None)
