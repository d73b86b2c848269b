"""How near to what is proven search with knowledge comes: python -m benchmarks.exact [options].

It prints a Markdown table: target, size, comparisons found, CPU seconds, the proven bound, and what that rests on
(docs/bounds.md). Where a construction is known to reach the bound it is built. Elsewhere the preset `strong` evolves
one island for a given number of generations from a seed, so that the same options give the same counts everywhere.
Every input is recounted in plain Python; tests/oracle/test_exact.py has real Go count such inputs.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import worstsort
from worstsort.gosort import assess, constructed, count_plain
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.worker.warm_up import warm_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RESTS_ON: Mapping[tuple[str, str], str] = {
    ("go1.12", "distinct"): "Q1 to Q5, Suchenek's theorem",
    ("go1.19", "any"): "P0 to P9",
    ("go1.19", "distinct"): "P0 to P9",
    ("go1.24", "any"): "P0 to P9",
    ("go1.24", "distinct"): "P0 to P9",
    ("heapsort", "distinct"): "Suchenek's theorem",
    ("heapsort", "any"): "H1, H2",
    ("stable", "any"): "S1 to S4",
}
"""The rows of the table: targets, the values that an input may hold, and the lemmas that its bound rests on."""

EVOLVED = ("go1.19", "go1.24")
"""Targets whose bound no construction reaches."""

SIZES = (100, 500, 1_000)
GENERATIONS = 20
HEADER = (
    "| target, values | items | found | CPU seconds | bound | reached | the bound rests on |",
    "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
)


@dataclass(frozen=True)
class Row:
    """An input and what is proven of its kind.

    Attributes:
        target: The sort.
        values: Which inputs the bound covers, "any" or "distinct".
        numbers: The input.
        comparisons: What it costs.
        seconds: CPU seconds that finding it took, on one core.
    """

    target: str
    values: str
    numbers: Sequence[int]
    comparisons: int
    seconds: float

    def __str__(self) -> str:
        """Write it as a line of the table."""
        size = len(self.numbers)
        found = assess(self.comparisons, size, self.target, self.values)
        tried = size < len(PROVEN_MAXIMA[self.target])
        cells = (
            f"{self.target}, {self.values}", f"{size:,}", f"{self.comparisons:,}", f"{self.seconds:.1f}",
            f"{found.bound:,}", "proven optimal" if found.optimal else found.percent,
            "all inputs tried" if tried else RESTS_ON[self.target, self.values],
        )  # fmt: skip
        return "| " + " | ".join(cells) + " |"


def rows(targets: Sequence[str], sizes: Sequence[int], generations: int, seed: int) -> Iterator[Row]:
    """Build or evolve an input for each kind of values and each size.

    Args:
        targets: Of RESTS_ON.
        sizes: Items.
        generations: Where an input is evolved, how long.
        seed: Where an input is evolved.

    Raises:
        AssertionError: An input's recount differs from what it was said to cost.
    """
    for target, values in RESTS_ON:
        for size in sizes if target in targets else ():
            yield _row(target, values, size, generations, seed)


def _row(target: str, values: str, size: int, generations: int, seed: int) -> Row:
    started = time.process_time()
    if target in EVOLVED:
        evolved = worstsort.evolve(
            target=target, values=values, size=size, generations=generations, seed=seed, threads=1
        )
        numbers, said = evolved.values, evolved.fitness
    else:
        numbers, said = constructed(size, target, values) or [], None
    seconds = time.process_time() - started
    comparisons = count_plain(numbers, target)
    if said not in {None, comparisons}:
        raise AssertionError(f"{target}, {values}, {size} items, seed {seed}: {said} recounted as {comparisons}")
    return Row(target, values, numbers, comparisons, seconds)


def main() -> None:
    """Print the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    targets = list(dict.fromkeys(target for target, _ in RESTS_ON))
    parser.add_argument("--targets", nargs="+", default=targets, choices=targets)
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--generations", type=int, default=GENERATIONS, help="of what is evolved")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warm_up(options.targets)
    print(*HEADER, sep="\n")
    for row in rows(options.targets, options.sizes, options.generations, options.seed):
        print(row, flush=True)


if __name__ == "__main__":
    main()
