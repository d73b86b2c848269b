"""A Go test and benchmark of one input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from worstsort.artefacts.origin import run_origin
from worstsort.gosort import TARGETS
from worstsort.gosort.go_calls import FUNCTIONS, SORT, STABLE
from worstsort.gosort.go_releases import ALL_RELEASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.results.champion import Champion

_LINE_CHARACTERS = 100
"""Characters of numbers on a line of the literal, at most."""

_CALLS = {
    SORT: {SORT: "sort.Sort(data)", "sort.Slice": "sort.Slice(data.values, data.Less)"},
    STABLE: {STABLE: "sort.Stable(data)", "sort.SliceStable": "sort.SliceStable(data.values, data.Less)"},
}
"""The functions of package sort that make a target's comparisons, by what the target is called."""

_IN_SLICES = {SORT: "slices.SortFunc", STABLE: "slices.SortStableFunc"}
"""The functions of package slices that make them too."""


@dataclass(frozen=True)
class GoTest:
    """The content of the file.

    Attributes:
        values: The input.
        target: The sort it is for, one of Go's.
        comparisons: What it takes.
        origin: One line that says where the input comes from.
        package: The package that the file belongs to.
    """

    values: Sequence[int]
    target: str
    comparisons: int
    origin: str
    package: str = "worstcase"

    @property
    def suffix(self) -> str:
        """What distinguishes this file's names from another's in the same package, e.g. `Go112N100C1388`."""
        name = re.sub(r"[^A-Za-z0-9]", "", self.target.title())
        return f"{name}N{len(self.values)}C{self.comparisons}"

    def render(self) -> str:
        """Return the source text, formatted as gofmt would."""
        target = TARGETS[self.target]
        calls = _CALLS.get(target.function, {"heapsort": f"heapSort{self.suffix}(data)"})
        heapsort = _asset("heapsort.go.txt").substitute(suffix=self.suffix) if self.target == "heapsort" else ""
        return _asset("champion_test.go.txt").substitute(
            package=self.package,
            suffix=self.suffix,
            origin=self.origin,
            what=target.source,
            calls="\n".join(
                f'\t{{"{name}", func(data *worstsortData{self.suffix}) {{ {call} }}}},' for name, call in calls.items()
            ),
            versions="every release of Go" if target.versions == ALL_RELEASES else target.versions,
            first=target.releases.first,
            last=target.releases.last,
            comparisons=self.comparisons,
            values=_literal(self.values),
            heapsort=heapsort,
        )

    def render_slices(self) -> str | None:
        """Return a second file, which has the test call package slices; None if that has no such sort.

        It is a file of its own, since releases before Go 1.21 have no package slices, and skip it.
        """
        target = TARGETS[self.target]
        function = _IN_SLICES.get(target.function)
        if function is None or target.releases.last < FUNCTIONS[function].since:
            return None
        return _asset("champion_slices_test.go.txt").substitute(
            package=self.package, suffix=self.suffix, origin=self.origin, function=function
        )


def champion_test(champion: Champion) -> str:
    """Return the source of the test for a run's champion."""
    return GoTest(champion.values, champion.target, champion.comparisons, run_origin(champion)).render()


def _literal(values: Sequence[int]) -> str:
    lines, line = [], ""
    for value in values:
        piece = f"{value},"
        if line and len(line) + len(piece) + 1 > _LINE_CHARACTERS:
            lines.append(line)
            line = ""
        line = f"{line} {piece}" if line else piece
    return "\n".join(f"\t{line}" for line in [*lines, line])


def _asset(name: str) -> Template:
    return Template((resources.files("worstsort.artefacts") / "assets" / name).read_text())
