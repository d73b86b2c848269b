"""Worstsort's search against its peers, equal CPU time for all: python -m benchmarks.search [options].

It needs the peers: pip install -r benchmarks/search-requirements.txt. Each run has its own process and one thread;
contenders take turns, so that a busy machine disturbs all of them alike. Results are added to a JSON file, in which a
run that is already there is not repeated; docs/search.md and docs/images/search.svg are written from it. The full
comparison takes 20 hours of CPU time:

    python -m benchmarks.search --seconds 60 --seeds 10
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks import search_champions, search_methods, search_report
from worstsort.runs.code_version import code_version
from worstsort_cli.files import atomic

ROOT = Path(__file__).parents[1]

KEY = ("method", "target", "size", "seed", "seconds", "version")
"""What identifies a run; a run of other code is another run."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="CPU seconds per run")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--targets", nargs="+", default=["go1.12", "go1.24", "heapsort", "go1.19", "stable"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 500, 1000])
    parser.add_argument("--methods", nargs="+", default=list(search_methods.METHODS), choices=search_methods.METHODS)
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "search-results.json")
    parser.add_argument(
        "--keep", type=Path, help="a file of the best inputs known, for better ones to take their place"
    )
    parser.add_argument("--report", action="store_true", help="write the pages only")
    parser.add_argument("--contender", nargs=4, metavar=("METHOD", "TARGET", "SIZE", "SEED"), help=argparse.SUPPRESS)
    return parser.parse_args()


def run_contender(method: str, target: str, size: int, seed: int, seconds: float) -> dict[str, Any]:
    """Run a contender in its own process."""
    contender = (method, target, str(size), str(seed))
    command = [sys.executable, "-m", "benchmarks.search", "--seconds", str(seconds), "--contender", *contender]
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    finished = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return result


def thinned(trace: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Reduce a trace, (CPU seconds, best), to what a picture with a logarithmic axis can show, and its end."""
    kept = trace[:1]
    for seconds, best in trace[1:]:
        if seconds >= kept[-1][0] * 1.1:
            kept.append((round(seconds, 3), best))
    return [*kept, *trace[-1:]]


def main() -> None:
    """Run what is missing in the results, then write the pages."""
    options = arguments()
    if options.contender:
        method, target, size, seed = options.contender
        meter = search_methods.run(method, target, int(size), int(seed), options.seconds)
        trace, champion = thinned(meter.trace), [int(value) for value in meter.champion()]
        print(json.dumps({"best": meter.best, "evaluations": meter.evaluations, "trace": trace, "champion": champion}))
        return
    results = json.loads(options.results.read_text()) if options.results.exists() else []
    done = {tuple(run[name] for name in KEY) for run in results}
    wanted = product(range(1, options.seeds + 1), options.targets, options.sizes, options.methods)
    for seed, target, size, method in [] if options.report else wanted:
        key = dict(zip(KEY, (method, target, size, seed, options.seconds, code_version()), strict=True))
        if tuple(key.values()) in done:
            continue
        found = run_contender(method, target, size, seed, options.seconds)
        champion = found.pop("champion")
        if options.keep and method in search_methods.KNOWING:
            search_champions.keep(options.keep, target, champion, found["best"])
        results.append(key | found)
        print(*list(key.values())[:-1], results[-1]["best"], flush=True)
        atomic.write(options.results, json.dumps(results, separators=(",", ":")).encode() + b"\n")
    search_report.write(results, ROOT / "docs")


if __name__ == "__main__":
    main()
