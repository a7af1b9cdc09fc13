"""A line of the operator's log: Powertools' JSON with the trace that the request has towards its caller, redacted."""

import logging
from typing import Any

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from chalicelib import telemetry
from chalicelib.redaction import redacted


class Lines(LambdaPowertoolsFormatter):
    def serialize(self, log: Any) -> str:
        return str(super().serialize(redacted(log)))


# What an exception says is in `exception`, redacted; Powertools' `stack_trace` has it once more, as it is.
_FORMATTER = Lines(service="afterchat", utc=True, use_rfc3339=True, serialize_stacktrace=False)


def line(record: logging.LogRecord) -> str:
    context = telemetry.entered_context()
    if context and not hasattr(record, "trace_id"):
        record.trace_id, record.span_id = context.trace_id, context.span_id
    return _FORMATTER.format(record)
