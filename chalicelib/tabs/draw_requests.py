"""What a draw may be asked for, and whether it can be made: is the giveaway closed, are there enough entrants?"""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from chalicelib import clock
from chalicelib.bodies import json_object
from chalicelib.collect import rules, values
from chalicelib.collect.values import at, wrong
from chalicelib.experiences import Prize
from chalicelib.kinds import KINDS
from chalicelib.problems import FieldError, Problem, invalid, validation_problem
from chalicelib.promotions import draws
from chalicelib.promotions.draws import Draw
from chalicelib.routes import Request
from chalicelib.settings import settings
from chalicelib.store import alive, experiences, feeds, keys
from chalicelib.store.experiences import Stored
from chalicelib.store.tenancy import Span, Store, in_parallel

MOST_BYTES: Final = 65_536
KIND: Final = KINDS["participations"]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


class PublicRandomness(_Part):
    source: Annotated[str, Field(min_length=1, max_length=500, description="where everybody will find the value")]


def _few(prizes: tuple[Prize, ...] | None) -> tuple[Prize, ...] | None:
    if prizes is not None and not 1 <= sum(prize.count for prize in prizes) <= draws.MOST:
        raise wrong("too_many", max_length=draws.MOST)
    return prizes


def _one_of_both(holds: bool) -> None:
    if not holds:
        raise wrong("one_of", members="count, prizes")


class NewDraw(_Part):
    """Winners are asked for by their number or by prizes, one winner a prize."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [values.given("count"), values.given("prizes")]})

    giveaway: values.Id
    count: Annotated[int, Field(ge=1, le=draws.MOST)] | None = None
    prizes: Annotated[
        tuple[Prize, ...] | None, Field(strict=False, min_length=1, max_length=100), AfterValidator(_few)
    ] = None
    alternates: Annotated[int, Field(ge=0, le=draws.MOST)] = 0
    exclude: Annotated[
        Literal["none", "giveaway", "tenant"], Field(description="leave out who won in this giveaway, or anywhere")
    ] = "none"
    from_: Annotated[values.Time | None, Field(alias="from", description="entries made from then on")] = None
    to: Annotated[values.Time | None, Field(description="entries made before that")] = None
    allow_fewer: Annotated[bool, Field(description="draw whom there is, if there are too few")] = False
    dry_run: Annotated[bool, Field(description="a test draw, which leaves nothing")] = False
    public_randomness: PublicRandomness | None = None

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        at("count", _one_of_both, (self.count is None) != (self.prizes is None))
        return self


class Revealed(_Part):
    value: Annotated[str, Field(min_length=1, max_length=500, description="as everybody can read it at the source")]


class Redraw(_Part):
    winner: Annotated[str, Field(min_length=1, max_length=500, description="id of the winner's record")]
    reason: Annotated[str, Field(min_length=1, max_length=200, description="kept with the winner, never published")]


def parsed(model: type[Any], request: Request) -> Any:
    try:
        return model.model_validate(json_object(request.body, MOST_BYTES))
    except ValidationError as refused:
        raise validation_problem(refused) from None


def checked(request: Request, experience: str) -> tuple[Draw, int]:
    """The draw as it was asked for, and when its entries can be read (ms): once every index shows the last of them.
    Problems: validation, experience_unknown, giveaway_unknown, still_open, too_few_entrants."""
    told: NewDraw = parsed(NewDraw, request)
    stored = experiences.read(request.store, experience)
    if stored is None:
        raise Problem.of("experience_unknown", errors=[FieldError("id", "invalid")])
    giveaway = stored.part("giveaways", told.giveaway)
    if giveaway is None:
        raise Problem.of("giveaway_unknown", errors=[FieldError("/giveaway", "invalid")])
    _check_members(told)
    now = clock.now_ms()
    ends = _ends(told, stored, giveaway, now)
    draw = _draw(request, told, stored, giveaway, now)
    _check_entrants(request.store, draw)
    return draw, ends + settings().sweep_after * 1000


def _check_members(told: NewDraw) -> None:
    if told.from_ and told.to and told.to <= told.from_:
        raise invalid("/to", "not_after", earlier="from")
    if told.dry_run and told.public_randomness:
        raise invalid("/public_randomness", "not_here", reason="a test draw waits for nothing")
    if _places(told) > draws.MOST:
        raise invalid("/alternates", "too_big", most=draws.MOST - (_places(told) - told.alternates))


def _places(told: NewDraw) -> int:
    return len(_prizes(told, {})) + told.alternates


def _ends(told: NewDraw, stored: Stored, giveaway: rules.Giveaway, now: int) -> int:
    """When the last entry can have been made (ms). Raises still_open, but for test draws."""
    closes = rules.bounds(giveaway)[1]
    times = [now] + [clock.milliseconds(time) for time in (closes, told.to) if time]
    ends = min(times)
    if ends == now and not stored.closed and not told.dry_run:
        raise Problem.of("still_open")
    return ends


def _draw(request: Request, told: NewDraw, stored: Stored, giveaway: rules.Giveaway, now: int) -> Draw:
    cleared = alive.horizons(request.store)
    kept_since = max(cleared.alive_since(KIND, stored.id), stored.horizons.get(KIND.name, 0) + 1)
    asked = {name: clock.rfc3339(clock.milliseconds(at)) for name, at in (("from", told.from_), ("to", told.to)) if at}
    prizes = _prizes(told, giveaway)
    return Draw(
        experience=stored.id,
        number=draws.new_number(now),
        giveaway=giveaway["id"],
        by=request.caller.subject,
        created_at=now,
        since=max(kept_since, clock.milliseconds(told.from_) if told.from_ else 0),
        until=min(now, clock.milliseconds(told.to) if told.to else now),
        count=len(prizes),
        prizes=prizes,
        alternates=told.alternates,
        exclude=told.exclude,
        allow_fewer=told.allow_fewer,
        dry_run=told.dry_run,
        asked=asked,
        respond_days=giveaway.get("respond_days"),
        randomness={"source": told.public_randomness.source, "named_at": now} if told.public_randomness else None,
    )


def _prizes(told: NewDraw, giveaway: rules.Giveaway) -> list[str | None]:
    """By slot. Where only a number is asked for, the giveaway's own prizes in their order, as far as they go."""
    if told.prizes is not None:
        return [prize.name for prize in told.prizes for _ in range(prize.count)]
    count = told.count or 0
    own = _own(giveaway)
    return [next(own, None) for _ in range(count)]


def _own(giveaway: rules.Giveaway) -> Iterator[str]:
    return (prize["name"] for prize in giveaway.get("prizes", []) for _ in range(prize["count"]))


def _check_entrants(store: Store, draw: Draw) -> None:
    """Whether there are so many, without counting all: one row of the thin index each. Persons with several entries
    are told apart when winners are picked."""
    feed, high = (
        feeds.of_modules(store, KIND, draw.experience, [draw.giveaway]),
        keys.before(keys.time_prefix(draw.until)),
    )
    span = Span(keys.time_prefix(draw.since), high)
    pages = in_parallel(
        lambda pk: store.query(feed.access, pk, span, limit=draw.count, only=["at"]), list(feed.partitions)
    )
    found = sum(len(page.rows) for page in pages)
    if found < (1 if draw.allow_fewer else draw.count):
        raise Problem.of("too_few_entrants", alive=found)
