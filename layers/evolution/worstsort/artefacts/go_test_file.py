"""A Go test and benchmark of one input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from worstsort.artefacts.go_versions import releases
from worstsort.artefacts.origin import run_origin
from worstsort.gosort import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.champion import Champion

_LINE_CHARACTERS = 100
"""Characters of numbers on a line of the literal, at most."""

_SORTS = {"stable": "sort.Stable(data)", "heapsort": "heapSort$suffix(data)"}


@dataclass(frozen=True)
class GoTest:
    """The content of the file; `origin` says in one line where the input comes from."""

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
        versions = releases(target)
        heapsort = _asset("heapsort.go.txt").substitute(suffix=self.suffix) if self.target == "heapsort" else ""
        sort = Template(_SORTS.get(self.target, "sort.Sort(data)")).substitute(suffix=self.suffix)
        return _asset("champion_test.go.txt").substitute(
            package=self.package,
            suffix=self.suffix,
            origin=self.origin,
            what=target.source,
            sort=sort,
            versions="every release of Go" if target.versions == "all" else target.versions,
            first=versions.first,
            last=versions.last,
            comparisons=self.comparisons,
            size=len(self.values),
            values=_literal(self.values),
            heapsort=heapsort,
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
