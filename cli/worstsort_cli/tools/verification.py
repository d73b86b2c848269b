"""Recounting an input by what does not share its origin: plain Python, and real Go of the right version."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from worstsort.gosort import TARGETS, count_plain
from worstsort_cli.tools.go_toolchain import Toolchain, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort_cli.files.sort_input import SortInput


@dataclass(frozen=True)
class GoCount:
    """What one compiler counted."""

    command: str
    version: str
    comparisons: int


@dataclass(frozen=True)
class Verdict:
    """All counts of one input. `recorded` is what its file says, None if nothing."""

    file: str
    target: str
    size: int
    recorded: int | None
    plain_python: int
    go: list[GoCount]

    @property
    def agrees(self) -> bool:
        """Whether there is only one count."""
        counts = {self.plain_python, *(one.comparisons for one in self.go)}
        return len(counts | ({self.recorded} if self.recorded is not None else set())) == 1

    def as_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        return asdict(self) | {"agrees": self.agrees}


def verify(one: SortInput, toolchains: Sequence[Toolchain]) -> Verdict:
    """Recount an input in plain Python and with every compiler that runs the sort it is for."""
    serving = [toolchain for toolchain in toolchains if toolchain.serves(one.target)]
    go = [GoCount(each.command, each.version, count(each, [one.values], one.target)[0]) for each in serving]
    plain = count_plain(one.values, one.target)
    return Verdict(one.file, one.target, len(one.values), one.recorded, plain, go)


def describe(verdict: Verdict, found: Sequence[Toolchain]) -> list[str]:
    """The verdict in lines for a person."""
    recorded = f"{verdict.recorded:,}" if verdict.recorded is not None else "nothing recorded"
    lines = [
        f"{verdict.file}: {verdict.size} integers for {verdict.target} ({TARGETS[verdict.target].versions})",
        f"  recorded      {recorded:>12}",
        f"  plain Python  {verdict.plain_python:>12,}",
        *(f"  real Go       {one.comparisons:>12,}  {one.command}: {one.version}" for one in verdict.go),
    ]
    if not verdict.go:
        others = ", ".join(f"{one.command} (Go 1.{one.minor})" for one in found) or "none"
        lines.append(f"  real Go       not counted: no compiler of {TARGETS[verdict.target].versions}; found: {others}")
    return [*lines, "  " + ("they agree" if verdict.agrees else "THEY DIFFER")]
