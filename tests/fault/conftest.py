"""The cloud that the fault tests of a file share, and the table that they print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import Testbed, open_testbed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLUMNS = ("fault", "tries", "survived", "work done again", "digest equal")


@pytest.fixture(scope="module")
def shared() -> Iterator[Testbed]:
    """Run the project under test; another file may open a cloud of its own, and a process has one at a time."""
    with open_testbed() as testbed:
        yield testbed


@pytest.fixture
def testbed(shared: Testbed) -> Iterator[Testbed]:
    """Give a test the running project with no fault on the wire and no hook on the workers."""
    yield shared
    shared.wire.clear()
    shared.on_attempt.clear()


@pytest.fixture
def table(record_property: Callable[[str, Any], None]) -> Callable[..., None]:
    """Return a function that adds a row to the table: fault, tries, survived, work done again, digest equal."""

    def add(*cells: Any) -> None:
        record_property("row", "|".join(str(cell) for cell in cells))

    return add


def _order(row: list[str]) -> tuple[int, str]:
    """Return a sort key: the fault's number, rows without one last."""
    number = row[0].split()[0].removeprefix("F")
    return (int(number) if number.isdigit() else 99), row[0]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table below pytest's own summary, one row per fault."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    rows = [
        value.split("|")
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "row"
    ]
    if not rows:
        return
    table = [list(COLUMNS), *sorted(rows, key=_order)]
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    table.insert(1, ["-" * width for width in widths])
    terminalreporter.section("faults")
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line("| " + " | ".join(cells) + " |")
