"""Two templates that make the stack use a restored table: the first names it in place of the stack's own, which leaves
the stack and stays; the second takes it into the stack. The next `./dev deploy` then finds all as it should be."""

from typing import Any

Template = dict[str, Any]


def templates(present: Template, logical: str, told: dict[str, str]) -> tuple[Template, Template]:
    """`present` is the processed template, without SAM; `told` are the restored table's Ref, Arn and StreamArn."""
    own = present["Resources"][logical]
    if own.get("DeletionPolicy") != "Retain":
        raise ValueError(f"{logical} would be deleted with all that is in it: it has no DeletionPolicy of Retain")
    rest = {name: one for name, one in present["Resources"].items() if name != logical}
    switched: Template = _named({**present, "Resources": rest}, logical, told)
    return switched, {**switched, "Resources": {**switched["Resources"], logical: own}}


def _named(node: Any, logical: str, told: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_named(one, logical, told) for one in node]
    if not isinstance(node, dict):
        return node
    if node == {"Ref": logical}:
        return told["Ref"]
    if attribute := _attribute(node, logical):
        return told[attribute]
    if set(node) == {"Fn::Sub"} and isinstance(node["Fn::Sub"], str):
        return {"Fn::Sub": _substituted(node["Fn::Sub"], logical, told)}
    return {
        name: _independent(one, logical) if name == "DependsOn" else _named(one, logical, told)
        for name, one in node.items()
    }


def _attribute(node: Template, logical: str) -> str | None:
    asked = node.get("Fn::GetAtt")
    parts = asked.split(".", 1) if isinstance(asked, str) else asked
    return parts[1] if parts and parts[0] == logical else None


def _substituted(text: str, logical: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        text = text.replace(f"${{{logical}}}" if name == "Ref" else f"${{{logical}.{name}}}", value)
    return text


def _independent(named: Any, logical: str) -> Any:
    return [one for one in named if one != logical] if isinstance(named, list) else named
