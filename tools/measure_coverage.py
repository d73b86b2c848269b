"""Write the branch coverage of each part of the code base into docs/testing.md, from a JSON report of coverage.py."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from tools.mutants.mutant import ROOT
from tools.mutants.parts import PARTS, part_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = ROOT / "docs" / "testing.md"
HEAD = "| part | statements | branches | covered |\n| --- | ---: | ---: | ---: |\n"


def main() -> None:
    """Read the report from standard input, and write the table."""
    rows = "\n".join(table(json.load(sys.stdin)["files"]))
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    print(rows)


def table(files: Mapping[str, Any]) -> Iterator[str]:
    """Yield a row for each part and one for all: its statements, its branches, and the share of both that was run.

    Args:
        files: What the report says about each file.
    """
    sums: dict[str, Counter[str]] = {part: Counter() for part in (*PARTS, "all")}
    for path, measured in files.items():
        counts = {name: count for name, count in measured["summary"].items() if isinstance(count, int)}
        for part in {part_of(path), "all"} - {None}:
            sums[part or ""].update(counts)
    for part, total in sums.items():
        if possible := total["num_statements"] + total["num_branches"]:
            share = (total["covered_lines"] + total["covered_branches"]) / possible
            yield f"| {part} | {total['num_statements']:,} | {total['num_branches']:,} | {share:.0%} |"


def with_table(page: str, rows: str) -> str:
    """Return a page with other rows in its table."""
    return re.sub(rf"({re.escape(HEAD)})(?:\|.*\n)*", lambda found: f"{found[1]}{rows}\n", page)


if __name__ == "__main__":
    main()
