"""Draw mutants, try them, and say which ones no test notices."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from tools.mutants import in_code, in_documents
from tools.mutants.mutant import ROOT, Mutant
from tools.mutants.parts import PARTS, files, part_of
from tools.mutants.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EQUIVALENT = Path(__file__).parent / "equivalent.toml"

Faults = dict[int, "list[Callable[[], Mutant]]"]


class Verdict(NamedTuple):
    """What became of a mutant.

    Attributes:
        part: The part of the house that it is in.
        mutant: The fault.
        noticed_by: near, unit or test: the first tests that noticed; empty where none did.
    """

    part: str
    mutant: Mutant
    noticed_by: str


def main() -> int:
    """Draw and try mutants; return 1 if fewer were noticed than the floor demands."""
    options = _options()
    random = Random(options.seed)
    drawn = list(_drawn(options, random))
    if not drawn:
        print("nothing to mutate there")
        return 0
    print(f"{len(drawn)} mutants by the seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        verdicts = _try_all(drawn, Path(folder), options)
    return _report(verdicts, options.floor)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="draw from this part; may be given again")
    parser.add_argument("--since", metavar="COMMIT", help="draw from the lines that changed since a commit")
    parser.add_argument("--sample", type=int, default=20, help="how many to draw")
    parser.add_argument("--seed", default=_commit(), help="the same seed draws the same; by default the commit's hash")
    parser.add_argument(
        "--depth",
        choices=("near", "unit", "test"),
        default="test",
        help="which tests may notice: those of the part, all unit tests, or all that `make test` runs",
    )
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no further mutant after this time")
    parser.add_argument("--floor", type=float, default=0, help="the share in percent that must be noticed")
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at a time")
    return parser.parse_args()


def _commit() -> str:
    return _git("rev-parse", "HEAD").strip()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _drawn(options: argparse.Namespace, random: Random) -> Iterable[tuple[str, Mutant]]:
    """Draw lines first and then a fault in each, so that no line counts more for having many."""
    if options.since:
        changed = _changed_since(options.since)
        paths = [(part, path) for path in sorted(changed) if (part := part_of(path))]
    else:
        changed = {}
        paths = [(part, path) for part in options.part or PARTS for path in files(part)]
    places: list[tuple[str, str, int]] = []
    faults: dict[str, Faults] = {}
    for part, path in paths:
        faults[path] = in_code.faults(path) if path.endswith(".py") else in_documents.faults(path)
        lines = sorted(changed[path] & set(faults[path]) if options.since else faults[path])
        places += [(part, path, line) for line in lines]
    random.shuffle(places)
    equivalent, found = _equivalent(), 0
    for part, path, line in places:
        if found == options.sample:
            return
        mutant = random.choice(faults[path][line])()
        if (mutant.path, mutant.before, mutant.after) not in equivalent:
            found += 1
            yield part, mutant


def _changed_since(commit: str) -> dict[str, set[int]]:
    """Return the lines of each file that differ from a commit's."""
    diff = _git("diff", "--unified=0", "--no-color", commit)
    changed: dict[str, set[int]] = {}
    path = ""
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/")
        elif line.startswith("@@"):
            first, _, count = line.split()[2].removeprefix("+").partition(",")
            changed.setdefault(path, set()).update(range(int(first), int(first) + int(count or 1)))
    return {path: lines for path, lines in changed.items() if path != "/dev/null"}


def _equivalent() -> set[tuple[str, str, str]]:
    """Return the faults that make no difference, each listed with its reason."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    return {(entry["path"], entry["before"], entry["after"]) for entry in listed}


def _try_all(drawn: list[tuple[str, Mutant]], folder: Path, options: argparse.Namespace) -> list[Verdict]:
    end = time.monotonic() + options.minutes * 60
    free: Queue[Workplace] = Queue()
    for number in range(options.jobs):
        free.put(Workplace(folder / str(number)))
    seconds = _seconds_of_the_near_tests({part for part, _ in drawn}, free)

    def attempt(part: str, mutant: Mutant) -> Verdict | None:
        workplace = free.get()
        try:
            if time.monotonic() > end:
                return None
            noticed_by = _noticed_by(workplace, part, mutant, seconds[part], options.depth)
        finally:
            free.put(workplace)
        print(f"{'noticed by ' + noticed_by if noticed_by else 'SURVIVES':<16} {mutant}", flush=True)
        return Verdict(part, mutant, noticed_by)

    with ThreadPoolExecutor(options.jobs) as pool:
        verdicts = list(pool.map(lambda pair: attempt(*pair), drawn))
    return [verdict for verdict in verdicts if verdict]


def _seconds_of_the_near_tests(parts: Iterable[str], free: Queue[Workplace]) -> dict[str, float]:
    """Time the near tests without a fault, in every workplace: they must pass, or they would notice everything."""
    seconds = {}
    for part in sorted(parts):
        for _ in range(free.qsize()):
            workplace = free.get()
            started = time.monotonic()
            if not workplace.passes(PARTS[part].near, 1_800):
                sys.exit(f"the tests of {part} fail without any fault: {' '.join(PARTS[part].near)}")
            seconds[part] = time.monotonic() - started
            free.put(workplace)
    return seconds


def _noticed_by(workplace: Workplace, part: str, mutant: Mutant, seconds: float, depth: str) -> str:
    ladder = {"near": (PARTS[part].near, 30 + 5 * seconds), "unit": (("tests/unit",), 900), "test": (("tests",), 3_600)}
    for name, (tests, limit) in ladder.items():
        if workplace.notice(mutant, tests, limit):
            return name
        if name == depth:
            break
    return ""


def _report(verdicts: list[Verdict], floor: float) -> int:
    """Print the table by part and the survivors; return the exit code."""
    drawn = Counter(verdict.part for verdict in verdicts)
    noticed = Counter(verdict.part for verdict in verdicts if verdict.noticed_by)
    print("\n| part | drawn | noticed | |\n| --- | ---: | ---: | ---: |")
    for part in drawn:
        print(f"| {part} | {drawn[part]} | {noticed[part]} | {100 * noticed[part] / drawn[part]:.0f} % |")
    share = 100 * noticed.total() / max(drawn.total(), 1)
    print(f"| all | {drawn.total()} | {noticed.total()} | {share:.0f} % |\n")
    for verdict in verdicts:
        if not verdict.noticed_by:
            print(f"survives: {verdict.mutant}")
    return 1 if share < floor else 0


if __name__ == "__main__":
    sys.exit(main())
