"""What a caller without `viewer` sees: nothing of an original value survives, names, ids, states and times stay."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kinds import KINDS, Kind
from chalicelib.masking import mask

SECRET = "S3cret"
secrets = st.text(min_size=1).map(lambda text: f"{SECRET}{text}{SECRET}")
json_values = st.recursive(
    secrets, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=5
)
names = st.dictionaries(st.sampled_from(["firstname", "street", "x"]), json_values)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Kind, dict[str, Any]]:
    """A kind and a row of it in which everything that must be masked contains the secret."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    row: dict[str, Any] = {"id": "row-1", "created_at": "2026-05-21T08:00:00Z", "customer_id": "customer-1"}
    for column in kind.columns:
        row[column.name] = draw(VALUES[column.mask]) if column.mask else f"{column.name} stays"
    return kind, {**row, **draw(st.sampled_from([{}, {"state": "free"}, {"state": "issued"}]))}


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "email": secrets,
    "value": json_values,
    "values": names,
    "code": st.just(SECRET),
}


@given(rows())
def test_nothing_of_a_masked_value_survives(kind_and_row: tuple[Kind, dict[str, Any]]) -> None:
    kind, row = kind_and_row
    assert SECRET not in json.dumps(mask(row, kind), ensure_ascii=False)


@given(rows())
def test_everything_else_stays_and_the_original_is_untouched(kind_and_row: tuple[Kind, dict[str, Any]]) -> None:
    kind, row = kind_and_row
    before = json.dumps(row)
    masked = mask(row, kind)
    open_columns = {"id", "created_at", "customer_id"} | {column.name for column in kind.columns if not column.mask}
    assert {name: masked[name] for name in open_columns} == {name: row[name] for name in open_columns}
    assert masked.keys() == row.keys() | {"masked"}
    assert masked["masked"] is True
    assert json.dumps(row) == before


def test_an_email_shows_neither_first_letter_nor_domain() -> None:
    assert mask({"email": "anna@example.com"}, KINDS["consents"])["email"] == "•••@•••"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_an_email_is_masked_in_every_kind_even_undeclared(kind: Kind) -> None:
    assert mask({"email": "anna@example.com"}, kind)["email"] == "•••@•••"


def test_a_nameless_record_stays_nameless() -> None:
    assert mask({"email": None, "customer_id": None}, KINDS["coupons"]) == {
        "email": None,
        "customer_id": None,
        "masked": True,
    }


def test_fields_keep_their_names_at_every_depth() -> None:
    row = {"fields": {"street": "Hauptstr. 1", "adult": True, "address": {"city": "Dresden", "geo": [51.05, 13.74]}}}
    shown = {"street": "•••", "adult": "•••", "address": {"city": "•••", "geo": "•••"}}
    assert mask(row, KINDS["participations"])["fields"] == shown


def test_the_value_of_a_variable_hides_its_shape_too() -> None:
    for value in ("x", 1, False, {"iban": "DE02"}, ["a", "b"]):
        assert mask({"name": "iban", "value": value}, KINDS["variables"])["value"] == "•••"


@pytest.mark.parametrize(
    ("code", "state", "shown"),
    [
        ("SUMMER-7F3K", "issued", "SUM•••"),
        ("SUMMER-7F3K", "redeemed", "SUM•••"),
        ("SUMMER-7F3K", "free", "•••"),
        ("SUMMER-7F3K", "anything new", "•••"),
        ("SUMMER-7F3K", None, "•••"),
        ("ABC123", "issued", "ABC•••"),
        ("ABC12", "issued", "•••"),
    ],
)
def test_an_open_code_shows_nothing_and_a_spent_one_at_most_half(code: str, state: str | None, shown: str) -> None:
    assert mask({"code": code, "state": state}, KINDS["coupons"])["code"] == shown


def test_a_member_that_no_column_declares_is_hidden() -> None:
    row = {"id": "row-1", "shoe_size": 42, "note": {"by": "Anna"}}
    assert mask(row, KINDS["log"]) == {"id": "row-1", "shoe_size": "•••", "note": {"by": "•••"}, "masked": True}
