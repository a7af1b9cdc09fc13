"""The deployed stack as the restore needs it: its tables and sealing keys, put into this process's environment."""

import os

from chalicelib.settings import TABLES, settings, variable
from local.stack import Target, values

UNUSED = ("FILES_BUCKET", "EXPORTS_BUCKET", "JOBS_QUEUE", "WEBHOOKS_QUEUE", "ISSUER", "JWKS_URL", "AUDIENCE")


def enter(target: Target) -> None:
    """From here on `settings` are the stack's, as far as storage needs them: nothing else of it can be reached."""
    secrets, restored = target.client("secretsmanager"), values(target)
    for table in TABLES:
        os.environ[variable(table)] = restored.get(f"{table}TableName") or target.physical(f"{table}Table")
    secret = secrets.get_secret_value(SecretId=target.physical("SealingKey"))
    os.environ |= {f"AFTERCHAT_{unused}": "not-used" for unused in UNUSED}
    os.environ |= {"AFTERCHAT_STAGE": target.stage, "AFTERCHAT_ENDPOINT": target.endpoint or ""}
    os.environ["AWS_DEFAULT_REGION"] = secrets.meta.region_name
    os.environ["AFTERCHAT_SEALING_KEYS"] = secret["SecretString"]
    settings.cache_clear()
