"""Requests that are JSON already: botocore walks over the shapes of each key of a BatchGet, which takes longer than the
rest of the call."""

from typing import Any

import orjson

READS = frozenset(("GetItem", "BatchGetItem", "Query"))


class FastSerializer:
    """In the place of a client's own serializer. What is read by is strings and numbers: typed JSON as it is sent."""

    def __init__(self, stock: Any) -> None:
        self._stock = stock

    def serialize_to_request(self, parameters: dict[str, Any], operation_model: Any) -> dict[str, Any]:
        if operation_model.name not in READS:
            return self._of_stock(parameters, operation_model)
        request = self._of_stock({}, operation_model)
        try:
            return {**request, "body": orjson.dumps(parameters)}
        except TypeError:  # binary values
            return self._of_stock(parameters, operation_model)

    def _of_stock(self, parameters: dict[str, Any], operation_model: Any) -> dict[str, Any]:
        request: dict[str, Any] = self._stock.serialize_to_request(parameters, operation_model)
        return request


def speed_up(client: Any) -> None:
    """If botocore still keeps its serializer where it used to."""
    if hasattr(client, "_serializer"):
        client._serializer = FastSerializer(client._serializer)
