"""The experience document: what one chatbot raffles, gives out and accepts, and what in it will not work out."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Any, Final, Literal, Self, TypedDict

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from chalicelib import media_types
from chalicelib.bodies import json_object
from chalicelib.collect import values
from chalicelib.collect.values import at, some, wrong
from chalicelib.kinds import ACTIVITY
from chalicelib.problems import pointer, validation_problem

MOST_BYTES: Final = 204_800

Title = Annotated[str, Field(min_length=1, max_length=200)]
Version = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Stock = Annotated[int, Field(ge=0, le=1_000_000_000)]
Rule = Literal["once", "daily", "weekly", "unlimited"]
Per = Literal["customer", "participation"]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def _opens_first(closes: datetime | None, info: ValidationInfo) -> datetime | None:
    opens = info.data.get("opens_at")
    if closes is not None and opens is not None and closes <= opens:
        raise wrong("not_after", earlier="opens_at")
    return closes


def _unique(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    seen: set[str] = set()
    for i, part in enumerate(parts):
        at(i, lambda identifier: _new(seen, identifier), part.id)
    return parts


def _new(seen: set[str], identifier: str) -> None:
    if identifier in seen:
        raise wrong("twice")
    seen.add(identifier)


Closing = Annotated[values.Time | None, AfterValidator(_opens_first)]


class Prize(_Part):
    name: Title
    count: Count = 1


class Giveaway(_Part):
    """Without `opens_at` it is open at once, without `closes_at` until someone closes it."""

    id: values.Id
    title: Title
    opens_at: values.Time | None = None
    closes_at: Closing = None
    draw_by: values.Day | None = None
    rule: Rule = "once"
    ignore_plus_and_dots: bool = False
    prizes: Annotated[tuple[Prize, ...], Field(strict=False, max_length=50)] = ()
    respond_days: Annotated[int, Field(ge=1, le=60)] | None = None
    terms_version: Version | None = None


CHANCE: Final[dict[str, Any]] = {
    "if": {"properties": {"mode": {"const": "moments"}}, "required": ["mode"]},
    "then": values.given("opens_at", "closes_at"),
    "else": values.given("per_mille"),
}


class StockedPrize(_Part):
    id: values.Id
    name: Title
    stock: Stock


class InstantWin(_Part):
    model_config = ConfigDict(json_schema_extra=CHANCE)

    id: values.Id
    title: Title
    opens_at: values.Time | None = None
    closes_at: Closing = None
    rule: Rule = "once"
    wins_per_customer: Count = 1
    mode: Literal["odds", "moments"] = "odds"
    per_mille: Annotated[int, Field(ge=0, le=1000)] | None = None
    prizes: Annotated[tuple[StockedPrize, ...], Field(strict=False, max_length=50), AfterValidator(_unique)] = ()

    @model_validator(mode="after")
    def _odds_or_times_are_given(self) -> Self:
        """Winning moments are spread over the time from the opening to the end."""
        needed = ("per_mille",) if self.mode == "odds" else ("opens_at", "closes_at")
        for member in needed:
            at(member, _given, getattr(self, member))
        return self


def _given(value: object) -> None:
    if value is None:
        raise wrong("missing")


class Coupons(_Part):
    per: Per = "customer"
    low_at: Stock = 0


class Codes(_Part):
    fold_case: bool = True
    ignore: Annotated[str, Field(max_length=16)] = " -"
    tries_per_hour: Annotated[int, Field(ge=1, le=1000)] = 10


class Reward(_Part):
    """No `stock` is unlimited stock, no `per_customer` no limit."""

    id: values.Id
    title: Title
    cost: Annotated[int, Field(ge=0, le=1_000_000_000)]
    stock: Stock | None = None
    per_customer: Annotated[int, Field(ge=1, le=100)] | None = None  # counted on the customer's own item


def _harmless(media_type: str) -> str:
    if media_types.is_active(media_type):
        raise wrong("not_here", reason="such files can run scripts")
    return media_type


ContentType = Annotated[str, Field(pattern=r"^[a-z0-9.+-]{1,60}/(\*|[a-z0-9.+-]{1,100})$"), AfterValidator(_harmless)]


class Files(_Part):
    """What a guest may upload: one file of at most `max_bytes`, of these types; `audio/*` is any sound."""

    max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 20_000_000
    types: Annotated[tuple[ContentType, ...], Field(strict=False, max_length=50), AfterValidator(some)] = (
        "audio/*",
        "image/*",
        "application/pdf",
    )


class Experience(_Part):
    title: Title
    archived: bool = False
    giveaways: Annotated[tuple[Giveaway, ...], Field(strict=False, max_length=50), AfterValidator(_unique)] = ()
    instant_wins: Annotated[tuple[InstantWin, ...], Field(strict=False, max_length=50), AfterValidator(_unique)] = ()
    coupons: Coupons = Field(default_factory=Coupons)
    codes: Codes = Field(default_factory=Codes)
    rewards: Annotated[tuple[Reward, ...], Field(strict=False, max_length=200), AfterValidator(_unique)] = ()
    files: Files = Field(default_factory=Files)


class ExperienceWarning(TypedDict):
    code: Literal["outlives_retention", "no_prizes", "draw_after_expiry"]
    pointer: str
    detail: str


def parse_experience(body: bytes) -> Experience:
    """The document in the body of a PUT. Problems: too_large over 200 KB, malformed_json, validation."""
    try:
        return Experience.model_validate(json_object(body, MOST_BYTES))
    except ValidationError as refused:
        raise validation_problem(refused) from None


def last_safe_day(giveaway: Giveaway, now: datetime, zone: tzinfo = UTC) -> date:
    """The last day, in the tenant's zone, through all of which an entry made at the opening is still kept."""
    first_gone = (giveaway.opens_at or now) + timedelta(days=ACTIVITY.days)
    return first_gone.astimezone(zone).date() - timedelta(days=1)


def warnings(experience: Experience, now: datetime, zone: tzinfo = UTC) -> list[ExperienceWarning]:
    """What is allowed and yet will disappoint: entries gone before the draw, nothing to win."""
    giveaways = enumerate(experience.giveaways)
    return [
        *(warning for i, giveaway in giveaways for warning in _late(giveaway, pointer("giveaways", i), now, zone)),
        *_without_prizes("giveaways", [bool(giveaway.prizes) for giveaway in experience.giveaways]),
        *_without_prizes("instant_wins", [any(p.stock for p in play.prizes) for play in experience.instant_wins]),
    ]


def _late(giveaway: Giveaway, where: str, now: datetime, zone: tzinfo) -> Iterator[ExperienceWarning]:
    safe = last_safe_day(giveaway, now, zone)
    kept = timedelta(days=ACTIVITY.days)
    if giveaway.closes_at is None or giveaway.closes_at - (giveaway.opens_at or now) > kept:
        detail = f"Entries are kept {ACTIVITY.days} days: the first are gone before it closes; draw by {safe}."
        yield {"code": "outlives_retention", "pointer": f"{where}/closes_at", "detail": detail}
    if giveaway.draw_by and giveaway.draw_by > safe:
        detail = f"Entries are kept {ACTIVITY.days} days: the last day to draw with all of them is {safe}."
        yield {"code": "draw_after_expiry", "pointer": f"{where}/draw_by", "detail": detail}


def _without_prizes(member: str, have: Sequence[bool]) -> Iterator[ExperienceWarning]:
    for i, has in enumerate(have):
        if not has:
            yield {"code": "no_prizes", "pointer": f"{pointer(member, i)}/prizes", "detail": "There is nothing to win."}
