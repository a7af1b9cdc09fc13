"""Two parameters of the template say which table is used; without them all is as it was."""

import json
from typing import Any

import pytest

import app  # noqa: F401 declares the routes
from chalicelib.routes import ROUTES
from local import infrastructure, template
from local.restore import switching

MORE = {
    "Resources": {
        "Role": {"Policy": [{"Fn::Sub": "${ActivityTable.Arn}/index/*"}, {"Fn::GetAtt": ["ActivityTable", "Arn"]}]},
        "Other": {"DependsOn": ["ActivityTable"], "Text": {"Fn::Sub": "${AWS::Region} ${ActivityTable}"}},
    }
}


def lookup(logical: str, name: str) -> str:
    return f"{logical}.{name}"


def evaluated(node: Any, document: template.Document, **parameters: str) -> Any:
    """As CloudFormation would have it; texts with values beside them are put together here."""
    values = template.Values(document, {"Stage": "prod", **parameters}, lookup)

    def whole(one: Any) -> Any:
        if isinstance(one, list):
            return [told for part in one if (told := whole(part)) is not template.NO_VALUE]
        if not isinstance(one, dict):
            return one
        if set(one) == {"Fn::If"}:
            condition, yes, no = one["Fn::If"]
            return whole(yes if values.of(document["Conditions"][condition]) else no)
        if set(one) == {"Fn::Sub"} and isinstance(one["Fn::Sub"], list):
            text, named = one["Fn::Sub"]
            for name, value in named.items():
                text = text.replace(f"${{{name}}}", whole(value))
            return whole({"Fn::Sub": text})
        if len(one) == 1 and next(iter(one)).startswith(("Ref", "Fn::")):
            return values.of(one)
        return {name: told for name, part in one.items() if (told := whole(part)) is not template.NO_VALUE}

    return whole(node)


@pytest.fixture
def document() -> template.Document:
    present = infrastructure.document(ROUTES)
    return {**present, "Resources": {**present["Resources"], **MORE["Resources"]}}


def test_without_parameters_all_is_as_it_was(document: template.Document) -> None:
    changed = switching.switchable(document)
    for part in ("Role", "Other", "Stream", "ActivityTable"):
        before = evaluated(document["Resources"][part], document)
        assert evaluated(changed["Resources"][part], changed) == before
    assert evaluated(template.variables(changed), changed, SealingKey="") == evaluated(
        template.variables(document), document, SealingKey=""
    )


@pytest.mark.parametrize("table", switching.SWITCHED)
def test_with_parameters_nothing_refers_to_the_stacks_own_table(document: template.Document, table: str) -> None:
    changed = switching.switchable(document)
    given = switching.parameters(table, "restored", "arn:stream")
    rest = {name: one for name, one in changed["Resources"].items() if not name.endswith("Table")}
    before = json.dumps(evaluated([rest, template.variables(changed)], changed))
    after = json.dumps(evaluated([rest, template.variables(changed)], changed, **given))
    assert f"{table}Table." in before
    assert f"{table}Table." not in after
    assert "arn:stream" in after and '"restored"' in after
    others = [other for other in switching.SWITCHED if other != table]
    assert all(after.count(f"{other}Table.") == before.count(f"{other}Table.") for other in others)


def test_policies_name_the_restored_table_and_its_indexes(document: template.Document) -> None:
    changed = switching.switchable(document)
    given = switching.parameters("Activity", "restored", "arn:stream")
    index, table = evaluated(changed["Resources"]["Role"]["Policy"], changed, **given)
    assert table.endswith(":table/restored") and index == f"{table}/index/*"


def test_control_cannot_be_switched(document: template.Document) -> None:
    changed = switching.switchable(document)
    assert not [name for name in changed["Parameters"] if name.startswith("Control")]
    assert changed["Resources"]["ControlTable"] == document["Resources"]["ControlTable"]
