"""What a chat may report of coupons, codes, points, rewards and instant wins. All of it happens now: `occurred_at` is
no member of these events, and as a default of the call it is not theirs."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.collect import values
from chalicelib.collect.event_types import Event
from chalicelib.collect.values import at, wrong

MOST_POINTS = 1_000_000_000

RecordId = Annotated[str, Field(min_length=1, max_length=1024)]


class CouponClaim(Event):
    """`per` is the experience's rule where it is left out."""

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


class Points(Event):
    """Earned or spent, or an earlier transaction taken back."""

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


class InstantWin(Event):
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
