"""The document of the API and the service say the same: requests that schemathesis makes of the document, right and
wrong ones, through the local gateway; all of its checks, each operation at least once with success."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.openapi.checks import RejectedPositiveData

import app as service
from local.gateway import Gateway
from tests.openapi.campaign import ASSETS, Campaign, described, wsgi
from tests.test_every_route import CONSOLE
from tests.world import World

pytestmark = pytest.mark.slow

# What JSON Schema cannot say of a body or a query, by the code with which it is refused.
UNSAYABLE = {
    "cursor_invalid": "cursors are sealed",
    "filter_unknown": "which filters a kind has is told by GET /v1/kinds",
    "idempotency_key_reused": "the same key came with another body",
    "giveaway_ambiguous": "an experience may have several giveaways",
    "invalid": "what is named must exist, and times to come must lie ahead",
    "not_a_whole_number": "1.0 stays what it is, where values are kept as they were sent, and is no whole number",
    "not_after": "one time follows another",
    "not_allowed": "the names of time zones, and the states of one kind",
    "not_an_address": "a webhook's host must be public",
    "not_an_email": "the format email is wider than addresses that can be written to",
    "not_a_time": "the format date-time knows leap seconds",
    "not_here": "files that can run scripts, and members that other formats of an export have",
    "not_its_sha256": "a digest is that of the text beside it",
    "time_out_of_range": "what is older than its retention would never be seen",
    "too_big": "numbers that not every reader of JSON keeps",
    "too_small": "numbers that not every reader of JSON keeps",
    "too_early": "one time follows another",
    "too_many": "prizes are counted together",
    "too_many_bytes": "limits count bytes, JSON Schema counts characters",
    "twice": "parts of a list differ in their ids",
}
# The members of a call are defaults of its events, so what an event lacks is known only when both are put together.
OF_EVENTS = {"missing", "not_an_object", "not_a_string", "unknown_type", "unknown_member", "one_needed"}
PASSING = {410: "erased or gone since", 412: "changed since", 413: "too large", 428: "If-Match is missing"}

schema = schemathesis.openapi.from_dict(described())
schema.config.generation.update(
    deterministic=True, allow_x00=False
)  # no text can hold a NUL: neither Excel nor XML can
tried: list[Campaign] = []
schema.app = wsgi(Gateway(service.app), lambda: tried[-1])
for check in (schema.config.checks.positive_data_acceptance, schema.config.checks.negative_data_rejection):
    check.expected_statuses = [*check.expected_statuses, *map(str, PASSING)]


@pytest.fixture
def campaign(world: World, request: pytest.FixtureRequest) -> Iterator[Campaign]:
    """Each operation has one of its own, and succeeds in it at least once."""
    [call] = request.node.name.removesuffix("]").split("[")[1:]
    tried.append(Campaign(world, call))
    yield tried[-1]
    built = ASSETS.exists() or call not in CONSOLE
    assert tried.pop().succeeded or not built, f"{call} never succeeded"


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_service_does_what_its_document_says(case: Case[Any], campaign: Campaign) -> None:
    headers = {"Authorization": f"Bearer {campaign.world.token('owner')}"}
    answer = case.call(headers=headers)
    campaign.succeeded |= case.method == case.operation.method.upper() and 200 <= answer.status_code < 400
    try:
        case.validate_response(answer, headers=headers)
    except FailureGroup as found:
        wrong = [str(failure) for failure in found.exceptions if not is_unsayable(failure, case, answer)]
        assert not wrong, "\n".join([*wrong, case.as_curl_command(), answer.text])


def is_unsayable(failure: Any, case: Case[Any], answer: Response) -> bool:
    """A request that only the schema took to be right, refused for a reason of the list above."""
    if not isinstance(failure, RejectedPositiveData) or answer.status_code != 422:
        return False
    problem = answer.json()
    codes = {error["code"] for error in problem.get("errors", ())} if problem["code"] == "validation" else set()
    known = UNSAYABLE.keys() | (OF_EVENTS if case.operation.path == "/v1/collect" else set())
    return bool(codes or problem["code"] in UNSAYABLE) and codes <= known


def test_what_is_wrong_with_a_document_is_found(world: World) -> None:
    """Of an answer that lacks a member which the document promises."""
    tried.append(Campaign(world, "GET /v1/me"))
    case, headers = schema["/v1/me"]["GET"].Case(), {"Authorization": f"Bearer {world.token('owner')}"}
    case.validate_response(case.call(headers=headers), headers=headers)
    answer = case.call(headers=headers)
    answer.content = b"{}"
    with pytest.raises(FailureGroup, match="schema"):
        case.validate_response(answer, headers=headers)
    tried.pop()
