"""After the draw: notified, accepted, declined, too late, replaced; erased winners; what a chat may answer."""

from datetime import timedelta
from typing import Any

import pytest

from tests.draws.conftest import Raffle
from tests.world import Reply


@pytest.fixture
def drawn(raffle: Raffle) -> dict[str, Any]:
    """A draw of two of six."""
    for n in range(6):
        raffle.enter(f"guest{n}")
    raffle.close()
    return raffle.draw(count=2, alternates=1)


def patch(raffle: Raffle, winner: dict[str, Any], **change: Any) -> Reply:
    return raffle.world.request("PATCH", f"/v1/records/winners/{winner['id']}", change)


def answer(raffle: Raffle, winner: dict[str, Any], said: str, key: str | None = None, **more: Any) -> Reply:
    asked = {"customer_id": winner["customer_id"], "winner_id": winner["id"], "answer": said, **more}
    return raffle.world.collect("winner-answers", key, **asked)


def state(raffle: Raffle, winner: dict[str, Any]) -> str:
    return str(raffle.world.get(f"/v1/records/winners/{winner['id']}").ok()["state"])


def wins(raffle: Raffle, customer: str) -> list[dict[str, Any]]:
    return list(raffle.world.collect("state", customer_id=customer).ok()["wins"])


def test_a_winner_is_notified_and_answers_in_the_chat(raffle: Raffle, drawn: dict[str, Any]) -> None:
    winner = raffle.winners()[0]
    assert winner["respond_by"] is not None
    notified = patch(raffle, winner, state="notified").ok()
    assert (notified["state"], notified["notified_at"] is not None) == ("notified", True)
    [win] = wins(raffle, winner["customer_id"])
    assert (win["winner_id"], win["respond_by"]) == (winner["id"], winner["respond_by"])
    said = answer(raffle, winner, "accepted", fields={"city": "Köln"}).ok()
    assert (said["outcome"], said["id"], said["respond_by"]) == ("accepted", winner["id"], winner["respond_by"])
    row = raffle.world.get(f"/v1/records/winners/{winner['id']}").ok()
    assert (row["state"], row["fields"]) == ("accepted", {"city": "Köln"})


def test_the_answer_by_time_can_be_changed_and_the_chat_sees_it(raffle: Raffle, drawn: dict[str, Any]) -> None:
    winner = raffle.winners()[0]
    later = "2026-07-20T10:00:00.000Z"
    assert patch(raffle, winner, respond_by=later).ok()["respond_by"] == later
    assert wins(raffle, winner["customer_id"])[0]["respond_by"] == later
    patch(raffle, winner, respond_by="2020-01-01T00:00:00Z").problem(422, "validation")
    patch(raffle, winner).problem(422, "validation")
    patch(raffle, winner, state="drawn").problem(422, "validation")


def test_an_answer_after_the_time_is_too_late_and_changes_nothing(raffle: Raffle, drawn: dict[str, Any]) -> None:
    first, second = raffle.winners()
    answer(raffle, first, "accepted").ok()
    raffle.clock.shift(timedelta(days=15))
    assert answer(raffle, first, "accepted").ok()["outcome"] == "accepted"
    assert answer(raffle, first, "declined").ok()["outcome"] == "too_late"
    assert answer(raffle, second, "accepted").ok()["outcome"] == "too_late"
    assert (state(raffle, first), state(raffle, second)) == ("accepted", "drawn")


def test_a_repeated_call_never_turns_a_later_answer_back(raffle: Raffle, drawn: dict[str, Any]) -> None:
    winner = raffle.winners()[0]
    first = answer(raffle, winner, "accepted", "k1")
    assert first.ok()["outcome"] == "accepted"
    assert answer(raffle, winner, "declined", "k2").ok()["outcome"] == "declined"
    again = answer(raffle, winner, "accepted", "k1")
    assert (again.ok()["outcome"], again.headers["Idempotent-Replayed"]) == ("accepted", "true")
    assert state(raffle, winner) == "declined"
    answer(raffle, winner, "declined", "k1").problem(422, "idempotency_key_reused")


def test_nobody_answers_for_somebody_else(raffle: Raffle, drawn: dict[str, Any]) -> None:
    winner = raffle.winners()[0]
    other = next(id for id in raffle.people.values() if id != winner["customer_id"])
    problem = answer(raffle, winner, "accepted", **{"customer_id": other}).problem(404, "record_unknown")
    assert problem["errors"][0]["pointer"] == "/winner_id"
    for id in ("x", winner["id"][:-2]):
        answer(raffle, {**winner, "id": id}, "accepted").problem(404, "record_unknown")
    assert state(raffle, winner) == "drawn"


def test_who_declined_or_did_not_answer_is_replaced_and_the_certificate_says_why(
    raffle: Raffle, drawn: dict[str, Any]
) -> None:
    first, second = raffle.winners()
    answer(raffle, first, "declined").ok()
    raffle.redraw(drawn["id"], first["id"], "does not want it").ok()
    raffle.clock.shift(timedelta(days=15))
    raffle.redraw(drawn["id"], second["id"], "silent").ok()
    reasons = {one["replaces"]: one["reason"] for one in raffle.certificate(drawn["id"])["drawn"]}
    assert (reasons[first["ticket"]], reasons[second["ticket"]]) == ("declined", "no_answer")
    assert (state(raffle, first), state(raffle, second)) == ("replaced", "replaced")
    assert answer(raffle, first, "accepted").ok()["outcome"] == "too_late"
    assert wins(raffle, first["customer_id"]) == []
    patch(raffle, first, state="accepted").problem(409, "state_conflict")
    raffle.verified(drawn["id"])


def test_an_erased_winners_slot_is_redrawn_and_the_certificate_verifies(raffle: Raffle, drawn: dict[str, Any]) -> None:
    first, second = raffle.winners()
    job = raffle.world.request("DELETE", f"/v1/records/customers/{first['customer_id']}").ok()["job"]
    raffle.finished(job)
    nameless, _ = raffle.winners()
    assert (nameless["slot"], nameless["customer_id"], nameless["ticket"]) == (1, None, first["ticket"])
    raffle.verified(drawn["id"])
    new = raffle.redraw(drawn["id"], nameless["id"]).ok()
    assert (new["slot"], new["replaces"]) == (1, nameless["id"])
    assert raffle.certificate(drawn["id"])["drawn"][2]["reason"] == "gone"
    raffle.verified(drawn["id"])
    assert raffle.redraw(drawn["id"], nameless["id"]).ok()["id"] == new["id"]
    raffle.redraw(drawn["id"], first["id"]).problem(409, "not_the_winner")
    assert patch(raffle, second, state="accepted").ok()["state"] == "accepted"


def test_the_id_from_before_the_erasure_still_names_the_slot(raffle: Raffle, drawn: dict[str, Any]) -> None:
    first = raffle.winners()[0]
    raffle.finished(raffle.world.request("DELETE", f"/v1/records/customers/{first['customer_id']}").ok()["job"])
    assert raffle.redraw(drawn["id"], first["id"]).ok()["slot"] == 1
    raffle.verified(drawn["id"])


def test_an_erased_alternate_is_skipped(raffle: Raffle, drawn: dict[str, Any]) -> None:
    alternate = drawn["drawn"][2]["ticket"]
    [row] = [row for row in raffle.world.rows("participations") if row["ticket"] == alternate]
    raffle.finished(raffle.world.request("DELETE", f"/v1/records/customers/{row['customer_id']}").ok()["job"])
    new = raffle.redraw(drawn["id"], raffle.winners()[0]["id"]).ok()
    assert new["ticket"] != alternate
    assert raffle.certificate(drawn["id"])["skipped"] == [{"label": alternate, "reason": "gone"}]
    raffle.verified(drawn["id"])


def test_when_nobody_is_left_a_redraw_says_so(raffle: Raffle, drawn: dict[str, Any]) -> None:
    for _ in range(4):
        raffle.redraw(drawn["id"], raffle.winners()[0 if len(raffle.winners()) == 2 else -2]["id"]).ok()
    current = {one["slot"]: one["ticket"] for one in raffle.shown(drawn["id"])["drawn"]}
    last = next(row for row in raffle.winners() if row["ticket"] == current[1])
    raffle.redraw(drawn["id"], last["id"]).problem(422, "too_few_entrants")
    raffle.verified(drawn["id"])


def test_what_is_no_winner_of_the_draw_cannot_be_replaced(raffle: Raffle, drawn: dict[str, Any]) -> None:
    other = raffle.draw(count=1)
    foreign = raffle.winners(other["id"])[0]
    for id in (foreign["id"], "x", drawn["id"]):
        raffle.redraw(drawn["id"], id).problem(409, "not_the_winner")
    raffle.world.request("POST", f"/v1/draws/{drawn['id']}/redraws", {"winner": "x"}).problem(422, "validation")


def test_a_deleted_winners_slot_can_be_redrawn(raffle: Raffle, drawn: dict[str, Any]) -> None:
    winner = raffle.winners()[0]
    raffle.world.request("DELETE", f"/v1/records/winners/{winner['id']}").ok()
    assert raffle.redraw(drawn["id"], winner["id"]).ok()["slot"] == 1
    raffle.verified(drawn["id"])


def test_only_winners_have_a_state_to_change(raffle: Raffle, drawn: dict[str, Any]) -> None:
    entry = raffle.world.rows("participations")[0]
    changed = raffle.world.request("PATCH", f"/v1/records/participations/{entry['id']}", {"state": "notified"})
    changed.problem(422, "validation")
    raffle.world.request("PATCH", f"/v1/records/winners/{entry['id']}", {"state": "notified"}).problem(
        404, "record_unknown"
    )
