"""The deployed stack as the restore needs it: its tables and sealing keys, put into this process's environment."""

import os
from collections.abc import Callable
from typing import Any

from chalicelib.settings import TABLES, settings, variable

Clients = Callable[[str], Any]
UNUSED = ("FILES_BUCKET", "EXPORTS_BUCKET", "JOBS_QUEUE", "WEBHOOKS_QUEUE", "ISSUER", "JWKS_URL", "AUDIENCE")


def name_of(stage: str) -> str:
    return f"afterchat-{stage}"


def enter(clients: Clients, stage: str, region: str, endpoint: str | None = None) -> None:
    """From here on `settings` are the stack's, as far as storage needs them: nothing else of it can be reached."""
    cloud, name = clients("cloudformation"), name_of(stage)
    told = cloud.describe_stacks(StackName=name)["Stacks"][0].get("Parameters", [])
    restored = {one["ParameterKey"]: one.get("ParameterValue") for one in told}
    for table in TABLES:
        os.environ[variable(table)] = restored.get(f"{table}TableName") or physical(cloud, name, f"{table}Table")
    secret = clients("secretsmanager").get_secret_value(SecretId=physical(cloud, name, "SealingKey"))
    os.environ |= {f"AFTERCHAT_{unused}": "not-used" for unused in UNUSED}
    os.environ |= {"AFTERCHAT_STAGE": stage, "AWS_DEFAULT_REGION": region, "AFTERCHAT_ENDPOINT": endpoint or ""}
    os.environ["AFTERCHAT_SEALING_KEYS"] = secret["SecretString"]
    settings.cache_clear()


def physical(cloud: Any, stack: str, logical: str) -> str:
    told = cloud.describe_stack_resource(StackName=stack, LogicalResourceId=logical)
    return str(told["StackResourceDetail"]["PhysicalResourceId"])
