"""What happens on a request, on one screen: a trace id, who calls and may they, the view, one form of errors.

Blueprints hold routes only; the functions that events call are here, because only here chalice wraps them. They load
what they call when they are called: requests start without it.
"""

import gc
from collections.abc import Callable
from typing import Any

gc.disable()  # while all is loaded: none of it can be collected, and looking takes a twelfth of a cold start

from chalice.app import Chalice, Cron, DynamoDBEvent, Rate, Response, SQSEvent

from chalicelib import access, request_log, telemetry, trace_context
from chalicelib.collect import calls
from chalicelib.problems import Problem
from chalicelib.routes import PUBLIC, ROUTES, as_response, guarded
from chalicelib.store import api_keys
from chalicelib.tabs import (
    audit,
    console,
    customers,
    draws,
    experiences,
    exports,
    files,
    imports,
    jobs,
    overview,
    packages,
    proofs,
    receipts,
    records,
    retention,
    service,
    tenant,
    traces,
    webhooks,
    winners,
)

app = Chalice(app_name="afterchat", configure_logs=False)
for blueprint in (
    console,
    service,
    records,
    customers,
    files,
    experiences,
    draws,
    winners,
    tenant,
    jobs,
    exports,
    imports,
    packages,
    audit,
    receipts,
    proofs,
    retention,
    overview,
    traces,
    webhooks,
    calls,
):
    app.register_blueprint(blueprint.routes)

REWRITTEN = {404: "not_found", 405: "method_not_allowed", 415: "not_json"}  # what chalice answers by itself


@app.middleware("http")
def on_request(request: Any, view: Callable[[Any], Response]) -> Response:
    context = trace_context.of_request(request.headers)
    with telemetry.span(f"{request.method} {request.path}", kind="server", context=context) as span:
        request.context["trace_id"] = context.trace_id
        response = guarded(request, lambda: _answer(request, view))
        request_log.note(request, response, span)
    response.headers["X-Trace-Id"] = context.trace_id
    return response


def _answer(request: Any, view: Callable[[Any], Response]) -> Response:
    route = ROUTES.get((request.method, request.path))
    if route and route.roles is not PUBLIC:
        caller = access.authenticate(request.headers.get("authorization"), api_keys.find)
        request.context["caller"] = caller
        access.require(caller, route.roles)
    response = view(request)
    if response.status_code in REWRITTEN and isinstance(response.body, dict):
        allowed = {name: str(value) for name, value in response.headers.items() if name == "Allow"}
        return as_response(Problem.of(REWRITTEN[response.status_code], headers=allowed), request)
    return response


@app.on_sqs_message(queue="afterchat-jobs", name="worker")
def worker(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.jobs.worker import on_messages

    return on_messages(event.to_dict())


@app.on_sqs_message(queue="afterchat-jobs-dead-letters", name="dead_letters")
def dead_letters(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.jobs.worker import on_dead_letters

    return on_dead_letters(event.to_dict())


@app.on_sqs_message(queue="afterchat-webhooks", name="webhooks", batch_size=10)
def call_webhooks(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.webhooks.work import on_messages

    return on_messages(event.to_dict())


@app.on_dynamodb_record(stream_arn="set-by-the-template", name="stream")
def stream(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.jobs.changes import on_changes

    with telemetry.span("stream", kind="consumer"):
        return on_changes(event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES), name="resend")
def resend(event: Any) -> None:
    from chalicelib.jobs import worker as work
    from chalicelib.webhooks import work as calling

    with telemetry.span("resend"):
        work.resend()
    calling.resend()


@app.schedule(Cron(30, 1, "*", "*", "?", "*"), name="daily")
def daily(event: Any) -> None:
    from chalicelib.jobs.daily import run

    with telemetry.span("daily"):
        run()


gc.freeze()  # what stays is not looked at again
gc.enable()
