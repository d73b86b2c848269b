"""Draw mutants, try them, and say which ones no test notices."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tools.mutants import in_code, in_documents
from tools.mutants.drawing import commit, draw, lines_of, lines_since
from tools.mutants.parts import PARTS
from tools.mutants.report import is_enough, table
from tools.mutants.trying import DEPTHS, Trial
from tools.mutants.workplace import FailsAnyway, Workplace

if TYPE_CHECKING:
    from tools.mutants.drawing import Faults
    from tools.mutants.mutant import Mutant
    from tools.mutants.trying import Verdict


def main() -> int:
    """Draw and try mutants; return 1 if the tests notice too few, and 2 if they fail without any."""
    options = _options()
    end = time.monotonic() + options.minutes * 60
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    lines = lines_since(options.since) if options.since else lines_of(options.part or PARTS)
    drawn = list(islice(draw(lines, Random(options.seed), _faults_of), options.sample))
    if not drawn:
        print("nothing to mutate there")
        return 0
    print(f"{len(drawn)} mutants by the seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        workplaces = [Workplace(Path(folder) / str(number)) for number in range(options.jobs)]
        try:
            verdicts = Trial(options.depth, end, options.verdicts).try_all(drawn, workplaces, _tell)
        except FailsAnyway as failure:
            print(f"tests fail {failure}", file=sys.stderr)
            return 2
    for test in sorted({test for workplace in workplaces for test in workplace.unsteady}):
        print(f"failed without any fault, once: {test}")
    return _report(verdicts, options.depth, options.floor / 100)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="draw from this part; may be given again")
    parser.add_argument("--since", metavar="COMMIT", help="draw from the lines that changed since a commit")
    parser.add_argument("--sample", type=int, default=20, help="how many to draw")
    parser.add_argument("--seed", default=commit(), help="the same seed draws the same; the commit's hash")
    parser.add_argument(
        "--depth",
        choices=DEPTHS,
        default="test",
        help="which tests may notice: those of the part, all unit tests, those of `make test`, or all",
    )
    parser.add_argument("--minutes", type=float, default=float("inf"), help="break off what is not over then")
    parser.add_argument(
        "--floor", type=float, default=0, help="the share in percent of all faults that tests must notice"
    )
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--verdicts", type=Path, metavar="FILE", help="keep what becomes of each, and go on from there")
    return parser.parse_args()


def _faults_of(path: str) -> Faults:
    return in_code.faults(path) if path.endswith(".py") else in_documents.faults(path)


def _tell(mutant: Mutant, verdict: Verdict) -> None:
    print(f"{mutant}\n    {verdict}", flush=True)


def _report(verdicts: list[Verdict], deepest: str, floor: float) -> int:
    """Print the table by part and the survivors; return the exit code."""
    if not verdicts:
        print("there was no time to try any")
        return 0
    survivors = [verdict for verdict in verdicts if not verdict.noticed_by]
    print("", *table(verdicts, deepest), "", sep="\n")
    for verdict in survivors:
        print(f"survives: {verdict.fault}")
    if is_enough(len(verdicts) - len(survivors), len(verdicts), floor):
        return 0
    print(f"{len(survivors)} of {len(verdicts)} survive: the tests notice less than {floor:.0%} of all faults")
    return 1


if __name__ == "__main__":
    sys.exit(main())
