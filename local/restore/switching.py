"""Which table the stack uses: its own, or a restored one that two parameters name. `switchable` gives the template
these parameters, so that switching and switching back are deployments like any."""

import re
from typing import Any, Final

Document = dict[str, Any]

SWITCHED: Final = ("Customers", "Activity", "Codes", "RuntimeLog")  # never Control: see documents.py
ARN: Final = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${%s}"


def parameters(table: str, name: str = "", stream: str = "") -> dict[str, str]:
    """What to deploy with; without a name the stack's own table is used again."""
    return {f"{table}TableName": name, f"{table}StreamArn": stream}


def switchable(document: Document) -> Document:
    """The template with parameters for each table, and all that refers to a table asking them. Not for a template that
    has them already."""
    changed: Document = _asking(document)
    changed["Parameters"] = {**changed.get("Parameters", {}), **_parameters()}
    changed["Conditions"] = {**changed.get("Conditions", {}), **_conditions()}
    return changed


def _parameters() -> Document:
    said = "Of a restored table that is used in place of the stack's own: docs/operate.md"
    names = [name for table in SWITCHED for name in parameters(table)]
    return {name: {"Type": "String", "Default": "", "Description": said} for name in names}


def _conditions() -> Document:
    return {f"Own{table}": {"Fn::Equals": [{"Ref": f"{table}TableName"}, ""]} for table in SWITCHED}


def _asking(node: Any) -> Any:
    if isinstance(node, list):
        return [_asking(one) for one in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1 and (asked := _reference(node)):
        return _chosen(*asked)
    if set(node) == {"Fn::Sub"} and isinstance(node["Fn::Sub"], str):
        return _substitution(node["Fn::Sub"])
    return {name: one if name == "DependsOn" else _asking(one) for name, one in node.items()}


def _reference(node: Document) -> tuple[str, str] | None:
    """(table, attribute) of a reference to one of the tables."""
    [(function, asked)] = node.items()
    if function == "Ref":
        parts = [asked, "Ref"]
    elif function == "Fn::GetAtt":
        parts = asked.split(".", 1) if isinstance(asked, str) else asked
    else:
        return None
    table = str(parts[0]).removesuffix("Table")
    return (table, parts[1]) if table in SWITCHED and parts[0] == f"{table}Table" else None


def _chosen(table: str, attribute: str) -> Document:
    own = {"Ref": f"{table}Table"} if attribute == "Ref" else {"Fn::GetAtt": [f"{table}Table", attribute]}
    name, stream = parameters(table)
    restored = {"Ref": {"Ref": name}, "Arn": {"Fn::Sub": ARN % name}, "StreamArn": {"Ref": stream}}
    return {"Fn::If": [f"Own{table}", own, restored[attribute]]}


def _substitution(text: str) -> Document:
    """Names in the text that stand for a table are given as values beside it."""
    values: Document = {}

    def name(found: re.Match[str]) -> str:
        table, attribute = found[1], found[2] or "Ref"
        values[f"{table}{attribute}"] = _chosen(table, attribute)
        return f"${{{table}{attribute}}}"

    changed = re.sub(rf"\$\{{({'|'.join(SWITCHED)})Table(?:\.(\w+))?\}}", name, text)
    return {"Fn::Sub": [changed, values]} if values else {"Fn::Sub": text}
