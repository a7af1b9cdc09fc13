"""moto asks each value of an item for each of the ten types that it could be of, which takes as long as all the rest of
a call. What it stored is already as it goes over the wire."""

from typing import Any

import pytest
from botocore.model import StructureShape
from moto.core.serialize import BaseJSONSerializer

_member_by_member = BaseJSONSerializer._serialize_type_structure


def of_items_as_they_are(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BaseJSONSerializer, "_serialize_type_structure", _serialized)


def _serialized(serializer: Any, into: Any, value: Any, shape: StructureShape, key: str) -> None:
    if shape.name == "AttributeValue":
        into[key] = value
    else:
        _member_by_member(serializer, into, value, shape, key)
