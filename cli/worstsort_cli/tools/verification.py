"""Recounts an input independently: in plain Python, and with real Go of the right release."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from worstsort.gosort import TARGETS, count_plain
from worstsort.gosort.foreign_names import is_foreign
from worstsort.gosort.go_releases import NOT_IN_GO
from worstsort.runs.wording import counted
from worstsort_cli.tools.go_toolchain import Toolchain, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort_cli.files.sort_input import SortInput


_OUTCOMES = {
    True: "the counts agree",
    False: "THE COUNTS DIFFER",
    None: "nothing to compare with: nobody else has counted",
}


@dataclass(frozen=True)
class GoCount:
    """What the program built by one compiler counted."""

    command: str
    version: str
    comparisons: int


@dataclass(frozen=True)
class Verdict:
    """All counts of one input; `recorded` is the count in its file, None if the file has none."""

    file: str
    target: str
    size: int
    recorded: int | None
    plain_python: int
    go: list[GoCount]

    @property
    def agrees(self) -> bool | None:
        """Whether all counts are equal; None if plain Python's is the only one."""
        others = [count.comparisons for count in self.go] + ([] if self.recorded is None else [self.recorded])
        return all(count == self.plain_python for count in others) if others else None

    def as_json(self) -> dict[str, Any]:
        """Return all of it, for programs."""
        return asdict(self) | {"agrees": self.agrees}


def verify(source: SortInput, toolchains: Sequence[Toolchain]) -> Verdict:
    """Recount an input in plain Python and with every compiler that has the sort it is for."""
    serving = [toolchain for toolchain in toolchains if toolchain.serves(source.target)]
    go = [
        GoCount(toolchain.command, toolchain.version, count(toolchain, [source.values], source.target)[0])
        for toolchain in serving
    ]
    plain = count_plain(source.values, source.target)
    return Verdict(source.file, source.target, len(source.values), source.recorded, plain, go)


def describe(verdict: Verdict, toolchains: Sequence[Toolchain]) -> list[str]:
    """Return the verdict as lines for a person; `toolchains` are the compilers that were found."""
    versions = TARGETS[verdict.target].versions
    recorded = f"{verdict.recorded:,}" if verdict.recorded is not None else "none"
    lines = [
        f"{verdict.file}: {counted(verdict.size, 'integer')} for {verdict.target} ({versions})",
        f"  recorded      {recorded:>12}",
        f"  {_counter(verdict.target)} {verdict.plain_python:>12,}",
        *(f"  real Go       {count.comparisons:>12,}  {count.command}: {count.version}" for count in verdict.go),
    ]
    if is_foreign(verdict.target):
        lines.append("  no upper bound is known of a sort that only its library knows")
    elif versions == NOT_IN_GO:
        lines.append("  real Go       not counted: this sort is not Go's")
    elif not verdict.go:
        found = ", ".join(f"{toolchain.command} (Go 1.{toolchain.minor})" for toolchain in toolchains) or "none"
        lines.append(f"  real Go       not counted: needs a compiler of {versions}; found: {found}")
    return [*lines, f"  {_OUTCOMES[verdict.agrees]}"]


def _counter(target: str) -> str:
    """Say who has recounted: plain Python, or a foreign sort in a fresh process, twice."""
    return "a fresh child" if is_foreign(target) else "plain Python "
