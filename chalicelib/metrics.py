"""What alarms need, as CloudWatch's embedded metric format on standard output: Powertools makes the lines, loaded with
the first. No metric has the tenant as a dimension, since each value of one is paid for."""

from typing import Literal

from chalicelib.settings import settings
from chalicelib.telemetry import log

NAMESPACE = "Afterchat"
Name = Literal[
    "ServerErrors",
    "FailedJobs",
    "DeadLetters",
    "WebhookFailures",
    "DisabledWebhooks",
    "OldestJob",
    "OverdueRecords",
]


def count(name: Name, value: float = 1, unit: Literal["Count", "Seconds"] = "Count", **told: str) -> None:
    """`told` is written beside the metric, where searches find it. Never raises. Powertools' switch
    POWERTOOLS_METRICS_DISABLED holds here, too; its `single_metric` does not look at it."""
    try:
        if not settings().metrics:
            return
        from aws_lambda_powertools.metrics import MetricUnit, single_metric

        stage = {"stage": settings().stage}
        with single_metric(name, MetricUnit[unit], value, namespace=NAMESPACE, default_dimensions=stage) as metric:
            for key, text in told.items():
                metric.add_metadata(key, text)
    except Exception:
        log.exception("the metric %s was not written", name)
