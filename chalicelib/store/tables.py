"""The models: which attributes an item has in each table. Keys and indexes are those of infra/resources.yaml.

`data` holds a record's own columns (kinds.py); attributes beside it are what keys, conditions and indexes need.
"""

from typing import Any

from pynamodb.attributes import Attribute, BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import LIST, MAP
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import RemoveAction, SetAction

from chalicelib.store.plain import plain, typed
from chalicelib.store.wire import Table


class PlainAttribute(Attribute[dict[str, Any]]):
    """A map of JSON values, stored as it is."""

    attr_type = MAP

    def serialize(self, value: dict[str, Any]) -> Any:
        return typed(value)["M"]

    def deserialize(self, value: Any) -> dict[str, Any]:
        result: dict[str, Any] = plain({"M": value})
        return result

    def set(self, value: Any) -> SetAction | RemoveAction:
        """Typed here: PynamoDB takes a map whose only member is called S, N, M … for one that is typed already."""
        return Path(self).set(typed(value))


class TextsAttribute(Attribute[list[str]]):
    """A list of texts."""

    attr_type = LIST

    def serialize(self, value: list[str]) -> Any:
        return typed(value)["L"]

    def deserialize(self, value: Any) -> list[str]:
        result: list[str] = plain({"L": value})
        return result


class Item(Table):
    """What every item has. `expires_at` (epoch seconds) is the TTL attribute of every table."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)


class Record(Item):
    """A row of some kind. `created_at` (ms) is what its retention counts from."""

    created_at = NumberAttribute()
    experience = UnicodeAttribute(null=True)
    process_instance = UnicodeAttribute(null=True)
    data = PlainAttribute(default=dict)
    idem = UnicodeAttribute(null=True)  # which call wrote it
    by_experience = UnicodeAttribute(null=True)


class FeedRecord(Record):
    at = UnicodeAttribute()  # the sort key of all its indexes: a time-ordered id
    feed = UnicodeAttribute(null=True)  # a file has none before it arrived
    by_module = UnicodeAttribute(null=True)
    trace = TextsAttribute(null=True)  # trace_context.packed: of the call that wrote it


class Consent(FeedRecord):
    table = "Customers"

    class Meta:
        table_name = ""


class Activity(FeedRecord):
    table = "Activity"
    person = UnicodeAttribute(null=True)  # who counts as one entrant
    by_draw = UnicodeAttribute(null=True)
    guard = UnicodeAttribute(null=True)  # keyed hash of the person for whom a `Guard` holds this entry's place

    class Meta:
        table_name = ""


class Code(FeedRecord):
    """A coupon or code. `customer_id` is its holder; the e-mail is looked up while that customer lives."""

    table = "Codes"
    customer_id = UnicodeAttribute(null=True)
    holder = UnicodeAttribute(null=True)
    pool = UnicodeAttribute(null=True)
    ordinal = UnicodeAttribute(null=True)

    class Meta:
        table_name = ""


class Claim(Item):
    """Which coupon a customer got, in the customer's own partition of Codes."""

    table = "Codes"
    created_at = NumberAttribute()
    coupon_pk = UnicodeAttribute()
    coupon_sk = UnicodeAttribute()

    class Meta:
        table_name = ""


class LogEntry(Record):
    """The table itself is the feed: its sort key is the time-ordered id."""

    table = "RuntimeLog"
    customer_id = UnicodeAttribute(null=True)
    by_customer = UnicodeAttribute(null=True)
    by_level = UnicodeAttribute(null=True)
    by_trace = UnicodeAttribute(null=True)

    class Meta:
        table_name = ""


class Customer(Item):
    """The one item that slides. Personal fields are inline while they are small, beside it otherwise."""

    table = "Customers"
    customer_id = UnicodeAttribute()
    email = UnicodeAttribute()  # as typed; the identity is the normalised form
    identity = UnicodeAttribute()
    created_at = NumberAttribute()
    active_at = NumberAttribute()
    renewed_day = NumberAttribute()  # when the items around it were last given their new expiry
    at = UnicodeAttribute()
    feed = UnicodeAttribute()
    locale = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    email_verified = BooleanAttribute(null=True)
    points = NumberAttribute(default=0)
    seq = NumberAttribute(default=0)  # counts changes of points
    version = NumberAttribute(default=0)  # counts changes of everything a sign-in or a consent sets
    consents = PlainAttribute(default=dict)  # {type: {status, id, text}}
    wins = PlainAttribute(default=dict)  # {winner id: {prize, respond_by, expires_at}}
    rewards = PlainAttribute(null=True)  # {experience/reward: when (ms) redeemed}, of rewards with a limit a customer
    fields = PlainAttribute(null=True)
    beside = BooleanAttribute(null=True)
    idem = UnicodeAttribute(null=True)  # the call that registered it
    packages = PlainAttribute(null=True)  # {purpose: job}: the packages last asked for
    erasing = UnicodeAttribute(null=True)  # the job that erases this customer, who is dead from then on
    trace = TextsAttribute(null=True)

    class Meta:
        table_name = ""


class PersonalFields(Item):
    """The fields of a customer whose fields are too large to be inline."""

    table = "Customers"
    created_at = NumberAttribute()
    fields = PlainAttribute()

    class Meta:
        table_name = ""


class Found(Item):
    """A search entry: the whole address (one a customer, the identity) or a part of it."""

    table = "Customers"
    customer_id = UnicodeAttribute()
    created_at = NumberAttribute()

    class Meta:
        table_name = ""


class Link(Item):
    """Whose process instance it was; rows recorded before the sign-in lie in the instance's partition.

    Stored twice: with the instance (who was it?) and with the customer (which instances were theirs?).
    """

    table = "Activity"
    customer_id = UnicodeAttribute()
    process_instance = UnicodeAttribute()
    created_at = NumberAttribute()

    class Meta:
        table_name = ""


class Control(Item):
    """Everything without personal data in clear: documents by their keys."""

    table = "Control"
    data = PlainAttribute(default=dict)
    version = NumberAttribute(null=True)
    due = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)

    class Meta:
        table_name = ""


class Guard(Item):
    """One entry a person, where dots and plus tags of an address do not make another person."""

    table = "Activity"
    created_at = NumberAttribute()
    entry_pk = UnicodeAttribute()
    entry_sk = UnicodeAttribute()
    entry_at = UnicodeAttribute()

    class Meta:
        table_name = ""
