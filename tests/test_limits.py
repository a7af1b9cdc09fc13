"""The limits as they are documented are those of the code, and the service itself refuses what is too large."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib import bodies, email, experiences, outbound
from chalicelib.collect import consents, event_types, events, files, promotion_types, rate, values, variables
from chalicelib.exports import columns, sheet
from chalicelib.imports import entries
from chalicelib.jobs import export, import_reading, imports, worker
from chalicelib.parameters import KEY
from chalicelib.promotions import draws
from chalicelib.store import deliveries, feeds, idempotency, runtime_log, webhooks
from chalicelib.tabs import traces
from chalicelib.tabs import webhooks as tab
from local import gateway
from tests.world import World

PAGE = (Path(__file__).parents[1] / "docs/limits.md").read_text(encoding="utf-8")
KB, MB = 1024, 1_000_000
most_of = {name: field.metadata for name, field in experiences.Experience.model_fields.items()}


def size(bytes: int) -> str:
    """As the page writes it."""
    for unit, factor in (("GB", 10**9), ("MB", 2**20), ("MB", 10**6), ("KB", KB)):
        if bytes % factor == 0:
            return f"{bytes // factor} {unit}"
    return f"{bytes} bytes"


def longest(name: str) -> int:
    return int(next(found.max_length for found in most_of[name] if hasattr(found, "max_length")))


def default(part: Any, name: str) -> Any:
    return part.model_fields[name].default


LIMITS: dict[str, list[str]] = {
    "a request through the gateway": [size(gateway.LARGEST_REQUEST)],
    "a Collect call": [size(events.MOST_BYTES)],
    "any other body": [size(bodies.MOST_BYTES)],
    "an experience document": [size(experiences.MOST_BYTES)],
    "an answer": [f"{gateway.LARGEST_ANSWER // 2**20} MB"],
    "a request's time": [f"{gateway.SECONDS} s"],
    "events a call": [str(event_types.Envelope.model_fields["events"].metadata[-1].max_length)],
    "errors that one answer names": [str(events.MOST_ERRORS)],
    "calls a second of the Collect API": [f"1 to {rate.MOST:,}"],
    "fields of a record": [str(values.MOST_FIELDS), size(values.VALUE_BYTES), size(values.FIELDS_BYTES)],
    "a variable's value": [size(values.VALUE_BYTES), f"{values.MOST_DEPTH} levels"],
    "variables an event": ["100", f"{variables.MOST_TOGETHER} are written"],
    "an idempotency key": [re.findall(r",(\d+)}", KEY["pattern"])[0], f"{idempotency.KEPT_S // 3600} h"],
    "a message of the log": [
        size(runtime_log.MOST_MESSAGE),
        f"{runtime_log.MOST_ATTRIBUTES} attributes of {runtime_log.MOST_VALUE} bytes",
    ],
    "an e-mail address": [f"{email.MOST_BYTES} bytes"],
    "types of consent of a customer": [str(consents.MOST_TYPES)],
    "wrong codes of a customer in an hour": [str(default(experiences.Codes, "tries_per_hour"))],
    "points a booking": [f"{promotion_types.MOST_POINTS:,}"],
    "a file that a guest uploads": [f"{default(experiences.Files, 'max_bytes') // MB} MB"],
    "the form for a file": [f"{files.FORM_S // 60} minutes"],
    "a file to import": [f"{imports.MOST_BYTES // MB} MB", f"{import_reading.MOST_LINES:,} lines"],
    "a code to import": [f"{entries.MOST_CODE} characters"],
    "an Excel export": [f"{sheet.MOST_ROWS:,} rows"],
    "names of fields in an export": [f"{columns.MOST_NAMES:,}"],
    "the file of an export, the report of an import": [f"{export.KEPT_S // 3600} h", f"{imports.KEPT_S // 3600} h"],
    "places of a draw": [f"{draws.MOST:,}"],
    "rows that a request reads to find some": [f"{feeds.BUDGET:,}", f"{deliveries.BUDGET:,}"],
    "entries of a trace": [str(traces.MOST)],
    "giveaways, instant wins, rewards of an experience": [
        f"{longest('giveaways')}, {longest('instant_wins')}, {longest('rewards')}"
    ],
    "webhooks of a tenant": [str(webhooks.MOST)],
    "a webhook's answer": [size(outbound.MOST_BYTES)],
    "deliveries sent again by one call": [str(tab.PAGE)],
    "a job that gets nowhere": [f"{worker.MOST_ATTEMPTS} attempts"],
}
ROWS = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", PAGE, re.MULTILINE)[1:])
BY_EXPERIENCE = "coupons and codes given out"  # what one row of DynamoDB takes, and no number of ours


def test_each_limit_of_the_page_is_one_of_the_code() -> None:
    rows = {name.partition(":")[0]: limit for name, limit in ROWS.items()}
    assert set(rows) - {BY_EXPERIENCE} == set(LIMITS)
    wrong = {
        name: rows[name] for name, numbers in LIMITS.items() if not all(number in rows[name] for number in numbers)
    }
    assert wrong == {}


def test_every_code_of_the_page_is_one_that_is_answered() -> None:
    from chalicelib.job_codes import JOB_CODES
    from chalicelib.problem_codes import CODES

    answered = re.findall(r"(?:4\d\d|5\d\d) `(\w+)`", PAGE)
    assert set(answered) <= set(CODES)
    assert {"too_large", "rate_limited", "validation"} <= set(answered)
    failed = [code for row in PAGE.splitlines() if "the job fails" in row for code in re.findall(r"`(\w+)`", row)]
    assert len(failed) == 4 and set(failed) <= set(JOB_CODES)


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/v1/collect", events.MOST_BYTES),
        ("POST", "/v1/collect/sign-ins", events.MOST_BYTES),
        ("PUT", "/v1/experiences/new", experiences.MOST_BYTES),
        ("POST", "/v1/keys", bodies.MOST_BYTES),
        ("PUT", "/v1/settings", bodies.MOST_BYTES),
        ("POST", "/v1/exports", bodies.MOST_BYTES),
    ],
)
def test_the_function_itself_refuses_what_is_too_large(world: World, method: str, path: str, most: int) -> None:
    """Whoever calls it, and whatever stands before it."""
    for bytes, status in ((most, 422), (most + 1, 413), (20 * most, 413)):
        body = b'{"x":"' + b"x" * (bytes - 8) + b'"}'
        reply = world.request(method, path, body, headers={"Idempotency-Key": "k"})
        assert reply.status == status, reply.text
    assert str(most) in reply.problem(413, "too_large")["detail"]
