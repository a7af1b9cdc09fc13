"""The environment variables of a local run, and clients for its cloud."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from local import data, issuer, resources

REGION = "eu-central-1"


def cloud_credentials() -> dict[str, str]:
    """This process's environment without any AWS account: nothing of a local run can reach a real one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    reached_directly = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1,localhost")))
    return kept | {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",  # the local cloud takes any
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": reached_directly,
        "no_proxy": reached_directly,
    }


def clients(endpoint: str) -> Callable[[str], Any]:
    """Clients for the local cloud; DynamoDB may be another one, named by AFTERCHAT_DYNAMODB_ENDPOINT."""
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION)
    other = os.environ.get("AFTERCHAT_DYNAMODB_ENDPOINT")

    def client(service: str) -> Any:
        url = other if other and service.startswith("dynamodb") else endpoint
        return session.client(service, endpoint_url=url)

    return client


def prepare(directory: Path, endpoint: str) -> dict[str, str]:
    """Creates resources and keys that are missing; returns the environment of the functions."""
    names = resources.create(clients(endpoint))
    return {
        **cloud_credentials(),
        **names,
        **{name: value for name, value in os.environ.items() if name.startswith("OTEL_")},
        **issuer.environment(directory),
        "AFTERCHAT_SEALING_KEYS": data.sealing_key(directory),
        "AFTERCHAT_STAGE": "local",
        "POWERTOOLS_METRICS_DISABLED": os.environ.get("POWERTOOLS_METRICS_DISABLED", "true"),
        "AFTERCHAT_ALLOW_LOOPBACK": "1",
        "AFTERCHAT_ENDPOINT": endpoint,
    }
