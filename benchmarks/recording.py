"""Plays requests through the whole app over an emulated DynamoDB and keeps each call's answer: the measured process
then runs without an emulator. Run as a program with the file to write."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from benchmarks import plain
from benchmarks.canned import answer_key
from local import data, issuer, resources
from local.gateway import Gateway, Request, Routes, event

ROWS = 100
Call = tuple[str, dict[str, Any], str]  # operation, request, answer

EXPERIENCE = {
    "title": "Summer raffle",
    "giveaways": [
        {
            "id": "bike",
            "title": "E-bike",
            "opens_at": "2020-01-01T00:00:00Z",
            "closes_at": "2099-01-01T00:00:00Z",
            "rule": "unlimited",
            "prizes": [{"name": "E-bike", "count": 1}],
        }
    ],
}
PERSON: dict[str, Any] = {"experience": "summer"}
PERSON["fields"] = {
    "firstname": "Anna",
    "lastname": "Schmidt-Oberländer",
    "phone": "+49 351 1234567",
    "street": "Hauptstraße",
    "house_number": "17b",
    "postal_code": "01067",
    "city": "Dresden",
    "country": "DE",
}


class Player:
    """Sends requests of one tenant to the app, and keeps the calls to DynamoDB that the recorded ones make."""

    def __init__(self, directory: Path, tenant: str) -> None:
        from app import app
        from chalicelib.store import wire

        self._gateway, self._routes = Gateway(app), Routes(app.routes)
        self._token = issuer.token(directory, tenant, ["owner", "collector"], "bench", hours=2)
        self._calls: list[Call] | None = None
        wire.client().meta.events.register("before-call.dynamodb", self._before)
        wire.client().meta.events.register("after-call.dynamodb", self._after)
        self.send("PUT", "/v1/experiences/summer", EXPERIENCE)

    def send(self, method: str, target: str, body: dict[str, Any] | None = None) -> Request:
        headers = [("Authorization", f"Bearer {self._token}"), ("Content-Type", "application/json")]
        request = Request(method, target, headers, json.dumps(body).encode() if body else b"")
        answer = self._gateway.answer(request)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {target}: {answer.status} {answer.body.decode()}")
        return request

    def record(self, method: str, target: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The event of the request and the calls that it led to."""
        self._calls = []
        request = self.send(method, target, body)
        calls, self._calls = self._calls, None
        found = self._routes.find(target.partition("?")[0])
        if found is None:
            raise RuntimeError(f"no route for {target}")
        return {"event": event(request, method, *found), "calls": calls}

    def enter(self, email: str) -> None:
        self.send("POST", "/v1/collect/sign-ins", {**PERSON, "email": email})
        self.send("POST", "/v1/collect/participations", {**PERSON, "email": email, "giveaway": "bike"})

    def _before(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["sent"] = json.loads(params["body"])

    def _after(self, http_response: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._calls is not None:
            self._calls.append((model.name, context["sent"], http_response.content.decode()))


def play(directory: Path) -> dict[str, Any]:
    one, many = Player(directory, "one"), Player(directory, "many")
    for number in range(ROWS):
        one.enter("anna@example.com")
        many.enter(f"anna.schmidt{number}@example.com")
    page = f"/v1/records/participations?limit={ROWS}"
    entry = {**PERSON, "email": "anna.schmidt0@example.com"}
    return {
        "list of one person": one.record("GET", page),
        "list of 100 people": many.record("GET", page),
        "sign-in": many.record("POST", "/v1/collect/sign-ins", entry),
        "participation": many.record("POST", "/v1/collect/participations", {**entry, "giveaway": "bike"}),
    }


def answers(scenarios: dict[str, Any]) -> dict[str, str]:
    """Each call's answer; and all rows of a list in one, for the plain handler."""
    calls: list[Call] = [call for scenario in scenarios.values() for call in scenario["calls"]]
    found = {answer_key(name, sent): answer for name, sent, answer in calls}
    queries = [call for call in scenarios["list of 100 people"]["calls"] if call[0] == "Query"]
    rows = [item for _, _, answer in queries for item in json.loads(answer)["Items"]][:ROWS]
    request = {"TableName": queries[0][1]["TableName"], **plain.REQUEST}
    page = {"Items": rows, "Count": ROWS, "ScannedCount": ROWS, "LastEvaluatedKey": {"pk": {"S": "last"}}}
    return found | {answer_key("Query", request): json.dumps(page)}


def main(path: Path) -> None:
    os.environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "eu-central-1"}
    with mock_aws():
        names = resources.create(lambda service: boto3.client(service, region_name="eu-central-1"))
        environment = names | issuer.environment(path.parent)
        environment |= {"AFTERCHAT_SEALING_KEYS": data.sealing_key(path.parent), "AFTERCHAT_STAGE": "local"}
        os.environ |= environment
        scenarios = play(path.parent)
    recording = {"environment": environment, "scenarios": scenarios, "answers": answers(scenarios)}
    path.write_text(json.dumps(recording))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
