"""What answers look like, in JSON Schema: the words that views describe theirs with, and answers of several views."""

from typing import Any

from chalicelib.kinds import KINDS, Column, Kind

Schema = dict[str, Any]

TIME: Schema = {"type": "string", "format": "date-time"}
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
ANYTHING: Schema = {}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def members(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def listed(item: Schema) -> Schema:
    return members({"items": {"type": "array", "items": item}})


def paged(item: Schema) -> Schema:
    return members({"items": {"type": "array", "items": item}, "next": maybe(TEXT)})


TYPES: dict[str, Schema] = {
    "text": TEXT,
    "time": TIME,
    "integer": WHOLE,
    "boolean": FLAG,
    "map": {"type": "object"},
    "json": ANYTHING,
}


def _column(column: Column) -> Schema:
    shown = {**TYPES[column.type], "title": column.title}
    return shown if column.type in ("map", "json") else maybe(shown)


def row(kind: Kind) -> Schema:
    common = {"id": TEXT, "created_at": TIME, "expires_at": TIME, "masked": FLAG, "customer_id": maybe(TEXT)}
    own = {column.name: _column(column) for column in kind.columns}
    return {"title": kind.title, **members(common | own, {"email": maybe(TEXT), "experience": maybe(TEXT)})}


RECORD: Schema = {"anyOf": [{"$ref": f"#/components/schemas/{kind}"} for kind in KINDS]}
LIST = paged(RECORD)
WRONG_VALUE = members({"code": TEXT, "detail": TEXT}, {"pointer": TEXT, "parameter": TEXT})
PROBLEM = members(
    {"type": TEXT, "code": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "trace_id": TEXT},
    {"errors": {"type": "array", "items": WRONG_VALUE}},
)
STARTED = members({"job": TEXT, "hidden_from": TIME, "receipt": TEXT})
JOB = members(
    {
        "id": TEXT,
        "type": TEXT,
        "state": {"enum": ["waiting", "queued", "running", "done", "failed", "cancelled"]},
        "done": WHOLE,
        "total": maybe(WHOLE),
        "created_at": TIME,
        "by": TEXT,
        "result": maybe({"type": "object"}),
        "error": maybe(members({"code": TEXT, "detail": TEXT})),
    },
    {
        "kind": maybe(TEXT),
        "experience": maybe(TEXT),
        "format": maybe(TEXT),
        "layout": maybe(TEXT),
        "filters": {**maybe({"type": "object", "additionalProperties": TEXT}), "description": "of an export's list"},
        "file_name": {**maybe(TEXT), "description": "that an import is from"},
        "dry_run": maybe(FLAG),
        "import": {**maybe(TEXT), "description": "that is taken back"},
        "purpose": {**maybe(TEXT), "description": "of a package"},
        "file_until": maybe(TIME),
    },
)
JOBS = paged(JOB)
PAGE = paged(RECORD)
CUSTOMER_PAGE = members(
    {"customer": {"$ref": "#/components/schemas/customers"}}
    | {"packages": {"type": "object", "additionalProperties": TEXT}}
    | {kind: PAGE for kind in KINDS if kind != "customers"}
)
ME = members(
    {
        "tenant": TEXT,
        "subject": TEXT,
        "name": TEXT,
        "roles": {"type": "array", "items": TEXT},
        "can": {"type": "array", "items": TEXT},
        "experience": maybe(TEXT),
        "time_zone": TEXT,
        "locale": TEXT,
    }
)
TEXTS: Schema = {"type": "array", "items": TEXT}
COUNTS: Schema = {"type": "object", "additionalProperties": WHOLE}
A_COLUMN = members({"name": TEXT, "title": TEXT, "type": TEXT, "masked": FLAG})
KIND = members(
    {"name": TEXT, "title": TEXT, "days": WHOLE, "since": TEXT}
    | {"columns": {"type": "array", "items": A_COLUMN}, "filters": TEXTS}
)
KEPT = members({"name": TEXT, "title": TEXT, "columns": TEXTS, "days": WHOLE, "since": TEXT, "kept": TEXT})
NOTICE = members(
    {
        "locale": TEXT,
        "policy": TEXT,
        **{name: maybe(TEXT) for name in ("controller", "contact", "dpo", "authority")},
        "kinds": {"type": "array", "items": KEPT},
        "also": {"type": "array", "items": members({"what": TEXT, "kept": TEXT})},
        "proof": members({"months": WHOLE, "text": TEXT}),
        "rights": {"type": "array", "items": members({"article": TEXT, "text": TEXT})},
        "recipients": TEXTS,
    }
)
KINDS_LIST = members({"items": {"type": "array", "items": KIND}, "notice": NOTICE})
CONFIG = members(
    {"issuer": TEXT, "client": TEXT, "audiences": {"type": "array", "items": TEXT}, "stage": TEXT},
)
HEALTH = members({"status": TEXT})
WARNING = members({"code": TEXT, "pointer": TEXT, "detail": TEXT})
COMMITMENT = members({"sha256": TEXT, "committed_at": TIME})
STOCK = members({"coupons": members({"free": WHOLE, "low_at": WHOLE}), "rewards": COUNTS, "instant_wins": ANYTHING})


def _parts(model: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{model}"}}


EXPERIENCE = members(
    {"id": TEXT, "title": TEXT, "archived": FLAG, "closed": FLAG, "warnings": {"type": "array", "items": WARNING}}
    | {"giveaways": _parts("Giveaway"), "instant_wins": _parts("InstantWin"), "rewards": _parts("Reward")}
    | {name.lower(): {"$ref": f"#/components/schemas/{name}"} for name in ("Coupons", "Codes", "Files")}
    | {"commitments": {"type": "object", "additionalProperties": COMMITMENT}, "stock": STOCK}
)
EXPERIENCES = listed(
    members(
        {"id": TEXT, "title": TEXT, "archived": FLAG, "closed": FLAG, "revision": WHOLE}
        | {"offers": {"type": "array", "items": TEXT}}
    )
)
SETTINGS = members(
    {
        "time_zone": TEXT,
        "locale": TEXT,
        "consent_proof_months": WHOLE,
        "receipt_months": WHOLE,
        "collect_rate": maybe(WHOLE),
        "privacy": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/PrivacyTexts"}},
    }
)
SHOWN_KEY = {
    "id": TEXT,
    "name": TEXT,
    "role": TEXT,
    "experience": maybe(TEXT),
    "last4": TEXT,
    "created_by": TEXT,
    "created_at": TIME,
    "expires_at": maybe(TIME),
    "last_used_at": maybe(TIME),
    "collect_rate": maybe(WHOLE),
}
KEYS = listed(members(SHOWN_KEY))
KEY = members(SHOWN_KEY | {"key": TEXT})
RESULT = members({"type": TEXT, "outcome": TEXT}, {"id": TEXT, "created_at": TIME, "expires_at": TIME})
COLLECTED = members({"customer_id": maybe(TEXT), "trace_id": TEXT, "results": {"type": "array", "items": RESULT}})
