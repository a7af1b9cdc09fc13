"""Alarms and the dashboard that follow from the list of functions and tables."""

import json
from collections.abc import Iterator
from typing import Any, Final

from local.resources import PROMISES
from local.template import Document

FUNCTIONS: Final = ("APIHandler", "Collect", "Worker", "DeadLetters", "Stream", "Webhooks", "Resend", "Daily")
TABLES: Final = (*PROMISES, "ControlTable")
WIDTH, HEIGHT = 8, 6  # of one of three widgets in a row, in CloudWatch's units


def of_functions() -> Document:
    return {
        f"{function}{metric}Alarm": _alarm(
            f"{function}: {words}", "AWS/Lambda", metric, {"FunctionName": {"Ref": function}}, threshold
        )
        for function in FUNCTIONS
        for metric, words, threshold in (("Errors", "it failed", 5), ("Throttles", "it was kept from running", 1))
    }


def of_tables() -> Document:
    return {
        f"{table}ThrottlesAlarm": _alarm(
            f"{table}: writes were refused", "AWS/DynamoDB", "WriteThrottleEvents", {"TableName": {"Ref": table}}, 10
        )
        for table in TABLES
    }


def _alarm(description: str, namespace: str, metric: str, dimensions: Document, threshold: int) -> Document:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": description,
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
            "OKActions": [{"Ref": "AlarmTopic"}],
        },
    }


def dashboard() -> Document:
    widgets = [_widget(place, title, metrics) for place, (title, metrics) in enumerate(_graphs())]
    body = {"Fn::Sub": json.dumps({"widgets": widgets})}
    name = {"Fn::Sub": "afterchat-${Stage}"}
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": name, "DashboardBody": body}}


def _graphs() -> Iterator[tuple[str, list[list[Any]]]]:
    api = ["ApiName", "afterchat-${Stage}", "Stage", "api"]
    yield (
        "Calls and those that failed",
        [["AWS/ApiGateway", name, *api, {"stat": "Sum"}] for name in ("Count", "4XXError", "5XXError")],
    )
    yield "Milliseconds to answer", [["AWS/ApiGateway", "Latency", *api, {"stat": stat}] for stat in ("p50", "p95")]
    yield "Failed runs of functions", [_of_function(name, "Errors", "Sum") for name in FUNCTIONS]
    yield "Milliseconds of functions, 95th percentile", [_of_function(name, "Duration", "p95") for name in FUNCTIONS]
    queues = ("JobsQueue", "JobsDeadLetters", "WebhooksQueue", "WebhooksDeadLetters")
    waiting = "ApproximateNumberOfMessagesVisible"
    yield "Waiting messages", [["AWS/SQS", waiting, "QueueName", f"${{{name}.QueueName}}"] for name in queues]
    yield "Write units", [_of_table(name, "ConsumedWriteCapacityUnits") for name in TABLES]
    yield "Read units", [_of_table(name, "ConsumedReadCapacityUnits") for name in TABLES]
    told = ("ServerErrors", "FailedJobs", "DeadLetters", "WebhookFailures", "DisabledWebhooks", "OverdueRecords")
    yield "What the service tells", [["Afterchat", name, "stage", "${Stage}", {"stat": "Sum"}] for name in told]
    yield "Seconds that the oldest job waits", [["Afterchat", "OldestJob", "stage", "${Stage}", {"stat": "Maximum"}]]


def _of_function(name: str, metric: str, statistic: str) -> list[Any]:
    return ["AWS/Lambda", metric, "FunctionName", f"${{{name}}}", {"stat": statistic}]


def _of_table(name: str, metric: str) -> list[Any]:
    return ["AWS/DynamoDB", metric, "TableName", f"${{{name}}}", {"stat": "Sum"}]


def _widget(place: int, title: str, metrics: list[list[Any]]) -> Document:
    properties = {"title": title, "metrics": metrics, "region": "${AWS::Region}", "period": 300, "view": "timeSeries"}
    return {
        "type": "metric",
        "x": place % 3 * WIDTH,
        "y": place // 3 * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "properties": properties,
    }
