"""After an erasure nothing of the person is anywhere. A mark of its own lies in every column of every kind, in every
field of every type of event, in a file and an export; the scan finds them all, then the person is erased, then it finds
none but those that belong to the campaign and name nobody.

Kinds, columns, events, fields, tables, buckets and queues are taken from the code and the environment: what comes later
is looked at, too, or fails here until somebody says where its mark is put."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from chalicelib import email
from chalicelib.clock import now_ms
from chalicelib.collect.events import EVENTS
from chalicelib.jobs import arrivals
from chalicelib.kinds import KINDS, Kind
from chalicelib.promotions import codes
from chalicelib.settings import settings
from chalicelib.store import alive, customers
from chalicelib.store.tables import Code, Customer
from chalicelib.store.tenancy import Store
from chalicelib.tabs.rows import ELSEWHERE
from tests.erasure import everything
from tests.erasure.markers import Markers, found, spellings
from tests.erasure.people import erased
from tests.exports.exporting import done as exported
from tests.files.uploads import PNG, put
from tests.pumping import client as queues
from tests.pumping import delete_all, finished
from tests.seeds import plant
from tests.world import World

STORE = Store("acme")
TYPED = "Jürgen.MkSchmidt+Mk7Tag@Mk8Markedbücher.example"
IDENTITY = email.normalise(TYPED)
INSTANCE = "pi-mk9instance"

# What stays, since it says nothing of a person: coupons and codes are the campaign's, a winner's slot and prize are in
# the certificate, and a wording is what all were asked.
CAMPAIGNS = {"coupons", "codes"}
OF_A_SLOT = {
    f"{kind}.{column}"
    for kind in ("winners", "instant_win_winners")
    for column in (
        *("experience", "giveaway", "instant_win", "draw_id", "slot", "prize", "ticket", "participated_at"),
        *("state", "notified_at", "respond_by", "replaces"),
    )
}
WORDINGS = {"consents.text"}

UNSTORED = ("state", "erasures")  # types of events that record nothing
WITHOUT_TEXT = ("boolean",)


def stays(where: str) -> bool:
    return where.split(".")[0] in CAMPAIGNS or where in OF_A_SLOT or where in WORDINGS


# -- a mark in every column of every kind --


def planted(marks: Markers, person: str, kind: Kind) -> None:
    own: dict[str, Any] = {}
    for column in kind.columns:
        if column.name in ELSEWHERE or column.type in WITHOUT_TEXT:
            continue
        name = f"{kind.name}.{column.name}"
        if column.type in ("time", "integer"):
            own[column.name] = marks.number(name)
        elif column.type == "map":
            own[column.name] = {marks.text(f"{name} (name)"): marks.text(f"{name} (value)")}
        else:
            text = marks.text(name)
            own[column.name] = json.dumps(text) if column.type == "json" else text
    made = plant(kind.name, person, experience=marks.text(f"{kind.name}.experience"), **own)
    if kind.holder:  # when somebody got it, the seed says itself
        times = {name: value for name, value in own.items() if name.endswith("_at")}
        STORE.update(Code(*made.place), [Code.data[name].set(value) for name, value in times.items()])


def marked_customer(marks: Markers, person: str) -> None:
    """What no event sets at will."""
    item = customers.reference(STORE, person)
    STORE.update(item, [Customer.points.set(marks.number("customers.points"))])
    row = STORE.get("Customers", item.pk, item.sk) or {}
    marks.where |= {str(row["created_at"]): "customers.registered_at", row["at"]: "customers.last_active_at"}


# -- a mark in every field of every event --


def event(marks: Markers, type: str, winner: str | None = None) -> dict[str, Any]:
    """An event with all its fields; those that take no text of one's own say what they take."""
    told = {name: _told(marks, type, name, winner) for name in EVENTS[type].model_fields}
    return {name: value for name, value in told.items() if value is not None}


def _told(marks: Markers, type: str, name: str, winner: str | None) -> Any:
    where = f"{type}.{name}"
    special: dict[str, Any] = {
        "experience": lambda: "marked",
        "email": lambda: TYPED,
        "customer_id": lambda: None,  # named by address
        "occurred_at": lambda: None,
        "process_instance": lambda: INSTANCE,
        "fields": lambda: {marks.text(f"{where} (name)"): marks.text(f"{where} (value)")},
        "email_verified": lambda: True,
        "locale": lambda: marks.tag(where),
        "status": lambda: "granted",
        "method": lambda: "double",
        "text_sha256": lambda: None,  # follows from the text
        "requested_at": lambda: "2026-03-09T08:00:00.123Z",
        "confirmed_at": lambda: "2026-03-09T09:00:00.456Z",
        "ip": lambda: "203.0.113.77",
        "variables": lambda: [{"name": marks.text(f"{where}.name"), "value": marks.text(f"{where}.value"), **KEPT}],
        "giveaway": lambda: "marked",
        "level": lambda: "error",
        "trace_id": lambda: marks.hex(where, 32),
        "attributes": lambda: {marks.text(f"{where} (name)"): marks.text(f"{where} (value)")},
        "content_type": lambda: "image/png",
        "size": lambda: len(PNG) + 40,
        "sha256": lambda: None,  # of what is uploaded
        "instant_win": lambda: "marked",
        "reward": lambda: "marked",
        "code": lambda: CODE,
        "per": lambda: None,
        "participation_id": lambda: None,
        "amount": lambda: marks.amount(where),
        "reverses": lambda: None,
        "winner_id": lambda: winner,
        "answer": lambda: "accepted",
    }
    return special[name]() if name in special else marks.text(where)


KEPT = {"persist": True}
CODE = "LUCKY-4711"  # the campaign's


def sent(world: World, marks: Markers) -> str:
    """The customer's id, after every type of event was sent; before the sign-in what needs nobody."""
    for type in ("variables", "log-entries", "files"):
        nobodys = {name: value for name, value in event(marks, type).items() if name != "email"}
        answer = world.collect(type, **nobodys).ok()
        if type == "files":
            upload(answer, marks.text("files.content before the sign-in"))
    person = str(world.collect("sign-ins", "key-0", **event(marks, "sign-ins")).ok()["customer_id"])
    codes.add(STORE, "marked", CODE, codes.normalised(CODE), "import", now_ms(), alive.horizons(STORE), points=5)
    winner = plant("winners", person, experience="marked", reason=None).id
    for place, type in enumerate(EVENTS):
        if type not in (*UNSTORED, "sign-ins"):
            answer = world.collect(type, f"key-{place + 1}", **event(marks, type, winner)).ok()
            if type == "files":
                upload(answer, marks.text("files.content"))
    return person


def upload(answer: Any, marker: str) -> None:
    arrivals.look(put(answer, PNG + marker.encode()))


# -- the scan --


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """All that the process and its access log have said so far."""
    caplog.set_level(logging.INFO)
    said: list[str] = []

    def so_far() -> str:
        out, err = capfd.readouterr()
        said.append(out + err + caplog.text)
        return "\n".join(said)

    yield so_far


def scanned(logged: Any) -> list[tuple[str, str]]:
    return [*everything.texts(), ("logs", logged())]


def prepared(world: World, clock: time_machine.Traveller) -> tuple[Markers, str]:
    document = {
        "title": "Marked",
        "giveaways": [{"id": "marked", "title": "Marked", "rule": "once", "ignore_plus_and_dots": True}],
        "instant_wins": [{"id": "marked", "title": "Marked", "rule": "once", "per_mille": 0, "mode": "odds"}],
        "rewards": [{"id": "marked", "title": "Marked", "cost": 0}],
    }
    world.request("PUT", "/v1/experiences/marked", document).ok()
    marks = Markers()
    person = sent(world, marks)
    for kind in KINDS.values():
        if kind.name != "customers":
            planted(marks, person, kind)
    marked_customer(marks, person)
    exported(world, clock, "customers", format="csv")
    exported(world, clock, "variables", format="xlsx")
    return marks, person


def test_the_scan_finds_every_mark_and_after_the_erasure_none_that_tells_of_the_person(
    world: World, clock: time_machine.Traveller, logged: Any
) -> None:
    marks, person = prepared(world, clock)
    before = scanned(logged)
    hits = found(marks.where, before)
    assert [where for marker, where in marks.where.items() if marker not in hits] == []
    assert_covered(marks, hits, before)
    job = erased(world, person, clock)
    assert job.state == "done"
    after = scanned(logged)
    left = found(marks.where, after)
    assert {marks.where[marker]: places for marker, places in left.items() if not stays(marks.where[marker])} == {}
    assert found(tells_of(person), after) == {}


def tells_of(person: str) -> set[str]:
    plain = person.replace("-", "")
    return spellings(TYPED, IDENTITY) | {person, plain, plain[-20:], person[::-1], INSTANCE, "203.0.113", "mk8markedb"}


def assert_covered(marks: Markers, hits: dict[str, list[str]], before: list[tuple[str, str]]) -> None:
    """Each kind, each column, each field, each bucket and the export, or the scan has missed something."""
    columns = {
        f"{kind.name}.{column.name}"
        for kind in KINDS.values()
        for column in kind.columns
        if column.name not in ELSEWHERE and column.type not in WITHOUT_TEXT and kind.name != "customers"
    }
    fields = {f"{type}.{name}" for type, model in EVENTS.items() if type not in UNSTORED for name in model.model_fields}
    marked = {where.split(" ")[0] for where in marks.where.values()}
    assert columns - marked == set()
    without = {"experience", "email", "customer_id", "occurred_at", "process_instance", "giveaway"}
    without |= {"email_verified", "status", "method", "level", "content_type", "size"}  # choices and numbers
    without |= {"text_sha256", "requested_at", "confirmed_at", "ip", "sha256", "variables"}
    without |= {"instant_win", "reward", "code", "per", "participation_id", "reverses", "winner_id", "answer"}
    assert {field for field in fields - marked if field.split(".")[1] not in without} == set()
    assert {where.split(".")[0] for where in marked} >= set(KINDS) - {"customers"}
    places = {place for found_in in hits.values() for place in found_in}
    for store in (*settings().tables.values(), settings().files_bucket, settings().exports_bucket):
        if store != settings().tables["Control"]:
            assert any(place.startswith(store) for place in places), store
    assert len([place for place in places if place.startswith(settings().exports_bucket)]) == 2  # CSV and XLSX
    assert set(found({IDENTITY, TYPED.casefold(), INSTANCE, "203.0.113"}, before)) == {
        IDENTITY,
        TYPED.casefold(),
        INSTANCE,
        "203.0.113",
    }


def test_clearing_all_customers_leaves_none_of_the_marks_either(
    world: World, clock: time_machine.Traveller, logged: Any
) -> None:
    """Exports are left to their day."""
    marks, person = prepared(world, clock)
    assert found([person], scanned(logged))
    assert finished(delete_all(world, "customers"), clock).state == "done"
    followed(world)
    after = [(where, text) for where, text in scanned(logged) if not where.startswith(settings().exports_bucket)]
    left = {marks.where[marker]: places for marker, places in found(marks.where, after).items()}
    assert {where: places for where, places in left.items() if not stays(where)} == {}
    assert found(tells_of(person), after) == {}


def followed(world: World) -> None:
    """What the streams start: objects of files that were cleared go."""
    gone = {key for _, key, _ in everything.objects() if key.startswith("t/")}
    for key in gone:
        arrivals.look(key)


def test_the_scan_sees_all_that_the_template_makes(world: World) -> None:
    from local.template import load

    made = [resource.get("Type") for resource in load()["Resources"].values()]
    assert len(everything.tables()) == made.count("AWS::DynamoDB::Table")
    assert len(queues().list_queues()["QueueUrls"]) == made.count("AWS::SQS::Queue")
