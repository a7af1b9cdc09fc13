"""Runs the benchmarks, prints their tables and exits with 1 if a bound is broken."""

import argparse
import sys

from benchmarks import draws, exports, imports, requests, scrolling
from benchmarks.ratio import Ratio, table

BENCHMARKS = {
    "imports": imports.run,
    "draws": draws.run,
    "requests": requests.run,
    "exports": exports.run,
    "scrolling": scrolling.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"one of {', '.join(BENCHMARKS)}; all if none is given"
    )
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    ratios = [ratio for name in names for ratio in _run(name)]
    return 1 if any(ratio.is_broken for ratio in ratios) else 0


def _run(name: str) -> list[Ratio]:
    ratios = BENCHMARKS[name]()
    print(f"\n{name}\n{table(ratios)}", flush=True)
    return ratios


if __name__ == "__main__":
    sys.exit(main())
