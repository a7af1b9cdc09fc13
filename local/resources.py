"""Creates what infra/resources.yaml declares: tables, buckets and queues; for the local cloud and for tests."""

from collections.abc import Callable, Mapping
from typing import Any

from local import buckets, queues, tables, template

STACK = "afterchat-local"
PROMISES = ("CustomersTable", "ActivityTable", "CodesTable", "RuntimeLogTable")

LOCAL: Mapping[str, str | None] = {"Stage": "local", "Issuer": None, "JwksUrl": None, "Audience": None}
"""Parameters; who issues tokens is said by issuer.environment()."""

ClientFactory = Callable[[str], Any]
"""Name of a service ("dynamodb", "s3", "sqs") → its boto3 client."""


class Changed(Exception):
    """Tables are there whose keys or indexes differ from the template's."""


def create(client: ClientFactory, parameters: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Creates all that is missing and returns the environment variables that the template gives its functions.

    Variables whose parameters or resources exist only on AWS are left out. Raises Changed.
    """
    document = template.load()
    stack = _Stack(document, client, {**LOCAL, **(parameters or {})})
    for logical, resource in document["Resources"].items():
        if resource.get("Type") in _MAKERS:
            stack.attribute(logical, "Ref")
    stack.refuse_changes()
    return stack.variables()


class _Stack:
    """Makes each resource when it is first asked for, so that they may refer to each other."""

    def __init__(
        self, document: template.Document, client: ClientFactory, parameters: Mapping[str, str | None]
    ) -> None:
        self.client = client
        self.changed: list[str] = []
        self._document = document
        self._made: dict[str, dict[str, str]] = {}
        self._values = template.Values(document, parameters, self.attribute)

    def attribute(self, logical: str, name: str) -> str:
        if logical not in self._made:
            resource = self._document["Resources"][logical]
            maker = _MAKERS[resource["Type"]]
            self._made[logical] = maker(self, f"{STACK}-{logical}", self._values.of(resource.get("Properties", {})))
        return self._made[logical][name]

    def variables(self) -> dict[str, str]:
        found = {}
        for name, node in template.variables(self._document).items():
            try:
                value = self._values.of(node)
            except KeyError:  # made by a resource that only AWS has
                continue
            if value is not None:
                found[name] = str(value)
        return found

    def refuse_changes(self) -> None:
        if self.changed:
            raise Changed(
                f"The keys or indexes of {', '.join(self.changed)} differ from infra/resources.yaml. "
                "`./dev reset` deletes the local data, then they are made anew."
            )


def _table(stack: _Stack, name: str, properties: dict[str, Any]) -> dict[str, str]:
    if not tables.create(stack.client("dynamodb"), name, properties):
        stack.changed.append(name)
    return {"Ref": name}


def _bucket(stack: _Stack, name: str, properties: dict[str, Any]) -> dict[str, str]:
    buckets.create(stack.client("s3"), name.lower(), properties)
    return {"Ref": name.lower(), "Arn": f"arn:aws:s3:::{name.lower()}"}


def _queue(stack: _Stack, name: str, properties: dict[str, Any]) -> dict[str, str]:
    client = stack.client("sqs")
    url = queues.create(client, name, properties)
    return {"Ref": url, "QueueName": name, "Arn": queues.arn(client, url)}


_MAKERS: dict[str, Callable[[_Stack, str, dict[str, Any]], dict[str, str]]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
}
