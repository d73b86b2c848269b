"""What a trial of mutants says: a table by part, the survivors, and whether the tests notice enough."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from tools.mutants.parts import PARTS
from tools.mutants.trying import DEPTHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.mutants.trying import Verdict

MIN_CHANCE = 0.001
"""A gate that runs on every commit may fail by bad luck once in a thousand times."""


def is_enough(noticed: int, drawn: int, floor: float) -> bool:
    """Return whether chance explains that no more were noticed, if the tests notice the floor's share of all faults.

    Args:
        noticed: How many of the sample were noticed.
        drawn: How many were drawn.
        floor: The share of all faults that tests must notice, from 0 to 1.
    """
    chance = sum(comb(drawn, k) * floor**k * (1 - floor) ** (drawn - k) for k in range(noticed + 1))
    return chance >= MIN_CHANCE


def table(verdicts: Sequence[Verdict], deepest: str) -> Iterator[str]:
    """Yield the lines of a Markdown table: how many of each part's mutants are noticed up to each depth."""
    depths = DEPTHS[: DEPTHS.index(deepest) + 1]
    yield f"| part | drawn | {' | '.join(depths)} |"
    yield f"| --- | ---: |{' ---: |' * len(depths)}"
    for part in PARTS:
        if of_part := [verdict for verdict in verdicts if verdict.part == part]:
            yield _row(part, of_part, depths)
    yield _row("all", verdicts, depths)


def _row(name: str, verdicts: Sequence[Verdict], depths: Sequence[str]) -> str:
    noticed = [verdict.depth for verdict in verdicts if verdict.noticed_by]
    shares = [sum(depth in depths[: number + 1] for depth in noticed) / len(verdicts) for number in range(len(depths))]
    return f"| {name} | {len(verdicts)} | {' | '.join(f'{share:.0%}' for share in shares)} |"
