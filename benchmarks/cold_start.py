"""What a function's cold start takes before its handler runs: `python -m benchmarks.cold_start`.

Builds the layer for this machine by its own Makefile, and imports each function in fresh processes: with the layer's
bytecode, and without it. Needs python3.13 on PATH and a package index, and takes a minute or two.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = shutil.which("python3.13") or sys.exit("python3.13 is not on PATH")
ROUNDS = 5
"""Fresh processes per figure; medians are printed."""


def build(folder: Path) -> Path:
    """Build the layer into a folder; return the folder of its packages."""
    command = ["make", "--silent", "-C", str(ROOT / "layers" / "evolution"), "build-EvolutionLayer", "PLATFORM="]
    subprocess.run([*command, f"ARTIFACTS_DIR={folder}"], check=True)
    return folder / "python"


def without_bytecode(packages: Path, folder: Path) -> Path:
    """Copy the packages without their bytecode; return where to."""
    return shutil.copytree(packages, folder / "python", ignore=shutil.ignore_patterns("__pycache__"))


def cpu_seconds(function: Path, packages: Path) -> float:
    """Return the processor time of a fresh process that imports a function as Lambda does, which writes no bytecode."""
    variables = {"PYTHONPATH": f"{function}:{packages}", "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PYTHON, "-c", "import app"], env=variables, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a table with a line per function."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = build(Path(folder, "compiled"))
        plain = without_bytecode(compiled, Path(folder, "plain"))
        print("| function | without bytecode | with bytecode |\n| --- | ---: | ---: |")
        for app in sorted(ROOT.glob("functions/*/app.py")):
            seconds = [
                statistics.median(cpu_seconds(app.parent, packages) for _ in range(ROUNDS))
                for packages in (plain, compiled)
            ]
            print(f"| `{app.parent.name}` | {seconds[0]:.2f} s | {seconds[1]:.2f} s |")


if __name__ == "__main__":
    main()
