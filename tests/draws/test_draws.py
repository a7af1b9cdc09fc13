"""From the entries to winners and a certificate that anybody can check."""

from typing import Any

import pytest

from tests.draws.conftest import Raffle


def entered(raffle: Raffle, count: int, giveaway: str = "bike") -> list[dict[str, Any]]:
    return [raffle.enter(f"guest{n}", giveaway) for n in range(count)]


def test_a_draw_records_its_winners_and_proves_them(raffle: Raffle) -> None:
    tickets = {entry["ticket"] for entry in entered(raffle, 12)}
    raffle.close()
    draw = raffle.draw(count=3, alternates=2)
    assert (draw["state"], draw["entrants"], draw["skipped"]) == ("done", 12, 0)
    winners = raffle.winners(draw["id"])
    assert [(row["slot"], row["prize"], row["state"]) for row in winners] == [
        (1, "E-Bike", "drawn"),
        (2, None, "drawn"),
        (3, None, "drawn"),
    ]
    assert [row["ticket"] for row in winners] == [one["ticket"] for one in draw["drawn"][:3]]
    assert {one["ticket"] for one in draw["drawn"]} <= tickets
    assert [one["slot"] for one in draw["drawn"]] == [1, 2, 3, None, None]
    assert set(raffle.labels(draw["id"]).decode().split()) == tickets
    findings = raffle.verified(draw["id"])
    assert "the 5 drawn are the first of it" in findings[0]
    promised = raffle.world.get("/v1/experiences/summer").ok()["commitments"]["bike"]
    assert promised["sha256"] in findings[1] and promised["committed_at"] in findings[1]
    assert sum(row["drawn"] for row in raffle.world.rows("participations")) == 3


def test_no_person_is_in_certificate_labels_or_draw(raffle: Raffle) -> None:
    entered(raffle, 4)
    raffle.close()
    draw = raffle.draw(count=2)
    shown = f"{draw}{raffle.certificate(draw['id'])}{raffle.labels(draw['id']).decode()}"
    assert [text for pair in raffle.people.items() for text in pair if text in shown] == []


def test_a_disqualified_winner_is_replaced_and_the_certificate_still_verifies(raffle: Raffle) -> None:
    entered(raffle, 12)
    raffle.close()
    draw = raffle.draw(count=3, alternates=1)
    before = raffle.certificate(draw["id"])
    for _ in range(4):  # the alternate first, then the next in order
        second = [row for row in raffle.winners(draw["id"]) if row["slot"] == 2][-1]
        new = raffle.redraw(draw["id"], second["id"]).ok()
        assert (new["slot"], new["replaces"], new["state"]) == (2, second["id"], "drawn")
        assert raffle.redraw(draw["id"], second["id"]).ok()["id"] == new["id"]
        old = raffle.world.get(f"/v1/records/winners/{second['id']}").ok()
        assert (old["state"], old["reason"]) == ("disqualified", "under age")
        raffle.verified(draw["id"])
    certificate = raffle.certificate(draw["id"])
    assert certificate["drawn"][0] == before["drawn"][0]
    assert [one["label"] for one in certificate["drawn"][:4]] == [one["label"] for one in before["drawn"]]
    assert [one["slot"] for one in certificate["drawn"]] == [1, 2, 3, 2, 2, 2, 2]
    assert "under age" not in str(certificate)


@pytest.mark.parametrize("asked", [{"count": 2}, {"prizes": [{"name": "Cup", "count": 2}]}])
def test_winners_are_asked_for_by_number_or_by_prizes(raffle: Raffle, asked: dict[str, Any]) -> None:
    entered(raffle, 3)
    raffle.close()
    draw = raffle.draw(**asked)
    assert len(raffle.winners(draw["id"])) == 2
    assert {row["prize"] for row in raffle.winners(draw["id"])} == ({"Cup"} if "prizes" in asked else {"E-Bike", None})


def test_a_test_draw_leaves_nothing(raffle: Raffle) -> None:
    entered(raffle, 5)
    raffle.close()
    started = raffle.ask(count=2, alternates=1, dry_run=True).ok()
    assert started["draw"] is None
    result = raffle.finished(started["job"]).result
    assert result and len(result["drawn"]) == 2 and len(result["alternates"]) == 1
    assert raffle.winners() == []
    assert raffle.world.get("/v1/experiences/summer/draws").ok()["items"] == []
    assert not any(row["drawn"] for row in raffle.world.rows("participations"))
    real = raffle.draw(count=2)
    assert real["commitment"]["number"] == 1


def test_public_randomness_is_awaited_with_the_list_fixed(raffle: Raffle) -> None:
    entered(raffle, 6)
    raffle.close()
    waiting = raffle.draw(count=2, public_randomness={"source": "Lotto, 4 July"})
    assert waiting["state"] == "waiting"
    fixed = raffle.certificate(waiting["id"])
    assert (fixed["code"], fixed["drawn"], fixed["randomness"]["value"]) == (None, [], None)
    path = f"/v1/draws/{waiting['id']}/reveal"
    started = raffle.world.request("POST", path, {"value": "4 8 15 16 23 42"}).ok()
    raffle.finished(started["job"])
    done = raffle.shown(waiting["id"])
    assert done["state"] == "done" and len(raffle.winners(done["id"])) == 2
    assert raffle.certificate(done["id"])["labels"] == fixed["labels"]
    assert "4 8 15 16 23 42" in raffle.verified(done["id"])[-1]
    raffle.world.request("POST", path, {"value": "1 2 3"}).problem(409, "not_waiting")
