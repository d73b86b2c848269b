"""The table of docs/search.md that says how near to the proven bounds inputs come."""

from __future__ import annotations

import pytest

from benchmarks.exact import EVOLVED, GENERATIONS, HEADER, RESTS_ON, SIZES, rows
from tests.support.command import ROOT

SECONDS = 3
"""The column that differs from one machine to the next."""


def without_seconds(line: str) -> list[str]:
    """Return the cells of a line but for its CPU seconds."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return cells[:SECONDS] + cells[SECONDS + 1 :]


PAGE = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
SHOWN = [without_seconds(line) for line in PAGE.partition("\n".join(HEADER))[2].split("\n\n")[0].strip().splitlines()]


def test_the_table_has_a_line_for_each_kind_and_size() -> None:
    """In the order in which the program prints them."""
    expected = [[f"{target}, {values}", f"{size:,}"] for target, values in RESTS_ON for size in SIZES]
    assert [line[:2] for line in SHOWN] == expected


@pytest.mark.parametrize("target", sorted({target for target, _ in RESTS_ON} - set(EVOLVED)))
def test_what_is_built_costs_what_the_table_says(target: str) -> None:
    """Found, bound, share and what it rests on; evolved inputs take too long here."""
    built = [without_seconds(str(row)) for row in rows([target], SIZES, 0, 1)]
    assert built == [line for line in SHOWN if line[0].split(",")[0] == target]


@pytest.mark.slow
@pytest.mark.parametrize("target", EVOLVED)
def test_what_is_evolved_costs_what_the_table_says(target: str) -> None:
    """From seed 1, as the command of the page evolves it."""
    evolved = [without_seconds(str(row)) for row in rows([target], SIZES, GENERATIONS, 1)]
    assert evolved == [line for line in SHOWN if line[0].split(",")[0] == target]
