"""The table of coverage in docs/testing.md."""

from __future__ import annotations

from tools.measure_coverage import HEAD, PAGE, table, with_table


def measured(statements: int, run: int, branches: int, taken: int) -> dict[str, object]:
    """Return what coverage.py says about a file."""
    counts = {"num_statements": statements, "covered_lines": run, "num_branches": branches, "covered_branches": taken}
    return {"summary": {**counts, "percent_covered": 12.5, "percent_covered_display": "12"}}


def test_a_part_is_as_covered_as_its_statements_and_branches_together() -> None:
    """Files of one part add up; one that belongs to none counts in the sum alone."""
    files = {
        "functions/record_failure/app.py": measured(10, 5, 0, 0),
        "layers/evolution/worstsort/control/plan.py": measured(1_080, 1_080, 10, 5),
        "batch_worker/evolve_island.py": measured(10, 10, 0, 0),
        "other.py": measured(100, 0, 0, 0),
    }
    assert list(table(files)) == [
        "| control | 1,090 | 10 | 99% |",
        "| worker | 10 | 0 | 100% |",
        "| all | 1,200 | 10 | 91% |",
    ]


def test_the_page_has_one_such_table_and_only_its_rows_are_written_anew() -> None:
    """What stands around it stays, and the heading is what the tool looks for."""
    page = PAGE.read_text()
    assert page.count(HEAD) == 1
    before, _, rest = page.partition(HEAD)
    after = rest[rest.index("\n\n") :]
    assert with_table(page, "| a | 1 | 2 | 3% |") == f"{before}{HEAD}| a | 1 | 2 | 3% |{after}"
