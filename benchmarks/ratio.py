"""A figure beside the one it is held against, and the table that shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import process_time


@dataclass(frozen=True)
class Ratio:
    """Milliseconds of CPU time; `bound` is the largest ratio allowed, None if it is only shown."""

    what: str
    ours: float
    against: str
    theirs: float
    bound: float | None = None

    @property
    def value(self) -> float:
        return self.ours / self.theirs

    @property
    def is_broken(self) -> bool:
        return self.bound is not None and self.value > self.bound


def table(ratios: Sequence[Ratio]) -> str:
    return "\n".join(_line(ratio) for ratio in ratios)


def _line(ratio: Ratio) -> str:
    bound = "" if ratio.bound is None else f"  bound {ratio.bound:.2f} {'BROKEN' if ratio.is_broken else 'kept'}"
    return (
        f"  {ratio.what:<44} {ratio.ours:8.2f} ms\n"
        f"    against {ratio.against:<36} {ratio.theirs:8.2f} ms   ratio {ratio.value:.2f}{bound}"
    )


def alternating(calls: Mapping[str, Callable[[], object]], rounds: int, times: int) -> dict[str, float]:
    """The least milliseconds of CPU that each call takes, in turns, so that a busy machine hits all of them."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            best[name] = min(best[name], _cpu(call, times))
    return best


def _cpu(call: Callable[[], object], times: int) -> float:
    start = process_time()
    for _ in range(times):
        call()
    return (process_time() - start) / times * 1000
