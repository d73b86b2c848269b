"""The state of the world's sorts: python -m benchmarks.sorts [options].

Plays every sort that this machine has a compiler for, as `worstsort check` and `worstsort run` do, and writes
docs/sorts.md and docs/images/sorts.svg. Results are kept in a JSON file: those of sorts that are not at hand here stay
as they are. Chance comes from fixed seeds and nothing depends on time, so that the same versions give the same
figures. It takes some three minutes of CPU time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks import sorts_report
from benchmarks.sorts_at_hand import ROOT, Sort, sorts
from worstsort.library.evolving import evolve
from worstsort_cli.files import atomic
from worstsort_cli.tools.growth_gate import judge

SIZES = (1_000, 4_000, 16_000)

AT_MOST: Final = 5.0
"""Times n log2 n; what is beyond after the fixed games is not evolved, as nobody needs anything worse."""

GENERATIONS: Final = 3
"""Of the preset strong on one island, at the smallest size: some 10,000 inputs."""

RESULTS = ROOT / "benchmarks" / "sorts-results.json"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="play only sorts whose library or name has this in it")
    parser.add_argument("--report", action="store_true", help="write the page only")
    return parser.parse_args()


def measure(sort: Sort) -> dict[str, Any]:
    """Play a sort, and return its line of the table."""
    verdict = judge(sort.target, SIZES, AT_MOST, 0)
    worst = {str(found.size): found.comparisons for found in verdict.worst}
    if verdict.worst[0].ratio <= AT_MOST:
        evolved = evolve(target=sort.target, size=SIZES[0], generations=GENERATIONS, threads=1)
        worst[str(SIZES[0])] = max(worst[str(SIZES[0])], evolved.fitness)
    return {
        "library": sort.library, "name": sort.name, "version": sort.version, "selects": sort.is_selection,
        "random": verdict.worst[0].random, "worst": worst, "growth": verdict.growth,
    }  # fmt: skip


def main() -> None:
    """Play what is at hand, and write what is known."""
    options = arguments()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    if not options.report:
        with tempfile.TemporaryDirectory(prefix="worstsort-sorts-") as folder:
            for sort in sorts(Path(folder), options.only):
                result = measure(sort)
                print(result, flush=True)
                results = [*(old for old in results if _key(old) != _key(result)), result]
                atomic.write(RESULTS, json.dumps(results, indent=1).encode() + b"\n")
    sorts_report.write(results, ROOT / "docs")


def _key(result: dict[str, Any]) -> tuple[str, str, str]:
    return result["library"], result["name"], result["version"]


if __name__ == "__main__":
    main()
