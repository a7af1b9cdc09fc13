"""The environment, read once into a frozen dataclass; a missing variable fails with its name."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

TABLES = ("Customers", "Activity", "Codes", "RuntimeLog", "Control")


@dataclass(frozen=True)
class Settings:
    stage: str
    region: str
    tables: Mapping[str, str]
    files_bucket: str
    exports_bucket: str
    jobs_queue: str
    webhooks_queue: str
    endpoint: str | None
    dynamodb_endpoint: str | None
    issuer: str
    jwks_url: str
    audiences: tuple[str, ...]
    audience_claim: str  # where a token names its audience, if not in aud or client_id
    console_client: str  # as which the console signs people in: one of the audiences
    sign_in_url: str  # where the issuer's pages are, if not at the issuer
    tenant_claim: str
    roles_claim: str
    sealing_keys: tuple[bytes, ...]  # 64 bytes each; the first seals, all open
    allow_loopback: bool  # calls to the outside may reach this machine: for development
    metrics: bool  # whether anybody reads metrics on the functions' output
    sweep_after: int  # seconds between the two sweeps of a purge: longer than the longest request


@cache
def settings() -> Settings:
    return read(os.environ)


def read(env: Mapping[str, str]) -> Settings:
    """Raises KeyError with the name of the variable that is missing."""
    return Settings(
        stage=env["AFTERCHAT_STAGE"],
        region=env["AWS_DEFAULT_REGION"] if "AWS_DEFAULT_REGION" in env else env["AWS_REGION"],
        tables={table: env[variable(table)] for table in TABLES},
        files_bucket=env["AFTERCHAT_FILES_BUCKET"],
        exports_bucket=env["AFTERCHAT_EXPORTS_BUCKET"],
        jobs_queue=env["AFTERCHAT_JOBS_QUEUE"],
        webhooks_queue=env["AFTERCHAT_WEBHOOKS_QUEUE"],
        endpoint=env.get("AFTERCHAT_ENDPOINT") or None,
        dynamodb_endpoint=env.get("AFTERCHAT_DYNAMODB_ENDPOINT") or None,
        issuer=env["AFTERCHAT_ISSUER"],
        jwks_url=env["AFTERCHAT_JWKS_URL"],
        audiences=tuple(_words(env["AFTERCHAT_AUDIENCE"])),
        audience_claim=env.get("AFTERCHAT_AUDIENCE_CLAIM", ""),
        console_client=env.get("AFTERCHAT_CONSOLE_CLIENT") or _words(env["AFTERCHAT_AUDIENCE"])[0],
        sign_in_url=env.get("AFTERCHAT_SIGN_IN_URL", ""),
        tenant_claim=env.get("AFTERCHAT_TENANT_CLAIM", "custom:tenant"),
        roles_claim=env.get("AFTERCHAT_ROLES_CLAIM", "cognito:groups"),
        sealing_keys=tuple(hashlib.sha512(key.encode()).digest() for key in _words(env["AFTERCHAT_SEALING_KEYS"])),
        allow_loopback=env.get("AFTERCHAT_ALLOW_LOOPBACK") == "1",
        metrics=env.get("POWERTOOLS_METRICS_DISABLED", "").lower() not in ("1", "true", "yes", "on"),
        sweep_after=int(env.get("AFTERCHAT_SWEEP_AFTER", "60")),
    )


def variable(table: str) -> str:
    """Which names that table."""
    return f"AFTERCHAT_TABLE_{'RUNTIME_LOG' if table == 'RuntimeLog' else table.upper()}"


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
