"""The experience document: what is refused, what is filled in, and what only earns a warning."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.experiences import MOST_BYTES, Experience, Giveaway, last_safe_day, parse_experience, warnings
from chalicelib.problems import Problem

NOW = datetime(2026, 5, 21, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
BIKE: dict[str, Any] = {
    "id": "bike",
    "title": "E-Bike",
    "opens_at": "2026-06-01T00:00:00+02:00",
    "closes_at": "2026-06-30T23:59:59+02:00",
    "draw_by": "2026-07-10",
    "rule": "once",
    "ignore_plus_and_dots": False,
    "prizes": [{"name": "E-Bike", "count": 1}],
    "respond_days": 14,
    "terms_version": "2026-05",
}
WHEEL: dict[str, Any] = {
    "id": "wheel",
    "title": "Glücksrad",
    "opens_at": "2026-06-01T00:00:00+02:00",
    "closes_at": "2026-06-30T23:59:59+02:00",
    "rule": "daily",
    "wins_per_customer": 1,
    "mode": "odds",
    "per_mille": 50,
    "prizes": [{"id": "cup", "name": "Tasse", "stock": 200}],
}
WHOLE: dict[str, Any] = {
    "title": "Sommerverlosung",
    "archived": False,
    "giveaways": [BIKE],
    "instant_wins": [WHEEL],
    "coupons": {"per": "customer", "low_at": 500},
    "codes": {"fold_case": True, "ignore": " -", "tries_per_hour": 10},
    "rewards": [{"id": "mug", "title": "Becher", "cost": 300, "stock": 100, "per_customer": 1}],
    "files": {"max_bytes": 20_000_000, "types": ["audio/*", "image/*", "application/pdf"]},
}


def parse(**changes: Any) -> Experience:
    return parse_experience(json.dumps(WHOLE | changes).encode())


def errors(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(Problem) as caught:
        parse(**changes)
    assert caught.value.status == 422
    return [(error.pointer, error.code) for error in caught.value.errors]


def test_the_document_of_the_contract_is_accepted_without_a_warning() -> None:
    experience = parse()
    assert experience.giveaways[0].closes_at == datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)
    assert warnings(experience, NOW, BERLIN) == []


def test_a_title_alone_is_a_document_and_the_rest_is_filled_in() -> None:
    experience = parse_experience(b'{"title": "x"}')
    assert experience.codes.tries_per_hour == 10
    assert experience.files.types == ("audio/*", "image/*", "application/pdf")
    assert warnings(experience, NOW) == []


def test_what_is_saved_can_be_read_and_saved_again() -> None:
    experience = parse()
    assert parse_experience(experience.model_dump_json().encode()) == experience


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"titel": "x"}, ("/titel", "unknown_member")),
        ({"title": ""}, ("/title", "too_short")),
        ({"title": 1}, ("/title", "not_a_string")),
        ({"archived": "no"}, ("/archived", "not_a_boolean")),
        ({"giveaways": [BIKE | {"id": "B ike"}]}, ("/giveaways/0/id", "wrong_format")),
        ({"giveaways": [BIKE, BIKE]}, ("/giveaways/1", "twice")),
        ({"giveaways": [BIKE | {"rule": "hourly"}]}, ("/giveaways/0/rule", "not_allowed")),
        ({"giveaways": [BIKE | {"opens_at": "2026-06-01T00:00:00"}]}, ("/giveaways/0/opens_at", "not_a_time")),
        ({"giveaways": [BIKE | {"closes_at": BIKE["opens_at"]}]}, ("/giveaways/0/closes_at", "not_after")),
        ({"giveaways": [BIKE | {"draw_by": "10.07.2026"}]}, ("/giveaways/0/draw_by", "not_a_date")),
        ({"giveaways": [BIKE | {"prizes": [{"name": "x", "count": 0}]}]}, ("/giveaways/0/prizes/0/count", "too_small")),
        ({"giveaways": [BIKE | {"id": f"b{i}"} for i in range(51)]}, ("/giveaways", "too_many")),
        ({"giveaways": {}}, ("/giveaways", "not_a_list")),
        ({"instant_wins": [WHEEL | {"per_mille": 1001}]}, ("/instant_wins/0/per_mille", "too_big")),
        ({"instant_wins": [WHEEL | {"per_mille": None}]}, ("/instant_wins/0/per_mille", "missing")),
        ({"instant_wins": [WHEEL | {"prizes": WHEEL["prizes"] * 2}]}, ("/instant_wins/0/prizes/1", "twice")),
        ({"codes": {"tries_per_hour": 1.5}}, ("/codes/tries_per_hour", "not_a_whole_number")),
        ({"coupons": {"per": "day"}}, ("/coupons/per", "not_allowed")),
        ({"rewards": [{"id": "mug", "title": "x"}]}, ("/rewards/0/cost", "missing")),
        ({"files": {"types": ["image"]}}, ("/files/types/0", "wrong_format")),
        ({"files": {"types": ["image/*", "image/svg+xml"]}}, ("/files/types/1", "not_here")),
        ({"files": None}, ("/files", "not_an_object")),
    ],
)
def test_what_is_wrong_is_pointed_at(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert errors(**changes) == [expected]


def test_a_document_over_200_kb_is_too_large() -> None:
    with pytest.raises(Problem) as caught:
        parse_experience(b" " * (MOST_BYTES + 1))
    assert caught.value.code == "too_large"


def test_a_raffle_longer_than_the_retention_outlives_it() -> None:
    at_the_limit, over_it = (
        BIKE | {"closes_at": "2026-07-31T00:00:00+02:00"},
        BIKE | {"closes_at": "2026-07-31T00:00:01+02:00"},
    )
    assert warnings(parse(giveaways=[at_the_limit]), NOW, BERLIN) == []
    (warning,) = warnings(parse(giveaways=[over_it]), NOW, BERLIN)
    assert (warning["code"], warning["pointer"]) == ("outlives_retention", "/giveaways/0/closes_at")
    assert "2026-07-30" in warning["detail"]


def test_a_raffle_without_an_end_outlives_the_retention() -> None:
    endless = {name: value for name, value in BIKE.items() if name != "closes_at"}
    assert [warning["code"] for warning in warnings(parse(giveaways=[endless]), NOW)] == ["outlives_retention"]


def test_a_draw_planned_after_the_last_safe_day_is_warned_of() -> None:
    assert warnings(parse(giveaways=[BIKE | {"draw_by": "2026-07-30"}]), NOW, BERLIN) == []
    (warning,) = warnings(parse(giveaways=[BIKE | {"draw_by": "2026-07-31"}]), NOW, BERLIN)
    assert (warning["code"], warning["pointer"]) == ("draw_after_expiry", "/giveaways/0/draw_by")


def test_the_last_safe_day_is_the_tenants_day() -> None:
    bike = Giveaway.model_validate(BIKE)
    assert str(last_safe_day(bike, NOW, BERLIN)) == "2026-07-30"
    assert str(last_safe_day(bike, NOW)) == "2026-07-29"


def test_nothing_to_win_is_warned_of_for_giveaways_and_instant_wins() -> None:
    out_of_stock = WHEEL | {"id": "drum", "prizes": [{"id": "cup", "name": "Tasse", "stock": 0}]}
    found = warnings(parse(giveaways=[BIKE | {"prizes": []}], instant_wins=[WHEEL, out_of_stock]), NOW, BERLIN)
    assert [(warning["code"], warning["pointer"]) for warning in found] == [
        ("no_prizes", "/giveaways/0/prizes"),
        ("no_prizes", "/instant_wins/1/prizes"),
    ]
