"""What a chat may report of coupons, codes, points, rewards and instant wins. All of it happens now: `occurred_at` is
no member of these events, and as a default of the call it is not theirs."""

from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from chalicelib.collect import values
from chalicelib.collect.event_types import NAMED, Event
from chalicelib.collect.values import at, given, wrong

MOST_POINTS = 1_000_000_000

RecordId = Annotated[str, Field(min_length=1, max_length=1024)]


PER_PARTICIPATION: Final[dict[str, Any]] = {
    "if": {"properties": {"per": {"const": "participation"}}, "required": ["per"]},
    "then": given("participation_id"),
}
PER_CUSTOMER: Final[dict[str, Any]] = {
    "if": {"properties": {"per": {"const": "customer"}}, "required": ["per"]},
    "then": {"properties": {"participation_id": {"type": "null"}}},
}


class CouponClaim(Event):
    """`per` is the experience's rule where it is left out."""

    model_config = ConfigDict(json_schema_extra={"allOf": [NAMED, PER_PARTICIPATION, PER_CUSTOMER]})

    type: ClassVar[str] = "coupon-claims"
    hasty: ClassVar[bool] = True
    occurred_at: ClassVar[None] = None  # type: ignore[misc]

    per: Literal["customer", "participation"] | None = None
    participation_id: RecordId | None = None

    @model_validator(mode="after")
    def _of_what(self) -> Self:
        if self.per == "participation":
            at("participation_id", _given, self.participation_id)
        if self.per == "customer":
            at("participation_id", _not_given, self.participation_id)
        return self


class CodeRedemption(Event):
    type: ClassVar[str] = "code-redemptions"
    hasty: ClassVar[bool] = True
    occurred_at: ClassVar[None] = None  # type: ignore[misc]

    code: Annotated[str, Field(min_length=1, max_length=128)]


def _given(value: object) -> None:
    if value is None:
        raise wrong("missing")


def _not_given(value: object) -> None:
    if value is not None:
        raise wrong("not_here", reason="a coupon per customer is claimed")


def _not_nothing(amount: int) -> int:
    if amount == 0:
        raise wrong("not_zero")
    return amount


BOOKED: Final[dict[str, Any]] = given("amount", "reason")
BOOKED["properties"] |= {"amount": {"not": {"enum": [0, None]}}, "reverses": {"type": "null"}}
REVERSED: Final[dict[str, Any]] = given("reverses")
REVERSED["properties"] |= {"amount": {"type": "null"}}


class Points(Event):
    """Earned or spent, or an earlier transaction taken back."""

    model_config = ConfigDict(json_schema_extra={"allOf": [NAMED, {"oneOf": [BOOKED, REVERSED]}]})

    type: ClassVar[str] = "points"
    needs_key: ClassVar[bool] = True
    hasty: ClassVar[bool] = True
    occurred_at: ClassVar[None] = None  # type: ignore[misc]

    amount: Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS), AfterValidator(_not_nothing)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    reverses: RecordId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.amount is None) == (self.reverses is None):
            raise wrong("one_of", members="amount, reverses")
        if self.amount is not None:
            at("reason", _given, self.reason)
        return self


class RewardRedemption(Event):
    type: ClassVar[str] = "reward-redemptions"
    needs_key: ClassVar[bool] = True
    hasty: ClassVar[bool] = True
    occurred_at: ClassVar[None] = None  # type: ignore[misc]

    reward: values.Id
    fields: values.Fields | None = None


class InstantWinPlay(Event):
    type: ClassVar[str] = "instant-wins"
    needs_key: ClassVar[bool] = True
    hasty: ClassVar[bool] = True
    occurred_at: ClassVar[None] = None  # type: ignore[misc]

    instant_win: values.Id | None = None
    fields: values.Fields | None = None


class WinnerAnswer(Event):
    """Whether the prize is taken; `fields` are added to those of the entry."""

    type: ClassVar[str] = "winner-answers"
    occurred_at: ClassVar[None] = None  # type: ignore[misc]

    winner_id: RecordId
    answer: Literal["accepted", "declined"]
    fields: values.Fields | None = None
