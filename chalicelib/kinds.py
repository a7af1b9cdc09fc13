"""The table of kinds: what is kept, how long, counted from what, and which columns it has.

One row a kind. Lists, exports, masking, the console's tabs, the OpenAPI document, the
infrastructure test and the README's retention table all read it; nothing else states these facts.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

Mask = Literal["", "email", "value", "values", "code"]
ColumnType = Literal["text", "time", "integer", "boolean", "map", "json"]


@dataclass(frozen=True)
class Promise:
    """A record of this promise is gone `days` days after `since`; `table` is where it lives."""

    name: str
    table: str
    days: int
    since: Literal["last activity", "creation"]


@dataclass(frozen=True)
class Column:
    name: str
    title: str
    type: ColumnType = "text"
    mask: Mask = ""  # how it looks to a caller who may not see personal data


@dataclass(frozen=True)
class Kind:
    name: str  # in URLs, keys and file names
    title: str
    promise: Promise
    columns: tuple[Column, ...]  # its own columns; every row also has `COMMON`
    filters: tuple[str, ...] = ()  # beyond from, to and limit
    of_customers: bool = True  # deleting all customers clears this kind, too
    holder: bool = False  # its customer can go while the record stays, nameless

    @property
    def days(self) -> int:
        return self.promise.days

    @property
    def owned(self) -> bool:
        """Whether a row may name a customer in its common columns."""
        return self.name != "log"


CUSTOMERS = Promise("customers", "Customers", 180, "last activity")
ACTIVITY = Promise("activity", "Activity", 60, "creation")
CODES = Promise("codes", "Codes", 720, "creation")
RUNTIME_LOG = Promise("runtime-log", "RuntimeLog", 7, "creation")
PROMISES = (CUSTOMERS, ACTIVITY, CODES, RUNTIME_LOG)

ID = Column("id", "Id")
CREATED = Column("created_at", "Created at", "time")
GONE = Column("expires_at", "Gone on", "time")
CUSTOMER = Column("customer_id", "Customer")
EMAIL = Column("email", "E-mail", mask="email")
EXPERIENCE = Column("experience", "Experience")
FIELDS = Column("fields", "Personal data", "map", mask="values")
TICKET = Column("ticket", "Ticket")
GIVEAWAY = Column("giveaway", "Giveaway")
INSTANT_WIN = Column("instant_win", "Instant win")
PARTICIPATED = Column("participated_at", "Participated at", "time")
CHANNEL = Column("channel", "Channel")
LOCALE = Column("locale", "Language")
IMPORT = Column("import_id", "Import")
WINNER_STATE = (
    Column("state", "State"),
    Column("notified_at", "Notified at", "time"),
    Column("respond_by", "Answer by", "time"),
    Column("reason", "Reason", mask="value"),
    Column("replaces", "Replaces"),
)

BY_PERSON = ("email", "customer_id")
ANYWHERE = ("experience", *BY_PERSON)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "customers",
            "Customers",
            CUSTOMERS,
            (
                EMAIL,
                Column("registered_at", "Registered at", "time"),
                Column("last_active_at", "Last active at", "time"),
                LOCALE,
                CHANNEL,
                Column("email_verified", "E-mail verified", "boolean"),
                Column("points", "Points", "integer"),
                Column("consents", "Consents", "map"),
                FIELDS,
            ),
            (*BY_PERSON, "active_days"),
        ),
        Kind(
            "consents",
            "Consents",
            CUSTOMERS,
            (
                EMAIL,
                Column("consent", "Consent"),
                Column("status", "Status"),
                Column("text_version", "Version of the wording"),
                Column("text_sha256", "Fingerprint of the wording"),
                LOCALE,
                CHANNEL,
                Column("method", "Method"),
                Column("requested_at", "Requested at", "time"),
                Column("confirmed_at", "Confirmed at", "time"),
                Column("recorded_at", "Recorded at", "time"),
                Column("current", "In force", "boolean"),
            ),
            (*ANYWHERE, "consent", "state"),
        ),
        Kind(
            "participations",
            "Participations",
            ACTIVITY,
            (
                EMAIL,
                EXPERIENCE,
                GIVEAWAY,
                TICKET,
                Column("terms_version", "Version of the terms"),
                CHANNEL,
                FIELDS,
                Column("drawn", "Drawn", "boolean"),
            ),
            (*ANYWHERE, "giveaway"),
        ),
        Kind(
            "winners",
            "Drawn participations",
            ACTIVITY,
            (
                EMAIL,
                EXPERIENCE,
                GIVEAWAY,
                Column("draw_id", "Draw"),
                Column("slot", "Slot", "integer"),
                Column("prize", "Prize"),
                TICKET,
                PARTICIPATED,
                *WINNER_STATE,
                FIELDS,
            ),
            (*ANYWHERE, "giveaway", "draw", "state"),
        ),
        Kind(
            "instant_win_participations",
            "Instant win participations",
            ACTIVITY,
            (EMAIL, EXPERIENCE, INSTANT_WIN, TICKET, Column("won", "Won", "boolean"), FIELDS),
            (*ANYWHERE, "instant_win"),
        ),
        Kind(
            "instant_win_winners",
            "Instant win winners",
            ACTIVITY,
            (EMAIL, EXPERIENCE, INSTANT_WIN, Column("prize", "Prize"), TICKET, PARTICIPATED, *WINNER_STATE, FIELDS),
            (*ANYWHERE, "instant_win"),
        ),
        Kind(
            "redemptions",
            "Redemptions",
            ACTIVITY,
            (
                EMAIL,
                EXPERIENCE,
                Column("reward", "Reward"),
                Column("reward_title", "Title of the reward"),
                Column("cost", "Cost", "integer"),
                FIELDS,
            ),
            (*ANYWHERE, "reward"),
        ),
        Kind(
            "transactions",
            "Transactions",
            ACTIVITY,
            (
                EMAIL,
                EXPERIENCE,
                Column("amount", "Points", "integer"),
                Column("balance_after", "Balance after", "integer"),
                Column("reason", "Reason", mask="value"),
                Column("source", "Source"),
                Column("reverses", "Reverses"),
            ),
            ANYWHERE,
        ),
        Kind(
            "variables",
            "Variables",
            ACTIVITY,
            (
                Column("name", "Name"),
                Column("value", "Value", "json", mask="value"),
                Column("file_url", "File", mask="value"),
                EMAIL,
                EXPERIENCE,
                Column("process_instance", "Process instance"),
                Column("scope", "Scope"),
                Column("system", "System", "boolean"),
            ),
            (*ANYWHERE, "name"),
        ),
        Kind(
            "files",
            "Files",
            ACTIVITY,
            (
                Column("name", "Name", mask="value"),
                Column("content_type", "Type"),
                Column("size", "Size", "integer"),
                Column("sha256", "SHA-256", mask="value"),
                Column("variable", "Variable"),
                EMAIL,
                EXPERIENCE,
                Column("state", "State"),
                Column("reason", "Reason"),
            ),
            ANYWHERE,
        ),
        Kind(
            "coupons",
            "Coupons",
            CODES,
            (
                Column("code", "Code", mask="code"),
                EXPERIENCE,
                Column("state", "State"),
                EMAIL,
                Column("issued_at", "Issued at", "time"),
                IMPORT,
            ),
            (*ANYWHERE, "state"),
            of_customers=False,
            holder=True,
        ),
        Kind(
            "codes",
            "Codes",
            CODES,
            (
                Column("code", "Code", mask="code"),
                EXPERIENCE,
                Column("points", "Points", "integer"),
                Column("win", "Win", "boolean"),
                Column("state", "State"),
                EMAIL,
                Column("redeemed_at", "Redeemed at", "time"),
                IMPORT,
            ),
            (*ANYWHERE, "state"),
            of_customers=False,
            holder=True,
        ),
        Kind(
            "log",
            "Runtime log",
            RUNTIME_LOG,
            (
                Column("level", "Level"),
                Column("event", "Event"),
                Column("message", "Message"),
                EXPERIENCE,
                CUSTOMER,
                Column("trace_id", "Trace"),
                Column("attributes", "Attributes", "map", mask="values"),
                Column("times", "Times", "integer"),
            ),
            (*ANYWHERE, "level", "event", "trace_id", "text"),
            of_customers=False,
        ),
    )
}


@cache
def policy_version() -> str:
    """SHA-256 over this table, as canonical JSON: receipts name with it the promises under which they were written."""
    table = [asdict(kind) for kind in KINDS.values()]
    text = json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
