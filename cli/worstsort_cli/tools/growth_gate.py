"""The verdict on a sort's growth: within the bounds or beyond them, for people, programs and test runners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # nosec B405

from worstsort.foreign.growth import MAX_GROWTH, Worst, find_worst, growth, n_log_n
from worstsort.gosort import count_population, freeze, play_population
from worstsort.gosort.adversaries.gas import play_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

BASELINE_TOLERANCE = 0.05
"""By how much the fixed games may take more comparisons than in the baseline."""


class NamedSort:
    """Any target by its name, as the search for its worst sees it."""

    def __init__(self, target: str) -> None:
        self._target = target

    def count(self, rows: NDArray[Any], threads: int) -> NDArray[np.int64]:
        """Count inputs."""
        return count_population(rows, self._target, threads)

    def play(self, choices: NDArray[Any], size: int, threads: int) -> NDArray[np.int64]:
        """Play games."""
        return play_population(choices, size, self._target, threads)

    def freeze(self, choices: list[int], size: int) -> tuple[list[int], int]:
        """Return the input that a game leads to, and its comparisons."""
        return freeze(choices, size, self._target), play_plain(choices, size, self._target)


@dataclass(frozen=True)
class Check:
    """One bound that a sort is held to.

    Attributes:
        name: What is bounded.
        words: What was measured and what is allowed.
        passes: Whether it is within.
    """

    name: str
    words: str
    passes: bool


@dataclass(frozen=True)
class Verdict:
    """What was found of a sort, and how that compares with the bounds."""

    target: str
    worst: list[Worst]
    checks: list[Check]

    @property
    def passes(self) -> bool:
        """Whether the sort is within all bounds."""
        return all(check.passes for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Return all of it but the inputs, for programs."""
        sizes = [
            {
                "size": found.size, "comparisons": found.comparisons, "ratio": round(found.ratio, 3),
                "random_mean": found.random, "fixed_games": found.fixed, "found_by": found.found_by,
            }
            for found in self.worst
        ]  # fmt: skip
        checks = [{"check": check.name, "passes": check.passes, "words": check.words} for check in self.checks]
        return {"target": self.target, "passes": self.passes, "sizes": sizes, "growth": self.growth, "checks": checks}

    @property
    def growth(self) -> float | None:
        """By what factor the ratio grows from the first size to the last; None for one size."""
        return round(growth(self.worst), 3) if len(self.worst) > 1 else None

    def junit(self) -> bytes:
        """Return it as JUnit XML, one test case per bound."""
        failed = sum(not check.passes for check in self.checks)
        suite = ET.Element(
            "testsuite", name="worstsort check", tests=str(len(self.checks)), failures=str(failed), errors="0"
        )
        for check in self.checks:
            case = ET.SubElement(suite, "testcase", classname=self.target, name=check.name)
            if not check.passes:
                ET.SubElement(case, "failure", message=check.words)
        written: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
        return written + b"\n"

    def baseline(self) -> dict[str, int]:
        """Return what a later check is compared with: the fixed games, which chance and time have no part in."""
        return {str(found.size): found.fixed for found in self.worst}


def judge(
    target: str, sizes: Sequence[int], at_most: float, seconds: float, baseline: Mapping[str, int] | None = None
) -> Verdict:
    """Search for a sort's worst at each size, and hold it to the bounds.

    Args:
        target: Its name.
        sizes: In ascending order.
        at_most: How many times n log2 n its worst may take.
        seconds: How long to search, shared among the sizes.
        baseline: The fixed games of an earlier check by size.
    """
    sort, worst = NamedSort(target), list[Worst]()
    for size in sizes:
        recipes = {"recipes": worst[0].kept} if worst else {}
        worst.append(find_worst(sort, size, seconds / len(sizes), at_most * n_log_n(size), **recipes))
    checks = [_of_ratio(found, at_most) for found in worst]
    if len(worst) > 1:
        checks.append(_of_growth(worst))
    known = baseline or {}
    checks += [_of_baseline(found, known[str(found.size)]) for found in worst if str(found.size) in known]
    return Verdict(target, worst, checks)


def _of_ratio(found: Worst, at_most: float) -> Check:
    words = f"{found.comparisons:,} comparisons are {found.ratio:.2f} times n log2 n, allowed: {at_most:g}"
    return Check(f"{found.size:,} items", words, found.ratio <= at_most)


def _of_growth(worst: Sequence[Worst]) -> Check:
    factor, sizes = growth(worst), f"{worst[0].size:,} to {worst[-1].size:,} items"
    kind = "as n log n does" if factor <= MAX_GROWTH else "faster than n log n: it is quadratic, or close to that"
    words = f"from {sizes} the worst fixed game grows {factor:.2f} times as fast as n log2 n, allowed: {MAX_GROWTH:g}"
    return Check("growth", f"{words}; it grows {kind}", factor <= MAX_GROWTH)


def _of_baseline(found: Worst, before: int) -> Check:
    allowed = int(before * (1 + BASELINE_TOLERANCE))
    words = f"the fixed games take up to {found.fixed:,} comparisons, {before:,} in the baseline, allowed: {allowed:,}"
    return Check(f"baseline of {found.size:,} items", words, found.fixed <= allowed)
