"""Who wins instantly: by odds, or who comes first after a winning moment. No storage, no HTTP.

The moments of an instant win follow from a secret: each prize has one of its own, at random within its equal share of
the opening time. So they are known to nobody, spread over the whole time, and how many are past is told at once."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

SHARE = 2**64


@dataclass(frozen=True)
class Prize:
    id: str
    name: str
    stock: int


@dataclass(frozen=True)
class Game:
    """`opens` and `closes` in milliseconds; with moments both are there."""

    id: str
    mode: Literal["odds", "moments"]
    per_mille: int
    prizes: tuple[Prize, ...]
    wins_per_customer: int
    opens: int = 0
    closes: int = 0

    @property
    def stock(self) -> int:
        return sum(prize.stock for prize in self.prizes)


def is_lucky(game: Game, drawn: Callable[[int], int] = secrets.randbelow) -> bool:
    """Odds: the dice. Moments: whether one has come is asked of what was given already, by `due`."""
    if game.stock == 0:
        return False
    return game.mode == "moments" or drawn(1000) < game.per_mille


def due(game: Game, seed: bytes, at: int) -> int:
    """How many prizes may have been given up to that moment (ms)."""
    if game.mode == "odds" or at >= game.closes:
        return game.stock
    passed = max(0, at - game.opens) * game.stock
    number, within = divmod(passed, game.closes - game.opens)
    return number + (_share(seed, number) * (game.closes - game.opens) <= within * SHARE)


def choose(game: Game, given: Mapping[str, int], drawn: Callable[[int], int] = secrets.randbelow) -> Prize | None:
    """One of the prizes that are left, each piece as likely as any other."""
    left = [max(0, prize.stock - given.get(prize.id, 0)) for prize in game.prizes]
    if not sum(left):
        return None
    number = drawn(sum(left))
    for prize, pieces in zip(game.prizes, left, strict=True):
        if number < pieces:
            return prize
        number -= pieces
    raise AssertionError(number)


def _share(seed: bytes, number: int) -> int:
    """Where in its share of the time the prize of that number has its moment, of 2⁶⁴."""
    return int.from_bytes(hmac.digest(seed, number.to_bytes(8), "sha256")[:8])
