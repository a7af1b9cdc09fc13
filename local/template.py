"""Reads infra/resources.yaml: its resources, its environment variables and what its intrinsic functions stand for."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import yaml

from local.data import ROOT

Document = dict[str, Any]
Lookup = Callable[[str, str], Any]
"""(logical id, attribute) → value; the attribute is "Ref" for !Ref."""
NO_VALUE: Final = object()
"""What !Ref AWS::NoValue stands for: the property or entry is left out."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Sub x` is read as {"Fn::Sub": "x"}."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Document:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def parse(text: str) -> Document:
    document: Document = yaml.load(text, _Loader)
    return document


@cache
def load() -> Document:
    """The resources that are deployed. Shared by its callers: not to be changed."""
    return parse((ROOT / "infra/resources.yaml").read_text())


def variables(document: Document) -> Document:
    """The environment variables of the functions, unresolved."""
    return dict(document["Globals"]["Function"]["Environment"]["Variables"])


class Values:
    """What the intrinsic functions of one document stand for, in one stage."""

    def __init__(self, document: Document, parameters: Mapping[str, str | None], lookup: Lookup) -> None:
        defaults = {name: one.get("Default") for name, one in document.get("Parameters", {}).items()}
        self._parameters = {**defaults, **parameters}
        self._conditions: Document = document.get("Conditions", {})
        self._lookup = lookup

    def of(self, node: Any) -> Any:
        """The node with all of its functions evaluated. Raises KeyError for a function that is not known here."""
        if isinstance(node, list):
            return [value for one in node if (value := self.of(one)) is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return _FUNCTIONS[name](self, argument)
        return {name: value for name, one in node.items() if (value := self.of(one)) is not NO_VALUE}

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self._parameters[name] if name in self._parameters else self._lookup(name, "Ref")

    def attribute(self, argument: list[str]) -> Any:
        return self._lookup(argument[0], argument[1])

    def choose(self, argument: list[Any]) -> Any:
        condition, yes, no = argument
        return self.of(yes if self.holds(condition) else no)

    def holds(self, condition: str) -> bool:
        return bool(self.of(self._conditions[condition]))

    def opposite(self, argument: list[Any]) -> bool:
        return not self.of(argument[0])

    def equal(self, argument: list[Any]) -> bool:
        left, right = (self.of(one) for one in argument)
        return bool(left == right)

    def together(self, argument: list[Any]) -> bool:
        return all(self.of(one) for one in argument)

    def substitute(self, text: str) -> str:
        head, *rest = text.split("${")
        return head + "".join(self._name(part) for part in rest)

    def _name(self, part: str) -> str:
        name, _, after = part.partition("}")
        logical, _, attribute = name.partition(".")
        return f"{self._lookup(logical, attribute) if attribute else self.ref(name)}{after}"


_FUNCTIONS: dict[str, Callable[[Values, Any], Any]] = {
    "Ref": Values.ref,
    "Condition": Values.holds,
    "Fn::Not": Values.opposite,
    "Fn::And": Values.together,
    "Fn::GetAtt": Values.attribute,
    "Fn::If": Values.choose,
    "Fn::Equals": Values.equal,
    "Fn::Sub": Values.substitute,
}
